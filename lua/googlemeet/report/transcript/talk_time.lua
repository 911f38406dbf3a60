--- Talk time: who spoke for how long.

local intervals = require "googlemeet.intervals"
local sort = require "googlemeet.sort"

local talk_time = {}

local function new_row(entry)
  return {
    speaker = entry.speaker, participant = entry.participant,
    spoken = 0, turns = 0, turn = 0, longest = 0, counted_to = 0,
  }
end

--- Return the nanoseconds that an entry adds to its speaker's time. An entry without a start or an
-- end, or with an end before its start, adds none.
local function added(row, entry)
  local from, to = intervals.instant(entry.start_time), intervals.instant(entry.end_time)
  if not from or not to then return 0 end
  local more = math.max(0, to - math.max(from, row.counted_to))
  row.counted_to = math.max(row.counted_to, to)
  return more
end

local function collect(entries)
  local rows, by_speaker, last = {}, {}, nil
  for _, entry in ipairs(entries) do
    local key = entry.participant or false
    local row = by_speaker[key]
    if not row then
      row = new_row(entry)
      rows[#rows + 1], by_speaker[key] = row, row
    end
    if row ~= last then
      row.turns, row.turn, last = row.turns + 1, 0, row
    end
    local more = added(row, entry)
    row.spoken, row.turn = row.spoken + more, row.turn + more
    row.longest = math.max(row.longest, row.turn)
  end
  return rows
end

--- Add up the entries of each participant, the longest time first. Participants with the same name
-- stay apart.
---@param entries googlemeet.SpokenEntry[] in order of start
---@param users? table<string, string> `users/…` by participant
---@return googlemeet.TalkTime[]
function talk_time.of(entries, users)
  local rows, total = collect(entries), 0.0
  for _, row in ipairs(rows) do total = total + row.spoken end
  sort.by(rows, function(row) return -row.spoken end)
  local result = {}
  for index, row in ipairs(rows) do
    result[index] = {
      speaker = row.speaker, participant = row.participant,
      user = users and row.participant and users[row.participant], turns = row.turns,
      seconds = intervals.seconds(row.spoken), longest = intervals.seconds(row.longest),
      share = total > 0 and row.spoken / total or 0,
    }
  end
  return result
end

return talk_time
