--- Passes bytes on to a server on loopback, and cuts sockets.
-- Use: lua5.4 spec/soak/proxy.lua PORT SEED JOURNAL. It prints its own port. A line on standard
-- input ends the cuts, its end ends the process. It knows nothing of what it passes on: a cut comes
-- before some bytes of the client are passed on, after, or when part of the answer was. Needs luv.

local uv = require "luv"
local random = require "googlemeet.testing.random"

local HOST = "127.0.0.1"
local BACKLOG = 128
local ONE_IN = 60 -- of the client's writes: a socket carries many requests at once
local STAGES = { "unread", "carried_out", "middle" }

local upstream, seed = tonumber(arg[1]), arg[2]
local chance = random.new("soak proxy " .. seed)
local journal = assert(uv.fs_open(arg[3], "a", tonumber("644", 8)))
local is_calm = false

local function finish(pair)
  for _, socket in ipairs { pair.client, pair.server } do
    if not socket:is_closing() then socket:close_reset() end
  end
end

local function draw(pair)
  if is_calm or pair.cut or chance:below(ONE_IN) > 0 then return end
  pair.cut = chance:pick(STAGES)
  uv.fs_write(journal, ("fault\tcut\t%s\n"):format(pair.cut), -1)
end

local function to_server(pair, bytes)
  draw(pair)
  if pair.cut == "unread" then return finish(pair) end
  if not pair.server:is_closing() then pair.server:write(bytes) end
end

local function to_client(pair, bytes)
  if pair.cut == "carried_out" then return finish(pair) end
  if pair.cut == "middle" then bytes = bytes:sub(1, chance:between(1, #bytes)) end
  if pair.client:is_closing() then return end
  pair.client:write(bytes, function()
    if pair.cut then finish(pair) end
  end)
end

local function pass(pair, from, on)
  from:read_start(function(problem, bytes)
    if problem or not bytes then return finish(pair) end
    on(pair, bytes)
  end)
end

local listener = uv.new_tcp()
assert(listener:bind(HOST, 0))
assert(listener:listen(BACKLOG, function()
  local pair = { client = uv.new_tcp(), server = uv.new_tcp() }
  assert(listener:accept(pair.client))
  pair.client:nodelay(true)
  pair.server:nodelay(true)
  pair.server:connect(HOST, upstream, function(problem)
    if problem then return finish(pair) end
    pass(pair, pair.client, to_server)
    pass(pair, pair.server, to_client)
  end)
end))
print(listener:getsockname().port)
io.stdout:flush()

local input = uv.new_pipe()
assert(input:open(0))
input:read_start(function(_, line)
  if not line then os.exit(0) end
  is_calm = true
end)
uv.run()
