--- HTTP/2 frames as bytes (RFC 9113 section 6), their headers spelt out (RFC 7541 section 6.2.2).
-- Pure; what it writes may break the protocol, for that is what it is for.

local frames = {}

frames.PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
frames.HEADER = 9 -- bytes

local DATA, HEADERS, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION =
  0, 1, 3, 4, 5, 6, 7, 8, 9
local END_STREAM, END_HEADERS = 1, 4
local LARGEST = 16384 -- bytes of a frame, unless a peer allows more

--- A frame of any kind.
function frames.frame(kind, flags, stream, payload)
  return string.pack(">I3BBI4", #payload, kind, flags, stream) .. payload
end

--- An integer with a prefix of seven bits.
local function integer(value)
  if value < 127 then
    return string.char(value)
  end
  local bytes = { "\127" }
  value = value - 127
  while value > 127 do
    bytes[#bytes + 1] = string.char(value & 127 | 128)
    value = value >> 7
  end
  return table.concat(bytes) .. string.char(value)
end

--- A header block: fields { name, value }, none of them indexed.
function frames.block(fields)
  local parts = {}
  for _, field in ipairs(fields) do
    parts[#parts + 1] = "\0" .. integer(#field[1]) .. field[1] .. integer(#field[2]) .. field[2]
  end
  return table.concat(parts)
end

--- HEADERS, and CONTINUATION as often as it takes.
---@param stream integer
---@param fields string[][]
---@param ends? boolean nothing follows on the stream
function frames.headers(stream, fields, ends)
  local block, parts = frames.block(fields), {}
  local kind, flags = HEADERS, ends and END_STREAM or 0
  repeat
    local last = #block <= LARGEST
    parts[#parts + 1] = frames.frame(kind, last and flags | END_HEADERS or flags, stream,
      block:sub(1, LARGEST))
    block, kind, flags = block:sub(LARGEST + 1), CONTINUATION, 0
  until last
  return table.concat(parts)
end

--- HEADERS without an end, to be continued.
function frames.headers_open(stream, fields)
  return frames.frame(HEADERS, 0, stream, frames.block(fields))
end

function frames.continuation(stream, bytes)
  return frames.frame(CONTINUATION, 0, stream, bytes)
end

function frames.data(stream, bytes, ends)
  return frames.frame(DATA, ends and END_STREAM or 0, stream, bytes)
end

function frames.reset(stream, code)
  return frames.frame(RST_STREAM, 0, stream, string.pack(">I4", code))
end

function frames.goaway(last_stream, code, text)
  return frames.frame(GOAWAY, 0, 0, string.pack(">I4I4", last_stream, code) .. (text or ""))
end

--- SETTINGS: an array of { number, value }.
function frames.settings(values)
  local parts = {}
  for _, value in ipairs(values or {}) do
    parts[#parts + 1] = string.pack(">I2I4", value[1], value[2])
  end
  return frames.frame(SETTINGS, 0, 0, table.concat(parts))
end

function frames.ping(bytes)
  return frames.frame(PING, 0, 0, bytes or "12345678")
end

function frames.window(stream, increment)
  return frames.frame(WINDOW_UPDATE, 0, stream, string.pack(">I4", increment))
end

function frames.push(stream, promised, fields)
  return frames.frame(PUSH_PROMISE, END_HEADERS, stream,
    string.pack(">I4", promised) .. frames.block(fields))
end

--- What a client's frame is: its length and stream, what it carries, whether it ends the stream.
---@return integer length
---@return integer stream
---@return boolean carries_data
---@return boolean ends
function frames.read(header)
  local length, kind, flags, stream = (">I3BBI4"):unpack(header)
  local ends = (kind == DATA or kind == HEADERS) and flags & END_STREAM ~= 0
  return length, stream, kind == DATA, ends
end

return frames
