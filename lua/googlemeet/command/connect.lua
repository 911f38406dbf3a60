--- `googlemeet connect`: the connections through which the gateway reads an account.

local account = require "googlemeet.command.account"
local meet = require "googlemeet"
local output = require "googlemeet.command.output"

local APPS <const> = { "google-meet", "google-drive", "google-docs", "google-calendar" }
local DEFAULT_TIMEOUT, MOST_TIMEOUT = 300, 86400 -- seconds

local TEXT = [[
connect creates a connection, writes the page that a person has to open to
standard error, and waits until the person has approved it. The address of the
page is a secret: whoever has it can approve the connection.

A connection is for one app. googlemeet needs google-meet; google-drive and
google-docs are for recordings, transcripts and notes as files, google-calendar
is for the event of a meeting. Where several connections are ACTIVE, set
MATON_CONNECTION to the id of the one for google-meet.
]]

--- The demo account on a clock of its own: the page is approved at the second poll.
local function rehearsal()
  local seconds, fake = os.time(), nil
  local stage = { clock = {} }
  function stage.play(gateway) fake = gateway end
  function stage.clock.now() return seconds end
  function stage.clock.sleep(length)
    seconds = seconds + length
    for _, connection in ipairs(fake:connections()) do
      print(connection)
    end
  end
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
  for _, connection in ipairs(connections) do
    output.print(("%-15s  %s"):format(output.one_line(connection.app or "?"),
      meet.connections.describe(connection)))
  end
end
