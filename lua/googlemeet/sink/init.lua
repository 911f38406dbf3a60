--- `client:request` with a sink: a download by as many answers as it takes.
-- When an answer breaks off, the next request asks for the rest. `sink.range` decides what an
-- answer means; `sink.file` and `sink.chunks` take its bytes.

local body = require "googlemeet.sink.body"
local chunks = require "googlemeet.sink.chunks"
local core = require "googlemeet.core"
local failure = require "googlemeet.failure"
local file = require "googlemeet.sink.file"
local options = require "googlemeet.options"
local range = require "googlemeet.sink.range"

local sink = {}

local OPTIONS = {
  sink = options.of "string or function", on_progress = options.of "function",
  version = options.of "string", check = options.of "function", query = options.of "table",
  headers = {},
  connection = options.of "string or table", timeout = options.of "number",
  deadline = options.of "number",
}
local OWN = { "sink", "on_progress", "version", "check" } -- the rest is that of each request
local OURS = { range = true, ["if-range"] = true } -- header fields

local SHORTEST, LONGEST = 0.001, 86400 -- seconds, as for any request
local PAUSE = { first = 1, factor = 1.3, longest = 10 } -- seconds behind such an answer
local RANGELESS = { [412] = true, [416] = true, [501] = true } -- of a range that cannot be had
local BROKEN = { transport = true, timeout = true } -- kinds of a line that broke

--- Raise at the script's line.
local function refuse(message) error("request: " .. message, 5) end

local function check(given)
  local path = given.sink
  if type(path) == "string" and (path == "" or path:find("\0", 1, true)) then
    refuse "option 'sink': the path of a file expected"
  end
  if given.version and not utf8.len(given.version) then refuse "option 'version' must be UTF-8" end
  for _, name in ipairs { "timeout", "deadline" } do
    local seconds = given[name]
    if seconds and not (seconds >= SHORTEST and seconds <= LONGEST) then
      refuse(("option '%s' must be from %s to %d"):format(name, SHORTEST, LONGEST))
    end
  end
end

--- Read the options, or raise at the caller's line.
local function read(method, path, opts)
  if type(path) ~= "string" then error("request: a path expected, a string", 3) end
  if method ~= "GET" then error("request: option 'sink': only GET has a body to store", 3) end
  local each, own = options.merge(opts, OPTIONS, 4), {}
  check(each)
  for _, name in ipairs(OWN) do own[name], each[name] = each[name], nil end
  for name in pairs(each.headers) do
    if type(name) == "string" and OURS[name:lower()] then
      error(("request: the header '%s' is set by the client"):format(name), 3)
    end
  end
  return own, each
end

--- Return what identifies a download: its path and its query, in order.
local function identity_of(path, query)
  local parts = {}
  for name, value in pairs(query or {}) do
    local list = type(value) == "table" and value or { value }
    for place, item in pairs(list) do
      parts[#parts + 1] = ("%q %q %q"):format(tostring(name), tostring(place), tostring(item))
    end
  end
  table.sort(parts)
  return core.file.checksum(path .. "?" .. table.concat(parts, "&"))
end

--- Make the target of the bytes.
local function target_of(own, path, each)
  if type(own.sink) == "function" then return chunks.new(own.sink, own.version) end
  return file.new(own.sink, identity_of(path, each.query), own.version)
end

--- Make the options of the request for the missing bytes.
local function request_of(load)
  local request = options.with(load.each, "headers", range.fields(load.target.have))
  for name, value in pairs(load.each.headers) do request.headers[name] = value end
  if load.ends then request.deadline = math.max(SHORTEST, load.ends - load.now()) end
  return request
end

--- Say whether the end of the body can be recognised. An injected transport ends it with nil.
local function shows_end(answer, headers, given)
  return given ~= nil or answer.verdict == "changed" or answer.length ~= nil
    or (headers["transfer-encoding"] or ""):lower():find "chunked%s*$" ~= nil
end

--- Judge the head of an answer, and prepare for its body.
---@return table|false|nil answer false: what is there had to go first; nil and an error: it is none
---@return googlemeet.Error? err
local function accept(load, response, given)
  local target = load.target
  local answer, message = range.judge(response.status, response.headers, target.have)
  if answer and not shows_end(answer, response.headers, given) then
    message = "the server announced no length: a cut body could not be noticed"
    answer = nil
  end
  if not answer then
    if target:lets_go() then return false end
    return nil, failure.quoting(load.client, "decode", message, range.HINT)
  end
  if answer.verdict == "changed" and response.status == 206 then return target:changed() end
  answer.before = answer.verdict == "goes on" and target.have.bytes or 0
  local ok, err = target:prepare(answer)
  if not ok then return nil, err end
  return answer
end

--- Request the missing bytes, and take them.
---@return boolean? is_over nil and an error: it ended so
---@return googlemeet.Error? err
---@return boolean? is_broken behind some of the body: to be gone on with
local function fetch(load)
  local target <const> = load.target
  local stream <close> = core.stream.prepare(load.client, load.path, request_of(load))
  local response, given, timeout, most = core.stream.open(stream)
  if not response then
    local is_of_range = RANGELESS[given.status] or given.status == 400 and given.kind == "invalid"
    if is_of_range and target:lets_go() then return false end
    if given.status == 416 and target.have.bytes > 0 then return target:changed() end
    return nil, given
  end
  load.response, load.most_idle = response, most
  local answer, err = accept(load, response, given)
  if not answer then return answer, err end
  local ok
  ok, err = body.take(load, stream, answer, given, timeout)
  if not ok then return nil, err, BROKEN[err.kind] end
  return not target.have.total or target.have.bytes == target.have.total
end

--- Pause after an answer without new bytes; false when there is no further request.
local function pause(load)
  load.idle = load.idle + 1
  if load.idle >= load.most_idle then return false end
  load.pause = load.pause and math.min(load.pause * PAUSE.factor, PAUSE.longest) or PAUSE.first
  if load.ends and load.now() + load.pause > load.ends then return false end
  load.client:sleep(load.pause)
  return true
end

--- Say whether to continue after a broken answer; nil and the error if not. An answer with new
-- bytes always continues; answers without any are counted, and followed by a pause.
local function goes_on(load, err)
  local bytes = load.target.have.bytes
  local may, hint = load.target:may_go_on()
  if not may then
    err.hint = hint
    return nil, err
  end
  local is_new = bytes > load.furthest
  load.furthest = math.max(load.furthest, bytes)
  if is_new then
    load.idle, load.pause = 0, nil
    return true
  end
  if not pause(load) then return nil, err end
  return true
end

--- Let the script check the body, and put it in its place.
local function finish(load)
  local ok, err = body.report(load, true)
  if ok and load.check then
    ok, err = load.check(load.target.have.bytes)
    if not ok then
      err = err or failure.new("decode", "'check' refused the body")
      if type(err) ~= "table" or not failure.is_temporary(err) then load.target:drop() end
    end
  end
  if ok then ok, err = load.target:finish() end
  if not ok then return nil, err end
  return load.target.have.bytes, load.response
end

--- Say whether the client is open: the sink, or another task, may have closed it.
local function is_open(client)
  return (pcall(core.client.clock, client))
end

local function closed()
  return nil, failure.new("cancelled", "the client was closed while the download was under way",
    "make the call again, on an open client, if it is still wanted")
end

--- Fetch answers until the body is complete.
local function run(load)
  while true do
    if not is_open(load.client) then return closed() end
    local is_over, err, is_broken = fetch(load)
    if is_over == nil then
      err.method, err.path = err.method or "GET", err.path or load.path
      if not is_broken then return nil, err end
      if not is_open(load.client) then return closed() end
      local ok, why = goes_on(load, err)
      if not ok then return nil, why end
    elseif is_over then
      return finish(load)
    end
  end
end

--- Add to an error what happens to the bytes that have arrived.
local function explain(load, err)
  if type(err) ~= "table" then return nil, err end -- of the script's 'check'
  if load.target:is_kept() and (failure.is_temporary(err) or err.kind == "cancelled") then
    err.hint = ("%d bytes are kept: call it again with the same path to continue"):format(
      load.target.have.bytes)
  end
  return nil, err
end

--- Download a body: see the manual of `client:request`.
---@param client googlemeet.Client
---@param method string GET
---@param path string
---@param opts googlemeet.RequestOptions with `sink`
---@return integer? bytes of the whole thing
---@return { status: integer, headers: table<string, string> }|googlemeet.Error response of the last
---  answer, or the error
function sink.request(client, method, path, opts)
  local own, each = read(method, path, opts)
  local target <close> = target_of(own, path, each)
  local ok, err = target:open()
  if not ok then return nil, err end
  local clock = core.client.clock(client)
  local now = clock and clock.now or core.now
  local load = {
    client = client, path = path, each = each, target = target, on_progress = own.on_progress,
    check = own.check, furthest = target.have.bytes, idle = 0, now = now,
    ends = each.deadline and now() + each.deadline,
  }
  local bytes, response = run(load)
  if not bytes then return explain(load, response) end
  return bytes, response
end

return sink
