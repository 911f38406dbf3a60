--- Where the key and the tokens of consent pages must not be: in what a run shows of itself, in its
-- memory after the last client is closed, in the arguments and the environment of its children.

local Server = require "spec.support.server"
local compiled = require "spec.support.compiled"
local library = require "spec.support.library"
local served = require "spec.support.served"
local tree = require "spec.support.tree"

local KEY = ("k3y%08x"):format(os.time()):rep(3)
local TOKEN = "session_token=[%w%-_]+"

local PAGE = '{"conferenceRecords":[{"name":"conferenceRecords/a"},'
  .. '{"name":"conferenceRecords/b"}],"nextPageToken":"t"}'

--- The environment in which what is freed is overwritten, so that what is found is in use.
local overwrite, folder

setup(function()
  if library.is_glibc() then
    overwrite = "GLIBC_TUNABLES=glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"
  else
    folder = compiled.folder "overwrite"
    overwrite = ("LD_PRELOAD=%s/overwrite.so"):format(folder)
  end
end)
teardown(function() if folder then tree.remove(folder) end end)

local function read_all(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

--- The parts of memory that the process `id` may write to, its stack among them.
local function memory_of(id)
  local parts = {}
  local memory <close> = assert(io.open(("/proc/%s/mem"):format(id), "rb"))
  for from, to in read_all(("/proc/%s/maps"):format(id)):gmatch "(%x+)%-(%x+) .w%S+ " do
    local first, last = tonumber(from, 16), tonumber(to, 16)
    if memory:seek("set", first) then parts[#parts + 1] = memory:read(last - first) end
  end
  return parts
end

--- How often `text` is there, but for the process's own environment; and how often in the fields
-- of a request as nghttp2 keeps them, which takes its memory from the system itself.
local function count_in_memory(id, text)
  local count, fields = 0, 0
  for _, bytes in ipairs(memory_of(id)) do
    for before in bytes:gmatch("(" .. ("."):rep(24) .. ")" .. text) do
      if before:find "authorization%zBearer $" then
        fields = fields + 1
      elseif not before:find "MATON_API_KEY=$" then
        count = count + 1
      end
    end
  end
  return count, fields
end

local server, pipe, output, id, said

--- Start a process that writes to `output`; wait until it has written its id, as `pattern` has it.
local function start(command, pattern)
  pipe = assert(io.popen(command, "w"))
  for _ = 1, 1000 do
    said = read_all(output)
    id = said:match(pattern)
    if id then return end
    os.execute "sleep 0.02"
  end
  error("it did not come to its end: " .. said)
end

--- Run the holder, in that environment, until it has closed its client.
local function hold(tls, environment)
  server = served.start { tls = tls, arguments = "--key " .. KEY }
  output = os.tmpname()
  start(("%s MATON_API_KEY=%s exec %s spec/support/holder.lua %s %s > %s 2>&1"):format(
    environment or "", KEY, tree.lua(), server.url, server.cert or "-", output),
    "closed by process (%d+)\n$")
end

after_each(function()
  if not pipe then return end -- the spec had nothing to hold
  pipe:close()
  server:close()
  os.remove(output)
  pipe = nil
end)

local function check_nothing_said()
  assert.falsy(said:find(KEY:sub(1, 3), 1, true)) -- no part of it
  assert.falsy(said:find(TOKEN))
end

for _, tls in ipairs { false, true } do
  describe("a run over " .. (tls and "HTTP/2 and TLS" or "HTTP/1.1"), function()
    it("shows neither the key nor a token, and keeps neither in use after close", function()
      hold(tls, overwrite)
      check_nothing_said()
      -- AddressSanitizer keeps what was freed as it was, and has no such switch.
      if os.getenv "ASAN_OPTIONS" then return end
      local count, fields = count_in_memory(id, KEY)
      assert.equal(0, count)
      assert.equal(0, fields)
      assert.is_true(count_in_memory(id, "googlemeet") > 0) -- it can be read at all
    end)

    it("traces what it does without the key", function()
      hold(tls, "GOOGLEMEET_TRACE=1")
      check_nothing_said()
      assert.matches("googlemeet: GET /google%-meet/v2/spaces/hpk%-vtwd%-ens: attempt 1 after "
        .. "%d+%.%d+ s, 200 ok; HTTP/[12][.1]*, 127%.0%.0%.1 port %d+, proxy no, "
        .. "%l+ socket; ms: [%l%d. ,]+\n", said)
    end)
  end)
end

--- What a script does between making a client and closing it, with an answer that does not come.
local UNDER_WAY = {
  ["a page sent ahead"] = "p = c.conference_records:list() p() p() "
    .. "c:step(.1) c:step(.1)", -- until it has left
  ["a task that waits"] = "t = c:submit(function() return c.spaces:get 'x' end) "
    .. "c:step(.1) c:step(.1)",
}

for what, act in pairs(UNDER_WAY) do
  it("leaves no request with " .. what .. " in what libcurl has freed", function()
    if os.getenv "ASAN_OPTIONS" then return end -- it keeps what was freed as it was
    local stub = Server.start()
    stub:script { act:find "list" and { body = PAGE } or { stall = true }, { stall = true } }
    local script = ([[local c = require "googlemeet".new { base_url = "%s" } %s c:close() c = nil
      collectgarbage() collectgarbage() print(io.open "/proc/self/stat":read "n")
      io.stdout:flush() io.read()]]):format(stub.url, act)
    server, output = stub, os.tmpname()
    script = script:gsub("'", [['"'"']])
    start(("MATON_API_KEY=%s exec %s -e '%s' > %s 2>&1"):format(KEY, tree.lua(), script, output),
      "^(%d+)\n$")
    assert.equal(0, (count_in_memory(id, "Bearer " .. KEY)))
  end)
end

--- One client or two send their keys; the one that was the last to do so is closed.
local CLOSED = [[
  local meet, key, clients = require "googlemeet", os.getenv "MATON_API_KEY", {}
  for _, each in ipairs { %s } do
    local client = meet.new { base_url = %q, ca_file = %q, api_key = each, retry = false }
    client:gather { function() client.spaces:get "x" end, function() client.spaces:create() end }
    clients[#clients + 1] = client
  end
  clients[#clients]:close()
  collectgarbage() collectgarbage()
  print(io.open "/proc/self/stat":read "n")
  io.stdout:flush()
  io.read()]]

for keys, which in pairs { ["key"] = "the last", ["key:reverse(), key"] = "one of two" } do
  for _, tls in ipairs { false, true } do
    it(("leaves no request when %s is closed over %s"):format(which,
      tls and "HTTP/2" or "HTTP/1.1"), function()
      if os.getenv "ASAN_OPTIONS" then return end -- it keeps what was freed as it was
      server, output = served.start { tls = tls, arguments = "--key " .. KEY }, os.tmpname()
      start(("%s MATON_API_KEY=%s exec %s -e %s > %s 2>&1"):format(overwrite, KEY, tree.lua(),
        tree.quote(CLOSED:format(keys, server.url, server.cert or "")), output), "^(%d+)\n$")
      assert.equal(0, (count_in_memory(id, "Bearer " .. KEY)))
      assert.is_true(which == "the last" or count_in_memory(id, KEY:reverse()) > 0)
    end)
  end
end

it("does not trace unasked", function()
  hold(false)
  assert.falsy(said:find("googlemeet: ", 1, true))
end)
