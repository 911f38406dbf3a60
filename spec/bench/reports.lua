-- reports.lua [ENTRIES [PEOPLE]]: what reports of a large conference take, in each format: seconds
-- of the processor (least and most of three rounds), megabytes that the collector has not taken
-- back after the first, and the size of the text.
-- Entries are of many speakers, and then of one who speaks alone, merged. A long cell comes last.

local core = require "googlemeet.core"
local dialogue = require "googlemeet.report.transcript.dialogue"
local meet = require "googlemeet"

local ENTRIES, PEOPLE = math.tointeger(arg[1]) or 100000, math.tointeger(arg[2]) or 5000
local START = 1795341600 -- 2026-11-22T10:00:00Z
local ROUNDS = 3
local TRANSCRIPT = { "text", "markdown", "vtt", "srt", "csv", "json", "jsonl" }
local SENTENCES = {
  "We have 12 open tickets, and most of them are about the release notes.", "Precis.",
  "I would rather wait until the end of the month before we decide, and then show it to Elin.",
  "Det tog ungefär tre timmar, mest för att jag läste gamla mejl.", "今日は天気がいいですね。明日も晴れるでしょう。",
}

local function time_at(seconds) return os.date("!%Y-%m-%dT%H:%M:%S.120388Z", START + seconds) end

local function measure(name, make)
  local least, most, grown = math.huge, 0, nil
  local function round()
    collectgarbage()
    local memory, before = collectgarbage "count", os.clock()
    local result = make()
    local seconds = os.clock() - before
    least, most = math.min(least, seconds), math.max(most, seconds)
    grown = grown or math.max(0, collectgarbage "count" - memory) / 1024
    return result
  end
  for _ = 2, ROUNDS do round() end
  local result = round()
  local size = type(result) == "string" and ("%10d bytes"):format(#result) or ""
  print(("%-24s %6.2f - %5.2f s %8.1f MB %s"):format(name, least, most, grown, size))
  return result
end

local function entries_of(speakers)
  local entries = {}
  for index = 1, ENTRIES do
    entries[index] = {
      name = "conferenceRecords/1/transcripts/t/entries/" .. index,
      participant = "conferenceRecords/1/participants/" .. index % speakers,
      text = SENTENCES[index % #SENTENCES + 1], languageCode = "en-US",
      startTime = time_at(3 * index), endTime = time_at(3 * index + 2),
    }
  end
  return entries
end

local function measure_transcript(title, speakers, longest_gap)
  local entries, names = entries_of(speakers), {}
  for who = 0, speakers - 1 do names["conferenceRecords/1/participants/" .. who] = "Ada " .. who end
  local report = measure(title, function()
    return dialogue.new({ { start_time = time_at(0), entries = entries } }, names, longest_gap)
  end)
  for _, format in ipairs(TRANSCRIPT) do
    measure("  " .. format, function() return report:render(format) end)
  end
  measure("  talk time", function() return report:talk_time() end)
end

--- The attendance of people of whom the first joined at a time that is no time.
local function attendance(count, first_join)
  local people = {}
  for index = 1, count do
    people[index] = {
      name = "conferenceRecords/1/participants/" .. index,
      anonymousUser = { displayName = "Guest " .. index },
      earliestStartTime = index == 1 and first_join or time_at(index),
      latestEndTime = time_at(9999),
    }
  end
  local client = assert(meet.new { api_key = "k", rate = false, transport = function(request)
    return { status = 200, body = core.encode(request.url:find "/participants"
      and { participants = people }
      or { name = "conferenceRecords/1", startTime = time_at(0), endTime = time_at(9999) }) }
  end })
  return assert(assert(client.conference_records:get "1"):attendance { cheap = true })
end

local function measure_attendance(title, count, first_join)
  local report = measure(title, function() return attendance(count, first_join) end)
  for _, format in ipairs { "text", "markdown", "csv", "json", "html" } do
    measure("  " .. format, function() return report:render(format) end)
  end
end

measure_transcript(("%d entries"):format(ENTRIES), PEOPLE, nil)
measure_transcript("of one speaker, merged", 1, math.huge)
measure_attendance(("%d people"):format(PEOPLE), PEOPLE)
measure_attendance("a cell of 160 kB", 2, ("x"):rep(160000))
