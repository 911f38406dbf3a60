-- What the clients of others make of a server's replies, and what a server refuses.

local compiled = require "spec.support.compiled"
local meet = require "googlemeet"
local redis = require "spec.support.redis"
local script = require "googlemeet.limiter.script"
local tree = require "spec.support.tree"

local WINDOWS = { { name = "second", limit = 2, span = 0.1 } }
local LEASE = 0.2


--- Reserve by a limiter whose function gets the words of each command but SCRIPT LOAD.
local function reserve(answer)
  local limiter = meet.limiter.redis(function(name, ...)
    if name == "SCRIPT" then return nil, "ERR unknown command 'SCRIPT'" end
    return answer({ name, ... })
  end, "account")
  return limiter.reserve(WINDOWS, LEASE)
end

--- The word of a command that its reply repeats, wherever it stands.
local function word_of(words)
  local keys = math.tointeger(tonumber(words[3]))
  return words[3 + keys + 2]
end

describe("the reply to a limiter", function()
  it("may have its numbers as text or as numbers", function()
    for _, number in ipairs { "0", 0, 0.0 } do
      local id = reserve(function(words) return { word_of(words), "1000", "granted", number } end)
      assert.is_string(id)
    end
    local _, wait = reserve(function(words) return { word_of(words), 1000, "wait", 500000.0 } end)
    assert.is_true(wait > 0.49 and wait <= 0.5)
  end)

  --- Check the failure of a reply that is no reply to what was asked.
  local function check_rubbish(what, ...)
    local values = table.pack(...)
    local id, wait, err = reserve(function() return table.unpack(values, 1, values.n) end)
    assert.same({ nil, nil, "config" }, { id, wait, err.kind })
    assert.equal("the function given to meet.limiter.redis returned " .. what, err.message)
    assert.is_string(err.hint)
  end

  it("is refused when it is no reply at all", function()
    check_rubbish("nil and no message", nil)
    check_rubbish("boolean true", true)
    check_rubbish("number 1", 1)
    check_rubbish("'OK'", "OK")
    check_rubbish("'" .. ("x"):rep(60) .. "…'", ("x"):rep(100))
    check_rubbish("a table of 0", {})
    check_rubbish("the reply to another command", { "another", "1000", "granted", "0" })
  end)

  it("is refused when only its first word is right", function()
    for _, rest in ipairs { {}, { "1000" }, { "1000", "granted?", "0" }, { "1000", "wait", "x" },
      { "x", "wait" } } do
      local id, wait, err = reserve(function(words)
        return { word_of(words), table.unpack(rest) }
      end)
      assert.same({ nil, nil, "config" }, { id, wait, err.kind })
    end
  end)

  it("is not taken for another's by a child that shares its parent's socket", function()
    local made = compiled.folder "fork"
    local output = tree.run(("LUA_CPATH='%s/?.so;%s' ASAN_OPTIONS=detect_leaks=0 %s "
      .. "spec/support/forked.lua words http://127.0.0.1:1"):format(made, package.cpath,
      tree.lua()))
    tree.remove(made)
    local childs, parents = output:match "^(%S+)\nstatus\t0\n(%S+)\n$"
    assert(childs, output)
    assert.not_equal(childs, parents)
  end)

  --- The forms in which clients give an error of the server.
  local FORMS = {
    { "nil and a message", function(text) return nil, text end },
    { "false and a message", function(text) return false, text end }, -- lua-resty-redis
    { "nil and a table", function(text) return nil, { err = text } end },
    { "a table with err", function(text) return { err = text } end },
    { "a table with error", function(text) return { error = text } end },
    { "the line", function(text) return "-" .. text end },
    { "a raised message", function(text) -- redis-lua
      error("/usr/share/lua/5.1/redis.lua:325: redis error: " .. text, 0)
    end },
  }

  for _, row in ipairs(FORMS) do
    local what, form = table.unpack(row)
    it("may be an error in the form of " .. what, function()
      local limiter = meet.limiter.redis(function(name, first, ...)
        if name == "SCRIPT" then return ("0123456789"):rep(4) end
        if name == "EVALSHA" then return form "NOSCRIPT No matching script. Please use EVAL." end
        assert.equal(script.reserve, first)
        return { word_of { name, first, ... }, "1000", "granted", "0" }
      end, "account")
      assert.is_string(limiter.reserve(WINDOWS, LEASE))
      local _, _, err = reserve(function() return form "NOAUTH Authentication required." end)
      assert.equal("config", err.kind)
      assert.matches("NOAUTH Authentication required.$", err.message)
      assert.matches("AUTH", err.hint)
      assert.falsy(err.message:find("redis.lua", 1, true))
    end)
  end

  --- Messages, the kind of failure, and a word of the hint.
  local REFUSALS = {
    { "connection refused", "transport", "start the server" },
    { "timeout", "transport", "start the server" },
    { "LOADING Redis is loading the dataset in memory", "transport", "" },
    { "BUSY Redis is busy running a script.", "transport", "" },
    { "TRYAGAIN Multiple keys request during rehashing of slot", "transport", "" },
    { "CLUSTERDOWN Hash slot not served", "transport", "" },
    { "MASTERDOWN Link with MASTER is down", "transport", "" },
    { "MISCONF Redis is configured to save RDB snapshots", "transport", "" },
    { "ERR max number of clients reached", "transport", "" },
    { "WRONGPASS invalid username-password pair", "config", "AUTH" },
    { "NOPERM this user has no permissions to run the 'evalsha' command", "config", "EVALSHA" },
    { "ERR unknown command 'EVAL'", "config", "Redis 6" },
    { "ERR server too old script: 12, on @user_script:9.", "config", "Redis 6" },
    { "ERR Error running script: -WRONGTYPE Operation against a key", "config", "another name" },
    { "READONLY You can't write against a read only replica.", "config", "primary" },
    { "MOVED 3999 127.0.0.1:6381", "config", "node" },
    { "OOM command not allowed when used memory > 'maxmemory'.", "config", "maxmemory" },
  }

  for _, row in ipairs(REFUSALS) do
    local message, kind, word = table.unpack(row)
    it(("fails with kind %s after: %s"):format(kind, message), function()
      local id, wait, err = reserve(function() return nil, message end)
      assert.same({ nil, nil, kind }, { id, wait, err.kind })
      assert.truthy(err.message:find(message, 1, true))
      assert.truthy(err.hint:find(word, 1, true), err.hint)
    end)
  end

  it("does not show a password that a client's message has", function()
    local _, _, err = reserve(function() return nil, "redis://ann:open-sesame@host: refused" end)
    assert.equal("the limiter's server is away: redis://host: refused", err.message)
  end)

  it("is not what the function raises by mistake, and not what ends a script", function()
    local raised_table = setmetatable({}, { __tostring = function() return "cancelled" end })
    for _, raise in ipairs {
      function() local nothing = nil; return nothing.here end,
      function() error("x.lua:1: interrupted!", 0) end,
      function() return nil, "x.lua:1: interrupted!" end,
      function() error(raised_table) end,
    } do
      local ok, problem = pcall(reserve, raise)
      assert.is_false(ok)
      assert.is_true(problem == raised_table or problem:find "attempt to index" ~= nil
        or problem == "x.lua:1: interrupted!")
    end
  end)

  it("lets a limiter ask on after a function has raised", function()
    local calls = 0
    local limiter = meet.limiter.redis(function(...)
      calls = calls + 1
      if calls == 1 then return nil, "ERR no SCRIPT" end
      if calls == 3 then error {} end
      return { word_of { ... }, "1000", "wait", "1" }
    end, "account")
    assert.is_nil(limiter.reserve(WINDOWS, LEASE))
    repeat until limiter.reserve(WINDOWS, LEASE) == nil and calls > 1
    local ok = true
    while ok do ok = pcall(limiter.reserve, WINDOWS, LEASE) end
    while calls < 4 do limiter.reserve(WINDOWS, LEASE) end
  end)
end)

--- Reserve with a separate function, in a store that has opened.
local function open(command, admin)
  local limiter = meet.limiter.redis(command, "account")
  local _, wait, err = limiter.reserve(WINDOWS, LEASE)
  if wait then
    admin("HSET", "googlemeet:{account}", "marker", 0)
    return meet.limiter.redis(command, "account")
  end
  return limiter, err
end

describe("a server", function()
  local server

  local function start(settings)
    server = redis.start(settings)
    return redis.client(server.port)
  end

  after_each(function()
    if server then server:close() end
    server = nil
  end)

  it("that forgets its scripts gets them again", function()
    local command = start()
    local limiter = open(command, command)
    assert(limiter.reserve(WINDOWS, LEASE))
    command("SCRIPT", "FLUSH")
    local id = assert(limiter.reserve(WINDOWS, LEASE))
    command("SCRIPT", "FLUSH")
    limiter.commit(id, 0)
    assert.equal(2, limiter.status().taken.second)
  end)

  it("that is too old gives kind config", function()
    local send = start()
    local _, _, err = meet.limiter.redis(function(name, text, ...)
      if name == "SCRIPT" then return nil, "ERR unknown command" end
      return send(name, (text:gsub("version < 6", "version < 60")), ...)
    end, "account").reserve(WINDOWS, LEASE)
    assert.equal("config", err.kind)
    assert.matches("server too old", err.message)
    assert.matches("needs Redis 6 or newer, or Valkey", err.hint)
  end)

  it("that wants a password says so, and works with one", function()
    local command = start "--requirepass open-sesame"
    local _, err = open(command)
    assert.equal("config", err.kind)
    assert.matches("NOAUTH", err.message)
    command = redis.client(server.port, { "AUTH", "open-sesame" })
    assert(open(command, command).reserve(WINDOWS, LEASE))
  end)

  it("may refuse INFO and SCRIPT to the user, and shares with those who may ask", function()
    local admin = start()
    admin("ACL", "SETUSER", "ann", "on", ">pw", "~googlemeet:*", "+@all", "-info", "-script")
    local ann = redis.client(server.port, { "AUTH", "ann", "pw" })
    assert(open(ann, admin).reserve(WINDOWS, LEASE))
    assert.is_nil(admin("HGET", "googlemeet:{account}", "life"))
    assert(meet.limiter.redis(admin, "account").reserve(WINDOWS, LEASE))
    assert.is_string(admin("HGET", "googlemeet:{account}", "life"))
    assert.is_nil(meet.limiter.redis(ann, "account").reserve(WINDOWS, LEASE)) -- two are taken
  end)

  it("that refuses what the limiter needs gives kind config, and what to permit", function()
    local admin = start()
    for name, rule in pairs { bob = "-eval -evalsha", cid = "-time", dan = "-zadd" } do
      local words = { "ACL", "SETUSER", name, "on", ">pw", "~*", "+@all" }
      for word in rule:gmatch "%S+" do words[#words + 1] = word end
      admin(table.unpack(words))
      local _, err = open(redis.client(server.port, { "AUTH", name, "pw" }))
      assert.equal("config", err.kind)
      assert.matches("let the server's user run EVAL", err.hint)
    end
    admin("ACL", "SETUSER", "eve", "on", ">pw", "~other:*", "+@all")
    local _, err = open(redis.client(server.port, { "AUTH", "eve", "pw" }))
    assert.same({ "config", true }, { err.kind, err.hint:find "googlemeet:%*" ~= nil })
  end)

  it("whose keys have another use gives kind config", function()
    local command = start()
    command("SET", "googlemeet:{account}", "mine")
    local _, err = open(command)
    assert.same({ "config", true }, { err.kind, err.hint:find "another name" ~= nil })
    command("DEL", "googlemeet:{account}")
    command("SET", "googlemeet:{account}:second", "mine")
    _, err = open(command)
    assert.equal("config", err.kind)
    assert.equal("mine", command("GET", "googlemeet:{account}:second"))
  end)

  it("without memory, and a replica, give kind config", function()
    local command = start()
    command("CONFIG", "SET", "maxmemory", "1")
    local _, err = open(command)
    assert.same({ "config", true }, { err.kind, err.hint:find "maxmemory" ~= nil })
    command("CONFIG", "SET", "maxmemory", "0")
    command("REPLICAOF", "127.0.0.1", "1")
    _, err = open(command)
    assert.equal("config", err.kind)
    assert.matches("primary", err.hint)
  end)

  it("may be a cluster: the keys of a name are on one node", function()
    local command = start "--cluster-enabled yes"
    local slots = {}
    for slot = 0, 16383 do slots[#slots + 1] = slot end
    command("CLUSTER", "ADDSLOTS", table.unpack(slots)) -- Redis 6 knows no ranges
    for _ = 1, 500 do
      if command("CLUSTER", "INFO"):find "cluster_state:ok" then break end
      os.execute "sleep 0.01"
    end
    local windows = { WINDOWS[1], { name = "reads", limit = 1, span = 1 } }
    local limiter = open(command, command)
    local id = assert(limiter.reserve(windows, LEASE))
    limiter.commit(id, 0)
    limiter.pause("writes", 1)
    assert.same({ second = 1, reads = 1, writes = 0 }, limiter.status().taken)
  end)
end)

describe("redis-lua over LuaSocket", function()
  --- Debian has the file in the folders of older versions.
  local function load_client()
    local path = package.path
    package.path = path .. ";/usr/share/lua/5.3/?.lua;/usr/share/lua/5.1/?.lua"
    local has_client, client = pcall(require, "redis")
    package.path = path
    return has_client and pcall(require, "socket") and client
  end

  local client = load_client()

  it("is one of the clients", client and function()
    local server <close> = setmetatable({ redis.start() }, { __close = function(self)
      self[1]:close()
    end })
    local idle
    local function send(name, ...)
      local connection = idle or client.connect { host = "127.0.0.1", port = server[1].port,
        timeout = 1 }
      idle = nil -- one that is lost, or waits for a late reply, is not used again
      local reply = connection[name:lower()](connection, ...)
      idle = connection
      return reply
    end
    local admin = redis.client(server[1].port)
    local limiter = open(send, admin)
    local id = assert(limiter.reserve(WINDOWS, LEASE))
    admin("SCRIPT", "FLUSH")
    limiter.commit(id, 0.1)
    assert.is_string(limiter.reserve(WINDOWS, LEASE))
    assert.same({ second = 2 }, limiter.status().taken)
    admin("SET", "googlemeet:{y}", "mine")
    local _, _, err = meet.limiter.redis(send, "y").reserve(WINDOWS, LEASE)
    assert.equal("config", err.kind)
    server[1]:signal "STOP"
    _, _, err = limiter.reserve({ { name = "reads", limit = 1, span = 1 } }, LEASE)
    assert.same({ "transport", true }, { err.kind, err.message:find "timeout" ~= nil })
    server[1]:signal "CONT"
    server[1]:stop "KILL"
    _, _, err = meet.limiter.redis(send, "z").reserve(WINDOWS, LEASE)
    assert.same({ "transport", true }, { err.kind, err.message:find "refused" ~= nil })
  end or nil)
end)
