--- One condition: its servers, the calls made there in every way, the writes beside them, and how
-- late this process is without any call. Needs luv.

local core = require "googlemeet.core"
local judge = require "spec.late.judge"
local random = require "googlemeet.testing.random"
local site = require "spec.late.site"
local uv = require "luv"
local ways = require "spec.late.ways"

local round = {}

local SEED = "late 1"
local TASKS = 32
local SHORTEST, LONGEST = 60, 300 -- milliseconds that a call has
local LONGER = 10 -- seconds, of the limit that does not end it
local WRITERS = 3 -- to each server
local TICK = 0.05 -- seconds from one measurement of noise to the next
local NAP = 1 -- milliseconds
local STOP = 0.5 -- seconds that a server is stopped, and that it runs
local HOLD = 0.2 -- seconds until what holds sockets does
local PATIENCE = 40 -- seconds until the last write has ended
-- Seconds until no more calls are made, to begin with and for each of them: by far enough.
local START, EACH = 20, 0.15

local Round = {}
local METATABLE = { __index = Round }

local ONE_LIMIT = { timeout = { timeout = true }, deadline = { deadline = true } }
local BOTH = { timeout = true, deadline = true }

--- Seconds that this process was ready to run and had no processor, since it began; 0 where the
--- system does not tell.
local function starved()
  local file <close> = io.open "/proc/self/schedstat"
  local _, waited = (file and file:read "l" or "0 0"):match "(%d+) (%d+)"
  return tonumber(waited) / 1e9
end

--- Draw a call's limits: its deadline ends it, or its timeout, or attempts end until its deadline.
---@return table client
---@return table options
---@return number seconds
---@return table kinds that it can end with
local function draw(self, place)
  local seconds = self.random:between(SHORTEST, LONGEST) / 1000
  local client = self.random:below(2) == 0 and place.once or place.again
  local sort = self.random:below(3)
  if sort == 0 then
    return client, { deadline = seconds, timeout = LONGER }, seconds, ONE_LIMIT.deadline
  elseif sort == 1 then
    return place.once, { deadline = LONGER, timeout = seconds }, seconds, ONE_LIMIT.timeout
  end
  return place.again, { deadline = seconds, timeout = seconds / 3 }, seconds, BOTH
end

local LIST_ONE_IN = 5 -- calls

--- Make a call, judge it, and rest where the condition asks for it.
function Round:call(how)
  local place = self.random:pick(self.places)
  local client, options, seconds, kinds = draw(self, place)
  local is_list = self.random:below(LIST_ONE_IN) == 0
  local start, before = core.now(), starved()
  local _, err
  if is_list then
    local pager <close> = client.conference_records:list(options)
    _, err = pager:next_page()
  else
    _, err = client.spaces:get("spaces/abc", options)
  end
  local lateness = core.now() - start - seconds
  self.row:call(how, lateness, kinds, err, starved() - before)
  if self.condition.rest then self.client:sleep(self.condition.rest) end
end

--- Write until the calls are over; at least once.
function Round:write(place)
  repeat
    self.marks = self.marks + 1
    local mark = self.marks
    local space, err = place.writer.spaces:create { config = { note = ("mark-%d."):format(mark) } }
    self.writes[#self.writes + 1] = { place = place, mark = mark, space = space, err = err }
  until self.is_over
  self.writers = self.writers - 1
end

--- How late a plain sleep ends that has nothing to do with the module.
function Round:measure()
  while not self.is_over do
    self.client:sleep(TICK)
    local start = core.now()
    uv.sleep(NAP)
    self.row.noise = math.max(self.row.noise, core.now() - start - NAP / 1000)
  end
end

function Round:stop_server()
  local server = self.places[1].server
  while not self.is_over do
    server:stop()
    self.client:sleep(STOP)
    server:go_on()
    self.client:sleep(STOP)
  end
end

--- Have all that is to go on beside the calls go on.
local function begin(self)
  for _, place in ipairs(self.places) do
    if self.condition.writes and place.is_http2 then
      for _ = 1, WRITERS do
        self.writers = self.writers + 1
        self.client:submit(function() self:write(place) end)
      end
    end
    place:hold(self.condition.holds)
  end
  self.client:submit(function() self:measure() end)
  self.client:sleep(HOLD)
  if self.condition.stops then self.client:submit(function() self:stop_server() end) end
end

--- Let the writes end.
local function finish(self)
  self.is_over = true
  local limit = core.now() + PATIENCE
  while self.writers > 0 and core.now() < limit do self.client:step(TICK) end
  if self.writers > 0 then self.row:broke("writes", "%d have not ended", self.writers) end
end

--- Hold what the writers were given against what the servers have noted.
local function compare(self)
  local done = {}
  for _, place in ipairs(self.places) do
    if place.is_http2 then
      local writes, dead = place.server:noted()
      done[place], self.row.dead = writes, self.row.dead + dead
    end
  end
  for _, write in ipairs(self.writes) do
    self.row:write(("spaces/mark-%d"):format(write.mark), write.space, write.err,
      done[write.place][write.mark] or 0)
  end
end

--- What was held is let go: the sockets are free for others.
local function call_after(self)
  for _, place in ipairs(self.places) do place:release() end
  if self.condition.holds == "handshake" or not self.condition.holds then return end
  local space, err = self.places[1].once.spaces:get("spaces/abc", { timeout = 3 })
  if not space then self.row:broke("after", "nothing was held any more: %s", tostring(err)) end
end

--- Make so many calls under the condition; gives its row.
---@param condition Condition
---@param calls integer
function round.run(condition, calls)
  local self = setmetatable({
    condition = condition, row = judge.row(condition[2], calls, condition.cut), places = {},
    writes = {},
    writers = 0, marks = 0, random = random.new(SEED .. condition[1]),
  }, METATABLE)
  local _ <close> = setmetatable({}, { __close = function()
    for _, place in ipairs(self.places) do place:close() end
  end })
  for index, behaviour in ipairs(condition.servers) do self.places[index] = site.open(behaviour) end
  self.client = self.places[1].once
  begin(self)
  local stop = core.now() + START + calls * EACH
  for how, count, make in ways.each(calls) do
    local function more()
      count = count - 1
      return count >= 0 and core.now() < stop and not self.row:has_enough()
    end
    make(self.client, more, function() self:call(how) end, condition.tasks or TASKS)
  end
  finish(self)
  call_after(self)
  compare(self)
  self.row:finish(condition)
  return self.row
end

return round
