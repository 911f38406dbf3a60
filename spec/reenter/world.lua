--- The clients that the calls are made on, and what answers them: a transport in Lua, or the served
-- fake. `world.sent` has the requests of the last call.

local meet = require "googlemeet"

local world = { kind = "plain", sent = {}, kept = {} }

local made = 0

--- A text that nothing else holds, long enough to have its own block.
function world.fresh(letter, valid)
  made = made + 1
  return (letter or "v"):rep(48) .. ("%06d"):format(made % 1000000) .. (valid or "")
end

local LISTS = {
  "conferenceRecords", "participants", "participantSessions", "recordings", "smartNotes",
  "transcripts", "transcriptEntries", "members",
}

local function page(first, connections, token)
  local parts = {}
  for _, field in ipairs(LISTS) do
    local name = "conferenceRecords/c/%s/i%d"
    if field == "conferenceRecords" then name = "%s/i%d" end
    if field == "members" then name = "spaces/s/%s/i%d" end
    local items = {}
    for i = 1, 3 do
      items[i] = ('{"name":"' .. name .. '","startTime":"2026-01-05T09:00:00Z",'
        .. '"endTime":"2026-01-05T10:00:00Z"}'):format(field, first + i)
    end
    parts[#parts + 1] = ('"%s":[%s]'):format(field, table.concat(items, ","))
  end
  return ('{%s,"connections":[%s],"nextPageToken":"%s"}'):format(
    table.concat(parts, ","), connections, token)
end

local FIRST, LAST = page(0, '{"connection_id":"c1","status":"ACTIVE"}', "t"), page(3, "", "")
local IS_LIST = {}
for _, field in ipairs(LISTS) do IS_LIST[field] = true end
IS_LIST.entries, IS_LIST.connections = true, true

--- What Drive answers: an export, or a file: "d" is a document.
local function drive_body(path)
  if path:find "/export$" then return "text" end
  local id = path:match "[^/]*$"
  local kind = id == "d" and "application/vnd.google-apps.document" or "video/mp4"
  return ('{"id":"%s","size":"4","mimeType":"%s"}'):format(id, kind)
end

--- What Calendar lists: an event of the conference that every record is of.
local EVENTS = '{"items":[{"id":"e","conferenceData":{"conferenceId":"abc-mnop-xyz"},'
  .. '"start":{"dateTime":"2026-01-05T09:00:00Z"},"end":{"dateTime":"2026-01-05T10:00:00Z"}}]}'

--- The answer to any request: a page, or a resource of the name that was asked for.
function world.answer(request)
  local name = request.url:match "/v2/([^?]*)" or ""
  local path = request.url:match "^%w+://[^/]+/([^?]*)"
  if request.method == "GET" and IS_LIST[path:match "[^/]*$"] then
    return { status = 200, body = request.url:find "pageToken=t" and LAST or FIRST }
  end
  if path:find "^google%-calendar/" then return { status = 200, body = EVENTS } end
  if path:find "^google%-drive/" then return { status = 200, body = drive_body(path) } end
  if name:find "^spaces/%l%l%l%-" then name = "spaces/looked-up" end
  return { status = 200, headers = { Date = "Mon, 05 Jan 2026 09:00:00 GMT" },
    body = ('{"name":"%s","connection_id":"c1","status":"ACTIVE","space":"spaces/s",'
      .. '"url":"https://connect.maton.ai/?s=1","config":{"accessType":"OPEN"},'
      .. '"meetingCode":"abc-mnop-xyz",'
      .. '"state":"FILE_GENERATED",%s,"startTime":"2026-01-05T09:00:00Z"}'):format(name,
      name:find "/recordings/" and '"driveDestination":{"file":"f"}'
        or '"docsDestination":{"document":"d"}') }
end

local function transport(request)
  world.sent[#world.sent + 1] = request
  return world.answer(request)
end

local now = 1800000000
local clock = {
  now = function() return now end,
  sleep = function(seconds) now = now + seconds end,
}

local KINDS = {}

--- Nothing but a key.
function KINDS.plain()
  return { api_key = world.fresh "k", transport = transport, rate = false, retry = false }
end

--- Every option that is a Lua value: they run within the calls.
function KINDS.asking()
  return {
    api_key = function() return world.key end, connection = function() return "c1" end,
    on_event = function() end, transport = transport, clock = clock,
    rate = { per_second = 1000 }, retry = { max_attempts = 2 },
  }
end

--- libcurl, at the served fake.
function KINDS.wire()
  return { api_key = "test-key", base_url = world.url, rate = false, retry = false }
end

function world.options() return KINDS[world.kind]() end

function world.new() return assert(meet.new(world.options())) end

world.key = world.fresh "k"

--- The client of this kind, a new one where it was closed.
function world.client()
  local client = world.kept[world.kind]
  if not client or tostring(client):find "closed" then
    client = world.new()
    world.kept[world.kind] = client
  end
  return client
end

--- One call that has to succeed.
function world.is_good()
  local client = world.client()
  if world.kind == "wire" then
    return assert(client.spaces:get "hpk-vtwd-ens").name == "spaces/Qm7xT2kLw9Za"
  end
  return assert(client.spaces:get "good").name == "spaces/good"
end

return world
