--- Talk time over several conferences.

local clock = require "googlemeet.report.clock"
local intervals = require "googlemeet.intervals"
local matrix = require "googlemeet.report.matrix"
local names = require "googlemeet.report.names"

local talk_time = {}

local function percent(share) return ("%d %%"):format(math.floor(share * 100 + 0.5)) end

local SHAPE = {
  type = "googlemeet.report.transcript", source = "source",
  fields = { "speaker", "user", "conferences", "turns", "longest", "share", "seconds" },
  people = {
    { title = "Speaker", field = "speaker", width = 40 },
    { title = "Conferences", field = "conferences", align = "right" },
    { title = "Turns", field = "turns", align = "right" },
    { title = "Share", field = "share", align = "right", format = percent },
    { title = "Time", field = "seconds", align = "right", format = clock.duration },
  },
}

local function is_unknown(speaker) return speaker:find "^Unknown speaker ?%d*$" ~= nil end

--- Return what joins rows of several conferences: the user, else the name. One whose name is not
-- known is joined by the participant, who is in one conference only.
local function key_of(row)
  if row.user then return row.user end
  if is_unknown(row.speaker) then return row.participant or row end
  return "name " .. names.fold(row.speaker)
end

local function new_person(row)
  return {
    speaker = row.speaker, user = row.user, conferences = 0, turns = 0, longest = 0,
    spoken = 0, by_conference = {},
  }
end

--- Add the time of a row, in nanoseconds, whose sums are exact.
local function add(person, row, conference)
  local by, spoken = person.by_conference, intervals.nanoseconds(row.seconds)
  if not by[conference] then person.conferences = person.conferences + 1 end
  by[conference] = (by[conference] or 0) + spoken
  person.spoken, person.turns = person.spoken + spoken, person.turns + row.turns
  person.longest = math.max(person.longest, row.longest)
  if is_unknown(person.speaker) then person.speaker = row.speaker end
end

--- Replace nanoseconds by seconds, and set the share of all that was spoken.
local function finish(person, total)
  local by = person.by_conference
  for conference, spoken in pairs(by) do by[conference] = intervals.seconds(spoken) end
  person.seconds, person.share = intervals.seconds(person.spoken),
    total > 0 and person.spoken / total or 0
  person.spoken = nil
end

--- Merge the talk time of several conferences: one row for each speaker. Signed-in users are joined
-- by user, others by name. Two reports of one conference count as one, the later one; a transcript
-- that was read alone counts as a conference.
---@param reports googlemeet.TranscriptReport[] in any order
---@return googlemeet.TalkTimeMatrix
function talk_time.merge(reports)
  local sources = type(reports) == "table" and matrix.sources(reports, SHAPE)
  if not sources then error("talk_time.merge: an array of transcript reports expected", 2) end
  local people, by_key, total = {}, {}, 0
  for _, one in ipairs(sources) do
    for _, row in ipairs(one.report:talk_time()) do
      local key = key_of(row)
      local person = by_key[key] or new_person(row)
      if not by_key[key] then people[#people + 1], by_key[key] = person, person end
      add(person, row, one.name)
      total = total + intervals.nanoseconds(row.seconds)
    end
  end
  for _, person in ipairs(people) do finish(person, total) end
  return matrix.new(SHAPE, sources, people)
end

return talk_time
