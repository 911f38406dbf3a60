-- Find out why calls fail: one row for each step from the key to a read, and what to do about it.
-- Without a key it says so, and shows what the rows look like on the built-in fake.
local meet = require "googlemeet"

if arg[1] == "--help" then
  print "Usage: MATON_API_KEY=... lua5.4 doctor.lua"
  print "Checks key, proxy, base URL, clock, connections and a read; status 1: a check failed."
  print "MATON_API_URL names another gateway, MATON_CONNECTION one connection of several."
  return
end

local function verdict(row)
  if row.ok == nil then return "?" end
  return not row.ok and "FAILED" or row.advice and "look" or "ok"
end

local function show(rows)
  local good, margin = true, "\n" .. (" "):rep(26)
  for _, row in ipairs(rows) do
    print(("%-17s %-7s %s"):format(row.check, verdict(row), (row.detail:gsub("; ", margin))))
    if row.advice then print(margin:sub(2) .. "> " .. row.advice) end
    good = good and row.ok ~= false
  end
  return good
end

local function show_fake()
  print "\nThe same on the fake, which needs no key of yours:\n"
  local gateway = meet.testing.gateway()
  gateway:seed()
  local options = { api_key = "test-key", transport = gateway.transport }
  local fake <close> = assert(meet.new(options))
  show(fake:doctor())
end

-- The limit that the other programs of this user share has a row, too.
local client <close>, err = meet.new { rate = { limiter = meet.limiter.file() } }
local good = show(meet.doctor.rows(client, err))
if err and not os.getenv "MATON_API_KEY" then show_fake() end
assert(assert(io.write "\n"):flush()) -- print does not notice a full disk
if err then error(err) end
if not good then os.exit(1, true) end
