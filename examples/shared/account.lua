-- The account that an example works on, and the conference of it that is meant.
local command = require "shared.command"

-- What make built, where the module is not installed.
local tree = arg[0]:gsub("[^/]*$", "../", 1)
package.path = ("%s;%slua/?.lua;%slua/?/init.lua"):format(package.path, tree, tree)
package.cpath = ("%s;%sbuild/?.so"):format(package.cpath, tree)
local meet = require "googlemeet"

local account = {}

account.usage = [[
The account is the one behind MATON_API_KEY. Without a key it is a made-up one in memory.
Programs of one user that run at the same time share the account's limit, through a file in /tmp.
]]

account.conference_usage = [[
CONFERENCE is the name of a conference record. With the link, code or name of a meeting it is the
latest of its conferences that %s, and without an argument the latest of all.
]]

--- Give the client of the account behind the key.
local function open_real(options)
  local limiter = not options["no-limiter"] and meet.limiter.file()
  local client, err = meet.new { rate = { limiter = limiter } }
  return client or command.fail(err)
end

--- Give a client and, where the account is made up, what the fake holds. `options` are those of the
-- command line. `stage`, if there is one, has what happens then: `play(gateway, seeded)` and a
-- `clock`; `rate` is the pace there.
function account.open(options, made_up)
  if os.getenv "MATON_API_KEY" or os.getenv "MATON_API_URL" then return open_real(options) end
  io.stderr:write "No MATON_API_KEY: this is a made-up account.\n"
  local stage = made_up and made_up.stage or { play = function() end }
  local gateway = meet.testing.gateway { clock = stage.clock and stage.clock.now }
  local seeded = gateway:seed()
  stage.play(gateway, seeded)
  return assert(meet.new {
    api_key = "test-key", transport = gateway.transport, clock = stage.clock,
    rate = made_up and made_up.rate,
  }), seeded
end

--- Tell what an argument names, "space" or "conference_record", and give its name, or code.
function account.resolve(given)
  given = given:match "^%s*(.-)%s*$"
  local space, is_code = meet.name.resolve("space", given) -- takes the id of a record, too
  if space and (is_code or given:find("spaces/", 1, true)) then return "space", space end
  local record, problem = meet.name.resolve("conference_record", given)
  if record then return "conference_record", record end
  command.refuse(given:find("meet.google", 1, true) and is_code or problem)
end

--- Give the names that arguments stand for, by kind; all have to be of one.
function account.resolve_all(words)
  local names, first = {}, nil
  for _, word in ipairs(words) do
    local kind, name = account.resolve(word)
    first = first or kind
    if kind ~= first then command.refuse "meetings or conference records, not both" end
    names[kind] = names[kind] or {}
    table.insert(names[kind], name)
  end
  return names
end

--- Give the conferences that run now.
function account.running(client)
  local records, err = client.conference_records:list({ filter = { live = true } }):all()
  if not records then command.fail(err) end
  return records[1] and records or command.fail "no conference runs now"
end

local function first_that(fits, pager)
  for record in pager do
    if fits(record) then return record end
  end
  command.fail "there is no such conference in the last 30 days"
end

--- Find the conference that `given` names: a record, or the latest of a meeting that `fits`.
-- Without it, it is the latest of all that `fits`; in a made-up account one with something to see.
function account.conference(client, seeded, given, fits)
  given = given or seeded and seeded.records.planning.name
  if not given then return first_that(fits, client.conference_records:list()) end
  local kind, name = account.resolve(given)
  if kind == "space" then
    local space, err = client.spaces:get(name)
    if not space then command.fail(err) end
    return first_that(fits, space:conference_records())
  end
  local record, err = client.conference_records:get(name)
  return record or command.fail(err)
end

return account
