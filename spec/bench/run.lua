--- Measures this module against bare libcurl + lua-cjson: `make bench`.
--
--   lua5.4 spec/bench/run.lua [SCENARIO ...]
--
-- Without names: all of them. A round runs both drivers one after the other, in turns first; a
-- figure is the median of the rounds' ratios, with the least and the greatest. ROUNDS, SCALE
-- (times the requests), COUNT=0 (no instruction counts) and RESULTS (a file for the table, in
-- Markdown) come from the environment. Status 1 when a line that must hold does not: a limit,
-- equal checksums, equal requests, one socket.

local certificates = require "spec.bench.certificates"
local drivers = require "spec.bench.drivers"
local ledger = require "spec.bench.ledger"
local meet = require "googlemeet"
local nginx = require "spec.bench.nginx"
local results = require "spec.bench.results"
local shell = require "spec.bench.shell"

local COUNTS = os.getenv "COUNT" ~= "0"

--- All scenarios, in the order of their modules.
local function known()
  local list = {}
  for _, module in ipairs { "rounds", "start", "pace", "peers" } do
    for _, scenario in ipairs(require("spec.bench." .. module)) do list[#list + 1] = scenario end
  end
  return list
end

--- Scenarios named on the command line, or all.
local function chosen(names)
  local list, all = {}, known()
  if #names == 0 then return all end
  for _, name in ipairs(names) do
    for _, scenario in ipairs(all) do
      if scenario.name == name then list[#list + 1] = scenario end
    end
  end
  if #list < #names then error "no such scenario" end
  return list
end

--- Client and server on their own processors, where there are two.
local function pins()
  if shell.has "taskset -c 0 true" and shell.has "taskset -c 1 true" then
    return "taskset -c 0", "taskset -c 1"
  end
  return "", ""
end

local function main(names)
  local list = chosen(names)
  local folder <close> = shell.folder()
  local client_pin, server_pin = pins()
  certificates.make(folder.path)
  local server <close> = nginx.start(folder.path, server_pin)
  local bench = {
    server = server,
    drivers = drivers.make(folder.path, client_pin, "googlemeet-lua/" .. meet.version),
    counter = COUNTS and drivers.counter() or nil,
  }
  print(("ours / bare, medians; instructions by %s"):format(bench.counter or "nothing"))
  ledger.head()
  for _, scenario in ipairs(list) do scenario.run(bench) end
  print(("%d goals missed, %d failed"):format(ledger.missed, ledger.failures))
  local path = os.getenv "RESULTS"
  if path then results.write(path) end
end

main(arg)
os.exit(ledger.failures == 0)
