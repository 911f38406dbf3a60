--- What the soak's calls came to: counted by outcome, and each write's outcome on file.
-- The file, not a table: memory is what the soak measures.

local core = require "googlemeet.core"

local ledger = {}

--- The kinds that the manual names, and no other.
local KINDS = {}
for kind in ([[transport tls timeout deadline auth connection permission not_found conflict invalid
  rate_limited server decode too_large cancelled memory config]]):gmatch "%S+" do
  KINDS[kind] = true
end

--- Seconds over its deadline that a call may take on a machine that others use, too.
local MARGIN = 1

local Ledger = {}
local METATABLE = { __index = Ledger }

function ledger.open(path)
  return setmetatable({
    file = assert(io.open(path, "w")), marks = 0, calls = 0, succeeded = 0, failed = {},
    ambiguous = 0, given_up = 0, longest = 0, latest = -math.huge, broken = {}, broken_count = 0,
  }, METATABLE)
end

--- A promise that did not hold; the first of each sort are reported.
function Ledger:broke(text)
  self.broken_count = self.broken_count + 1
  if #self.broken < 20 then self.broken[#self.broken + 1] = text end
end

local function fail(self, what, err)
  local kind = type(err) == "table" and err.kind
  if not KINDS[kind] then
    self:broke(("%s: no documented error: %s"):format(what, tostring(err)))
    kind = "undocumented"
  end
  self.failed[kind] = (self.failed[kind] or 0) + 1
  if err.ambiguous then self.ambiguous = self.ambiguous + 1 end
end

local function time(self, what, seconds, deadline)
  self.longest = math.max(self.longest, seconds)
  self.latest = math.max(self.latest, seconds - deadline)
  if seconds > deadline + MARGIN then
    self:broke(("%s took %.2f s, its deadline was %.2f s"):format(what, seconds, deadline))
  end
end

--- Make a call and count what it comes to; gives `value, more` or `nil, err`.
-- A task that is cancelled meanwhile leaves the call open: that counts as given up.
---@param what string
---@param deadline number seconds; of all the requests that it takes
---@param f function
function Ledger:call(what, deadline, f, ...)
  self.calls = self.calls + 1
  local open, start = true, core.now()
  local _ <close> = setmetatable({}, { __close = function()
    if open then self.given_up = self.given_up + 1 end
  end })
  local ok, value, more = pcall(f, ...)
  open = false
  time(self, what, core.now() - start, deadline)
  if not ok then value, more = nil, value end
  if value == nil and more ~= nil then
    fail(self, what, more)
    return nil, more
  end
  self.succeeded = self.succeeded + 1
  return value, more
end

local function put(self, ...)
  self.file:write(table.concat({ ... }, "\t"), "\n")
end

--- A write was given up, and this is what the client says of it.
function Ledger:reported(mark, err)
  if err.ambiguous then self.ambiguous = self.ambiguous + 1 end
  put(self, mark:match "%d+", "create", err.ambiguous and "reported" or "unreported", "-")
end

local function outcome_of(value, more)
  if value == nil then return more.ambiguous and "ambiguous" or "refused" end
  return more == "idle" and "refused" or "done" -- nothing was there to end
end

--- Make a write; `f` gets the mark that the server is to see, as its User-Agent.
function Ledger:write(what, deadline, f, ...)
  self.marks = self.marks + 1
  local mark, sort = self.marks, what == "create" and what or "other"
  local outcome, name = "given up", "-"
  local _ <close> = setmetatable({}, { __close = function()
    put(self, mark, sort, outcome, name)
  end })
  local value, more = self:call(what, deadline, f, "soak/" .. mark, ...)
  outcome = outcome_of(value, more)
  if type(value) == "table" then name = value.name or "-" end
  return value, more
end

return ledger
