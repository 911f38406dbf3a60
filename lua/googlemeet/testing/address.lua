--- Parses request URLs, strictly.

local address = {}

--- Undo percent-encoding.
---@param text string
---@param plus boolean decode `+` as a blank (in queries)
---@return string? decoded nil when a `%` is not followed by two hex digits
function address.decode(text, plus)
  if text:gsub("%%%x%x", ""):find("%", 1, true) then
    return nil
  end
  if plus then
    text = text:gsub("+", " ")
  end
  return (text:gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

--- Read a query string.
---@param text string
---@return { name: string, value: string }[]? pairs in order, nil on invalid encoding
local function read_query(text)
  local list = {}
  for part in text:gmatch("[^&]+") do
    local name, value = part:match("^([^=]*)=?(.*)$")
    name, value = address.decode(name, true), address.decode(value, true)
    if not name or not value or not utf8.len(name) or not utf8.len(value) then
      return nil
    end
    list[#list + 1] = { name = name, value = value }
  end
  return list
end

--- Parse a URL. Scheme and host are optional and ignored.
---@param url string
---@return { path: string, query: table[] }?
---@return string? problem
function address.read(url)
  if url:find("[^\33-\126]") then
    return nil, "The address has characters that must be percent-encoded."
  elseif url:find("#", 1, true) then
    return nil, "The address has a fragment."
  end
  local rest = url:match("^%a[%w+.-]*://[^/?]*(.*)$") or url
  local path, query = rest:match("^([^?]*)%??(.*)$")
  if path:sub(1, 1) ~= "/" then
    path = "/" .. path
  end
  if not address.decode(path) then
    return nil, "The path is not percent-encoded correctly."
  end
  local list = read_query(query)
  if not list then
    return nil, "The query is not percent-encoded correctly."
  end
  return { path = path, query = list }
end

--- Split a path at its slashes, keeping empty segments.
---@param path string
---@return string[]
function address.segments(path)
  local segments = {}
  for segment in path:gmatch("/([^/]*)") do
    segments[#segments + 1] = segment
  end
  return segments
end

return address
