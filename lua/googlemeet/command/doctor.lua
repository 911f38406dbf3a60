--- `googlemeet doctor`: why calls fail, a row for each check.

local account = require "googlemeet.command.account"
local advice = require "googlemeet.command.advice"
local meet = require "googlemeet"
local output = require "googlemeet.command.output"

local MARGIN = (" "):rep(28)

local TEXT = [[
doctor checks the key, the proxy, the shared rate limit, the base URL, the
clock, the connections and a read. It changes nothing and prints no secret. A
line that begins with > says what to do. The status is 0 if no check failed and
the read succeeded.

MATON_API_URL selects another gateway. MATON_CONNECTION selects one of several
connections.
]]

local function verdict(row)
  if row.ok == nil then return "?" end
  return not row.ok and "FAILED" or row.advice and "warning" or "ok"
end

--- Write the rows as a table of three columns.
local function table_of(rows)
  local lines = {}
  for _, row in ipairs(rows) do
    local detail = row.detail:gsub("; ", "\n" .. MARGIN)
    lines[#lines + 1] = ("%-17s  %-7s  %s\n"):format(row.check, verdict(row), detail)
    if row.advice then lines[#lines + 1] = ("%s> %s\n"):format(MARGIN, row.advice) end
  end
  return table.concat(lines)
end

--- Run the checks; they say, too, why there is no client.
local function check(options)
  if options.demo then
    local demo <close> = account.open(options)
    return demo:doctor()
  end
  local client <close>, err = account.try_open(options)
  return meet.doctor.rows(client, err)
end

local function run(options)
  local rows, failed, is_read = check(options), {}, false
  for _, row in ipairs(rows) do
    row.detail = advice.in_a_shell(row.detail)
    row.advice = row.advice and advice.in_a_shell(row.advice)
    if row.ok == false then failed[#failed + 1] = row.check end
    if row.check == "read" then is_read = row.ok end
  end
  if options.json then output.json(rows) else output.write(table_of(rows)) end
  if is_read and not failed[1] then return end
  if not failed[1] then output.fail "no check failed, but the read was not reached" end
  local has_key = options.demo or account.has_key()
  output.fail(("failed: %s%s"):format(table.concat(failed, ", "),
    has_key and "" or "; --demo shows the rows of the demo account"))
end

return {
  name = "doctor",
  summary = "Find out why calls fail",
  synopsis = "[OPTION]...",
  options = {},
  common = { "json", "demo", "no-limiter" },
  words = { 0, 0 },
  text = TEXT,
  examples = {
    { "googlemeet doctor --demo", "check the demo account" },
    { "googlemeet doctor", "check the account behind MATON_API_KEY" },
  },
  run = run,
}
