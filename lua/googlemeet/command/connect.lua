--- `googlemeet connect`: the connections through which the gateway reads an account.

local account = require "googlemeet.command.account"
local arguments = require "googlemeet.command.arguments"
local meet = require "googlemeet"
local output = require "googlemeet.command.output"

local APPS <const> = { "google-meet", "google-drive", "google-docs", "google-calendar" }
local DEFAULT_TIMEOUT, MOST_TIMEOUT = 300, 86400 -- seconds

local TEXT = [[
connect creates a connection and prints the address of its consent page on
standard error. It waits until a person has approved the access on that page,
then prints the connection. The address is a secret: whoever has it can approve
the connection.

A connection is for one app:

  google-meet      everything that no other app is for
  google-drive     recordings, transcripts and notes as files
  google-docs      the text of documents over 10 MB
  google-calendar  the event of a meeting

If several google-meet connections are ACTIVE, set MATON_CONNECTION to the id
of the one to use.
]]

--- Return how the demo account is opened: on a clock that only sleeping moves, so that polls take
-- no time. `approve` does what a person does on the page.
local function rehearsal()
  local seconds, stage = os.time(), { clock = {} }
  function stage.play(gateway)
    stage.approve = function(connection) gateway:activate(connection.connection_id) end
  end
  function stage.clock.now() return seconds end
  function stage.clock.sleep(length) seconds = seconds + length end
  return stage
end

--- Copy a connection without its url, which holds a session token.
local function without_url(connection)
  local copy = {}
  for name, value in pairs(connection) do copy[name] = value end
  copy.url = nil
  return copy
end

local function list(client, options)
  local connections, err = client.connections:list({ app = options.app or false }):all()
  if not connections then output.fail(err) end
  if options.json then
    local rows = meet.array()
    for index, connection in ipairs(connections) do rows[index] = without_url(connection) end
    return output.json(rows)
  end
  if not connections[1] then
    local app = options.app
    output.complain(("no %sconnection; googlemeet connect%s creates one"):format(
      app and app .. " " or "", app and " --app " .. app or ""))
  end
  for _, connection in ipairs(connections) do
    output.print(("%-15s  %s"):format(output.one_line(connection.app or "?"),
      meet.connections.describe(connection)))
  end
end

local function show_page(url)
  io.stderr:write("Open this page in a browser, and approve the access:\n\n  ", url,
    "\n\nWaiting until it is approved; Ctrl-C stops waiting.\n")
end

local function connect(client, options, approve)
  local connection, err = client.connections:connect {
    app = options.app, timeout = options.timeout or DEFAULT_TIMEOUT,
    on_url = function(url, made)
      show_page(url)
      if approve then approve(made) end
    end,
  }
  if not connection then output.fail(err) end
  if options.json then return output.json(without_url(connection)) end
  output.print(meet.connections.describe(connection))
end

local function run(options)
  arguments.exclude(options, { "list", "timeout" })
  local timeout = options.timeout or DEFAULT_TIMEOUT
  if timeout <= 0 or timeout > MOST_TIMEOUT then
    output.refuse(("--timeout: more than 0 and at most %d seconds expected"):format(MOST_TIMEOUT))
  end
  local stage = options.demo and rehearsal() or nil
  local client <close> = account.open(options, { stage = stage })
  if options.list then return list(client, options) end
  connect(client, options, stage and stage.approve)
end

return {
  name = "connect",
  summary = "Connect a Google account to the gateway, or list the connections",
  synopsis = "[OPTION]...",
  options = {
    { "app", "APP", "connect this app (default google-meet)", choices = APPS },
    { "timeout", "SECONDS", "wait at most SECONDS for the approval (default 300)" },
    { "list", false, "list the connections of all apps, or of the one that --app names" },
  },
  common = { "json", "demo", "no-limiter" },
  words = { 0, 0 },
  text = TEXT,
  examples = {
    { "googlemeet connect --demo", "connect the demo account, which approves at once" },
    { "googlemeet connect", "connect a Google account for Google Meet" },
    { "googlemeet connect --app google-drive", "connect it for recordings and documents" },
    { "googlemeet connect --list", "show the app, id, status, age and account of each connection" },
  },
  run = run,
}
