--- One of the soak's callers: opens clients, makes calls through the ledger, checks what they give.

local core = require "googlemeet.core"
local meet = require "googlemeet"
local random = require "googlemeet.testing.random"

local worker = {}

local ONE_SECURE_IN = 8 -- clients: lua-http is slow
local KEYS = 64 -- so that a pause after a 429 holds up few others
local TIMEOUT, CONNECT_TIMEOUT = 1.5, 1
local DEADLINE = 5 -- seconds, of each request
local ATTEMPTS = 5
local RETRY = { max_attempts = ATTEMPTS, initial = 0.3, max = 2 } -- so that a round ends soon

local Worker = {}
local METATABLE = { __index = Worker }

--- Make one; `soak` has `servers`, `seed`, `ledger`, `expected` and the sums of `stats`.
function worker.new(soak, number)
  return setmetatable({
    soak = soak, ledger = soak.ledger, number = number,
    random = random.new(("soak worker %s %d"):format(soak.seed, number)),
  }, METATABLE)
end

--- Iterate some times, from `low` to `high`, fewer when the round is over.
function Worker:some(low, high)
  local left = self.random:between(low, high)
  return function()
    left = left - 1
    return left >= 0 and core.now() < self.soak.stop or nil
  end
end

function Worker:key()
  return "soak-" .. self.random:below(KEYS)
end

--- Open a client with the soak's limits; `options` go over them.
function Worker:open(options)
  local all = {
    base_url = self.soak.servers.url, api_key = self:key(), rate = false, timeout = TIMEOUT,
    connect_timeout = CONNECT_TIMEOUT, deadline = DEADLINE,
    retry = RETRY,
  }
  if self.random:below(ONE_SECURE_IN) == 0 then
    all.base_url, all.ca_file = self.soak.servers.secure_url, self.soak.servers.certificate
  end
  for name, value in pairs(options or {}) do all[name] = value end
  return assert(meet.new(all))
end

--- Add a client's counts to the sums, before it closes.
function Worker:count(client)
  local sums = self.soak.stats
  for name, value in pairs(client:stats()) do sums[name] = (sums[name] or 0) + value end
end

--- Failures of a read that are tried again, while there is time: without it `retry_after` is set.
local PASSING = { transport = true, decode = true, server = true, timeout = true }

--- Make a call that reads, and takes up to `requests` requests.
function Worker:call(what, requests, f, ...)
  local value, err = self.ledger:call(what, requests * DEADLINE, f, ...)
  if value == nil and err and PASSING[err.kind] and not err.retry_after then
    self:expect(err.attempts >= ATTEMPTS, "%s ended after %s attempts: %s", what, err.attempts,
      tostring(err))
  end
  return value, err
end

--- Make a write through a sibling that carries the write's mark.
function Worker:write(client, what, requests, f)
  return self.ledger:write(what, requests * DEADLINE, function(mark)
    local sibling <close> = client:with { user_agent = mark }
    local _ <close> = setmetatable({}, { __close = function() self:count(sibling) end })
    return f(sibling, mark)
  end)
end

function Worker:expect(is_so, what, ...)
  if not is_so then self.ledger:broke(what:format(...)) end
end

--- See that a whole list came whole, and nothing in it twice.
function Worker:expect_list(items, parent)
  local seen, count = {}, 0
  for _, item in ipairs(items) do
    self:expect(not seen[item.name], "%s is listed twice", item.name)
    seen[item.name], count = true, count + 1
  end
  local expected = self.soak.expected[parent]
  self:expect(count == expected, "%d of %d under %s", count, expected, parent)
end

return worker
