--- The manual's limiter in Redis, as it stands there, with redis-lua against a real server.

local meet = require "googlemeet"
local redis = require "spec.support.redis"
local tree = require "spec.support.tree"

--- The client of redis-lua is in Debian's folder for Lua 5.1, and any version takes it.
local function load_client()
  local path = package.path
  package.path = path .. ";/usr/share/lua/5.1/?.lua"
  local is_there, client = pcall(require, "redis")
  package.path = path
  return assert(is_there and client, client)
end

describe("the manual's limiter in Redis", function()
  local server, client

  before_each(function() server = redis.start() end)
  after_each(function()
    if client then client:close() end
    server:close()
  end)

  --- Run the manual's block, its server being ours and its gateway the fake.
  local function run()
    local block = assert(tree.read "lua/README.md"
      :match '\n```lua\n(local redis = require "redis".-)\n```')
    local gateway = meet.testing.gateway()
    gateway:seed()
    local face = { new = function(options)
      options.api_key, options.transport = "test-key", gateway.transport
      client = assert(meet.new(options))
      return client
    end, limiter = meet.limiter }
    block = block:gsub("port = 6379", "port = " .. server.port):gsub("<close>", "")
    local names = { meet = face, print = function() end, require = load_client }
    assert(load(block, "@lua/README.md", "t", setmetatable(names, { __index = _G })))()
  end

  it("makes calls, after its three seconds, also when the connection was lost", function()
    run()
    assert(client.connections:list():all())
    assert.is_true(client:stats().seconds_waited_for_limiter > 2.9)
    server:stop "KILL"
    server:run()
    assert(client.connections:list():all())
    assert.is_true(client:stats().seconds_waited_for_limiter > 5.9)
  end)

  it("sends nothing while the server is away, and says why", function()
    run()
    server:stop "KILL"
    local list, err = client.connections:list({ deadline = 0.6 }):all()
    assert.is_nil(list)
    assert.equal("transport", err.kind)
    assert.equal(0, client:stats().attempts)
  end)
end)
