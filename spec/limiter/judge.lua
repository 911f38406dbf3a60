--- What the gateway has seen and what the processes report, and whether it is as promised.

local judge = {}

local SECOND = 1000000000 -- nanoseconds

--- Read the gateway's journal.
---@return table[] arrivals in their order: `ns`, `late`, `status`, `tag`
function judge.arrivals(journal)
  local arrivals = {}
  for ns, late, status, socket, name in journal:gmatch "(%d+) (%d+) (%d+) (%d+) (%S+)\n" do
    arrivals[#arrivals + 1] = {
      ns = math.tointeger(ns), late = math.tointeger(late), status = math.tointeger(status),
      socket = math.tointeger(socket), tag = name:match "^spaces/(.*)%-%d+$" or name,
    }
  end
  table.sort(arrivals, function(a, b) return a.ns < b.ns end)
  return arrivals
end

--- The most arrivals in any second: two a whole second apart are not in the same one.
function judge.worst(arrivals)
  local worst, first = 0, 1
  for index, arrival in ipairs(arrivals) do
    while arrival.ns - arrivals[first].ns >= SECOND do first = first + 1 end
    worst = math.max(worst, index - first + 1)
  end
  return worst
end

--- The share of the limit's rate that was used from the first arrival to the last. `limit` of them
--- cost no time, the others 1 / limit of a second each; nil where there are no others.
function judge.rate(arrivals, limit)
  local others = #arrivals - limit
  if others <= 0 then return nil end
  return others / limit / ((arrivals[#arrivals].ns - arrivals[1].ns) / SECOND)
end

--- The share of each process among what arrived while none of them had ended.
---@return table<string, number> shares by tag; their sum is 1
function judge.shares(arrivals)
  local last, shares, all = {}, {}, 0
  for _, arrival in ipairs(arrivals) do last[arrival.tag] = arrival.ns end
  local limit = math.maxinteger
  for tag, ns in pairs(last) do
    limit, shares[tag] = math.min(limit, ns), 0
  end
  for _, arrival in ipairs(arrivals) do
    if arrival.ns <= limit then
      shares[arrival.tag], all = shares[arrival.tag] + 1, all + 1
    end
  end
  for tag, count in pairs(shares) do shares[tag] = count / all end
  return shares
end

--- What arrived between two times, in seconds.
function judge.between(arrivals, from, to)
  local found = {}
  for _, arrival in ipairs(arrivals) do
    local seconds = arrival.ns / SECOND
    if seconds > from and seconds < to then found[#found + 1] = arrival end
  end
  return found
end

--- What a process reports of its calls.
---@param lines string[]
---@return table report `calls` that have ended, `failed`, `attempts`, and the `first` failure
function judge.report(lines)
  local report = { calls = 0, failed = 0, attempts = 0 }
  for _, line in ipairs(lines) do
    local outcome, attempts = line:match "^call %S+ (%S+) (%d+) "
    if outcome then
      report.calls, report.attempts = report.calls + 1, report.attempts + attempts
    end
    if outcome and outcome ~= "ok" then
      report.failed, report.first = report.failed + 1, report.first or line
    end
  end
  return report
end

--- The calls of a process that are lost: they failed, or it ended before it could report them.
--- Those that a killed one has not reported are not counted.
---@param worker table `lines`, `status`, `ended_by` (a signal), `was_killed`, `calls` if known
function judge.lost(worker)
  local report = judge.report(worker.lines)
  local lost = report.failed
  if worker.was_killed then return lost end
  if worker.calls then lost = lost + worker.calls - report.calls end
  local has_ended_well = worker.status == 0 and worker.ended_by == 0
  return has_ended_well and lost or math.max(lost, 1)
end

--- Put a scenario's promises together.
---@param arrivals table[]
---@param workers table[]
---@param limit integer a second
---@return table row `calls`, `lost`, `refused`, `worst`, `rate`, `lowest`, `highest`, `latest`
function judge.row(arrivals, workers, limit)
  local row = { calls = 0, lost = 0, refused = 0, latest = 0 }
  for _, worker in ipairs(workers) do
    local report = judge.report(worker.lines)
    row.calls, row.lost = row.calls + report.calls, row.lost + judge.lost(worker)
    row.first = row.first or report.first
  end
  for _, arrival in ipairs(arrivals) do
    if arrival.status ~= 200 then row.refused = row.refused + 1 end
    row.latest = math.max(row.latest, arrival.late / SECOND)
  end
  row.worst, row.rate = judge.worst(arrivals), judge.rate(arrivals, limit)
  row.lowest, row.highest = math.huge, 0
  for _, share in pairs(judge.shares(arrivals)) do
    row.lowest, row.highest = math.min(row.lowest, share), math.max(row.highest, share)
  end
  return row
end

--- What is wrong with a row, in words; none where all is as promised.
---@param least_rate? number
function judge.problems(row, limit, least_rate)
  local problems = {}
  local function check(is_kept, text, ...)
    if not is_kept then problems[#problems + 1] = text:format(...) end
  end
  check(row.calls > 0, "no call has ended")
  check(row.lost == 0, "%d calls lost, the first: %s", row.lost, row.first or "not reported")
  check(row.refused == 0, "%d answers of 429", row.refused)
  check(row.worst <= limit, "%d arrived within a second", row.worst)
  check(not least_rate or row.rate and row.rate >= least_rate, "less than %.2f of the rate",
    least_rate or 0)
  return problems
end

return judge
