--- No string that a script hands in gets out of its place: a call raises, or the server sees one
-- request, with the header fields that every request has, in which the argument is what was given.
-- Made from the contract's operations, and from the string options that the core knows of each.

local core = require "googlemeet.core"
local contract = require "spec.support.contract"
local cjson = require("cjson").new()
local meet = require "googlemeet"
local Server = require "spec.support.server"

local TEXTS = {
  "a\r\nX-Injected: 1", "a\nX-Injected: 1", "a\rb", "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
  "a\0b", "\0", "\127", "\t", "..", ".", "../x", "a/../b", "/", "//evil.example/x", "a/b",
  "?", "?a=b", "#", "a#b", "&a=b", "a=b", "%", "%2e%2e", "%2F", "%0d%0aX-Injected: 1",
  "http://evil.example/", "evil.example", "@evil.example", ":443", " ", " a", "a b",
  "\\", "\\..\\", '"', "'", "<a>", ";", "*", "+", "\255", "\192\128", "\237\160\128", "é", "",
  ("x"):rep(20000),
}

local SERVICES = {
  ["spaces"] = "spaces", ["spaces.members"] = "members",
  ["conferenceRecords"] = "conference_records",
  ["conferenceRecords.participants"] = "participants",
  ["conferenceRecords.participants.participantSessions"] = "participant_sessions",
  ["conferenceRecords.recordings"] = "recordings", ["conferenceRecords.smartNotes"] = "smart_notes",
  ["conferenceRecords.transcripts"] = "transcripts",
  ["conferenceRecords.transcripts.entries"] = "transcript_entries", ["connections"] = "connections",
}

--- Every string option of a call, and the name that it has in the query.
local OPTIONS = {
  fields = "fields", filter = "filter", page_token = "pageToken", update_mask = "updateMask",
  app = "app", status = "status", method = "method", connection = false,
}

--- Bodies that hold the text, and where a server finds it in the JSON.
local BODIES = {
  ["spaces.create"] = { "config.accessType", "config.<name>", "<name>" },
  ["spaces.patch"] = { "config.accessType", "config.<name>" },
  ["spaces.members.create"] = { "email", "role", "<name>" },
  ["spaces.members.patch"] = { "email", "role" },
  ["spaces.members.batchUpdate"] = { "1.member.email", "1.member.name", "1.updateMask" },
  ["connections.create"] = { "app", "method" },
}

--- What every call takes that has a body, where the text is elsewhere.
local USUAL = {
  ["spaces.create"] = { config = { accessType = "OPEN" } },
  ["spaces.patch"] = { config = { accessType = "OPEN" } },
  ["spaces.members.create"] = { email = "a@example.com" },
  ["spaces.members.patch"] = { role = "COHOST" },
  ["spaces.members.batchUpdate"] = {
    { member = { name = "spaces/s/members/m", role = "COHOST" } },
  },
}

local ALLOWED = {
  host = true, ["user-agent"] = true, accept = true, ["accept-encoding"] = true,
  authorization = true, ["maton-connection"] = true, ["content-type"] = true,
  ["content-length"] = true,
}

local ANSWER = '{"name":"spaces/abc","connection_id":"c","url":"u"}'

local function decode(text)
  return (text:gsub("%%(%x%x)", function(code) return string.char(tonumber(code, 16)) end))
end

local function snake(name)
  return (name:gsub("%u", function(letter) return "_" .. letter:lower() end))
end

--- The name that the operation takes, as an array of segments, or nil.
local function segments_of(row)
  local segments = {}
  for segment in row.path:gsub("^/google%-meet/v2", ""):gmatch "/([^/]+)" do
    segments[#segments + 1] = segment
  end
  while segments[1] and not segments[#segments]:find "{" do
    segments[#segments] = nil
  end
  for index, segment in ipairs(segments) do
    segments[index] = segment:gsub("{(%a+)}.*", "%1-1")
  end
  if row.id:find "^connections" then table.remove(segments, 1) end
  return segments[1] and segments
end

--- Put `text` at a path such as "config.accessType" of a new table.
local function at_path(path, text)
  local root = {}
  local place, keys = root, {}
  for key in path:gmatch "[^.]+" do
    keys[#keys + 1] = key == "<name>" and text or math.tointeger(key) or key
  end
  for index = 1, #keys - 1 do
    place[keys[index]] = {}
    place = place[keys[index]]
  end
  place[keys[#keys]] = path:find "<name>" and "x" or text
  return root
end

--- The same path in what the server got.
local function read_path(value, path, text)
  for key in path:gmatch "[^.]+" do
    if key == "<name>" then return value[text] == "x" and text or nil end
    value = value[math.tointeger(key) or key]
  end
  return value
end

--- Call the operation; lists are asked for a page.
local function call(client, row, name, body, options)
  local service, method = row.id:match "^(.*)%.(%a+)$"
  local arguments = { n = 0 }
  local function add(value)
    arguments.n = arguments.n + 1
    arguments[arguments.n] = value
  end
  local segments = segments_of(row)
  if segments then add(name or table.concat(segments, "/")) end
  if USUAL[row.id] then add(body or USUAL[row.id]) end
  add(row.id == "connections.create" and body or options)
  service = client[SERVICES[service]]
  local value, err = service[snake(method)](service, table.unpack(arguments, 1, arguments.n))
  if type(value) ~= "boolean" and value and row.items and row.verb == "GET" then
    return value:next_page()
  end
  return value, err
end

--- Which string options the core knows for the operation: it names the type it wants.
local function options_of(row)
  local client <close> = assert(meet.new { api_key = "k", transport = error })
  local service = client[assert(SERVICES[row.id:match "^(.*)%.%a+$"], "SERVICES lacks " .. row.id)]
  local arguments = {}
  if segments_of(row) then arguments[1] = table.concat(segments_of(row), "/") end
  if USUAL[row.id] or row.id == "connections.create" then arguments[#arguments + 1] = {} end
  local known = {}
  for option in pairs(OPTIONS) do
    arguments[#arguments + 1] = { [option] = 0 }
    local _, message = pcall(core.shared.prepare[row.id], service, table.unpack(arguments))
    arguments[#arguments] = nil
    known[option] = message:find("string expected", 1, true) ~= nil
    assert(known[option] or message:find("unknown option", 1, true), message)
  end
  return known
end

local function call_with_name(row, segments, index)
  return function(client, text)
    local copy = table.move(segments, 1, #segments, 1, {})
    copy[index] = text
    return call(client, row, table.concat(copy, "/"))
  end
end

--- The segment of the path with that number, decoded, without the verb behind it.
local function read_segment(index)
  return function(request)
    local path = request.path:gsub("^/google%-meet/v2/", ""):gsub("^/connections/", "")
    local count = 0
    for part in path:gmatch "[^/]+" do
      count = count + 1
      if count == index then return decode((part:gsub(":%a+$", ""))) end
    end
  end
end

local function add_names(places, row)
  local segments = segments_of(row)
  if not segments then return end
  for index, segment in ipairs(segments) do
    if segment:find "-1$" then
      places[("segment %d of the name"):format(index)] =
        { call_with_name(row, segments, index), read_segment(index) }
    end
  end
  places["the whole name"] = { function(client, text)
    return call(client, row, { name = text, connection_id = text })
  end, function(request, text)
    return decode(request.path):find("/" .. text, 1, true) and text
  end }
end

local function read_option(row, option, name)
  return function(request)
    if option == "connection" then return request.headers["maton-connection"] end
    local value = request.query[name]
      or request.body ~= "" and cjson.decode(request.body)[name]
      or option == "page_token" and "" -- an empty one is none
    return row.page and option == "fields" and value:gsub(",nextPageToken$", "") or value
  end
end

local function add_options(places, row)
  local known = options_of(row)
  for option, name in pairs(OPTIONS) do
    if known[option] then
      places["option " .. option] = { function(client, text)
        return call(client, row, nil, nil, { [option] = text })
      end, read_option(row, option, name) }
    end
  end
end

local function add_bodies(places, row)
  for _, path in ipairs(BODIES[row.id] or {}) do
    places["body " .. path] = { function(client, text)
      return call(client, row, nil, at_path(path, text))
    end, function(request, text)
      local json = cjson.decode(request.body)
      return read_path(json.requests or json, path, text)
    end }
  end
end

--- The places of one operation where a text can stand: a call with it, and how the server reads it.
local function places_of(row)
  local places = {}
  add_names(places, row)
  add_options(places, row)
  add_bodies(places, row)
  return places
end

--- Where a text can stand in client:request.
local REQUEST = {
  ["method"] = { function(client, text) return client:request(text, "/x") end,
    function(request) return request.method end },
  ["path"] = { function(client, text) return client:request("GET", "/" .. text) end,
    function(request, text) return decode(request.target) == "/" .. decode(text) and text end },
  ["whole path"] = { function(client, text) return client:request("GET", text) end,
    function(request) return request.target end },
  ["query name"] = { function(client, text)
    return client:request("GET", "/x", { query = { [text] = "v" } })
  end, function(request, text)
    return (request.query[text] == "v" or request.target == "/x?=v") and text
  end },
  ["query value"] = { function(client, text)
    return client:request("GET", "/x", { query = { a = text } })
  end, function(request) return request.query.a end },
  ["header name"] = { function(client, text)
    return client:request("GET", "/x", { headers = { ["x-" .. text] = "v" } })
  end, function(request, text) return request.headers["x-" .. text:lower()] == "v" and text end },
  ["header value"] = { function(client, text)
    return client:request("GET", "/x", { headers = { ["x-a"] = text } })
  end, function(request) return request.headers["x-a"] end },
  ["body"] = { function(client, text) return client:request("POST", "/x", { body = text }) end,
    function(request) return request.body end },
  ["connection"] = { function(client, text)
    return client:request("GET", "/google-meet/v2/x", { connection = text })
  end, function(request) return request.headers["maton-connection"] end },
}

--- A client with one more option, and a call of it.
local function call_with(make)
  return function(client, text)
    local other, err = client:with(make(client, text))
    if not other then return nil, err end
    local closing <close> = other
    return closing.spaces:get "abc"
  end
end

local SETTINGS = {
  ["api_key"] = { call_with(function(_, text) return { api_key = text } end),
    function(request) return request.headers.authorization:match "^Bearer (.*)$" end },
  ["connection"] = { call_with(function(_, text) return { connection = text } end),
    function(request) return request.headers["maton-connection"] end },
  ["user_agent"] = { call_with(function(_, text) return { user_agent = text } end),
    function(request, text) -- blanks before a value are nobody's
      local agent = request.headers["user-agent"]:match "^(.-) ?googlemeet%-lua/[%d.]+$"
      return agent == text:match "^ *(.-) *$" and text or agent
    end },
  ["base_url"] = { call_with(function(client, text)
    return { base_url = tostring(client):match "https?://[%w.:]+" .. text }
  end), function(request, text)
    local base = request.target:match "^(.*)/google%-meet/v2/spaces/abc$"
    return base == text:gsub("/$", "") and text or base
  end },
}

--- The request is one, of one line and the fields that all have.
local function check_shape(request, more)
  local bare = request.head:gsub("\r\n", "")
  assert(not bare:find "[%z\1-\8\10-\31\127]", "a control byte")
  assert(request.head:find("^%u+ [\33-\126]+ HTTP/1%.1\r\n"), "the request line")
  local seen = {}
  for _, field in ipairs(request.raw_headers) do
    local name = field[1]:lower()
    assert(ALLOWED[name] or name:find "^x%-" and more, "field " .. name)
    assert(not seen[name], "twice: " .. name)
    seen[name] = true
  end
  local _, lines = request.head:gsub("\r\n", "")
  assert.equal(#request.raw_headers + 2, lines)
end

--- Call with each text; what did not raise, nor was refused as a setting, is one request.
local function attack(server, client, place, more)
  local answers, sent = {}, {}
  for index = 1, #TEXTS do answers[index] = { body = ANSWER } end
  server:script(answers)
  for _, text in ipairs(TEXTS) do
    local ok, value, err = pcall(place[1], client, text)
    if ok and (value or err == nil or err.kind ~= "config") then
      assert(value or err == nil, tostring(err))
      sent[#sent + 1] = text
    end
  end
  local requests = server:requests()
  assert.equal(#sent, #requests)
  for index, request in ipairs(requests) do
    check_shape(request, more)
    assert.equal(sent[index], place[2](request, sent[index]))
  end
end

describe("a text", function()
  local server, client

  setup(function()
    server = Server.start()
    client = assert(meet.new {
      api_key = "key-of-the-spec", base_url = server.url, rate = false, retry = false,
    })
  end)

  teardown(function()
    client:close()
    server:close()
  end)

  for _, row in ipairs(contract.operations) do
    for title, place in pairs(places_of(row)) do
      it(("stays in its place: %s, %s"):format(row.id, title), function()
        attack(server, client, place)
      end)
    end
  end

  for title, place in pairs(REQUEST) do
    it("stays in its place: request, " .. title, function()
      attack(server, client, place, true)
    end)
  end

  for title, place in pairs(SETTINGS) do
    it("stays in its place: with, " .. title, function() attack(server, client, place) end)
  end
end)
