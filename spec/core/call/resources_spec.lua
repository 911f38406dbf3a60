-- Resources: tables of the server's fields, with methods that nobody sees in pairs.

local meet = require "googlemeet"
local manual_clock = require "spec.support.clock"
local testing = require "googlemeet.testing"

local fake, client

before_each(function()
  fake = testing.gateway { now = 1795341600 }
  client = assert(meet.new { api_key = "test-key", transport = fake.transport,
    clock = manual_clock() })
end)

after_each(function() client:close() end)

--- The log's only entry of an operation.
local function entry_of(operation)
  local entries = fake:requests(operation)
  assert.equal(1, #entries)
  return entries[1]
end

--- A client with the same answer for everything.
local function answered(body)
  return assert(meet.new { api_key = "test-key", clock = manual_clock(), transport = function()
    return { status = 200, body = body }
  end })
end

local function complaint(act)
  local raised, message = pcall(act)
  assert.is_false(raised)
  return (assert(message:match("resources_spec%.lua:%d+: (.*)$"), message))
end

describe("a resource", function()
  it("shows its fields and nothing else in pairs", function()
    local live <close> = answered '{"name":"spaces/x","config":{"accessType":"OPEN"}}'
    local fields = {}
    for name in pairs(assert(live.spaces:get "x")) do fields[name] = true end
    assert.same({ name = true, config = true }, fields)
  end)

  it("has the methods of its type, and only those", function()
    local space = assert(client.spaces:create())
    assert.equal("function", type(space.members))
    assert.is_nil(space.participants)
    assert.equal("function", type(space.reload))
  end)

  it("is shown with its type and name, made plain, and with the type alone without one", function()
    local live <close> = answered '{"name":"spaces/Qm7x"}'
    assert.equal("googlemeet.space (spaces/Qm7x)", tostring(live.spaces:get "x"))
    local hostile <close> = answered '{"name":"spaces/a\\n\\u001b[31mb"}'
    assert.falsy(tostring(hostile.spaces:get "x"):find "%c")
    local nameless <close> = answered '{"name":7,"config":{}}'
    assert.equal("googlemeet.space", tostring(nameless.spaces:get "x"))
    local connection <close> = answered '{"connection_id":"c1","status":"ACTIVE"}'
    assert.equal("googlemeet.connection (c1)", tostring(connection.connections:get "c1"))
  end)

  it("keeps a field that has the name of a method", function()
    local live <close> = answered '{"name":"spaces/x","members":"taken"}'
    assert.equal("taken", live.spaces:get("x").members)
  end)

  it("shares one metatable with others of its type and client", function()
    local one, two = assert(client.spaces:create()), assert(client.spaces:create())
    local sibling <close> = client:with {}
    assert.equal(getmetatable(one), getmetatable(two))
    assert.not_equal(getmetatable(one), getmetatable(assert(sibling.spaces:get(one))))
    assert.not_equal(getmetatable(one), getmetatable(assert(client.connections:list():first())))
  end)

  it("keeps its client alive", function()
    local record = fake:add_record { space = fake:add_space {}, start_time = 1795330000 }
    fake:add_participant(record, { display_name = "Ann", start_time = 1795330000 })
    local held = assert(client.conference_records:list():first())
    local seen = setmetatable({ client }, { __mode = "v" })
    client = { close = function() end }
    collectgarbage()
    collectgarbage()
    assert.equal("Ann", held:participants():first():display_name())
    assert.equal("userdata", type(seen[1]))
  end)

  it("lets its client go with it", function()
    local seen = setmetatable({}, { __mode = "v" })
    do
      local space = assert(client.spaces:create())
      seen.client, seen.type = client, getmetatable(space)
    end
    client = { close = function() end }
    collectgarbage()
    collectgarbage()
    assert.same({}, seen)
  end)

  it("raises from a method when its client is closed", function()
    local space = assert(client.spaces:create())
    client:close()
    assert.equal("the client is closed", complaint(function() assert(space:reload()) end))
    assert.equal("the client is closed", complaint(function() assert(space:members()) end))
  end)

  it("is wanted by its methods", function()
    local space = assert(client.spaces:create())
    for _, other in ipairs { "spaces/x", 5, {}, setmetatable({}, {}) } do
      assert.equal("call it with a colon on a resource that a client returned",
        complaint(function() assert(space.members(other)) end))
    end
  end)

  it("reads itself again", function()
    local space = assert(client.spaces:create())
    assert(client.spaces:patch(space, { config = { accessType = "RESTRICTED" } }))
    assert.equal("RESTRICTED", space:reload().config.accessType)
    local connection = assert(client.connections:list():first())
    assert.equal("ACTIVE", connection:reload().status)
  end)

  it("leaves nothing in the registry, 1000 clients later", function()
    local function count()
      collectgarbage()
      collectgarbage()
      local entries = 0
      for _ in pairs(debug.getregistry()) do entries = entries + 1 end
      return entries, collectgarbage "count"
    end
    local function use()
      local live = answered '{"name":"spaces/x","participants":[{"name":"a"}]}'
      assert(live.spaces:get "x")
      assert(live.participants:list("r"):all())
    end
    for _ = 1, 50 do use() end
    local entries, kilobytes = count()
    for _ = 1, 1000 do use() end
    local after, kilobytes_after = count()
    assert.equal(entries, after)
    assert.is_true(kilobytes_after - kilobytes < 64)
  end)
end)

describe("patch", function()
  local space
  before_each(function()
    space = assert(client.spaces:create { config = { accessType = "OPEN" } })
    fake:clear_log()
  end)

  local function mask()
    return entry_of("spaces.patch").query.updateMask
  end

  it("sends the mask of the leaves given, and only what may be written", function()
    assert(space:patch { name = "spaces/other", meetingCode = "x",
      config = { moderation = "ON", moderationRestrictions = { chatRestriction = "HOSTS_ONLY" } } })
    assert.equal("config.moderation,config.moderationRestrictions.chatRestriction", mask())
    assert.truthy(entry_of("spaces.patch").body:find '^{"config":{')
    assert.falsy(entry_of("spaces.patch").body:find "meetingCode")
  end)

  it("gives the changed space, the rest of it as it was", function()
    local changed = assert(space:patch { config = { entryPointAccess = "ALL" } })
    assert.same({ "OPEN", "ALL" }, { changed.config.accessType, changed.config.entryPointAccess })
    assert.equal("function", type(changed.patch))
  end)

  it("may be given a resource that was read before", function()
    local read = assert(space:reload())
    read.config.accessType = "TRUSTED"
    assert.equal("TRUSTED", client.spaces:patch(space, read).config.accessType)
  end)

  it("sends the caller's mask as it is", function()
    assert(client.spaces:patch(space, { config = { accessType = "TRUSTED" } },
      { update_mask = "config.accessType,config.entryPointAccess" }))
    assert.equal("config.accessType,config.entryPointAccess", mask())
  end)

  it("leaves body and options as they were", function()
    local body, options = { name = "n", config = { accessType = "TRUSTED" } }, { timeout = 5 }
    assert(client.spaces:patch(space, body, options))
    assert.same({ { name = "n", config = { accessType = "TRUSTED" } }, { timeout = 5 } },
      { body, options })
  end)

  for title, body in pairs { ["nothing"] = {}, ["only what the server writes"] = {
    name = "spaces/x", meetingUri = "u", activeConference = {} },
    ["unknown fields"] = { confg = {} } } do
    it("of " .. title .. " raises", function()
      assert.equal("spaces.patch: nothing to change; writable fields: config",
        complaint(function() assert(space:patch(body)) end))
      assert.equal(0, #fake.log)
    end)
  end

  it("of no table raises", function()
    assert.truthy(complaint(function() assert(space:patch "config") end)
      :find("a table expected, got string", 1, true))
  end)

  it("looks a meeting code up first, and the space alone is named after", function()
    assert(client.spaces:patch(space.meetingCode:upper(), { config = { accessType = "TRUSTED" } }))
    assert.same({ fields = "name" }, entry_of("spaces.get").query)
    assert.equal("/google-meet/v2/" .. space.name, entry_of("spaces.patch").path)
  end)

  it("gives the lookup's error when there is no such space", function()
    local changed, err = client.spaces:patch("zzz-zzzz-zzz", { config = { accessType = "OPEN" } })
    assert.same({ nil, "not_found", "GET" }, { changed, err.kind, err.method })
    assert.equal(0, #fake:requests "spaces.patch")
  end)
end)

describe("end_active_conference", function()
  it("gives true, and \"idle\" when nothing is active", function()
    local space = fake:add_space {}
    fake:add_record { space = space, start_time = 1795341000 }
    local code = space.resource.meetingCode
    assert.same({ true }, { client.spaces:end_active_conference(code) })
    assert.same({ true, "idle" }, { client.spaces:end_active_conference(code) })
    assert.equal("{}", fake:requests("spaces.endActiveConference")[1].body)
  end)

  it("gives an error for what is not idle", function()
    local space = assert(client.spaces:create())
    fake:fail { on = "spaces.endActiveConference", status = 403 }
    local done, err = space:end_active_conference()
    assert.same({ nil, "permission" }, { done, err.kind })
  end)
end)

describe("members", function()
  local space
  before_each(function() space = assert(client.spaces:create()) end)

  it("are made, listed, changed and deleted by code", function()
    local code = space.meetingCode
    local member = assert(client.members:create(code, { email = "ann@example.com" }))
    assert.equal(member.name, client.members:list(code):first().name)
    local by_code = member.name:gsub("^spaces/[^/]+", "spaces/" .. code)
    assert.equal("COHOST", client.members:patch(by_code, { role = "COHOST" }).role)
    assert.equal("COHOST", client.members:get(by_code).role)
    assert.is_true(client.members:delete(by_code))
    assert.same({}, space:members():all())
  end)

  it("patched send only what may be written, with its mask", function()
    local member = assert(client.members:create(space, { email = "ann@example.com" }))
    assert(member:patch { name = member.name, user = "users/1", role = "COHOST" })
    local entry = entry_of "members.patch"
    assert.same({ "role", '{"role":"COHOST"}' }, { entry.query.updateMask, entry.body })
  end)

  it("in a batch that change different fields raise: one mask counts for all", function()
    local ann = assert(client.members:create(space, { email = "ann@example.com" }))
    local bob = assert(client.members:create(space, { email = "bob@example.com" }))
    local requests = { { member = { name = ann.name, role = "COHOST" } },
      { member = { name = bob.name, role = "COHOST", email = bob.email } } }
    assert.truthy(complaint(function() assert(client.members:batch_update(space, requests)) end)
      :find("requests change different fields (role; email,role)", 1, true))
    requests[2].member.email = nil
    assert(client.members:batch_update(space, requests))
    assert.truthy(entry_of("members.batchUpdate").body:find('"updateMask":"role"', 1, true))
    assert.same({ name = ann.name, role = "COHOST" }, requests[1].member)
  end)

  it("in a batch come back as resources", function()
    local ann = assert(client.members:create(space, { email = "ann@example.com" }))
    local members = assert(client.members:batch_update(space,
      { { member = { name = ann.name, role = "COHOST" } } }))
    assert.same({ 1, "COHOST" }, { #members, members[1].role })
    assert.equal("COHOST", members[1]:reload().role)
  end)

  it("in a batch with a mask of the caller's send that one", function()
    fake:fail { on = "members.batchUpdate", status = 403 }
    assert.is_nil((client.members:batch_update(space, { { member = { role = "COHOST" } } },
      { update_mask = "role" })))
    assert.truthy(entry_of("members.batchUpdate").body:find('"updateMask":"role"', 1, true))
  end)

  for title, requests in pairs { ["no requests"] = {}, ["no table"] = "x", ["no member"] = { {} },
    ["a request that is none"] = { 5 }, ["nothing to change"] = { { member = { name = "n" } } },
    ["too many"] = setmetatable({}, { __len = function() return 501 end }) } do
    it("in a batch of " .. title .. " raise", function()
      fake:clear_log()
      complaint(function() assert(client.members:batch_update(space, requests)) end)
      assert.equal(0, #fake.log)
    end)
  end
end)

describe("a list of connections", function()
  local live

  before_each(function()
    fake = testing.gateway { connections = false, connections_per_page = 2 }
    for index = 1, 5 do fake:add_connection { id = "c" .. index } end
    fake:add_connection { id = "slack", app = "slack" }
    live = assert(meet.new { api_key = "test-key", transport = fake.transport,
      clock = manual_clock() })
  end)

  after_each(function() live:close() end)

  local function ids(list)
    local found = {}
    for index, connection in ipairs(assert(list:all())) do
      found[index] = connection.connection_id
    end
    return table.concat(found, " ")
  end

  it("goes on where the gateway gives a token, with the same query", function()
    assert.equal("c1 c2 c3 c4 c5", ids(live.connections:list()))
    local asked = {}
    for index, request in ipairs(fake.log) do
      asked[index] = request.query.app .. " " .. (request.query.next_token or "")
    end
    assert.same({ "google-meet ", "google-meet after-2", "google-meet after-4" }, asked)
  end)

  it("asks for no page that its limit does not need", function()
    assert.equal("c1 c2", ids(live.connections:list { limit = 2 }))
    assert.equal(1, #fake.log)
  end)

  it("is searched to its end by select", function()
    fake:activate "c5"
    assert.equal("c5", assert(live.connections:select "only").connection_id)
    assert.equal("c4", assert(live.connections:select(function(all) return all[4] end))
      .connection_id)
  end)

  it("with the same token twice is an error", function()
    local looping <close> =
      answered '{"connections":[{"connection_id":"c"}],"next_token":"t"}'
    assert.equal("decode", select(2, looping.connections:list():all()).kind)
  end)

  it("whose token is no string is an error, and one that is empty or null is its end", function()
    for token, kind in pairs { ["5"] = "decode", ['""'] = "none", ["null"] = "none" } do
      local odd <close> = answered(('{"connections":[],"next_token":%s}'):format(token))
      local items, err = odd.connections:list():all()
      assert.equal(kind, items and "none" or err.kind)
    end
  end)

  it("takes an id for a connection_id that is missing", function()
    local old <close> = answered '{"connections":[{"id":"a"},{"connection_id":"b","id":"x"}]}'
    assert.equal("a b", ids(old.connections:list()))
  end)
end)

describe("a new connection", function()
  for form, requests in pairs { id = 2, bare_id = 2, flat = 1, wrapped = 1 } do
    it("has its url, whatever form the answer has: " .. form, function()
      fake = testing.gateway { create_answer = form }
      local live <close> = assert(meet.new { api_key = "test-key", transport = fake.transport,
        clock = manual_clock() })
      local connection = assert(live.connections:create())
      assert.truthy(connection.url:find "^https://connect%.maton%.ai/")
      assert.same({ "PENDING", "google-meet" }, { connection.status, connection.app })
      assert.equal(requests, #fake.log)
      assert.is_true(connection:delete())
    end)
  end

  it("that cannot be read is an error that names it", function()
    fake = testing.gateway { create_answer = "id" }
    fake:fail { on = "connections.get", status = 500 }
    local live <close> = assert(meet.new { api_key = "test-key", transport = fake.transport,
        clock = manual_clock() })
    local made, err = live.connections:create()
    assert.same({ nil, "server", true }, { made, err.kind, err.ambiguous })
    assert.truthy(err.message:find "^connection %S+ was created but cannot be read: ")
  end)

  for _, answer in ipairs { '{}', '{"status":"PENDING"}', '{"id":5}', '{"connection_id":{}}',
    '{"id":"a/b"}', '{"connection":[]}' } do
    it("that has neither a url nor an id to read it by is an error: " .. answer, function()
      local odd <close> = answered(answer)
      local made, err = odd.connections:create()
      assert.same({ nil, "decode", true }, { made, err.kind, err.ambiguous })
      assert.truthy(err.message:find "^a connection was created but cannot be read: ")
    end)
  end

  it("takes app and method, and the limits of a call", function()
    fake:fail { on = "connections.create", status = 400 }
    assert.is_nil((client.connections:create { app = "slack", method = "API_KEY", timeout = 5 }))
    assert.truthy(fake.log[1].body:find('"app":"slack"', 1, true))
    assert.truthy(fake.log[1].body:find('"method":"API_KEY"', 1, true))
  end)

  it("refuses an unknown option", function()
    assert.truthy(complaint(function() assert(client.connections:create { ap = "x" }) end)
      :find("unknown option 'ap'; known: app, deadline, method, timeout", 1, true))
  end)

  it("lists the methods where the one given is refused", function()
    for _, make in ipairs { client.connections.create, client.connections.connect } do
      local _, err = make(client.connections, { method = "oauth2",
        on_url = make == client.connections.connect and print or nil })
      assert.equal("method: 'oauth2' is not one of OAUTH2, API_KEY, BASIC, JWT, OAUTH1, MCP",
        err.hint)
    end
  end)
end)

describe("a participant", function()
  for title, row in pairs {
    ["signed in"] = { '{"name":"p","signedinUser":{"user":"users/1","displayName":"Ann"}}', "Ann",
      "signed_in", "users/1" },
    ["anonymous"] = { '{"name":"p","anonymousUser":{"displayName":"Guest"}}', "Guest",
      "anonymous" },
    ["on the phone"] = { '{"name":"p","phoneUser":{"displayName":"+41 …"}}', "+41 …", "phone" },
    ["without a name"] = { '{"name":"p","anonymousUser":{}}', nil, "anonymous" },
    ["with an empty name"] = { '{"name":"p","phoneUser":{"displayName":""}}', nil, "phone" },
    ["with a name of blanks"] = {
      '{"name":"p","phoneUser":{"displayName":" \u{200B}\u{3164}"}}', nil, "phone",
    },
    ["of no known kind"] = { '{"name":"p"}' },
    ["of odd types"] = { '{"name":"p","signedinUser":5,"phoneUser":"x"}' },
  } do
    it(title .. " has a display name and an identity", function()
      local live <close> = answered(row[1])
      local participant = assert(live.participants:get "conferenceRecords/r/participants/p")
      local kind, user = participant:identity()
      assert.same({ row[2], row[3], row[4] }, { participant:display_name(), kind, user })
    end)
  end
end)

describe("a record and its space", function()
  it("lead to one another", function()
    local node = fake:add_space {}
    local made = fake:add_record { space = node, start_time = 1795330000, end_time = 1795333600 }
    local space = assert(client.spaces:get(node.name))
    local record = assert(space:conference_records():first())
    assert.equal(made.name, record.name)
    assert.equal(space.name, record:get_space().name)
  end)

  it("want the name of the space", function()
    local live <close> = answered '{"meetingCode":"abc-mnop-xyz"}'
    local space = assert(live.spaces:get("x", { fields = "meetingCode" }))
    assert.equal("space:conference_records: the space has no 'name'",
      complaint(function() assert(space:conference_records()) end))
  end)

  it("narrow the filter further", function()
    local space = assert(client.spaces:create())
    assert(space:conference_records({ filter = "end_time IS NULL", page_size = 5 }):all())
    assert.same({ filter = ('space.name="%s" AND end_time IS NULL'):format(space.name),
      pageSize = "5" }, entry_of("conferenceRecords.list").query)
    for _, options in ipairs { 5, { filter = true } } do
      complaint(function() assert(space:conference_records(options)) end)
    end
  end)
end)

describe("the core opened again", function()
  it("leaves the prelude's methods to clients that live", function()
    local core = require "googlemeet.core"
    local patch, list = core.shared.services.spaces.patch, core.shared.services.connections.list
    package.loaded["googlemeet.core"] = nil
    local again = require "googlemeet.core"
    package.loaded["googlemeet.core"] = core
    assert.equal(patch, again.shared.services.spaces.patch)
    assert.equal(list, again.shared.services.connections.list)
  end)
end)
