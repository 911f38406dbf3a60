--- Conferences built from the bytes of a fuzzer's input: what a server has of them at a moment,
-- and the events that they are. Times are whole milliseconds from the zero of the schedule.

local schedule = {}

schedule.ZERO = 1795341600 -- 2026-11-22T10:00:00Z

local KINDS = {
  { part = "recordings", type = "recording_ready", field = "driveDestination" },
  { part = "transcripts", type = "transcript_ready", field = "docsDestination" },
  { part = "smartNotes", type = "smart_note_ready", field = "docsDestination" },
}

--- RFC 3339; nil for what has no time yet at `now`.
local function text_of(at, now)
  if not at or at > now then return nil end
  return os.date("!%Y-%m-%dT%H:%M:%S", schedule.ZERO + at // 1000) .. (".%03dZ"):format(at % 1000)
end
schedule.text_of = text_of

local function make_person(pick, name, from, to, step)
  local sessions, at = {}, from + pick(8) * step
  for number = 1, 1 + pick(3) do
    local leaves = at + pick(64) * step // 4
    if at > to then break end
    sessions[number] = { id = "s" .. number, from = at, to = math.min(leaves, to) }
    if pick(6) == 5 then sessions[number].to = to end -- stays to the end
    at = pick(3) == 0 and at + (leaves - at) // 2 or leaves + pick(16) * step // 4
  end
  return { name = name, sessions = sessions }
end

local function make_file(pick, row, id, conference, step)
  local from = conference.from + pick(32) * step
  local ended = math.max(from, math.min(conference.to, from + pick(32) * step))
  return {
    row = row, name = ("%s/%s/f%d"):format(conference.name, row.part, id), from = from,
    ended = ended, ready = pick(8) > 0 and ended + pick(64) * step or nil,
  }
end

--- Make a conference that begins no earlier than `from`.
local function make_conference(pick, number, from, step)
  local name = "conferenceRecords/c" .. number
  local conference = { name = name, from = from, to = from + 1 + pick(128) * step, people = {} }
  for index = 1, pick(4) do
    local person = make_person(pick, name .. "/participants/p" .. index, from, conference.to, step)
    if person.sessions[1] then table.insert(conference.people, person) end
  end
  conference.files = {}
  for index = 1, pick(3) do
    conference.files[index] = make_file(pick, KINDS[pick(3) + 1], index, conference, step)
  end
  return conference
end

--- Make the conferences of some spaces; those of one space follow each other.
---@param step integer milliseconds that little things take
---@return table[] conferences
---@return integer last time at which anything happens
---@return boolean is_slow whether there is a file that never comes, which takes a day to know
function schedule.make(pick, step)
  local list, last, is_slow = {}, 0, false
  for space = 1, 1 + pick(2) do
    local from = pick(64) * step
    for _ = 1, 1 + pick(3) do
      local one = make_conference(pick, #list + 1, from, step)
      one.space = "spaces/s" .. space
      list[#list + 1], from = one, one.to + pick(32) * step // 4
      last = math.max(last, one.to)
      for _, file in ipairs(one.files) do
        last, is_slow = math.max(last, file.ready or file.ended), is_slow or not file.ready
      end
    end
  end
  return list, last, is_slow
end

function schedule.record_at(conference, now)
  return {
    name = conference.name, space = conference.space, startTime = text_of(conference.from, now),
    endTime = text_of(conference.to, now),
  }
end

--- Those that came, the last one first.
local function newest_first(items, now)
  local found = {}
  for _, item in ipairs(items) do
    local place = 1
    while found[place] and found[place].from > item.from do place = place + 1 end
    if item.from <= now then table.insert(found, place, item) end
  end
  return found
end

function schedule.records_at(conferences, now)
  local resources = {}
  for index, one in ipairs(newest_first(conferences, now)) do
    resources[index] = schedule.record_at(one, now)
  end
  return resources
end

local function sessions_at(person, now)
  local resources = {}
  for index, session in ipairs(newest_first(person.sessions, now)) do
    resources[index] = {
      name = person.name .. "/participantSessions/" .. session.id,
      startTime = text_of(session.from, now), endTime = text_of(session.to, now),
    }
  end
  return resources
end

local function people_at(conference, now)
  local found, resources = {}, {}
  for _, person in ipairs(conference.people) do
    local latest = 0
    for _, session in ipairs(person.sessions) do
      if session.from <= now then latest = math.max(latest, session.to) end
    end
    found[#found + 1] = { person = person, from = person.sessions[1].from, latest = latest }
  end
  for index, row in ipairs(newest_first(found, now)) do
    resources[index] = {
      name = row.person.name, earliestStartTime = text_of(row.from, now),
      latestEndTime = text_of(row.latest, now), anonymousUser = { displayName = "x" },
    }
  end
  return resources
end

local function files_at(conference, part, now)
  local resources = {}
  for _, file in ipairs(conference.files) do
    if file.row.part == part and file.from <= now then
      local is_ready = file.ready and file.ready <= now
      resources[#resources + 1] = {
        name = file.name, startTime = text_of(file.from, now), endTime = text_of(file.ended, now),
        state = is_ready and "FILE_GENERATED" or file.ended <= now and "ENDED" or "STARTED",
        [file.row.field] = is_ready and { exportUri = "https://docs.example" } or nil,
      }
    end
  end
  return resources
end

--- The items of a list below a conference.
---@param part string what follows its name
function schedule.items_at(conference, part, now)
  if part == "participants" then return people_at(conference, now) end
  for _, person in ipairs(conference.people) do
    local rest = person.name:sub(#conference.name + 2) .. "/participantSessions"
    if part == rest then return sessions_at(person, now) end
  end
  return files_at(conference, part, now)
end

--- Joins and leaves of a person: sessions that overlap or touch are one presence.
local function moves_of(person)
  local moves, reached = {}, nil
  local sessions = newest_first(person.sessions, math.huge)
  for index = #sessions, 1, -1 do
    local session = sessions[index]
    if not reached or session.from > reached then
      if reached then moves[#moves + 1] = "left " .. text_of(reached, reached) end
      moves[#moves + 1] = "joined " .. text_of(session.from, session.from)
      reached = session.to
    end
    reached = math.max(reached, session.to)
  end
  moves[#moves + 1] = "left " .. text_of(reached, reached)
  return moves
end

--- What is reported of a conference: an array of texts for each thing in it, in order, by its name.
---@return table<string, string[]>
function schedule.events_of(conference)
  local from, to = conference.from, conference.to
  local events = { [conference.name] = {
    "started " .. text_of(from, from), "ended " .. text_of(to, to),
  } }
  for _, person in ipairs(conference.people) do events[person.name] = moves_of(person) end
  for _, file in ipairs(conference.files) do
    if file.ready then events[file.name] = { file.row.type } end
  end
  return events
end

return schedule
