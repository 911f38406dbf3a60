--- What is called: for each public function its name and `prepare(client, subject)`, which gives
-- the function and its arguments, all made anew. `subject.pager` is a list that is under way,
-- `subject.thread` a thread that waits, `subject.take(item)` counts an item of the list.

local cjson = require "cjson"
local core = require "googlemeet.core"
local contract = require "spec.support.contract"
local arguments = require "spec.reenter.arguments"
local rows = require "spec.reenter.rows"
local world = require "spec.reenter.world"

local fresh, pack = world.fresh, table.pack
local given = arguments.given

local CODE = "abc-mnop-xyz"

local calls = {}

local function add(name, prepare, kinds)
  calls[#calls + 1] = { name = name, prepare = prepare, kinds = kinds }
end

local ALL_KINDS = { plain = true, asking = true }
local WIRE = { wire = true }

for _, row in ipairs(contract.operations) do
  local service, method = arguments.service_of(row)
  add(row.id, function(client)
    return core.shared.operations[row.id], arguments.of(row, client)
  end)
  add(service .. ":" .. method, function(client)
    local made = arguments.of(row, client, true)
    if row.id == "connections.create" then -- one table of both
      local opts = made[3]
      opts.app, opts.method = made[2].app, made[2].method
      made = pack(made[1], opts)
    end
    return client[service][method], made
  end)
end

--- Operations on a space that a code names: it is looked up first.
add("spaces:patch", function(client)
  return client.spaces.patch,
    pack(client.spaces, { name = CODE }, arguments.body "Space", { update_mask = fresh "m" })
end)
add("members:list", function(client, subject)
  subject.pager = client.members:list(CODE, { page_size = 2, fields = fresh "f" })
  return subject.pager.all, pack(subject.pager)
end)

add("connections:select", function(client)
  return client.connections.select, pack(client.connections, "only")
end)
add("connections:select", function(client)
  return client.connections.select,
    pack(client.connections, function(all) return all[1] end, { app = fresh "a" })
end)
add("connections:connect", function(client)
  return client.connections.connect, pack(client.connections,
    { on_url = function() end, timeout = 5, app = fresh "a", method = fresh "m" })
end, { asking = true }) -- it sleeps

-- Clients.

add("core.new", function()
  return core.new, pack((given "client_rows"))
end)
add("core.new", function()
  local made = given "client_rows"
  made.transport, made.clock, made.connection = nil, nil, "only"
  return core.new, pack(made)
end)
add("client:with", function(client)
  local made = given "client_rows"
  made.api_key, made.clock = nil, nil
  return client.with, pack(client, made)
end)
add("client:request", function(client)
  return client.request, pack(client, "POST", "/" .. fresh "x", (given "request_rows"))
end)
add("client:request", function(client)
  return client.request, pack(client, "PUT", "/" .. fresh "x",
    { body = fresh "b", query = { a = fresh "v" } })
end)
add("client:request", function(client)
  local sibling = client:with { connections = { drive = "only", docs = function(all)
    return all[1]
  end } }
  return function(...)
    local _ = sibling:request(...)
    return sibling:request("GET", "/google-docs/" .. fresh "x")
  end, pack("GET", "/google-drive/" .. fresh "x")
end, ALL_KINDS)
add("client:stats", function(client) return client.stats, pack(client) end)
add("client:close", function(client) return client.close, pack(client) end)
add("client:now", function(client) return client.now, pack(client) end)
add("client:sleep", function(client) return client.sleep, pack(client, 0) end)
add("client:step", function(client, subject)
  subject.thread = coroutine.create(function()
    local yielding = client:with { transport = function(request)
      coroutine.yield()
      return world.answer(request)
    end }
    return yielding.spaces:get "spaces/x"
  end)
  coroutine.resume(subject.thread)
  return client.step, pack(client, 0)
end)
add("client:poll_set", function(client) return client.poll_set, pack(client) end)
add("client:submit", function(client)
  return function(...)
    local task = client.submit(...)
    return task:result()
  end, pack(client, function(name) return client.spaces:get(name) end, fresh "i")
end)
add("client:submit", function(client)
  return function(...)
    local task = client.submit(...)
    pcall(task.result, task) -- it fails, and not for want of memory
    return task:done()
  end, pack(client, function() error(setmetatable({}, { __name = "mischief" })) end)
end)
add("client:gather", function(client)
  return client.gather, pack(client, { function() return client.spaces:get(fresh "i") end,
    function() client:sleep(0.002) end }, { deadline = 0.001, collect = true })
end)
add("client:gather", function(client, subject)
  subject.thread = coroutine.create(function() coroutine.yield() end)
  local functions = {}
  for i = 1, 3 do functions[i] = function() return client.spaces:get("gathered" .. i) end end
  return client.gather, pack(client, functions, { collect = true })
end)
add("client:map", function(client, subject)
  subject.pager = client.conference_records:list { page_size = 2, limit = 5 }
  return client.map, pack(client, subject.pager, function(record)
    return client.spaces:get(record.name:match "[^/]*$")
  end, { concurrency = 2 })
end)
add("client:doctor", function(client) return client.doctor, pack(client) end)

-- Lists. No item comes twice, and where the call reads to the end none is lost: of `whole`, those
-- that the call and the finalizers took.

local function take_all(subject, pager)
  for _, item in ipairs(assert(pager:all())) do subject.take(item) end
  return true
end

local function take_each(subject, pager)
  for item in pager do subject.take(item) end
  return true
end

local function take_pages(subject, pager)
  for items in pager:pages() do
    for _, item in ipairs(items) do subject.take(item) end
  end
  return true
end

local function take_first(subject, pager)
  local item, err = pager:first()
  subject.take(item)
  return item, err
end

local function take_page(subject, pager)
  local items, err = pager:next_page()
  for _, item in ipairs(items or {}) do subject.take(item) end
  return items, err
end

local function open_list(client, subject)
  subject.pager = client.participants:list("conferenceRecords/c", { fields = fresh "f" })
  subject.take(subject.pager())
  subject.take(subject.pager())
  return subject.pager
end

for _, row in ipairs {
  { "pager:all", take_all }, { "pager()", take_each }, { "pager:pages", take_pages },
} do
  local name, take = row[1], row[2]
  add(name, function(client, subject)
    subject.whole = 6
    return function(pager) return take(subject, pager) end, pack(open_list(client, subject))
  end)
end
for _, row in ipairs { { "pager:first", take_first }, { "pager:next_page", take_page } } do
  local name, take = row[1], row[2]
  add(name, function(client, subject)
    local pager = open_list(client, subject)
    subject.take(pager()) -- so that it needs another page
    return function(list) return take(subject, list) end, pack(pager)
  end)
end
for _, name in ipairs { "token", "close" } do
  add("pager:" .. name, function(client, subject)
    local pager = open_list(client, subject)
    return pager[name], pack(pager)
  end)
end
add("conference_records:list", function(client)
  return client.conference_records.list, pack(client.conference_records, {
    filter = { ended = true, start_time = { from = 1767600000 } }, fields = fresh "f", limit = 3,
  })
end)

-- Methods of resources.

local function a_resource(client, kind)
  local lists = {
    space = "spaces", member = "members", conference_record = "conference_records",
    participant = "participants", participant_session = "participant_sessions",
    recording = "recordings", smart_note = "smart_notes", transcript = "transcripts",
    transcript_entry = "transcript_entries", connection = "connections",
  }
  for _, row in ipairs(contract.operations) do
    local service, method = arguments.service_of(row)
    if service == lists[kind] and method == "get" then
      local resource = assert(client[service]:get(select(2, next(arguments.target_of(row)))))
      resource.space = "spaces/" .. fresh "s"
      return resource
    end
  end
end

local RESOURCE_OPTIONS = {
  attendance = function()
    return { cheap = true, minimum = 3, expected = { fresh "e" }, connection = fresh "c" }
  end,
  transcript = function() return { merge = true, connection = fresh "c" } end,
  read = function() return { merge = 3, connection = fresh "c", timeout = 5, deadline = 9 } end,
  wait_for_file = function() return { timeout = 5, on_wait = function() end } end,
}

local function add_method(kind, method)
  add(kind .. ":" .. method, function(client)
    local resource = a_resource(client, kind)
    local make = RESOURCE_OPTIONS[method]
    local opts = make and make() or { connection = fresh "c", timeout = 5 }
    if kind == "connection" then opts.connection = nil end
    if method == "patch" then
      local body = arguments.body(kind == "space" and "Space" or "Member")
      return resource[method], pack(resource, body, opts)
    end
    if method == "download" then
      local function fails(...) -- there is no such folder
        local done, err = resource.download(...)
        assert(done == nil and type(err.kind) == "string", "it did not fail with a reason")
        return true
      end
      return fails, pack(resource, "/dev/null/" .. fresh "i", opts)
    end
    return resource[method], pack(resource, opts)
  end)
end

for _, kind in ipairs(rows.sorted_names(core.shared.resources)) do
  for _, method in ipairs(rows.sorted_names(core.shared.resources[kind])) do
    add_method(kind, method)
  end
end

-- The core's functions for the prelude.

add("core.array", function() return core.array, pack({ fresh "a" }) end)
add("core.now", function() return core.now, pack() end)
add("core.encode", function()
  return core.encode, pack({
    [fresh "n"] = fresh "v", [fresh "m"] = true,
    list = { 1.25, fresh "v", {}, cjson.null }, n = { 1, 2, 3 },
  })
end)
add("core.decode", function()
  return core.decode, pack('{"a":["' .. fresh "v" .. '",1,null,2.5],"b":{"c":null}}')
end)
add("core.error.misuse", function()
  return function(message) pcall(core.error.misuse, message) end, pack(fresh "m")
end)
add("core.error.new", function() return core.error.new, pack("config", fresh "m") end)
add("core.error.skip_source", function()
  return function(folder)
    core.error.skip_source(folder)
    return pcall(core.new, 1)
  end, pack(fresh "/")
end)
add("core.name.resolve", function() return core.name.resolve, pack("spaces/*", fresh "i") end)
add("core.name.is_meeting_code", function()
  return core.name.is_meeting_code, pack(fresh "i")
end)
add("core.os.is_terminal", function() return core.os.is_terminal, pack(io.stdin) end)
add("core.os.make_folder", function() return core.os.make_folder, pack "/" end)
--- Call what has to fail, in a folder that is none, so that nothing is left behind.
local function in_vain(f)
  return function(...)
    local done, why = f(...)
    assert(done == nil and type(why) == "string", "it did not fail with a reason")
    return true
  end
end
add("core.file.replace", function()
  return in_vain(core.file.replace), pack("/dev/null/" .. fresh "i", fresh "t")
end)
add("core.file.touch", function()
  return in_vain(core.file.touch), pack("/dev/null/" .. fresh "i")
end)
add("core.file.read", function() return core.file.read, pack "LICENSE" end)
add("core.file.size", function() return core.file.size, pack "LICENSE" end)
add("core.file.list", function() return core.file.list, pack "spec/sim" end)
add("core.file.lock", function()
  return in_vain(core.file.lock), pack("/dev/null/" .. fresh "i")
end)
add("core.file.part", function()
  return in_vain(core.file.part), pack("/dev/null/" .. fresh "i")
end)
add("core.file.checksum", function() return core.file.checksum, pack(fresh "t") end)
add("core.file.reason", function() return core.file.reason, pack(2) end)
--- A function of a limiter whose file cannot be.
local function of_limiter(name)
  local limiter = core.limiter.file("/dev/null/" .. fresh "i")
  return function(...)
    limiter[name](...)
    return true
  end
end
add("core.limiter.file", function() return core.limiter.file, pack("/dev/null/" .. fresh "i") end)
add("core.limiter.boot", function() return core.limiter.boot, pack() end)
add("core.limiter.id", function() return core.limiter.id, pack() end)
add("core.limiter.reserve", function()
  return of_limiter "reserve", pack({ { name = "second", limit = 10, span = 1 } }, 2)
end)
add("core.limiter.commit", function() return of_limiter "commit", pack(1, 0.5) end)
add("core.limiter.release", function() return of_limiter "release", pack(1) end)
add("core.limiter.pause", function() return of_limiter "pause", pack("second", 1) end)
add("core.limiter.status", function() return of_limiter "status", pack() end)
add("core.call.send", function(client)
  return core.call.send, pack(core.shared.prepare["spaces.patch"](client.spaces, "spaces/id",
    { config = { accessType = fresh "t" } }, { update_mask = fresh "m" }), "spaces/" .. fresh "i")
end)
add("core.call.request", function(client)
  return core.call.request, pack(client, "PUT", "/" .. fresh "x",
    { body = fresh "b", query = { a = fresh "v" } })
end)

--- A stream is closed where its call ends, whatever has run within.
local function of_stream(act)
  return function(client, path, opts)
    local stream <close> = core.stream.prepare(client, path, opts)
    return act(stream)
  end
end
local function opened(act)
  return of_stream(function(stream)
    local response, body = core.stream.open(stream)
    if not response then return nil, body end
    return act(stream)
  end)
end
--- Its arguments: an options' body is none of a GET.
local function of_get(client)
  local opts = given "request_rows"
  opts.body = nil
  return pack(client, "/" .. fresh "x", opts)
end
add("core.stream.prepare", function(client)
  return of_stream(function() return true end), of_get(client)
end)
add("core.stream.open", function(client)
  return of_stream(core.stream.open), of_get(client)
end)
add("core.stream.read", function(client)
  return opened(function(stream)
    local _, err = core.stream.read(stream)
    if err then return nil, err end
    return true
  end), of_get(client)
end)
add("core.stream.into", function(client)
  local folder = os.tmpname()
  os.remove(folder)
  return opened(function(stream)
    local part <close> = assert(core.file.part(folder))
    local count, err = core.stream.into(stream, part)
    part:close(false)
    if not count then return nil, err end
    return true
  end), of_get(client)
end)
add("client:request", function(client)
  local opts = given "request_rows"
  opts.body = nil
  opts.sink = function(chunk) assert(#chunk > 0) end
  opts.on_progress = function(bytes) assert(bytes > 0) end
  return client.request, pack(client, "GET", "/" .. fresh "x", opts)
end)
for _, name in ipairs { "clock", "settings" } do
  add("core.client." .. name, function(client) return core.client[name], pack(client) end)
end
add("core.app.find", function() return core.app.find, pack(fresh "a") end)
add("core.app.given", function(client)
  local sibling = client:with { connections = { drive = fresh "d", docs = "only" } }
  return core.app.given, pack(sibling)
end)
add("core.client.of_service", function(client)
  return core.client.of_service, pack(client.spaces)
end)
add("core.client.of_resource", function(client)
  return core.client.of_resource, pack(client.spaces:get "spaces/x")
end)
add("core.list.check", function(client, subject)
  subject.pager = client.participants:list("conferenceRecords/none")
  return function(pager)
    core.list.check(pager, function() return true end)
    return pager:all()
  end, pack(subject.pager)
end)
add("core.list.defer", function(client, subject)
  subject.pager = client.members:list("spaces/id", { fields = fresh "f" })
  return function(pager, name)
    core.list.defer(pager, function() return name end)
    return pager:all()
  end, pack(subject.pager, "spaces/" .. fresh "i")
end)
add("core.list.filter", function(client, subject)
  subject.pager = client.participants:list("conferenceRecords/c")
  return function(pager)
    core.list.filter(pager, function(item) return #item.name > 0 end, 4)
    return pager:next_page()
  end, pack(subject.pager)
end)
add("core.text.plain", function() return core.text.plain, pack(fresh "\27t") end)
add("core.text.shown", function(client) return core.text.shown, pack(client, fresh "t") end)

--- A task that has begun a call, so that it waits.
local function begun(client)
  local task = core.task.start(client, function(name)
    local space, err = client.spaces:get(name)
    return space, err
  end, fresh "i")
  core.task.turn()
  return task
end

add("core.task.start", function(client)
  return core.task.start, pack(core.task.group(false), function(name)
    return client.spaces:get(name)
  end, fresh "i", { fresh "v" })
end)
add("core.task.group", function(client)
  return core.task.group, pack(true, function() end, client, 1e9)
end)
add("core.task.expire", function(client)
  local group = core.task.group(false, nil, client)
  core.task.start(group, function(name) return client.spaces:get(name) end, fresh "i")
  return core.task.expire, pack(group)
end)
add("core.task.lock", function() return core.task.lock, pack() end)
add("core.task.release", function() return core.task.release, pack(core.task.lock()) end)
add("core.task.ready", function() return core.task.ready, pack() end)
add("core.task.turn", function(client)
  core.task.start(client, function(name) return client.spaces:get(name) end, fresh "i")
  return core.task.turn, pack()
end)
for _, name in ipairs { "cancel", "done", "wait" } do
  add("core.task." .. name, function(client) return core.task[name], pack(begun(client)) end)
end
add("core.task.outcome", function(client)
  local task = begun(client)
  core.task.cancel(task)
  return core.task.outcome, pack(task)
end)
add("core.task.step", function() return core.task.step, pack(0) end)
add("core.task.let_go", function() return core.task.let_go, pack() end)
add("core.task.poll_set", function() return core.task.poll_set, pack() end)

-- An error table, and its text.
add("tostring(error)", function(client)
  local failing = client:with { retry = false, transport = function()
    return { status = 403, body = '{"error":{"message":"' .. fresh "m"
      .. '","status":"PERMISSION_DENIED","details":[{"reason":"' .. fresh "r" .. '"}]}}' }
  end }
  return function(name, opts)
    local value, err = failing.spaces:get(name, opts)
    return value == nil and err.kind == "permission" and #tostring(err) > 0
  end, pack({ name = "spaces/" .. fresh "i" }, { fields = fresh "f" })
end)
add("tostring(client)", function(client) return tostring, pack(client) end)

-- Real sockets: there only is a prefetch.

add("libcurl: get", function(client)
  return client.spaces.get, pack(client.spaces, { name = "hpk-vtwd-ens" }, { fields = "*" })
end, WIRE)

local function open_real_list(client, subject)
  subject.pager = client.participants:list("conferenceRecords/cr-webinar-19be",
    { page_size = 2, limit = 7 })
  return subject.pager
end

for _, row in ipairs {
  { "libcurl: each", take_each }, { "libcurl: all", take_all }, { "libcurl: pages", take_pages },
} do
  local name, take = row[1], row[2]
  add(name, function(client, subject)
    subject.whole = 7
    return function(pager) return take(subject, pager) end, pack(open_real_list(client, subject))
  end, WIRE)
end
add("libcurl: second item", function(client, subject)
  local pager = open_real_list(client, subject)
  subject.take(pager())
  return function(list)
    subject.take(list())
    return true
  end, pack(pager)
end, WIRE)
add("libcurl: patch", function(client)
  return client.spaces.patch, pack(client.spaces, { name = "spaces/Qm7xT2kLw9Za" },
    { config = { accessType = "OPEN" } }, { timeout = 5 })
end, WIRE)
add("libcurl: request", function(client)
  return client.request, pack(client, "GET", "/google-meet/v2/spaces/hpk-vtwd-ens",
    { query = { fields = "name" }, headers = { [fresh "X"] = fresh "v" } })
end, WIRE)
add("libcurl: gather", function(client)
  local functions = {}
  for i = 1, 2 do functions[i] = function() return client.spaces:get "hpk-vtwd-ens" end end
  return client.gather, pack(client, functions)
end, WIRE)
add("libcurl: not found", function(client)
  return function(name)
    local value, err = client.spaces:get(name)
    return value == nil and err.kind == "not_found"
  end, pack { name = "spaces/" .. fresh "i" }
end, WIRE)

for _, call in ipairs(calls) do call.kinds = call.kinds or ALL_KINDS end

return calls
