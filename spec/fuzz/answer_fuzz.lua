-- Any answer to any kind of call gives what its shape promises, or an error table that is whole:
-- a kind of the manual's, one line of text, and nowhere the key.
-- The first byte chooses the call, the second the status; then, up to a NUL, header lines; the
-- rest is the body. A "%K" in a refusal's is the key, as a gateway may repeat it, and a "%k" is it
-- escaped as in a query. A good answer never holds the key, however JSON spells it: the names in it
-- go into paths.

local core = require "googlemeet.core"
local meet = require "googlemeet"

local KEY = "Secret-Key-123"
local ENCODED = KEY:gsub(".", function(byte) return ("%%%02X"):format(byte:byte()) end)
local KINDS = {}
for kind in ([[transport tls timeout deadline auth connection permission not_found conflict invalid
  rate_limited server decode too_large cancelled memory config]]):gmatch "%S+" do
  KINDS[kind] = true
end
local ORIGINS = { gateway = true, google = true, transport = true, client = true }

local STATUSES = {
  200, 200, 200, 200, 201, 204, 299, 300, 304, 400, 401, 403, 404, 409, 412, 429, 499, 500, 502,
  503, 504, 599,
}

--- Find a string that holds the key in a value, however deep.
local function find_key(value)
  if type(value) == "string" then
    return (value:find(KEY, 1, true) or value:find(ENCODED, 1, true)) and value
  end
  if type(value) ~= "table" then return nil end
  for name, item in pairs(value) do
    local found = find_key(name) or find_key(item)
    if found then return found end
  end
end

local function check_no_key(value)
  local found = find_key(value)
  assert(not found, found and "the key is in it: " .. found)
end

local TYPES = {
  kind = "string", origin = "string", message = "string", hint = "string", reason = "string",
  status = "number", details = "table", method = "string", path = "string", attempts = "number",
  retry_after = "number", ambiguous = "boolean", trace_id = "string", body = "string",
}

local function check_error(err)
  assert(getmetatable(err).__name == "googlemeet.error", "it is no error table")
  assert(KINDS[err.kind], err.kind)
  assert(ORIGINS[err.origin], err.origin)
  assert(err.message and err.hint, "message or hint are missing")
  for name, value in pairs(err) do
    assert(type(value) == TYPES[name], name .. " is a " .. type(value))
  end
  assert(not err.retry_after or err.retry_after >= 0 and err.retry_after < math.huge)
  local line = tostring(err)
  assert(not line:find "%c", "tostring is no line")
  check_no_key(err)
  check_no_key(line)
end

local function check_table(value)
  assert(type(value) == "table", "it is a " .. type(value))
end

local function check_items(items)
  check_table(items)
  for index = 1, #items do check_table(items[index]) end
  for index in pairs(items) do assert(math.type(index) == "integer" and index <= #items) end
end

--- What is called, and the shape of a good result; each leaves the client as it was.
local CALLS = {
  { function(client) return client.spaces:get "x" end, check_table },
  { function(client) return client.spaces:create() end, check_table },
  { function(client) return client.spaces:end_active_conference "spaces/x" end,
    function(value) assert(value == true) end },
  { function(client) return client.members:delete "spaces/x/members/y" end,
    function(value) assert(value == true) end },
  { function(client)
      return client.members:batch_update("spaces/x", {
        { member = { name = "spaces/x/members/y", role = "COHOST" } },
      })
    end, check_items },
  { function(client) return client.conference_records:list():all() end, check_items },
  { function(client) return client.conference_records:list { limit = 3 }:next_page() end,
    check_items },
  { function(client) return client.participants:list("conferenceRecords/x"):first() end,
    check_table },
  { function(client)
      local items = {}
      local ok, err = pcall(function()
        for item in client.transcript_entries:list "conferenceRecords/x/transcripts/y" do
          items[#items + 1] = item
        end
      end)
      if not ok then return nil, err end
      return items
    end, check_items },
  { function(client)
      return client.spaces:patch("hpk-vtwd-ens", { config = { accessType = "OPEN" } })
    end, check_table },
  { function(client) return client.members:list("hpk-vtwd-ens"):all() end, check_items },
  { function(client) return client.connections:list { app = false }:all() end, check_items },
  { function(client) return client.connections:select "only" end, check_table },
  { function(client)
      return client.connections:connect { on_url = function() end, timeout = 3 }
    end, check_table },
  { function(client) return client.connections:create { app = "google-meet" } end, check_table },
  { function(client) return client.connections:get "x" end, check_table },
  { function(client) return client:request("GET", "/x") end, function(body, response)
      assert(body ~= nil and math.type(response.status) == "integer")
      for name, value in pairs(response.headers) do
        assert(name == name:lower() and type(value) == "string")
      end
    end },
  { function(client) return client:request("POST", "/google-meet/v2/x", { body = {} }) end,
    function(body) assert(body ~= nil) end },
}

local function headers_of(text)
  local headers = {}
  for name, value in text:gmatch "([^:\n]+):([^\n]*)" do headers[name] = value end
  return headers
end

return function(text)
  local call = CALLS[(text:byte(1) or 0) % #CALLS + 1]
  local status = STATUSES[(text:byte(2) or 0) % #STATUSES + 1]
  local head, body = text:sub(3):match "^([^%z]*)%z?(.*)$"
  if status // 100 ~= 2 then
    body = body:gsub("%%[Kk]", { ["%K"] = KEY, ["%k"] = ENCODED })
  elseif find_key(core.decode(body)) then
    body = "{}"
  end
  local pages, now = 0, 0
  local client <close> = assert(meet.new {
    api_key = KEY, rate = false, retry = false,
    clock = { now = function() return now end, sleep = function(seconds) now = now + seconds end },
    transport = function()
      pages = pages + 1
      assert(pages <= 50, "the list does not end")
      return { status = status, headers = headers_of(head), body = body }
    end,
  })
  local value, more = call[1](client)
  if value ~= nil then
    assert(status // 100 == 2 or more == "idle", "a refusal passes for a success")
    call[2](value, more)
  elseif more ~= nil then
    check_error(more)
  else
    assert(call[1] == CALLS[8][1] or call[1] == CALLS[7][1], "neither a value nor an error")
  end
end
