--- The account that a subcommand works on, and the conference of it that an argument names.

local meet = require "googlemeet"
local output = require "googlemeet.command.output"

local account = {}

local NO_KEY = "no API key: set MATON_API_KEY to a key from the settings at https://maton.ai, "
  .. "or add --demo to use the demo account"

local EXPECTED <const> = ": expected a meeting (its link, code or name) or a conference record "
  .. "(its name)"

--- Explain the argument CONFERENCE.
---@param condition string what the latest conference fulfils, such as "has ended"
---@return string
function account.conference_text(condition)
  return (([[
CONFERENCE is a meeting (its link, code or name) or a conference record (its
name). For a meeting, the command takes the latest conference that
CONDITION; without CONFERENCE, the latest of the account.
]]):gsub("CONDITION", condition))
end

--- Say whether the environment has a key.
---@return boolean
function account.has_key() return (os.getenv "MATON_API_KEY" or "") ~= "" end

--- Open a client of the account behind the key; nil and an error where the environment lacks a key
-- or has a malformed setting.
---@param options table<string, any> of the command line
---@return googlemeet.Client? client
---@return googlemeet.Error? err
function account.try_open(options)
  local limiter = not options["no-limiter"] and meet.limiter.file()
  return meet.new { rate = { limiter = limiter } }
end

--- Open a client of the account behind the key, or end the command.
local function open_real(options)
  if not account.has_key() then output.fail(NO_KEY) end
  local client, err = account.try_open(options)
  return client or output.fail(err)
end

--- Open the demo account, whatever the environment says.
local function open_demo(demo)
  local stage = demo.stage or { play = function() end }
  local gateway = meet.testing.gateway { clock = stage.clock and stage.clock.now }
  local seeded = gateway:seed()
  stage.play(gateway, seeded)
  local client = assert(meet.new {
    api_key = "test-key", base_url = "https://api.maton.ai", transport = gateway.transport,
    connection = gateway.state.connections.list[1].resource, clock = stage.clock, rate = demo.rate,
  })
  return client, seeded
end

--- Open the account that the options name.
---@param options table<string, any> of the command line
---@param demo? { stage?: table, rate?: table|false } how the demo account is opened: `stage` has
--- `play(gateway, seeded)` and a `clock`, `rate` is the pace there
---@return googlemeet.Client
---@return table? seeded what the demo account holds; nil for a real one
function account.open(options, demo)
  if options.demo then return open_demo(demo or {}) end
  return open_real(options)
end

--- Find out what an argument names.
---@param given string
---@return "space"|"conference_record" kind
---@return string name of the resource, or the code of the meeting
function account.resolve(given)
  given = given:match "^%s*(.-)%s*$"
  local space, is_code = meet.name.resolve("space", given) -- takes the id of a record, too
  if space and (is_code or given:find("spaces/", 1, true)) then return "space", space end
  local record, problem = meet.name.resolve("conference_record", given)
  if record then return "conference_record", record end
  output.refuse(given:find("meet.google", 1, true) and is_code
    or (problem:gsub(": expected .*", EXPECTED)))
end

--- List the names that arguments stand for, by kind. All have to be of one kind.
---@param words string[]
---@return table<string, string[]>
function account.resolve_all(words)
  local names, first = {}, nil
  for _, word in ipairs(words) do
    local kind, name = account.resolve(word)
    first = first or kind
    if kind ~= first then output.refuse "meetings or conference records, not both" end
    names[kind] = names[kind] or {}
    table.insert(names[kind], name)
  end
  return names
end

--- List the conferences that run now.
---@param client googlemeet.Client
---@return googlemeet.ConferenceRecord[]
function account.running(client)
  local records, err = client.conference_records:list({ filter = { live = true } }):all()
  if not records then output.fail(err) end
  return records[1] and records or output.fail "no conference is running"
end

--- Return a resource whose name can be used. A server that returns another one ends the command.
local function named(kind, resource)
  local name = resource.name
  if type(name) == "string" and meet.name.resolve(kind, name) then return resource end
  output.fail(("the server returned a %s without a usable name"):format((kind:gsub("_", " "))))
end

--- Return the first conference of a list that fits.
local function first_that(criterion, pager)
  for record in pager do
    if criterion.fits(named("conference_record", record)) then return record end
  end
  output.fail(("no conference of the last 30 days %s; one that runs is given by the name of its "
    .. "record (googlemeet get conferenceRecords)"):format(criterion.text))
end

--- What the latest conference has to fulfil.
---@class googlemeet.Criterion
---@field text string such as "has ended"
---@field fits fun(record: googlemeet.ConferenceRecord): any

--- Find the conference that `given` names: a record, or the latest of a meeting that fits.
-- Without `given` it is the latest of all that fits; in the demo account the planning meeting.
---@param client googlemeet.Client
---@param seeded? table what the demo account holds
---@param given? string
---@param criterion googlemeet.Criterion
---@return googlemeet.ConferenceRecord
function account.conference(client, seeded, given, criterion)
  given = given or seeded and seeded.records.planning.name
  if not given then return first_that(criterion, client.conference_records:list()) end
  local kind, name = account.resolve(given)
  if kind == "space" then
    local space, err = client.spaces:get(name)
    if not space then output.fail(err) end
    return first_that(criterion, named("space", space):conference_records())
  end
  local record, err = client.conference_records:get(name)
  return named("conference_record", record or output.fail(err))
end

return account
