--- The meaning of an answer's head: which part of the body its bytes are, and of which version
-- (RFC 9110, sections 8.8.3, 13.1.5 and 14).
-- Pure.

local http_date = require "googlemeet.http_date"

local range = {}

--- What is there of a thing that is downloaded.
---@class googlemeet.Have
---@field bytes integer
---@field total? integer bytes of the whole thing
---@field validator? string for If-Range, as the server gave it
---@field version? string as the script gave it

--- The hint for an answer that does not fit the request.
range.HINT = "call it again; a proxy or the server answers in a way that cannot be continued"

local MARGIN = 1 -- seconds; RFC 9110 8.8.2.2: a date is strong behind the second of its change

--- Return a header field that is a number of bytes.
---@param text any
---@return integer?
local function bytes_of(text)
  return type(text) == "string" and text:find "^%d+$" and math.tointeger(tonumber(text)) or nil
end

--- Read a Content-Range: the first and the last byte, and how many there are in all.
---@param text any such as "bytes 100-199/1000"; the number in all may be "*"
---@return integer? first nil where it is none
---@return integer? last
---@return integer? total
function range.read(text)
  local first, last, total = tostring(text):match "^bytes (%d+)%-(%d+)/([%d*]+)$"
  first, last = bytes_of(first), bytes_of(last)
  local all = bytes_of(total)
  if not first or not last or last < first or not all and total ~= "*" then return nil end
  if all and last >= all then return nil end
  return first, last, all
end

--- Return what identifies the version in If-Range: a strong ETag, or the date of a change that is
-- older than the answer.
---@param headers table<string, string> names in lower case
---@return string?
function range.validator(headers)
  local tag = headers.etag
  if tag then return tag:find '^"[ !#-~]*"$' and tag or nil end -- ASCII alone: a note keeps it
  local changed, sent = http_date(headers["last-modified"]), http_date(headers.date)
  return changed and sent and sent - changed >= MARGIN and headers["last-modified"] or nil
end

--- Return the header fields that request the bytes after those that are there.
---@param have googlemeet.Have
---@return table<string, string>
function range.fields(have)
  if have.bytes == 0 then return {} end
  return { Range = ("bytes=%d-"):format(have.bytes), ["If-Range"] = have.validator }
end

local function judge_part(headers, have)
  local first, last, total = range.read(headers["content-range"])
  local validator = range.validator(headers)
  if not first or have.bytes == 0 then
    return nil, "the server sent a part that was not requested or cannot be used"
  elseif have.total and total and total ~= have.total
    or have.validator and validator and validator ~= have.validator then
    return { verdict = "changed" }
  elseif first ~= have.bytes then
    return nil, ("the server sent the bytes from %d instead of from %d"):format(first, have.bytes)
  end
  total = total or have.total
  if not total then return nil, "the server sent a part without the total length" end
  return { verdict = "goes on", length = last - first + 1, total = total }
end

--- Say whether a whole body is of the same version as the partial one.
local function is_same(have, length, validator)
  if length and have.total and length ~= have.total then return false end
  if have.validator or validator then return have.validator == validator end
  return have.version ~= nil
end

local function judge_whole(headers, have)
  local length, validator = bytes_of(headers["content-length"]), range.validator(headers)
  local verdict = have.bytes == 0 and "begins"
    or is_same(have, length, validator) and "repeats" or "changed"
  return { verdict = verdict, length = length, total = length, validator = validator }
end

--- Judge the head of an answer.
---@param status integer
---@param headers table<string, string> names in lower case
---@param have googlemeet.Have what is there already
---@return { verdict: "begins"|"goes on"|"repeats"|"changed", length: integer?, total: integer?,
---  validator: string? }? answer `length`: of this body; "repeats": all of the same version again;
---  "changed": the partial body belongs to another version
---@return string? message why it cannot be used
function range.judge(status, headers, have)
  local coding = headers["content-encoding"]
  if coding and coding:lower() ~= "identity" then
    return nil, "the server sent a body compressed with " .. coding .. ", which was not asked for"
  elseif status == 206 then
    return judge_part(headers, have)
  elseif status ~= 200 then
    return nil, ("the server sent status %d, not 200 or 206"):format(status)
  end
  return judge_whole(headers, have)
end

return range
