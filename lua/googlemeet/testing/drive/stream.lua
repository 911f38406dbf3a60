--- Bodies that come chunk by chunk, and those that a fault breaks off.
-- A body is a string, or a function that returns the next chunk, nothing at the end, and nil with a
-- message where the line broke.

local files = require "googlemeet.testing.drive.files"

local stream = {}

local CHUNK = 65536
local PATIENCE = 60 -- seconds of silence for a sender that names none

--- Return a body as a function of chunks.
local function chunks_of(body)
  if type(body) == "function" then return body end
  local at = 1
  return function()
    if at > #body then return nil end
    local chunk = body:sub(at, at + CHUNK - 1)
    at = at + #chunk
    return chunk
  end
end

--- Return a function of the first bytes of a body. Its second result says whether more would come.
local function first_bytes(body, count)
  local next_chunk, left, kept = chunks_of(body), count, nil
  return function()
    if left > 0 then
      local chunk, problem = next_chunk()
      if not chunk then return nil, problem end
      local taken = chunk:sub(1, left)
      left = left - #taken
      kept = #taken < #chunk
      return taken
    end
    if kept == nil or not kept then kept = next_chunk() ~= nil end
    return nil, kept
  end
end

--- Return all of a function's chunks as one string.
local function joined(next_chunk)
  local parts = {}
  for chunk in next_chunk do parts[#parts + 1] = chunk end
  return table.concat(parts)
end

--- Cut a response off as if that were all: its length says so, too.
local function cut(response, count)
  response.body = joined(first_bytes(response.body, count))
  response.headers["Content-Length"] = ("%d"):format(#response.body)
  return response
end

--- Break a fault's response off: bytes come, then the line breaks, or nothing more comes.
---@param fault table with `cut`, or `after` and its silence: `lost` or `timeout`
---@param response table of the operation
---@param context { file: table? } of the operation
---@param silence { message: string, seconds: number?, entry: table, sleep: fun(seconds: number)? }
---@return table response
function stream.broken(fault, response, context, silence)
  if fault.changed and context.file then files.change(context.file) end
  if response.status >= 300 then return response end
  if fault.cut then return cut(response, fault.cut) end
  local next_chunk, is_over = first_bytes(response.body, fault.after), false
  function response.body()
    local chunk, more
    if not is_over then chunk, more = next_chunk() end
    if chunk or not is_over and not more then return chunk end
    if not is_over and fault.timeout then silence.sleep(silence.seconds or PATIENCE) end
    is_over, silence.entry.lost = true, true
    return nil, silence.message
  end
  return response
end

--- Note in a log entry how many bytes of a body have been taken.
---@param response table
---@param entry table
function stream.count(response, entry)
  local next_chunk = response.body
  if type(next_chunk) ~= "function" then return end
  entry.sent = 0
  function response.body()
    local chunk, problem = next_chunk()
    entry.sent = entry.sent + #(chunk or "")
    return chunk, problem
  end
end

return stream
