--- Runs the cases of spec/hostile: a client meets a server that follows steps, once with a read and
-- once with a write. Each time it sees that the error is the documented one, in time; that the
-- server got the request as often as it should; that the same client's next call succeeds; and
-- that nothing stays open when the client is closed.

local assert = require "luassert"
local cqueues = require "cqueues"
local library = require "spec.support.library"
local meet = require "googlemeet"

local hostile = {}

-- Seconds that a call may take: memcheck makes all that comes before the wire slow, and a busy
-- machine the unpacking of 32 MB.
local PROMPTLY = 10
local PATIENCE = 15 -- seconds of a timeout that no case is to reach

--- Seconds of the timeout of cases that reach it: enough for a busy machine to shake hands and to
-- send the request.
hostile.SHORT = 0.4

--- A right answer in HTTP/1.1, byte by byte.
hostile.BODY = '{"name":"spaces/abc"}'
hostile.GOOD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n"
  .. hostile.BODY

--- A right answer's head, up to the fields given, and then a body.
function hostile.answer(fields, body)
  return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n%s\r\n%s"):format(fields,
    body or "")
end

local ask = {} -- what a client calls, by the name of a row's `calls`

function ask.get(client)
  return client.spaces:get "abc"
end

function ask.create(client)
  return client.spaces:create()
end

--- A write whose body does not fit a window of HTTP/2.
function ask.large(client)
  return client.spaces:create { config = { note = ("x"):rep(100000) } }
end

---@class Case
---@field [1] string what the server does
---@field [2] string kind of the error, or several where it is chance ("a or b"), or the name of
--- the space that the call gives
---@field steps (string|table)[] what the first socket does
---@field create? string what a write gives, where it is another than a read
---@field calls? string[] "get", "create", "large"; the first two if not given
---@field good? (string|table)[] what the next socket does, where it is not what all do
---@field unsent? boolean nothing was sent, so a write is not ambiguous
---@field certain? boolean the write was sent, and refused for sure
---@field seen? integer how many requests the server has logged then; 1 if not given
---@field status? integer
---@field newer? table<string, table> fields that differ from a version of libcurl on; 7.88, 8.14
--- and 8.23 were tried
---@field options? table of meet.new

--- How many descriptors this process has, of the first few hundred.
function hostile.descriptors()
  local count = 0
  for fd = 0, 255 do
    local file <close> = io.open("/proc/self/fdinfo/" .. fd)
    count = count + (file and 1 or 0)
  end
  return count
end

local function new(server, options)
  local all = {
    api_key = "key-of-the-spec", base_url = server.url, ca_file = server.cert,
    rate = false, retry = false, timeout = PATIENCE,
  }
  for name, value in pairs(options or {}) do all[name] = value end
  return assert(meet.new(all))
end

--- Have this process keep what it keeps for good, and no client that another spec forgot: the
-- sockets close with the last one.
local function settle(server)
  collectgarbage()
  collectgarbage()
  cqueues.sleep(0.001) -- its queue has descriptors
  server:play { {} }
  local client <close> = new(server)
  client.spaces:get "abc" -- until the server has taken it: the next play is for the next socket
end

--- Hold the outcome of one call against the row.
local function compare(row, how, space, err)
  local expected = how ~= "get" and row.create or row[2]
  if expected:find "^spaces/" then
    assert.equal(expected, space and space.name or tostring(err))
    return
  end
  assert.is_nil(space)
  local is_ambiguous = how ~= "get" and not row.unsent and not row.certain or nil
  local is_one = (" " .. expected .. " "):find(" " .. err.kind .. " ", 1, true)
  assert.same({ expected, is_ambiguous, 1, row.status }, {
    is_one and expected or err.kind, err.ambiguous, err.attempts, row.status and err.status,
  }, tostring(err))
end

--- Return a row as it is for the libcurl that is here.
local function of_this_libcurl(row)
  local copy = {}
  for name, value in pairs(row) do copy[name] = value end
  for version, fields in pairs(row.newer or {}) do
    if library.is_curl(version) then
      for name, value in pairs(fields) do copy[name] = value end
    end
  end
  return copy
end

--- Meet the server once.
---@param server Server
---@param row Case
---@param how "get"|"create"|"large"
---@param good (string|table)[] steps of a socket on which all is well
function hostile.run(server, row, how, good)
  row = of_this_libcurl(row)
  settle(server)
  local before = hostile.descriptors()
  server:play { row.steps, row.good or good }
  local client <close> = new(server, row.options)
  local started = cqueues.monotime()
  local space, err = ask[how](client)
  local took = cqueues.monotime() - started
  compare(row, how, space, err)
  assert(took < PROMPTLY, ("it took %.3f seconds"):format(took))
  server:wait_for(row.seen or 1)
  -- A socket may be lost just then, as ever: reads are tried again.
  local again <close> = client:with {
    retry = { max_attempts = 3, initial = 0, max = 0 }, timeout = PATIENCE, deadline = PATIENCE,
  }
  local after, why = again.spaces:get "abc"
  assert.equal("spaces/abc", after and after.name or tostring(why))
  assert.equal((row.seen or 1) + 1, #server:requests())
  assert.equal(client:stats().sockets_opened + again:stats().sockets_opened, server:sockets())
  client:close()
  again:close()
  assert.equal(before, hostile.descriptors())
end

--- Iterate over the specs that rows make, two of most.
---@param groups table<string, Case[]> rows by what their titles begin with
---@param good (string|table)[]
---@return fun(): string?, fun(server: Server)? title and what to run
function hostile.each(groups, good)
  return coroutine.wrap(function()
    for title, rows in pairs(groups) do
      for _, row in ipairs(rows) do
        for _, how in ipairs(row.calls or { "get", "create" }) do
          coroutine.yield(("%s: %s: %s"):format(title, row[1], how), function(server)
            hostile.run(server, row, how, good)
          end)
        end
      end
    end
  end)
end

return hostile
