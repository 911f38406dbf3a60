--- The bytes of a file as the response to `alt=media`: whole or a range.

local errors = require "googlemeet.testing.errors"

local media = {}

local WHOLE = 1 << 20 -- more bytes come chunk by chunk

--- Read an offset, any number of digits long.
local function offset_of(digits)
  return digits ~= "" and (math.tointeger(tonumber(digits)) or math.maxinteger) or nil
end

--- Return the first and last byte of the last `count` ones, false when there are none.
local function last_bytes(count, size)
  if count == 0 or size == 0 then return false end
  return math.max(0, size - count), size - 1
end

--- Return first and last byte of the range that a request asks for; nothing when it asks for none
-- that is understood, and false when there are no such bytes.
local function range_of(text, size)
  local first, last = (text or ""):match "^bytes=(%d*)%-(%d*)$"
  if not first then return nil end
  first, last = offset_of(first), offset_of(last)
  if not first then
    if not last then return nil end
    return last_bytes(last, size)
  end
  if last and last < first then return nil end
  if first >= size then return false end
  return first, math.min(last or size - 1, size - 1)
end

--- Return the validator that a file has, if any.
local function etag_of(file)
  if file.etag == "none" then return nil end
  return (file.etag == "weak" and "W/" or "") .. ('"%s"'):format(file.resource.headRevisionId)
end

--- Say whether a range may be answered: the file takes any, and it is the one that is meant.
local function takes_range(file, headers, etag)
  if not file.ranges then return false end
  local meant = headers["if-range"]
  return not meant or file.etag == "strong" and meant == etag
end

local function body_of(content, first, count)
  if count <= WHOLE then return content:read(first, count) end
  return content:chunks(first, count)
end

--- Respond with the bytes of a file.
---@param file table with `content`
---@param headers table<string, string> of the request, in lower case
---@return table response its body is a function when it is long
function media.response(file, headers)
  local content, etag = file.content, etag_of(file)
  local first, last
  if takes_range(file, headers, etag) then
    first, last = range_of(headers.range, content.size)
  end
  if first == false then
    return errors.drive(416, "requestedRangeNotSatisfiable", "Request range not satisfiable",
      "Range", { ["Content-Range"] = ("bytes */%d"):format(content.size) })
  end
  local count = first and last - first + 1 or content.size
  return {
    status = first and 206 or 200, body = body_of(content, first or 0, count),
    headers = {
      ["Content-Type"] = file.resource.mimeType, ["Content-Length"] = ("%d"):format(count),
      ["Accept-Ranges"] = file.ranges and "bytes" or nil, ETag = etag,
      ["Content-Range"] = first and ("bytes %d-%d/%d"):format(first, last, content.size) or nil,
    },
  }
end

return media
