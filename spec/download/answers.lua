--- What one answer of the odd server is made of: from a row of `cases`, the request and the
-- contents to the bytes of head and body. Pure but for the time.

local answers = {}

local REASONS = {
  [200] = "OK", [204] = "No Content", [206] = "Partial Content", [302] = "Found",
  [401] = "Unauthorized", [404] = "Not Found", [416] = "Range Not Satisfiable",
  [429] = "Too Many Requests", [503] = "Service Unavailable",
}

---@class OddAnswer all fields are optional
---@field status? integer in place of 200 or 206
---@field content? integer which version of the thing, 1 if not given
---@field etag? string|false its validator; `"vN"` of content N if not given, none if false
---@field modified? string value of Last-Modified
---@field date? string value of Date in place of the time
---@field ignores_range? boolean the whole, with 200
---@field ignores_if_range? boolean what is asked for, whatever the validator
---@field shift? integer a 206 begins so many bytes later than asked, and says so
---@field most? integer a 206 has so many bytes at most
---@field content_range? string|false a 206 says this in its place, or nothing; FIRST, LAST and SIZE
--- in it are the right numbers
---@field length_more? integer Content-Length is wrong by so much
---@field length? string Content-Length is this
---@field type? string value of Content-Type
---@field framing? "chunked"|"close" without Content-Length
---@field headers? string[] lines more
---@field body? string in place of the content
---@field cut? number|"head" so many bytes of head and body are sent, then it breaks; below 1: such
--- a part; below 0: all but so many
---@field how? "fin"|"rst" how it breaks; FIN if not given
---@field silent? number as cut, but nothing comes any more
---@field pace? integer bytes a second of the body
---@field pieces? integer bytes that are sent at once, with `pace`

--- The first byte that a request asks for, and whether it asks for a range at all. Others than
--- "bytes=N-" are not understood, and so ignored.
local function first_of(request, answer, etag)
  local first = (request.range or ""):match "^bytes=(%d+)%-$"
  if not first or answer.ignores_range then return 0, false end
  local condition = request.if_range
  if condition and not answer.ignores_if_range and condition ~= etag
    and condition ~= answer.modified then
    return 0, false
  end
  return math.tointeger(tonumber(first)), true
end

local function frame(answer, body)
  if answer.framing == "close" then return body, "Connection: close" end
  if answer.framing ~= "chunked" then
    return body, "Content-Length: " .. (answer.length or #body + (answer.length_more or 0))
  end
  local pieces = {}
  for start = 1, #body, 16384 do
    local piece = body:sub(start, start + 16383)
    pieces[#pieces + 1] = ("%x\r\n%s\r\n"):format(#piece, piece)
  end
  return table.concat(pieces) .. "0\r\n\r\n", "Transfer-Encoding: chunked"
end

local function head_of(status, lines)
  return ("HTTP/1.1 %d %s\r\n%s\r\n\r\n"):format(status, REASONS[status] or "Status",
    table.concat(lines, "\r\n"))
end

local function fields(answer, etag)
  local lines = { "Content-Type: " .. (answer.type or "video/mp4") }
  if etag then lines[#lines + 1] = "ETag: " .. etag end
  if answer.modified then lines[#lines + 1] = "Last-Modified: " .. answer.modified end
  lines[#lines + 1] = "Date: " .. (answer.date or os.date "!%a, %d %b %Y %H:%M:%S GMT")
  return lines
end

--- Body, status and header lines of what a request asks for.
local function thing(answer, request, contents)
  local version = answer.content or 1
  local content, etag = contents[version], answer.etag
  if etag == nil then etag = ('"v%d"'):format(version) end
  local lines = fields(answer, etag)
  local first, is_range = first_of(request, answer, etag)
  if not is_range then return content, 200, lines end
  if first >= #content then
    lines[#lines + 1] = ("Content-Range: bytes */%d"):format(#content)
    return "", 416, lines
  end
  first = first + (answer.shift or 0)
  local last = math.min(#content - 1, first + (answer.most or #content) - 1)
  if answer.content_range ~= false then
    local numbers = { FIRST = first, LAST = last, SIZE = #content }
    lines[#lines + 1] = "Content-Range: "
      .. (answer.content_range or "bytes FIRST-LAST/SIZE"):gsub("%u+", numbers)
  end
  return content:sub(first + 1, last + 1), 206, lines
end

---@param answer OddAnswer
---@param request { range?: string, if_range?: string }
---@param contents string[]
---@return string bytes head and body
---@return integer head length of the head
---@return integer status
function answers.make(answer, request, contents)
  local body, status, lines
  if answer.body then
    body, status, lines = answer.body, answer.status, { "Content-Type: text/plain" }
  else
    body, status, lines = thing(answer, request, contents)
  end
  status = answer.status or status
  for _, line in ipairs(answer.headers or {}) do lines[#lines + 1] = line end
  if status ~= 204 then body, lines[#lines + 1] = frame(answer, body) end
  local head = head_of(status, lines)
  return head .. body, #head, status
end

--- How many bytes of an answer are sent before it breaks or falls silent.
---@param where number|"head" bytes, or a part of all
---@param head integer length of the head
function answers.point(where, length, head)
  if where == "head" then return head end
  if where < 0 then return length + where end
  if where < 1 then return where * length // 1 end
  return math.min(where, length)
end

return answers
