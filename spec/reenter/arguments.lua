--- What the calls are given. The operations' arguments come from the contract, their options from
-- the option rows of the sources; all strings are such that each has its own block.

local core = require "googlemeet.core"
local meet = require "googlemeet"
local rows = require "spec.reenter.rows"
local world = require "spec.reenter.world"

local arguments = {}

local fresh, pack = world.fresh, table.pack
local options = rows.options()

--- A value for each row of options. All strings are such that they have their own block.
local SAMPLES = {
  call_rows = {
    fields = function() return fresh "f" end, filter = function() return fresh "f" end,
    page_size = 7, page_token = function() return fresh "p" end, limit = 5,
    update_mask = function() return fresh "m" end,
    connection = function() return { connection_id = fresh "c" } end,
    app = function() return fresh "a" end, status = function() return fresh "s" end,
    method = function() return fresh "m" end, timeout = 5, deadline = 50,
  },
  request_rows = {
    query = function()
      return { [fresh "q"] = { fresh "v", 3, true }, n = 12, m = 13, a = 5, b = 1.5 }
    end,
    headers = function() return { [fresh "X"] = fresh "v", A = 12.5, B = 3, C = 4, D = true } end,
    body = function()
      return { text = fresh "b", list = { fresh "b", 1.5, { fresh "b" } }, [fresh "n"] = {} }
    end,
    connection = function() return fresh "c" end, timeout = 5, deadline = 50,
  },
  client_rows = {
    api_key = function() return fresh "k" end, connection = function() return fresh "c" end,
    connections = function()
      return { drive = fresh "d", docs = { connection_id = fresh "d" },
        calendar = function() return fresh "c" end }
    end,
    base_url = function() return "http://127.0.0.1:1/" .. fresh "b" end,
    timeout = 5, connect_timeout = 5, deadline = 50,
    retry = function()
      return { max_attempts = 2, initial = 0.1, multiplier = 2, max = 1 }
    end,
    rate = function()
      return { per_second = 9, reads_per_minute = 8, writes_per_minute = 7, creates_per_minute = 6,
        limiter = { reserve = function() return fresh "r" end, commit = function() end,
          release = function() end, pause = function() end } }
    end,
    proxy = function() return "http://127.0.0.1/" .. fresh "p" end,
    no_proxy = function() return fresh "n" end, ca_file = function() return fresh "/" end,
    ca_path = function() return fresh "/" end, max_response_bytes = 100000,
    user_agent = function() return fresh "u" end, on_event = function() return function() end end,
    transport = function() return world.answer end,
    clock = function() return { now = os.time, sleep = function() end } end,
  },
}

local function sample(table_name, name)
  local value = SAMPLES[table_name][name]
  if value == nil then error(("arguments.lua has no '%s' of %s"):format(name, table_name)) end
  if type(value) == "function" then return value() end
  return value
end

--- A table with every option of the rows, or those that are accepted.
function arguments.given(table_name, is_accepted)
  local made = {}
  for _, name in ipairs(options[table_name]) do
    if not is_accepted or is_accepted[name] then made[name] = sample(table_name, name) end
  end
  return made
end

-- The parts of these options are in the samples of those.
for part, table_name in pairs { retry = "retry_rows", rate = "rate_rows", clock = "clock_rows",
  connections = "connection_rows" } do
  local made = SAMPLES.client_rows[part]()
  for _, name in ipairs(options[table_name]) do
    if made[name] == nil then error(("arguments.lua has no %s.%s"):format(part, name)) end
  end
end

local BODIES = {
  Space = function()
    return { config = { accessType = fresh "t", entryPointAccess = fresh "e", n = { 1.5, true } } }
  end,
  Member = function() return { email = fresh "e", role = fresh "r" } end,
  BatchUpdateMembersRequest = function()
    return {
      { member = { name = "spaces/s/members/" .. fresh "m", role = fresh "r" } },
      { member = { name = "spaces/s/members/" .. fresh "m", role = fresh "r" } },
    }
  end,
  ConnectionCreate = function() return { app = fresh "a", method = fresh "m" } end,
  EndActiveConferenceRequest = false, -- empty, and the core's own
}

local function snake(name)
  return (name:gsub("%u", function(letter) return "_" .. letter:lower() end))
end

function arguments.service_of(row)
  local last, method = row.id:match "(%a+)%.(%a+)$"
  return last == "entries" and "transcript_entries" or snake(last), snake(method)
end

--- The resource that an operation is about, as a table; nil without one.
function arguments.target_of(row)
  local pattern = row.path:match "/v2/(.*{%a+})" or row.path:match "^/connections/({.*})"
  if not pattern then return nil end
  local name = pattern:gsub("{%a+}", function() return fresh "i" end)
  return { [row.path:find "/v2/" and "name" or "connection_id"] = name }
end

--- The options of an operation, found by asking for each.
local accepted = {}
local function options_of(row, before)
  if not accepted[row.id] then
    local found, client = {}, meet.new { api_key = "k", base_url = "http://127.0.0.1:1" }
    before[1] = client[arguments.service_of(row)]
    local open = core.shared.prepare[row.id]
    for _, name in ipairs(options.call_rows) do
      before[before.n + 1] = { [name] = sample("call_rows", name) }
      local ok, why = pcall(open, table.unpack(before, 1, before.n + 1))
      found[name] = ok or not why:find "unknown option"
    end
    accepted[row.id] = found
    client:close()
  end
  return arguments.given("call_rows", accepted[row.id])
end

--- The body of a type of request.
function arguments.body(kind) return BODIES[kind]() end

--- What an operation is called with: the service, the resource (`as_name`: its name), a body and
-- every option that it takes.
function arguments.of(row, client, as_name)
  local target, body = arguments.target_of(row), BODIES[row.request]
  if row.request and body == nil then error("no body in arguments.lua for " .. row.request) end
  local made = pack(client[arguments.service_of(row)])
  local function add(value)
    made.n = made.n + 1
    made[made.n] = value
  end
  if target then add(as_name and select(2, next(target)) or target) end
  if body then add(body()) end
  add(options_of(row, pack(nil, table.unpack(made, 2, made.n))))
  return made
end

return arguments
