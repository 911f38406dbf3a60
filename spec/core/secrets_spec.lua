--- Where the key and the tokens of consent pages must not be: in what a run shows of itself, in its
-- memory after the last client is closed, in the arguments and the environment of its children.

local served = require "spec.support.served"
local tree = require "spec.support.tree"

local KEY = ("k3y%08x"):format(os.time()):rep(3)
local TOKEN = "session_token=[%w%-_]+"

--- Freed memory is overwritten by glibc, so that what is found is in use: libcurl and OpenSSL do
-- not wipe the buffers that they free.
local OVERWRITE = "GLIBC_TUNABLES=glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"

local function read_all(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

--- The parts of memory that the process `id` may write to. Not its stack: there lies what calls
-- that have returned left behind, libcurl's too, and the environment.
local function memory_of(id)
  local parts = {}
  local memory <close> = assert(io.open(("/proc/%s/mem"):format(id), "rb"))
  for first, last, name in read_all(("/proc/%s/maps"):format(id))
    :gmatch "(%x+)%-(%x+) .w%S+ %S+ %S+ %S+ *([^\n]*)\n" do
    first, last = tonumber(first, 16), tonumber(last, 16)
    if name ~= "[stack]" and memory:seek("set", first) then
      parts[#parts + 1] = memory:read(last - first)
    end
  end
  return parts
end

local function count_in_memory(id, text)
  local count = 0
  for _, bytes in ipairs(memory_of(id)) do
    for _ in bytes:gmatch(text) do count = count + 1 end
  end
  return count
end

local server, pipe, output, id, said

--- Run the holder until it has closed its client.
local function hold(tls)
  server = served.start { tls = tls, arguments = "--key " .. KEY }
  output = os.tmpname()
  pipe = assert(io.popen(("%s MATON_API_KEY=%s exec %s spec/support/holder.lua %s %s > %s"):format(
    OVERWRITE, KEY, tree.lua(), server.url, server.cert or "", output), "w"))
  for _ = 1, 1000 do
    said = read_all(output)
    id = said:match "closed by process (%d+)\n$"
    if id then return end
    os.execute "sleep 0.02"
  end
  error("it did not come to its end: " .. said)
end

after_each(function()
  pipe:close()
  server:close()
  os.remove(output)
end)

for protocol, tls in pairs { ["HTTP/1.1"] = false, ["HTTP/2 over TLS"] = true } do
  describe("a run over " .. protocol, function()
    it("shows neither the key nor a token, and keeps neither after close", function()
      hold(tls)
      assert.falsy(said:find(KEY, 1, true))
      assert.falsy(said:find(TOKEN))
      -- AddressSanitizer keeps what was freed as it was, for its reports.
      if os.getenv "ASAN_OPTIONS" then return end
      assert.equal(0, count_in_memory(id, KEY))
      assert.is_true(count_in_memory(id, "googlemeet") > 0) -- it can be read at all
    end)
  end)
end
