--- Passes the body of an answer to the target of a download, and reports the progress.

local core = require "googlemeet.core"
local failure = require "googlemeet.failure"
local range = require "googlemeet.sink.range"

local body = {}

local PROGRESS = 0.1 -- seconds between reports

--- Report the progress, if it is time; nil and an error when the script ends the download.
---@param load table
---@param is_over? boolean
---@return true|nil
---@return googlemeet.Error? err
function body.report(load, is_over)
  if not load.on_progress then return true end
  if not is_over then
    local now = load.now()
    if load.reported and now - load.reported < PROGRESS then return true end
    load.reported = now
  end
  if load.on_progress(load.target.have.bytes, load.target.have.total) == false then
    return nil, failure.new("cancelled", "on_progress ended the download", "call it again")
  end
  return true
end

--- Read a chunk from the function that an injected transport gave as the body. The function cannot
-- be interrupted, but a chunk that comes too late is dropped.
local function read_from(load, next_chunk, timeout)
  local began = load.now()
  local chunk, message = next_chunk()
  if chunk == nil and message == nil then return nil end
  if chunk == nil then
    return nil, failure.quoting(load.client, "transport", tostring(message))
  elseif type(chunk) ~= "string" then
    core.error.misuse("transport: 'body' gave a " .. type(chunk) .. ", not a string")
  elseif load.now() - began > timeout then
    return nil, failure.new("timeout", "the transport's body did not continue in time")
  end
  return chunk
end

--- Return an iterator over the chunks of a body: of an injected transport, or of libcurl.
local function chunks_of(load, stream, given, timeout)
  if type(given) == "function" then
    return function() return read_from(load, given, timeout) end
  elseif given == nil then
    return function() return core.stream.read(stream) end
  end
  return function()
    local chunk = given
    given = nil
    return chunk and tostring(chunk)
  end
end

--- Pass the chunks of a body to the target.
local function pour(load, next_chunk)
  while true do
    local chunk, why = next_chunk()
    if chunk == nil and why == nil then return true end
    if load.ends and load.now() >= load.ends then
      return nil, failure.new("deadline", "the deadline passed before the body was complete")
    elseif chunk == nil then
      return nil, why
    end
    local goes_on, err = load.target:put(chunk) -- it may close the client
    if goes_on then goes_on, err = body.report(load) end
    if not goes_on then return nil, err end
  end
end

--- Check a body that has ended without an error.
local function check_length(load, answer)
  local have = load.target.have
  local skips = load.target.skips or 0 -- left: what a function has had, and this answer has not
  local came, total = have.bytes - answer.before - skips, have.total or math.huge
  local length = answer.length or came
  if came < length then
    return nil, failure.new("transport", ("the answer ended after %d of %d bytes"):format(came,
      length))
  elseif skips > 0 then
    return nil, failure.new("decode", "the server sent fewer bytes than before", range.HINT)
  elseif came > length or have.bytes > total then
    load.target:cut(answer.before) -- none of them can be trusted
    return nil, failure.new("decode", "the server sent more bytes than it announced", range.HINT)
  end
  return true
end

--- Read the body of an answer.
---@param load table
---@param stream userdata
---@param answer table of `range.judge`, with `before`: the bytes that were there
---@param given? string|function what an injected transport gave as the body
---@param timeout number seconds
---@return true|nil
---@return googlemeet.Error? err
function body.take(load, stream, answer, given, timeout)
  local ok, err
  if given == nil and load.target.take then
    ok, err = load.target:take(stream, function() return body.report(load) end)
  else
    ok, err = pour(load, chunks_of(load, stream, given, timeout))
  end
  if not ok then return nil, err end
  return check_length(load, answer)
end

return body
