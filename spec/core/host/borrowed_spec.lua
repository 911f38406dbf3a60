-- What the core has read of the caller's values stays as it was, whatever code runs before the
-- request is sent: metamethods and finalizers change tables, renew keys and outlive the core.
-- The sanitized build (make asan) sees what a plain one may survive.

local meet = require "googlemeet"
local tree = require "spec.support.tree"

local EMPTY = { status = 200, body = "{}" }

--- A client whose requests end up in `sent`.
local function recording()
  local sent = {}
  local client = assert(meet.new { api_key = "test-key", rate = false, transport = function(request)
    sent[#sent + 1] = request
    return EMPTY
  end })
  return client, sent
end

--- Free what nobody holds and put other strings in its place.
local function reuse_memory(length)
  collectgarbage()
  collectgarbage()
  local kept = {}
  for i = 1, 200 do kept[i] = ("x"):rep(length - 6) .. ("%06d"):format(i) end
  return kept
end

--- What a process prints that runs `script`. Its heap is small, so that collections are frequent;
-- `at_each_collection` has them run a function.
local function run(script)
  return (tree.run(("%s -e %s 2>&1"):format(tree.lua(), tree.quote([[
    local collector = require "spec.support.collector"
    local meet = require "googlemeet"
    local EMPTY = { status = 200, body = "{}" }
    local function at_each_collection(act)
      setmetatable({}, { __gc = function() if act() then at_each_collection(act) end end })
    end
    ]] .. script))))
end

--- A text that no constant holds.
local function fresh(letter) return letter:rep(60) .. os.time() end

describe("options of a call", function()
  it("are as they were given when a resource's __index changes them", function()
    local client <close>, sent = recording()
    local options = { fields = fresh "f" }
    local lazy = setmetatable({}, { __index = function(_, key)
      if key ~= "name" then return nil end
      options.fields = nil
      reuse_memory(70)
      return "conferenceRecords/x"
    end })
    client.conference_records:get(lazy, options)
    assert.matches("fields=f+%d+$", sent[1].url)
  end)

  it("are read without their metamethods by request", function()
    local client <close>, sent = recording()
    local connection = fresh "c"
    local options = setmetatable({ connection = fresh "c" }, { __index = function(self)
      self.connection = nil
      reuse_memory(70)
    end })
    client:request("GET", "/google-meet/v2/spaces/x", options)
    assert.equal(connection, sent[1].headers["Maton-Connection"])
  end)
end)

it("client:with takes over a key that a finalizer renews meanwhile", function()
  assert.equal("500\n", run [[
    local renewed = 0
    local client = assert(meet.new { rate = false,
      api_key = function()
        renewed = renewed + 1
        return ("key-%d-"):format(renewed) .. ("k"):rep(100)
      end,
      transport = function() return EMPTY end })
    assert(client.spaces:get "spaces/x")
    collector.be_busy()
    for _ = 1, 20 do
      at_each_collection(function()
        pcall(client.spaces.get, client.spaces, "spaces/y")
        return renewed < 500
      end)
    end
    for _ = 1, 100000 do
      if renewed >= 500 then break end
      client:with({ timeout = 5 }):close()
    end
    print(math.min(renewed, 500))]])
end)

it("a body that grows while it is encoded is an error, never a write past its end", function()
  assert.equal("it changed while it was read\n", run [[
    local client = assert(meet.new { api_key = "k", rate = false,
      transport = function() return EMPTY end })
    local body, seen
    at_each_collection(function()
      local grown = body
      if grown then for i = 1, 400 do grown["extra" .. i] = i end end
      return not seen
    end)
    collector.be_generational()
    for i = 1, 60000 do
      local _ = ("x"):rep(i % 997 * 8)
      body = {}
      for j = 1, 40 do body["name" .. j] = j end
      local ok, why = pcall(client.request, client, "POST", "/x", { body = body })
      seen = seen or not ok and why:match "it changed while it was read"
      body = nil
      if seen then break end
    end
    print(seen)]])
end)

it("query and headers that are replaced while they are read are sent as they were", function()
  assert.equal("3000\ttrue\n", run [[
    local url
    local client = assert(meet.new { api_key = "k", rate = false,
      transport = function(request) url = request.url return EMPTY end })
    local query, headers, wrong, times = nil, nil, nil, 0
    local function replace(t)
      for name in pairs(t or {}) do t[name] = nil end
      for i = 1, t and 40 or 0 do t["other" .. i] = i end
    end
    at_each_collection(function()
      times = times + 1
      replace(query)
      replace(headers)
      return query ~= false
    end)
    collector.be_generational()
    local calls = 0
    for i = 1, 3000 do
      local _ = ("x"):rep(i % 997 * 8)
      query, headers = { a = 1.5, b = 2.5, c = 3.5, d = 4.5 }, { A = 1.5, B = 2.5, C = 3.5 }
      local ok, why = pcall(client.request, client, "GET", "/x", { query = query,
        headers = headers })
      if ok then calls = calls + 1 else wrong = wrong or why end
    end
    query = false
    print(wrong or calls, times > 100)]])
end)

describe("when the core has ended with its state", function()
  for _, call in ipairs { "client:step(0)", "client:poll_set()" } do
    it(call .. " raises", function()
      local output = tree.run(("%s -e %s"):format(tree.lua(), tree.quote([[
        local late = setmetatable({}, { __gc = function(self)
          print((select(2, pcall(self.call)):gsub("^.-: ", "")))
        end })
        local meet = require "googlemeet"
        local client = assert(meet.new { api_key = "k", base_url = "http://127.0.0.1:1" })
        client:step(0)
        function late.call() return ]] .. call .. [[ end]])))
      assert.equal("the Lua state is closing\n", output)
    end)
  end
end)

describe("a table with the metatable of", function()
  for name, call in pairs {
    ["a service"] = "setmetatable({}, getmetatable(client.spaces)):get 'x'",
    ["a client"] = "setmetatable({}, getmetatable(client)).spaces",
    ["a list"] = "setmetatable({}, getmetatable(client.conference_records:list()))()",
  } do
    it(name .. " is none", function()
      local output = run("local client = assert(meet.new { api_key = 'k' })\n"
        .. "print(pcall(function() return " .. call .. " end))")
      assert.matches("^false\t", output)
    end)
  end

  it("a service is none where null is given", function()
    assert.matches("^false\t", run [[
      local client = assert(meet.new { api_key = "k" })
      print(pcall(client.connections.connect, require "cjson".null, { on_url = print }))]])
  end)
end)

describe("a list by meeting code", function()
  it("keeps its query when the lookup is answered with a name that is none", function()
    local names, urls = { "spaces/abc-mnop-xyz", "spaces/good" }, {}
    local client <close> = assert(meet.new { api_key = "k", rate = false, retry = false,
      transport = function(request)
        urls[#urls + 1] = request.url
        if request.url:find "/members" then return EMPTY end
        return { status = 200, body = ('{"name":"%s"}'):format(table.remove(names, 1)) }
      end })
    local list = client.members:list("abc-mnop-xyz", { page_size = 7, fields = "members/name" })
    local _, err = list:first()
    assert.same({ "decode", "gateway" }, { err.kind, err.origin })
    assert.is_nil(list:first())
    assert.matches("/spaces/good/members%?fields=members%%2Fname%%2CnextPageToken&pageSize=7$",
      urls[#urls])
  end)

  it("that is resumed after its collection raises", function()
    assert.equal("false\tthe list was collected\n", run [[
      local core = require "googlemeet.core"
      local older = setmetatable({}, { __gc = function(self)
        local ok, why = coroutine.resume(self.thread)
        print(ok, (tostring(why):gsub("^.-: ", "")))
      end })
      do
        local client = assert(meet.new { api_key = "k", rate = false,
          transport = function() return EMPTY end })
        local list = client.members:list("spaces/x", { page_size = 7 })
        core.list.defer(list, function() coroutine.yield() return "spaces/good" end)
        older.thread = coroutine.create(function() return list:first() end)
        coroutine.resume(older.thread)
      end
      older = nil
      collectgarbage()
      collectgarbage()]])
  end)
end)

it("a request without a name in its path cannot be renamed", function()
  local core = require "googlemeet.core"
  local client <close> = recording()
  local exchange = core.shared.prepare["spaces.create"](client.spaces, {})
  local value, err = core.call.send(exchange, "spaces/a")
  assert.same({ nil, "config" }, { value, err.kind })
end)

it("a list whose client closes while its parent is named raises", function()
  local core = require "googlemeet.core"
  local client = recording()
  local list = client.members:list "spaces/x"
  core.list.defer(list, function()
    client:close()
    return "spaces/y"
  end)
  local ok, why = pcall(list.first, list)
  assert.is_false(ok)
  assert.matches("the client is closed", why)
end)

it("a prepared request is sent once, by an open client, and not after it was closed", function()
  assert.equal("true\nfalse\nfalse\nfalse\n", run [[
    local core = require "googlemeet.core"
    local function prepared(options)
      local client = assert(meet.new(options))
      return core.shared.prepare["spaces.patch"](client.spaces, "spaces/id", {}), client
    end
    local plain = { api_key = "k", rate = false, transport = function() return EMPTY end }
    local exchange = prepared(plain)
    print((pcall(core.call.send, exchange, "spaces/a")))
    print((pcall(core.call.send, exchange, "spaces/a")))
    local late, client = prepared(plain)
    client:close()
    print((pcall(core.call.send, late, "spaces/a")))
    local inner
    inner = prepared { api_key = function() getmetatable(inner).__close(inner) return "k" end,
      rate = false, transport = function() print "sent" end }
    print((pcall(core.call.send, inner, "spaces/a")))]])
end)

--- A transport with 24 records in pages of four.
local PAGES = [[
  local function pages(request)
    local at = tonumber(request.url:match "pageToken=(%d+)" or "0")
    local items = {}
    for i = 1, 4 do items[i] = ('{"name":"conferenceRecords/p%di%d"}'):format(at, i) end
    return { status = 200, body = ('{"conferenceRecords":[%s],"nextPageToken":"%s"}'):format(
      table.concat(items, ","), at < 5 and at + 1 or "") }
  end
]]

describe("a finalizer that takes items of a list", function()
  for name, filter in pairs { ["while its page is requested"] = "", ["while a page is filtered"] =
    [[require "googlemeet.core".list.filter(list, function() return {} end)]],
  } do
    it(name .. " loses none and repeats none", function()
      assert.equal("24\t24\n", run(PAGES .. [[
        local client = assert(meet.new { api_key = function() return "k" end, rate = false,
          transport = pages })
        local total = { 0, 0 }
        for wait = 0, 60 do
          local list, seen = client.conference_records:list(), {}
          ]] .. filter .. [[
          local function note(record) -- the finalizer may run in match, not behind it
            local id = record.name:match "[^/]+$"
            seen[#seen + 1] = id
          end
          for _ = 1, 4 do note(list()) end
          local armed = true
          setmetatable({}, { __gc = function()
            if not armed then return end
            armed = false
            local ok, item = pcall(list)
            if ok and item then note(item) end
          end })
          collector.be_busy()
          local kept = {}
          for i = 1, wait do kept[i] = {} end
          for record in list do note(record) end
          armed = false
          local once, count = {}, 0
          for _, item in ipairs(seen) do
            if not once[item] then count = count + 1 end
            once[item] = true
          end
          if count ~= 24 or #seen ~= 24 then total = { count, #seen } break end
          total = { count, #seen }
        end
        print(total[1], total[2])]]))
    end)
  end
end)
