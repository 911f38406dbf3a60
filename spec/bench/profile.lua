--- Where the instructions of a request go, ours beside bare: `make profile`.
--
--   lua5.4 spec/bench/profile.lua [get | many ...]
--
-- Callgrind counts two lengths of the same work, so that the start cancels out; what is left is
-- shared out among the files (shared objects) that the instructions are in.

local certificates = require "spec.bench.certificates"
local drivers = require "spec.bench.drivers"
local meet = require "googlemeet"
local nginx = require "spec.bench.nginx"
local shell = require "spec.bench.shell"

local REQUESTS = 1000 -- and three times as many

local scenarios = {
  get = { name = "get", server = "url" },
  many = { name = "many", bare = "bare_multi", server = "tls" },
}

--- The name in "(12) name" or "(12)": callgrind writes a name once, then its number.
local function name_of(names, text)
  local number, name = text:match "^%((%d+)%)%s*(.*)$"
  if name ~= "" then names[number] = name:match "([^/]+)$" end
  return names[number]
end

--- Instructions by file, those of what is called left out.
local function by_file(text)
  local names, sums, file, is_call = {}, {}, nil, false
  for line in text:gmatch "[^\n]+" do
    local key, value = line:match "^(%a+)=(.*)$"
    if key == "ob" then
      file = name_of(names, value)
    elseif key == "cob" then
      name_of(names, value)
    elseif line:find "^[%d+*-]" then
      if not is_call then sums[file] = (sums[file] or 0) + tonumber(line:match "(%d+)$") end
      is_call = false
    end
    is_call = is_call or key == "calls"
  end
  return sums
end

local function count(bench, driver, scenario, requests)
  bench.drivers:count("callgrind", driver, scenario, bench.server[scenario.server], requests)
  return by_file(shell.read(bench.drivers.folder .. "/counted"))
end

--- Instructions of one request by file.
local function profile(bench, driver, scenario)
  local short = count(bench, driver, scenario, REQUESTS)
  local long = count(bench, driver, scenario, 3 * REQUESTS)
  for file, sum in pairs(long) do long[file] = (sum - (short[file] or 0)) / (2 * REQUESTS) end
  return long
end

local function print_row(file, ours, bare)
  print(("| %s | %.0f | %.0f | %+.0f |"):format(file, bare, ours, ours - bare))
end

local function report(bench, scenario)
  local bare, ours = profile(bench, "bare", scenario), profile(bench, "ours", scenario)
  local files, all_bare, all_ours = {}, 0, 0
  for file, sum in pairs(ours) do
    if sum >= 50 then files[#files + 1] = file end
    all_ours = all_ours + sum
  end
  for _, sum in pairs(bare) do all_bare = all_bare + sum end
  table.sort(files, function(one, other) return ours[one] > ours[other] end)
  print(("\n| %s | bare | ours | more |\n|---|---|---|---|"):format(scenario.name))
  for _, file in ipairs(files) do print_row(file, ours[file], bare[file] or 0) end
  print_row("all", all_ours, all_bare)
  print(("ratio %.3f"):format(all_ours / all_bare))
end

local function main(names)
  if #names == 0 then names = { "get", "many" } end
  local folder <close> = shell.folder()
  certificates.make(folder.path)
  local server <close> = nginx.start(folder.path, "")
  local bench = {
    server = server, drivers = drivers.make(folder.path, "", "googlemeet-lua/" .. meet.version),
  }
  for _, name in ipairs(names) do
    report(bench, scenarios[name] or error("no such scenario: " .. name))
  end
end

main(arg)
