--- A download whose bytes go to a function of the script, each of them once.

local calls = {}

local Calls = { __name = "googlemeet.sink.calls" }
Calls.__index = Calls

--- Make the target for a function.
---@param sink fun(chunk: string): boolean? returning false ends it
---@param version? string
---@return table target
function calls.open(sink, version)
  return setmetatable({ sink = sink, have = { bytes = 0, version = version }, skips = 0 }, Calls)
end

--- What a function has had, no other call can go on with.
function Calls.is_kept()
  return false
end

--- Begin with what an answer has.
function Calls:begin(answer)
  self.have.total, self.have.validator = answer.total, answer.validator
  return true
end

--- Go on behind the bytes that the function has had; `skips`: drop so many of the answer.
function Calls:go_on(skips)
  self.skips = skips
  return true
end

--- Give it a chunk, but for what it has had.
---@return boolean goes_on
function Calls:put(chunk)
  if self.skips > 0 then
    local dropped = math.min(self.skips, #chunk)
    self.skips = self.skips - dropped
    chunk = chunk:sub(dropped + 1)
    if chunk == "" then return true end
  end
  self.have.bytes = self.have.bytes + #chunk
  return self.sink(chunk) ~= false
end

function Calls.finish() return true end
function Calls.drop() end
function Calls.close() end
Calls.__close = Calls.close

return calls
