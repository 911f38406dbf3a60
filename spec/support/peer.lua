--- One socket of the scripted server: requests come in, the script's answers go out.
-- Runs inside the process of `spec.support.stub`, in its own coroutine. It takes answers from
-- the `state` that all sockets share, and writes there what it has seen.

local cqueues = require "cqueues"
local errno = require "cqueues.errno"
local socket = require "cqueues.socket"

local PATIENCE = 600 -- seconds that a stalled answer is held at most
local HANDSHAKE = 10
local BUFFER = 65536 -- bytes
local OVER = {
  status = 500,
  headers = { { "Content-Type", "text/plain" } },
  body = "script is over",
}
local REASONS = {
  [200] = "OK", [201] = "Created", [204] = "No Content", [302] = "Found",
  [304] = "Not Modified", [400] = "Bad Request", [401] = "Unauthorized", [403] = "Forbidden",
  [404] = "Not Found", [409] = "Conflict", [429] = "Too Many Requests",
  [500] = "Internal Server Error", [502] = "Bad Gateway", [503] = "Service Unavailable",
  [504] = "Gateway Timeout",
}

-- Receiving. A peer is { socket, number, generation, buffer } and what is learnt on the way;
-- bytes that came in and are not used yet stay in its buffer.

--- Take what has arrived without waiting; false when the client is gone.
local function receive(peer)
  local limit = peer.tapped and -1 or -BUFFER
  repeat
    local bytes, why = peer.socket:recv(limit, "b")
    peer.buffer = peer.buffer .. (bytes or "")
    peer.gone = not bytes and why ~= errno.EAGAIN
  until not bytes or peer.tapped
  return not peer.gone
end

--- Wait for at least one more byte; false when the client is gone.
local function receive_more(peer)
  local before = #peer.buffer
  while true do
    local here = receive(peer)
    if #peer.buffer > before then
      return true
    elseif not here then
      return false
    end
    cqueues.poll(peer.socket)
  end
end

local function take(peer, length)
  local bytes = peer.buffer:sub(1, length)
  peer.buffer = peer.buffer:sub(length + 1)
  return bytes
end

local function read_exactly(peer, length)
  while #peer.buffer < length do
    if not receive_more(peer) then
      return nil
    end
  end
  return take(peer, length)
end

local function read_until(peer, mark)
  local from = 1
  while true do
    local _, last = peer.buffer:find(mark, from, true)
    if last then
      return take(peer, last)
    end
    from = math.max(1, #peer.buffer - #mark + 2)
    if not receive_more(peer) then
      return nil
    end
  end
end

-- A TCP connection closed with a byte unread is reset by the kernel. That is the one way to a RST
-- that these sockets offer, so a request to be reset is read through a second socket on the same
-- connection that takes a byte at a time, and its last byte is awaited but left where it is. (Under
-- TLS the bytes are not ours to leave: there a reset is no more than an end without a goodbye.)

local function tap(peer)
  local bufsiz = socket.setbufsiz(1)
  peer.tapped = peer.socket
  peer.socket = socket.dup(peer.socket)
  socket.setbufsiz(bufsiz)
end

local function wait_readable(peer)
  cqueues.poll { pollfd = peer.socket:pollfd(), events = "r" }
end

--- Read all of a body but its last byte, and wait for that.
local function read_all_but_one(peer, length)
  local bytes = read_exactly(peer, length - 1)
  if bytes then
    wait_readable(peer)
  end
  return bytes
end

local function parse_head(head)
  local line, rest = head:match("^(.-)\r\n(.*)$")
  local method, target = line:match("^(%S+)%s+(.-)%s*HTTP/1%.%d$")
  local request = {
    head = head, method = method or line, target = target or "", headers = {}, raw_headers = {},
    version = line:match("HTTP/(%d%.%d)$"),
  }
  for name, value in rest:gmatch("([^\r\n:]+):[ \t]*([^\r\n]*)\r\n") do
    local known = request.headers[name:lower()]
    request.raw_headers[#request.raw_headers + 1] = { name, value }
    request.headers[name:lower()] = known and known .. ", " .. value or value
  end
  return request
end

local function read_head(peer)
  if not peer.tapped then
    return read_until(peer, "\r\n\r\n")
  end
  local head = read_until(peer, "\r\n\r")
  local length = head and head:lower():match("\r\ncontent%-length:%s*(%d+)")
  if not head or length and tonumber(length) > 0 then
    return head and read_exactly(peer, 1) and head .. "\n"
  end
  wait_readable(peer)
  return head .. "\n"
end

local function read_chunks(peer)
  local pieces = {}
  repeat
    local line = read_until(peer, "\r\n")
    local size = line and tonumber(line:match("^%x+") or "", 16)
    local piece = size and read_exactly(peer, size + 2)
    pieces[#pieces + 1] = piece and piece:sub(1, size)
  until not piece or size == 0
  return pieces[#pieces] == "" and table.concat(pieces) or nil
end

--- Read the body of `request` into it; false when the client has left before its end.
local function read_body(peer, request)
  local length = tonumber(request.headers["content-length"]) or 0
  if (request.headers["transfer-encoding"] or ""):lower():find("chunked", 1, true) then
    request.body = read_chunks(peer)
  elseif peer.tapped and length > 0 then
    request.body = read_all_but_one(peer, length)
    request.unread = 1
  else
    request.body = read_exactly(peer, length)
  end
  return request.body ~= nil
end

local function record(peer, request)
  request.socket = peer.number
  request.time = cqueues.monotime()
  peer.releases = peer.state.releases
  peer.state.log[#peer.state.log + 1] = request
  peer.state.changed:signal()
end

-- Answering.

local function send(peer, bytes)
  local out = peer.socket
  return out:xwrite(bytes, "bf") and out:flush("n")
end

--- Wait for `done()`, or `seconds`; false when the client has left or the script is another one.
local function hold(peer, done, seconds)
  local state, generation = peer.state, peer.state.generation
  local deadline = cqueues.monotime() + (seconds or PATIENCE)
  while not done() and cqueues.monotime() < deadline do
    if not peer.tapped and not receive(peer) then
      return false
    end
    local left = deadline - cqueues.monotime()
    if peer.tapped then
      state.changed:wait(left)
    else
      cqueues.poll(peer.socket, state.changed, left)
    end
    if generation ~= state.generation then
      return false
    end
  end
  return true
end

local function never()
  return false
end

local function hold_until_release(peer)
  return hold(peer, function()
    return peer.state.releases > peer.releases
  end)
end

--- Wait as long as `answer` says.
local function pause(peer, answer)
  return (not answer.delay or hold(peer, never, answer.delay))
    and (not answer.stall or hold_until_release(peer))
end

--- The bytes of the body as they go over the wire, and the field that says where it ends.
local function frame(answer)
  local body = answer.body or ""
  if not answer.chunked then
    return body:sub(1, answer.truncate or #body), { "Content-Length", tostring(#body) }
  end
  local pieces = {}
  for index = 1, math.min(#answer.chunked, answer.truncate or math.huge) do
    local piece = answer.chunked[index]
    if piece ~= "" then -- an empty chunk is the last one
      pieces[#pieces + 1] = ("%x\r\n%s\r\n"):format(#piece, piece)
    end
  end
  pieces[#pieces + 1] = not answer.truncate and "0\r\n\r\n" or nil
  return table.concat(pieces), { "Transfer-Encoding", "chunked" }
end

local function format_head(answer, status, framing)
  local lines = { ("HTTP/1.1 %d %s\r\n"):format(status, REASONS[status] or "Status") }
  local given = {}
  for _, field in ipairs(answer.headers or {}) do
    given[field[1]:lower()] = true
    lines[#lines + 1] = ("%s: %s\r\n"):format(field[1], field[2])
  end
  local framed = given["content-length"] or given["transfer-encoding"]
  if status ~= 204 and status ~= 304 then
    if not given["content-type"] then
      lines[#lines + 1] = "Content-Type: application/json; charset=UTF-8\r\n"
    end
    lines[#lines + 1] = not framed and ("%s: %s\r\n"):format(framing[1], framing[2]) or nil
  end
  lines[#lines + 1] = "\r\n"
  return table.concat(lines)
end

local function send_informational(peer, status)
  if status == 100 then
    return send(peer, "HTTP/1.1 100 Continue\r\n\r\n")
  end
  return send(peer, "HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preconnect\r\n\r\n")
end

--- Send the head and the body; false when that failed.
local function send_answer(peer, request, answer)
  local status = answer.status or 200
  local body, framing = frame(answer)
  local head = format_head(answer, status, framing)
  if request.method == "HEAD" or status == 204 or status == 304 then
    body = ""
  end
  local first = answer.stall_after
  if not first then
    return send(peer, head .. body)
  end
  return send(peer, head .. body:sub(1, first))
    and hold_until_release(peer)
    and send(peer, body:sub(first + 1))
end

local function asks_to_close(request)
  return request.version == "1.0" or (request.headers["connection"] or ""):lower() == "close"
end

--- Do what `answer` says; true when the socket stays open.
local function perform(peer, request, answer)
  if not pause(peer, answer) or answer.reset or answer.close then
    return false
  elseif answer.raw then
    send(peer, answer.raw)
    return false
  elseif answer.informational and not send_informational(peer, answer.informational)
    or not send_answer(peer, request, answer) then
    return false
  end
  peer.drops = answer.drop_on_reuse
  return not (answer.truncate or answer.close_after or asks_to_close(request))
end

--- The answer for the request whose head has just been read.
local function choose(peer)
  if peer.drops then
    return { close = true }
  end
  local claimed = peer.claimed
  peer.claimed = nil
  return claimed or table.remove(peer.state.answers, 1) or OVER
end

--- Wait for a request, and prepare for reading it when it is to be reset.
local function await_request(peer)
  if #peer.buffer > 0 or peer.state.context then
    return
  end
  wait_readable(peer)
  local following = peer.state.answers[1]
  if following and following.reset and not peer.drops then
    peer.claimed = table.remove(peer.state.answers, 1)
    tap(peer)
  end
end

--- Read a request whole and log it; false when the client has left before its end.
local function read_request(peer)
  local head = read_head(peer)
  local request = head and parse_head(head)
  if not request or not read_body(peer, request) then
    return false
  end
  record(peer, request)
  return true
end

--- Serve one request that is answered before its body is read.
local function serve_early(peer, request, answer)
  request.body = ""
  record(peer, request)
  local open = perform(peer, request, answer)
  return read_body(peer, request) and open
end

--- Serve one request; false when it was the last.
local function serve_request(peer)
  await_request(peer)
  local head = read_head(peer)
  if not head then
    return false
  end
  local request = parse_head(head)
  local answer = choose(peer)
  if answer.refuse then
    request.body = ""
    record(peer, request)
    return false
  end
  if answer.early then
    return serve_early(peer, request, answer)
  end
  if (request.headers["expect"] or ""):lower() == "100-continue" then
    send_informational(peer, 100)
  end
  if not read_body(peer, request) then
    return false
  end
  record(peer, request)
  return perform(peer, request, answer)
end

local function finish(peer)
  if peer.claimed then -- the client left before its request was whole
    table.insert(peer.state.answers, 1, peer.claimed)
  end
  if peer.tapped then
    peer.tapped:close()
  elseif not peer.gone then
    receive(peer) -- a byte left unread would turn the end into a reset
    peer.socket:shutdown("w")
  end
  peer.socket:close()
  if peer.gone and peer.generation == peer.state.generation then
    peer.state.ended = peer.state.ended + 1
    peer.state.changed:signal()
  end
end

local function return_error(_, _, why)
  return why
end

local function open(accepted, number, state)
  accepted:onerror(return_error)
  accepted:setmode("b", "bf")
  accepted:setbufsiz(BUFFER, 4 * BUFFER)
  return {
    socket = accepted, number = number, state = state, generation = state.generation, buffer = "",
  }
end

--- Serve the client on `accepted` until one side ends it.
--
-- `state` is shared by all sockets:
--   answers     array of answers not given yet
--   log         array of the requests read
--   generation  number of the script; an answer held back for an earlier one is given up
--   releases    how often stalled answers were let go
--   ended       how many of this script's sockets their clients have ended
--   changed     condition, signalled whenever one of these changes
--   context     TLS context, or nil
local function serve(accepted, number, state)
  local peer = open(accepted, number, state)
  if not state.context or accepted:starttls(state.context, HANDSHAKE) then
    repeat until not serve_request(peer)
  end
  finish(peer)
end

return {
  serve = serve, open = open, finish = finish, tap = tap, wait_readable = wait_readable,
  read_exactly = read_exactly, read_head = read_head, read_request = read_request,
  record = record, send = send, hold = hold,
}
