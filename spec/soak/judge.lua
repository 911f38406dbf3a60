--- Holds what the client said of each write against what the server carried out.

local judge = {}

--- The server's journal: what was carried out by mark, spaces by name, faults and starts.
local function read_journal(path)
  local seen = { writes = {}, names = {}, created = 0, twice = 0, faults = {}, starts = 0 }
  for line in io.lines(path) do
    local sort, first, second, name = line:match "^(%S+)\t(%S+)\t?(%S*)\t?(%S*)$"
    if sort == "write" then
      local write = seen.writes[first] or { count = 0 }
      seen.writes[first] = write
      write.count, write.name = write.count + 1, name
      if second == "create" then
        seen.created = seen.created + 1
        if seen.names[name] then seen.twice = seen.twice + 1 end
        seen.names[name] = true
      end
    elseif sort == "fault" then
      local fault = first .. " " .. second
      seen.faults[fault] = (seen.faults[fault] or 0) + 1
    else
      seen.starts = seen.starts + 1
    end
  end
  return seen
end

local OUTCOMES = {}

--- Reported as done: there is one, and it is the one that the client got.
function OUTCOMES.done(found, write, sort, name)
  if sort == "create" then found.reported = found.reported + 1 end
  if write.count == 0 then found.lost = found.lost + 1 end
  if write.count > 0 and sort == "create" and write.name ~= name then
    found.strange = found.strange + 1
  end
end

local function open(happened)
  return function(found, write, sort)
    if sort == "create" and write.count > 0 then found[happened] = found[happened] + 1 end
  end
end

--- The client knows that it may have happened; or nobody waited for the result.
OUTCOMES.ambiguous = open "ambiguous_and_happened"
OUTCOMES["given up"] = open "given_up_and_happened"

--- The task was cancelled, and its error says that the write may have happened.
function OUTCOMES.reported(found, write, sort)
  if write.count == 0 or sort ~= "create" then return end
  found.ambiguous_and_happened = found.ambiguous_and_happened + 1
  found.given_up_and_happened = found.given_up_and_happened - 1
end

--- It does not say so.
function OUTCOMES.unreported(found, write)
  if write.count > 0 then found.denied = found.denied + 1 end
end

--- Reported as failed for good.
function OUTCOMES.refused(found, write)
  if write.count > 0 then found.denied = found.denied + 1 end
end

--- Compare the two files.
---@return table found `created` spaces, of these `reported` by the client, `ambiguous_and_happened`
--- and `given_up_and_happened`; `lost`, `duplicated`, `strange` (another name), `denied` (failed,
--- not ambiguous, and happened), `twice` (names); `faults` by name, `starts`
function judge.compare(journal, outcomes)
  local seen = read_journal(journal)
  local found = {
    created = seen.created, twice = seen.twice, faults = seen.faults, starts = seen.starts,
    reported = 0, ambiguous_and_happened = 0, given_up_and_happened = 0,
    lost = 0, duplicated = 0, strange = 0, denied = 0, writes = 0,
  }
  local none = { count = 0 }
  for line in io.lines(outcomes) do
    local mark, sort, outcome, name = line:match "^(%d+)\t(%a+)\t([%a ]+)\t(%S+)$"
    local write = seen.writes[mark] or none
    if not outcome:find "reported" then
      found.writes = found.writes + 1
      found.duplicated = found.duplicated + math.max(0, write.count - 1)
    end
    OUTCOMES[outcome](found, write, sort, name)
  end
  return found
end

return judge
