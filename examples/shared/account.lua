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
]]

account.conference_usage = [[
CONFERENCE is the name of a conference record. With the link, code or name of a meeting it is the
latest of its conferences that %s, and without an argument the latest of all.
]]

--- Give a client and, where the account is made up, what the double holds.
function account.open()
  if os.getenv "MATON_API_KEY" or os.getenv "MATON_API_URL" then
    local client, err = meet.new()
    return client or command.fail(err)
  end
  io.stderr:write "No MATON_API_KEY: this is a made-up account.\n"
  local gateway = meet.testing.gateway()
  local seeded = gateway:seed()
  return assert(meet.new { api_key = "test-key", transport = gateway.transport }), seeded
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
  if meet.name.is_code(given) or given:find "^spaces/" or given:find "^https?://" then
    local name, problem = meet.name.resolve("space", given)
    if not name then command.refuse(problem) end
    local space, err = client.spaces:get(given)
    if not space then command.fail(err) end
    return first_that(fits, space:conference_records())
  end
  local name, problem = meet.name.resolve("conference_record", given)
  if not name then command.refuse(problem) end
  local record, err = client.conference_records:get(name)
  return record or command.fail(err)
end

return account
