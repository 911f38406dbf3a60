--- Whole processes: load, one GET, exit. With TLS the time goes into reading certificates.

local certificates = require "spec.bench.certificates"
local ledger = require "spec.bench.ledger"
local shell = require "spec.bench.shell"

local HERE = "spec/bench/"
local ROUNDS = 41

--- Columns of spawn's lines: wall and CPU of bare, wall and CPU of ours.
local function spawn(bench, bare, ours)
  local text = shell.output(("%s %s/spawn %d env %s -- env %s"):format(
    bench.drivers.pin, shell.quote(bench.drivers.folder), ROUNDS, bare, ours))
  local found = { wall = {}, cpu = {}, bare = {}, ours = {} }
  for bare_wall, bare_cpu, our_wall, our_cpu in text:gmatch "(%S+) (%S+) (%S+) (%S+)\n?" do
    found.wall[#found.wall + 1] = our_wall / bare_wall
    found.cpu[#found.cpu + 1] = our_cpu / bare_cpu
    found.bare[#found.bare + 1] = bare_wall * 1000
    found.ours[#found.ours + 1] = our_wall * 1000
  end
  return found
end

local function report(bench, title, url, environment, goal)
  local folder = shell.quote(bench.drivers.folder)
  local clean = "-u http_proxy -u HTTP_PROXY -u https_proxy -u HTTPS_PROXY -u all_proxy"
  local bare = ("%s %s %s/bare once %s 1 - %s"):format(clean, environment.bare, folder, url,
    shell.quote(bench.drivers.agent))
  local ours = ("%s %s %s %sonce.lua %s"):format(clean, environment.ours,
    os.getenv "LUA" or "lua5.4", HERE, url)
  local sums = { shell.output("env " .. bare), shell.output("env " .. ours) }
  if sums[1] ~= sums[2] then ledger.fail("%s: %s, bare %s", title, sums[2], sums[1]) end
  local found = spawn(bench, bare, ours)
  bench.server:take(2 * ROUNDS + 4)
  ledger.row { work = title, figure = "wall", values = found.wall, goal = goal,
    limit = goal * 1.5, note = ("%.2f ms, bare %.2f"):format((ledger.median(found.ours)),
      (ledger.median(found.bare))) }
  ledger.row { work = title, figure = "cpu", values = found.cpu }
end

local function plain(bench)
  report(bench, "whole process", bench.server.url, { bare = "", ours = "" }, 1.20)
end

--- Bare reads a copy of the system's bundle, ours looks into a copy of its hashed folder; both have
--- the bench's authority besides. That is what the defaults of both do, but for finding the folder:
--- one look into it.
local function tls(bench)
  local folder = bench.drivers.folder
  local bundle, hashed = certificates.like_the_system(folder, shell.quote(folder .. "/bare"))
  if not bundle then
    ledger.note("whole process, TLS", "wall", "not measured: no hashed certificate folder here")
    return
  end
  report(bench, "whole process, TLS", bench.server.tls, {
    bare = "BENCH_CA_FILE=" .. shell.quote(bundle), ours = "BENCH_CA_PATH=" .. shell.quote(hashed),
  }, 0.40)
end

return {
  { name = "process", run = plain },
  { name = "process_tls", run = tls },
}
