--- Conferences of many days, and a server that has them: those that have begun and are not deleted
-- yet. One in ten fails for ever, each in another of ten ways. The same in each process.

local meet = require "googlemeet"
local core = require "googlemeet.core"

local days = {}

local FIRST = 1795305600 -- 2026-11-22T00:00:00Z
local DAY, HOUR = 86400, 3600
local KEPT = 30 * DAY -- after its end

local GOOGLE_SAYS = '{"error":{"code":%d,"message":"No.","status":"%s"}}'

--- How the server fails: the list, and what a transport returns.
local FAULTS = {
  { "smartNotes", { status = 500, body = GOOGLE_SAYS:format(500, "INTERNAL") } },
  { "participants", { status = 503, body = "<html>" } },
  { "recordings", { status = 403, body = GOOGLE_SAYS:format(403, "PERMISSION_DENIED") } },
  { "transcripts", { status = 404, body = GOOGLE_SAYS:format(404, "NOT_FOUND") } },
  { "transcripts", { status = 400, body = "{}" } },
  { "recordings", { status = 429, body = "{}" } },
  { "participants", { status = 200, body = '{"participants":[' } },
  { "smartNotes", { status = 200, body = '{"smartNotes":[{}]}' } },
  { "recordings", { status = 200, body = '{"recordings":"' .. ("x"):rep(70000) .. '"}' } },
  { "participants" }, -- the connection is lost
}

--- The limit of an answer for a client of this server.
days.LARGEST = 65536

--- The seconds of a day's run: 20 hours after its beginning.
function days.now(day) return FIRST + (day - 1) * DAY + 20 * HOUR end

--- The day on which a conference is held, of all but the last.
local function day_of(index, count, last)
  return (index - 1) * (last - 1) // count + 1
end

--- Name a conference. Some ids are longer than a file's name may be when each byte takes three.
function days.name(index)
  return ("conferenceRecords/c%d%s"):format(index, index % 7 == 0 and ("~"):rep(200) or "")
end

--- Say whether a conference fails for ever.
function days.fails(index) return index % 10 == 0 end

--- What the server has of a conference on a day: resources by table, as the archive has them.
function days.found(index, count, last, day)
  local name, held = days.name(index), day_of(index, count, last)
  local start = FIRST + (held - 1) * DAY + 9 * HOUR
  local participant, transcript = name .. "/participants/p", name .. "/transcripts/t"
  local is_late = index % 3 == 0 and day == held -- its file appears on the next day
  return {
    conference_records = { {
      name = name, space = "spaces/s", startTime = meet.time.format(start),
      endTime = meet.time.format(start + HOUR), expireTime = meet.time.format(start + HOUR + KEPT),
    } },
    participants = { { name = participant, signedinUser = { displayName = "Ada " .. index } } },
    participant_sessions = {
      { name = participant .. "/participantSessions/s", startTime = meet.time.format(start) },
    },
    recordings = {
      { name = name .. "/recordings/r", state = is_late and "ENDED" or "FILE_GENERATED" },
    },
    transcripts = { { name = transcript, state = "FILE_GENERATED" } },
    transcript_entries = {
      { name = transcript .. "/entries/1", text = "It's " .. index },
      { name = transcript .. "/entries/2", text = ("é"):rep(index) },
    },
    smart_notes = {},
  }
end

--- What is below a list that fails.
local BELOW = {
  participants = { "participants", "participant_sessions" }, recordings = { "recordings" },
  smartNotes = { "smart_notes" }, transcripts = { "transcripts", "transcript_entries" },
}

--- Return how the server fails for a conference, or nothing.
local function fault_of(index)
  return days.fails(index) and FAULTS[index // 10 % #FAULTS + 1] or nil
end

--- What can be read of a conference on a day: as `days.found`, without what fails.
function days.readable(index, count, last, day)
  local found, fault = days.found(index, count, last, day), fault_of(index)
  for _, part in ipairs(fault and BELOW[fault[1]] or {}) do found[part] = {} end
  return found
end

--- The list of a resource's URL: path behind the record, table, name in the answer.
local LISTS = {
  { "/participants", "participants", "participants" },
  { "/participants/p/participantSessions", "participant_sessions", "participantSessions" },
  { "/recordings", "recordings", "recordings" },
  { "/smartNotes", "smart_notes", "smartNotes" },
  { "/transcripts", "transcripts", "transcripts" },
  { "/transcripts/t/entries", "transcript_entries", "transcriptEntries" },
}

local function answer(value)
  return { status = 200, body = (assert(core.encode(value))) }
end

local function answer_below(found, rest)
  for _, row in ipairs(LISTS) do
    if rest == row[1] then return answer { [row[3]] = meet.array(found[row[2]]) } end
  end
  return answer(found.conference_records[1])
end

--- Make the transport of a server with `count` conferences in `last` days, on one of them.
function days.server(count, last, day)
  local listed, by_name = {}, {}
  for index = 1, count do
    local held = day_of(index, count, last)
    if held <= day and day - held <= KEPT // DAY then
      local found = days.found(index, count, last, day)
      listed[#listed + 1], by_name[days.name(index)] = found.conference_records[1], index
    end
  end
  return function(request)
    local path = request.url:match "/v2/([^?]*)":gsub("%%7E", "~")
    if path == "conferenceRecords" then
      return answer { conferenceRecords = meet.array(listed) }
    end
    local name, rest = path:match "^(conferenceRecords/[^/]+)(.*)$"
    local index = by_name[name]
    if not index then return { status = 404, body = GOOGLE_SAYS:format(404, "NOT_FOUND") } end
    local fault = fault_of(index)
    if fault and rest:find(fault[1], 1, true) then
      if fault[2] then return fault[2] end
      return nil, "the connection is lost"
    end
    return answer_below(days.found(index, count, last, day), rest)
  end
end

return days
