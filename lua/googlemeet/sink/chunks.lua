--- A download whose chunks go to a function of the script, each byte once.

local failure = require "googlemeet.failure"

local chunks = {}

local Chunks = { __name = "googlemeet.sink.chunks" }
Chunks.__index = Chunks

--- Make the target for a function.
---@param sink fun(chunk: string): boolean? returning false ends it
---@param version? string
---@return table target
function chunks.new(sink, version)
  return setmetatable({ sink = sink, have = { bytes = 0, version = version }, skips = 0 }, Chunks)
end

function Chunks.open() return true end

--- The function has had bytes of another version: they cannot be taken back.
---@return nil
---@return googlemeet.Error err
function Chunks:changed()
  return nil, failure.new("conflict", ("the file changed after %d bytes"):format(
    self.have.bytes), "start again, and drop what has arrived")
end

--- The function has had the bytes: nothing can be dropped.
function Chunks.lets_go() return false end

--- Prepare for an answer's body.
---@return true|nil
---@return googlemeet.Error? err
function Chunks:prepare(answer)
  local have = self.have
  if answer.verdict == "changed" then return self:changed() end
  if answer.verdict == "begins" then have.validator = answer.validator end
  have.total = answer.total
  self.skips = answer.verdict == "repeats" and have.bytes or 0
  return true
end

--- Pass a chunk to the function, without the bytes that it has had.
---@return true|nil
---@return googlemeet.Error? err
function Chunks:put(chunk)
  if self.skips > 0 then
    local dropped = math.min(self.skips, #chunk)
    self.skips = self.skips - dropped
    chunk = chunk:sub(dropped + 1)
    if chunk == "" then return true end
  end
  self.have.bytes = self.have.bytes + #chunk
  if self.sink(chunk) ~= false then return true end
  return nil, failure.new("cancelled", "the sink ended the download", "call it again")
end

--- Say whether the download can continue after a broken answer.
---@return boolean
---@return string? hint
function Chunks:may_go_on()
  local have = self.have
  if have.bytes == 0 or have.validator or have.version then return true end
  return false, "the server names no version, so the download cannot continue: start again, or "
    .. "give a path as the sink"
end

--- No other call can continue after the bytes that a function has had.
function Chunks.is_kept() return false end

function Chunks:cut(bytes) self.have.bytes = bytes end
function Chunks.finish() return true end
function Chunks.drop() end
function Chunks.close() end
Chunks.__close = Chunks.close

return chunks
