--- The odd server of the gate `download`, a separate process: it listens on loopback and does
-- what a row of spec/download/cases.lua says.
-- Use: lua5.4 spec/download/server.lua JOURNAL CONTENT... Prints its port, and ends with its
-- standard input. A target "/odd/CASE/SEED/…" is for that case: its nth request gets the case's nth
-- answer, the last one again and again. Any other target is answered with "{}".
-- A line of the journal is JSON: what was asked, and how much of the body was sent; one when the
-- answer begins, and another one when it has ended.

local answers = require "spec.download.answers"
local cases = require "spec.download.cases"
local cjson = require("cjson").new()
local luv = require "spec.support.luv"
local random = require "googlemeet.testing.random"
local tree = require "spec.support.tree"
local uv = require "luv"

local SETTLE = 20 -- milliseconds before a reset, which takes what was not read
local PIECE = 65536 -- bytes that are written at once

local journal = assert(io.open(arg[1], "a"))
journal:setvbuf "line"
local contents = {}
for index = 2, #arg do contents[index - 1] = tree.read(arg[index]) end

local counts = {} -- requests by target

local function close(peer)
  if not peer.socket:is_closing() then peer.socket:close() end
end

local function break_off(peer, how)
  if how ~= "rst" then return close(peer) end
  luv.after(SETTLE, function()
    if not peer.socket:is_closing() then peer.socket:close_reset() end
  end)
end

local function note(entry)
  journal:write(cjson.encode(entry), "\n")
end

--- Write bytes piece by piece, the body paced if the answer says so; then call `done` with whether
--- all went.
local function send(peer, bytes, answer, entry, done)
  local sent, size = 0, answer.pace and (answer.pieces or answer.pace // 100) or PIECE
  local start = uv.hrtime()
  local function go_on(problem)
    if problem or peer.socket:is_closing() then return done(false) end
    entry.sent = math.max(0, sent - entry.head)
    if sent == #bytes then return done(true) end
    local function write()
      if peer.socket:is_closing() then return done(false) end
      local piece = bytes:sub(sent + 1, sent == 0 and entry.head or sent + size)
      sent = sent + #piece
      peer.socket:write(piece, go_on)
    end
    local early = answer.pace and entry.sent / answer.pace - (uv.hrtime() - start) / 1e9 or 0
    if early > 0.001 then luv.after(math.ceil(early * 1000), write) else write() end
  end
  go_on()
end

--- The case and the number of a request, by its target.
local function answer_for(request)
  local target = request.target
  local name, seed = target:match "^/odd/([%w_]+)/([%w_-]+)"
  local case = name and cases.named[name]
  if not case then return { body = "{}", status = 200 } end
  counts[target] = (counts[target] or 0) + 1
  local number = counts[target]
  if name == "chosen" then
    local etag
    if request.content < 0 then etag = false end
    return { content = math.abs(request.content), etag = etag }, number
  end
  if type(case.answers) ~= "function" then
    return case.answers[math.min(number, #case.answers)], number
  end
  return case.answers(number, random.new(("%s %s %d"):format(name, seed, number))), number
end

local serve

local function answer_request(peer, request)
  local answer, number = answer_for(request)
  local bytes, head, status = answers.make(answer, request, contents)
  local entry = {
    target = request.target, number = number, range = request.range, if_range = request.if_range,
    encoding = request.encoding, status = status, head = head, sent = 0,
  }
  local point = answer.cut or answer.silent
  if point then bytes = bytes:sub(1, answers.point(point, #bytes, head)) end
  peer.entry = entry
  note(entry)
  send(peer, bytes, answer, entry, function(is_whole)
    if not is_whole or answer.silent then return end -- noted when the client leaves
    note(entry)
    peer.entry = nil
    if answer.cut then return break_off(peer, answer.how) end
    if answer.framing == "close" then return close(peer) end
    serve(peer)
  end)
end

--- Answer the next request, if it is here.
function serve(peer)
  local head, rest = peer.buffer:match "^(.-\r\n)\r\n(.*)$"
  if not head or peer.entry then return end
  peer.buffer = rest
  local function field(name)
    return ("\n" .. head:lower()):match("\n" .. name .. ":[ \t]*([^\r]*)\r")
  end
  local request = {
    target = head:match "^%S+ (%S+)", range = field "range",
    content = math.tointeger(tonumber(field "x%-content")),
    if_range = head:match "\n[Ii]f%-[Rr]ange:[ \t]*([^\r]*)\r", encoding = field "accept%-encoding",
  }
  answer_request(peer, request)
end

local function accept(listener)
  local peer = { socket = uv.new_tcp(), buffer = "" }
  listener:accept(peer.socket)
  peer.socket:nodelay(true)
  peer.socket:read_start(function(problem, text)
    if text and not problem then
      peer.buffer = peer.buffer .. text
      return serve(peer)
    end
    if peer.entry then note(peer.entry) end
    peer.entry = nil
    close(peer)
  end)
end

local listener = uv.new_tcp()
assert(listener:bind("127.0.0.1", 0))
assert(listener:listen(128, function() accept(listener) end))
print(listener:getsockname().port)
io.stdout:flush()
-- Clients leave while they are written to.
uv.new_signal():start("sigpipe", function() end)
local input = uv.new_pipe()
input:open(0)
input:read_start(function(_, text)
  if not text then os.exit(0) end
end)
uv.run()
