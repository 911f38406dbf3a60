-- What runs short of memory, for drive.c. Each act gives true, or nil and an error table, or
-- raises; a wrong result that passes for a good one raises "wrong".

local CODE = "hpk-vtwd-ens"
local CONNECTION = "5b0f7c7e-3a64-4f0e-9d5c-2c1f6b7a8d90"

local scenarios = {}

local function new(url, options)
  options = options or {}
  options.api_key, options.base_url = "test-key", url
  options.rate, options.retry = false, false
  if url:find "^https" then options.ca_file = os.getenv "MEET_OOM_CA" end
  return assert(require "googlemeet".new(options))
end

local function check(is_right)
  if not is_right then error("wrong: it passes for a success", 0) end
  return true
end

local function get(client)
  local space, err = client.spaces:get(CODE)
  if not space then return nil, err end
  return check(space.meetingCode == CODE)
end

--- The client works, and closes.
local function goes_on(client)
  assert(get(client))
  client:close()
end

local function with_client(act)
  return { prepare = new, act = act, after = goes_on }
end

scenarios.open = {
  prepare = function(url) return url end,
  act = function(url)
    new(url):close()
    return true
  end,
  after = function(url) -- what was half opened opens as a whole
    for name in pairs(package.loaded) do
      if name:find "^googlemeet" then package.loaded[name] = nil end
    end
    goes_on(new(url))
  end,
}

scenarios.get = with_client(get)

--- A second request on the same socket.
scenarios.again = {
  prepare = function(url)
    local client = new(url)
    assert(get(client))
    return client
  end,
  act = get,
  after = goes_on,
}

scenarios.list = with_client(function(client)
  local count = 0
  for record in client.conference_records:list { page_size = 2, limit = 5 } do
    count = count + #record.name // #record.name
  end
  return check(count == 5)
end)

scenarios.prefetch = with_client(function(client)
  local pager = client.conference_records:list { page_size = 2 }
  check(pager().name and pager().name) -- the second one sends for the next page
  pager:close()
  return true
end)

--- Several pages on their way, all but one of them by an exchange that was not used before.
scenarios.lists = with_client(function(client)
  local options = { page_size = 2, connection = CONNECTION }
  local before = client.conference_records:list(options)
  check(before().name and before().name)
  options.page_token = before:token()
  before:close()
  local lists = {}
  for index = 1, 4 do lists[index] = client.conference_records:list(options) end
  for _ = 1, 2 do
    for _, list in ipairs(lists) do check(list().name) end
  end
  for _, list in ipairs(lists) do list:close() end
  return true
end)

scenarios.gather = with_client(function(client)
  local results, err = client:gather {
    function() return get(client) end,
    function() return client.spaces:get "spaces/nobody" end,
    function() return get(client) end,
  }
  if results then error("wrong: one of them fails", 0) end
  if err.kind == "not_found" then return true end
  return nil, err
end)

scenarios.map = with_client(function(client)
  local counts, err = client:map(client.conference_records:list { limit = 3 }, function(record)
    local people, why = record:participants():all()
    return people and #people, why
  end)
  if not counts then return nil, err end
  return check(counts.n == 3)
end)

scenarios.errors = with_client(function(client)
  local space, err = client.spaces:get "spaces/nobody"
  if space then error("wrong: there is no such space", 0) end
  if err.kind == "not_found" then return check(err.status == 404 and tostring(err) ~= "") end
  return nil, err
end)

scenarios.body = with_client(function(client)
  local body = { config = { accessType = "OPEN" } }
  local space, err = client.spaces:patch("spaces/Qm7xT2kLw9Za", body)
  if not space then return nil, err end
  return check(space.config.accessType == "OPEN")
end)

scenarios.request = with_client(function(client)
  local body, response = client:request("GET", "/google-meet/v2/spaces/" .. CODE, {
    query = { fields = { "name,config" } }, headers = { ["X-Test"] = "1" },
  })
  if not body then return nil, response end
  return check(response.status == 200)
end)

scenarios.close = {
  prepare = function(url) return url end,
  act = function(url)
    local client = new(url)
    local task = client:submit(get, client)
    client:step(0)
    client:close()
    collectgarbage()
    local ok, result = pcall(task.result, task)
    collectgarbage()
    if ok and result == true then error("wrong: the client is closed", 0) end
    return true
  end,
  after = function(url) goes_on(new(url)) end,
}

--- A task fails, and says so when it is collected.
scenarios.unread = with_client(function(client)
  local task = client:submit(get, client)
  task:cancel()
  task = client:submit(error, "lost")
  client:step(0)
  check(task:done())
  task = nil
  collectgarbage()
  return check(task == nil)
end)

scenarios.deadline = with_client(function(client)
  local results, err, partial, errors = client:gather({
    function() return "here" end, function() client:sleep(60) end,
  }, { deadline = 0.001 })
  if results == nil and partial == nil then return nil, err end
  local was_here = partial[1] == "here" or errors[1].kind == "deadline" -- what is slow runs first
  return check(err.kind == "deadline" and was_here and errors[2].kind == "deadline")
end)

--- A limiter in a file, with short times; and a script's, which the client asks.
scenarios.limiter = {
  prepare = function(url)
    return { client = new(url), path = os.tmpname() }
  end,
  act = function(at)
    local windows = { { name = "second", limit = 2, span = 0.001 } }
    local file = require "googlemeet.core".limiter.file(at.path)
    local id, wait, err
    repeat
      id, wait, err = file.reserve(windows, 0.001)
      if err then return nil, err end
    until id
    file.commit(id, 0)
    local status, why = file.status()
    if not status then return nil, why end
    local own <close>, problem = at.client:with { rate = { per_second = 1000, limiter = {
      reserve = function(asked) return check(#asked == 1 and wait ~= 0) and "place" end,
      commit = function(place) check(place == "place") end,
      release = function(place) check(place == "place") end, pause = function() end,
    } } }
    if not own then return nil, problem end
    return get(own)
  end,
  after = function(at)
    os.remove(at.path)
    goes_on(at.client)
  end,
}

scenarios.transport = with_client(function(client)
  local own <close>, err = client:with { transport = function()
    return { status = 200, headers = { ["X-A"] = "b" }, body = '{"meetingCode":"' .. CODE .. '"}' }
  end }
  if not own then return nil, err end
  return get(own)
end)

--- The handle was another client's.
--- The one connection of another app is chosen, and sent.
local function choose(client)
  local body, err = client:request("GET", "/google-drive/drive/v3/files/none")
  if body then error("wrong: there is no such file", 0) end
  if err.kind ~= "not_found" then return nil, err end
  return check(err.reason == "notFound")
end

scenarios.options = {
  prepare = function(url)
    local client = new(url)
    assert(get(client))
    return client
  end,
  act = function(client)
    local events = 0
    local own <close>, why = client:with {
      timeout = 5, user_agent = "x", on_event = function() events = events + 1 end,
      connections = { drive = "only", docs = { connection_id = CONNECTION } },
    }
    if not own then return nil, why end
    local ok, err = get(own)
    if not ok then return nil, err end
    check(events > 0)
    return choose(own)
  end,
  after = goes_on,
}

--- Over TLS, on HTTP/2: what OpenSSL and nghttp2 allocate is their own.
scenarios.tls = with_client(get)

--- The prelude, and the core under it.
scenarios.report = with_client(function(client)
  local core = require "googlemeet.core"
  local record, err = client.conference_records:list { limit = 1 }:first()
  if not record then return nil, err end
  local text, why = core.encode(record)
  if not text then error(why, 0) end
  return check(core.decode(text).name == record.name)
end)

--- What a text outgrows falls on each of the bytes in the middle.
scenarios.encode = {
  prepare = function() end,
  act = function()
    local core = require "googlemeet.core"
    for length = 95, 128 do
      local filler = ("x"):rep(length)
      local text, why = core.encode { filler, { { 1, 2 }, {}, "/", { a = "b", c = true } } }
      if not text then error(why, 0) end
      check(text == ('["%s",[[1,2],{},"/",{"a":"b","c":true}]]'):format(filler))
    end
    return true
  end,
  after = function() end,
}

--- Descriptors that are open, where the system lists them.
local function descriptors()
  collectgarbage()
  local names = require "googlemeet.core".file.list "/proc/self/fd"
  return names and #names
end

--- Files and locks: what is open when memory runs out is closed, and nothing half done stays.
scenarios.files = {
  prepare = function()
    local folder = os.tmpname()
    os.remove(folder)
    assert(require "googlemeet.core".os.make_folder(folder))
    return { folder = folder, open = descriptors() }
  end,
  act = function(at)
    local file = require "googlemeet.core".file
    local path = at.folder .. "/text"
    local lock <close> = assert(file.lock(at.folder .. "/lock"))
    check(not file.lock(at.folder .. "/lock"))
    assert(file.replace(path, ("text"):rep(1000)))
    check(#file.read(path) == 4000 and #file.list(at.folder) == 2)
    check(file.checksum "a" == "af63dc4c8601ec8c")
    lock:close()
    return true
  end,
  after = function(at)
    local file = require "googlemeet.core".file
    if descriptors() ~= at.open then error("wrong: a descriptor stays open", 0) end
    for _, name in ipairs(file.list(at.folder)) do
      if name:find "part$" then error("wrong: " .. name .. " stays", 0) end
      os.remove(at.folder .. "/" .. name)
    end
    os.remove(at.folder)
  end,
}

--- A body to a file and to a function: nothing half done has the file's name, and nothing stays.
scenarios.download = {
  prepare = function(url)
    local folder = os.tmpname()
    os.remove(folder)
    assert(require "googlemeet".new { api_key = "k" }):close()
    assert(require "googlemeet.core".os.make_folder(folder))
    return { client = new(url), folder = folder, path = folder .. "/space" }
  end,
  act = function(at)
    local path, got = "/google-meet/v2/spaces/Qm7xT2kLw9Za", 0
    local bytes, err = at.client:request("GET", path, { sink = at.path, version = "v" })
    if not bytes then return nil, err end
    check(require "googlemeet.core".file.size(at.path) == bytes)
    bytes, err = at.client:request("GET", path, { sink = function(chunk) got = got + #chunk end })
    if not bytes then return nil, err end
    return check(got == bytes)
  end,
  after = function(at)
    local file = require "googlemeet.core".file
    local size = file.size(at.path)
    if size == 0 then error("wrong: an empty file has the name", 0) end
    local bytes = assert(at.client:request("GET", "/google-meet/v2/spaces/Qm7xT2kLw9Za", {
      sink = at.path, version = "v",
    }))
    check(not size or size == bytes)
    goes_on(at.client)
    local names = file.list(at.folder)
    if #names ~= 1 then error("wrong: it stays: " .. table.concat(names, " "), 0) end
    os.remove(at.path)
    os.remove(at.folder)
  end,
}

--- The event of a conference. The calendar is asked again where a walk has had no answer to keep.
scenarios.event = with_client(function(client)
  local record, err = client.conference_records:get "cr-planning-7f3a"
  if not record then return nil, err end
  local event, problem = record:event()
  if not event then return nil, problem end
  return check(event.title == "Weekly planning" and #event.guests == 10)
end)

return scenarios
