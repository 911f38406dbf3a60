--- What the calls of each condition came to, and whether that is as promised.

local judge = {}

local LIMIT = 0.2 -- seconds of this process that a call may end after its time
local USUAL = 0.05 -- seconds that half of the calls of a way may, over all conditions
local ENOUGH = 20 -- broken promises of a condition: no more calls are made then
local SHOWN = 2 -- of each sort, in words

local Row = {}
local METATABLE = { __index = Row }

--- Begin a condition; `wanted` calls are to be made. With `cut` its sockets may be lost.
function judge.row(title, wanted, cut)
  return setmetatable({
    title = title, wanted = wanted, cut = cut,
    calls = 0, answered = 0,
    ended = { timeout = 0, deadline = 0 },
    wrong = 0, late = 0, latest = 0, noise = 0, starved = 0, good = 0, ambiguous = 0, lost = 0,
    dead = 0, broken = 0, examples = {}, shown = {}, ways = {},
  }, METATABLE)
end

--- A promise did not hold; `sort` is how it begins.
function Row:broke(sort, text, ...)
  self.broken = self.broken + 1
  self.shown[sort] = (self.shown[sort] or 0) + 1
  if self.shown[sort] > SHOWN then return end
  self.examples[#self.examples + 1] = ("%s: %s"):format(sort, text:format(...))
end

function Row:has_enough()
  return self.broken >= ENOUGH
end

--- A call ended.
---@param how string the way it was made
---@param lateness number seconds behind the end of its timeout or deadline
---@param kinds table<string, boolean> kinds that its limits can end it with
---@param err? table
---@param starved? number seconds of the call in which this process had no processor
function Row:call(how, lateness, kinds, err, starved)
  starved = starved or 0
  self.calls, self.starved = self.calls + 1, math.max(self.starved, starved)
  self.latest = math.max(self.latest, lateness)
  self.ways[how] = self.ways[how] or {}
  table.insert(self.ways[how], lateness)
  if lateness - starved > LIMIT then
    self.late = self.late + 1
    self:broke("late", "by %.3f s (%.3f s without a processor), %s: %s", lateness, starved,
      how, tostring(err or "answered"))
  end
  if not err then
    self.answered = self.answered + 1
    return
  end
  local kind = type(err) == "table" and err.kind
  if self.ended[kind] then self.ended[kind] = self.ended[kind] + 1 end
  if kinds[kind] or self.cut and (kind == "transport" or kind == "decode") then return end
  self.wrong = self.wrong + 1
  self:broke("wrong", "not %s, %s: %s", next(kinds), how, tostring(err))
end

--- A write ended; `carried_out` says how often the server did it.
function Row:write(name, space, err, carried_out)
  local is_good = space and space.name == name and carried_out == 1
  if is_good then
    self.good = self.good + 1
    return
  end
  local sort = err and err.ambiguous and "ambiguous" or "lost"
  self[sort] = self[sort] + 1
  if self.cut and sort == "ambiguous" and carried_out < 2 then return end
  self:broke("write " .. sort, "carried out %d times: %s", carried_out,
    tostring(err or space and space.name))
end

--- All calls have been made: hold the sums against what the condition asks for.
---@param condition Condition
function Row:finish(condition)
  if self.calls < self.wanted and not self:has_enough() then
    self:broke("calls", "%d of %d were made in time", self.calls, self.wanted)
  end
  if self.dead > 0 then self:broke("dead", "%d calls sent to a dead socket", self.dead) end
  local least = (condition.answered or 0) * self.calls
  if self.answered < least then
    self:broke("answered", "%d calls, of at least %d", self.answered, least // 1)
  end
  if self.calls - self.answered < (condition.held or 0) * self.calls then
    self:broke("held", "not enough: %d of %d calls were answered", self.answered, self.calls)
  end
  if condition.writes and self.good == 0 and not self.cut then
    self:broke("writes", "none succeeded")
  end
end

local FORMAT = "%-43s%6s%8s%9s%9s%7s%6s%7s%7s%9s%6s%6s%6s%6s"

function judge.print_head()
  print(FORMAT:format("", "calls", "answer", "timeout", "deadline", "wrong", "late", "by ms",
    "noise", "starved", "good", "amb.", "lost", "dead"))
end

local function milliseconds(seconds)
  return ("%.0f"):format(seconds * 1000)
end

function Row:print()
  print(FORMAT:format(self.title, self.calls, self.answered, self.ended.timeout,
    self.ended.deadline, self.wrong, self.late, milliseconds(self.latest),
    milliseconds(self.noise), milliseconds(self.starved), self.good, self.ambiguous, self.lost,
    self.dead))
  for _, text in ipairs(self.examples) do print("    " .. text) end
  io.stdout:flush()
end

--- Add a row to a sum of rows.
function Row:add(row)
  for _, name in ipairs { "wanted", "calls", "answered", "wrong", "late", "good", "ambiguous",
    "lost", "dead", "broken" } do
    self[name] = self[name] + row[name]
  end
  for kind, count in pairs(row.ended) do self.ended[kind] = self.ended[kind] + count end
  for _, name in ipairs { "latest", "noise", "starved" } do
    self[name] = math.max(self[name], row[name])
  end
  for how, list in pairs(row.ways) do
    self.ways[how] = self.ways[how] or {}
    table.move(list, 1, #list, #self.ways[how] + 1, self.ways[how])
  end
end

--- See how late half of the calls of each way were: a way that sleeps on is late by less than the
--- limit, and always.
function Row:finish_ways()
  for how, list in pairs(self.ways) do
    table.sort(list)
    local median = list[(#list + 1) // 2]
    if median > USUAL then
      self:broke("ways", "%s: half of the calls end %.3f s late or later", how, median)
    end
  end
end

return judge
