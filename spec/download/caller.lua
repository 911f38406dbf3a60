--- One process with small calls, alone and then beside downloads of the same client.
-- Use: MATON_API_KEY=KEY lua5.4 spec/download/caller.lua OPTIONS
--
-- OPTIONS is JSON: `base_url`, `small_url` and `ca_file` of the servers of downloads and of small
-- calls, `seconds` of small calls alone, `small` their path, `paths` of the downloads, `kind` of
-- their sinks: "path", to files beside-1, … of `folder`; "sink", a function that takes all at once;
-- "waiting", one that takes 1 MB/s.
-- Prints a line of JSON: how long the calls took `alone` and `beside`, and what came.

local cjson = require("cjson").new()
local core = require "googlemeet.core"
local meet = require "googlemeet"

local options = cjson.decode(arg[1])
local client <close> = assert(meet.new {
  base_url = options.base_url, ca_file = options.ca_file, rate = false, retry = false,
})

-- Of the same engine. The server's own fairness is none of ours.
local small <close> = assert(client:with { base_url = options.small_url })
local report = { failed = 0, downloads = 0 }

--- Make small calls, one after the other, while there is to be more.
local function make_calls(times, goes_on)
  while goes_on() do
    local start = core.now()
    local answer, err = small:request("GET", options.small)
    if not answer then
      report.failed, report.error = report.failed + 1, tostring(err)
      return
    end
    times[#times + 1] = core.now() - start
  end
end

local function summary(times)
  table.sort(times)
  return { count = #times, median = times[(#times + 1) // 2], p95 = times[-(-#times * 95 // 100)] }
end

local under_way, total = #options.paths, 0

local sinks = {
  path = function(number) return ("%s/beside-%d"):format(options.folder, number) end,
  sink = function() return function() end end,
  waiting = function()
    return function(chunk) client:sleep(#chunk / 1e6) end
  end,
}

local function download(number)
  local bytes, err = client:request("GET", options.paths[number],
    { sink = sinks[options.kind](number) })
  under_way = under_way - 1
  if bytes then
    report.downloads, total = report.downloads + 1, total + bytes
  else
    report.error = tostring(err)
  end
end

local function alone()
  local times, ends = {}, core.now() + options.seconds
  make_calls(times, function() return core.now() < ends end)
  return times
end

make_calls({}, function() return small:stats().requests < 5 end)
local functions = { function()
  report.alone = summary(alone())
  return true
end }
assert(client:gather(functions))
local times, start = {}, core.now()
for number = 1, #options.paths do
  functions[number] = function()
    download(number)
    return true
  end
end
functions[#functions + 1] = function()
  make_calls(times, function() return under_way > 0 end)
  return true
end
assert(client:gather(functions))
report.rate = total / (core.now() - start)
report.beside = summary(times)
print(cjson.encode(report))
