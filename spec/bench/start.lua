--- Whole processes: load, one GET, exit. With TLS the time goes into reading certificates.

local certificates = require "spec.bench.certificates"
local drivers = require "spec.bench.drivers"
local ledger = require "spec.bench.ledger"
local shell = require "spec.bench.shell"

local ROUNDS = 41

local function report(bench, title, url, environment, goal)
  local bare = ("%s %s/bare once %s 1 - %s"):format(environment.bare,
    shell.quote(bench.drivers.folder), url, shell.quote(bench.drivers.agent))
  local ours = environment.ours .. " " .. drivers.once(url)
  local sums = {
    shell.output(drivers.environment .. " " .. bare),
    shell.output(drivers.environment .. " " .. ours),
  }
  if sums[1] ~= sums[2] then ledger.fail("%s: %s, bare %s", title, sums[2], sums[1]) end
  local found = bench.drivers:spawn(ROUNDS, bare, ours)
  bench.server:take(2 * ROUNDS + 4)
  ledger.row { work = title, figure = "wall", values = found.wall, goal = goal,
    limit = goal * 1.5, note = ("%.2f ms, bare %.2f"):format((ledger.median(found.ours)),
      (ledger.median(found.other))) }
  ledger.row { work = title, figure = "cpu", values = found.cpu }
end

local function plain(bench)
  report(bench, "whole process", bench.server.url, { bare = "", ours = "" }, 1.35)
end

--- Bare reads a copy of the system's bundle, ours looks into a copy of its hashed folder; both have
--- the bench's authority besides. That is what the defaults of both do, but for finding the folder:
--- one access to it.
local function tls(bench)
  local folder = bench.drivers.folder
  local bundle, hashed = certificates.like_the_system(folder, shell.quote(folder .. "/bare"))
  if not bundle then
    ledger.note("whole process, TLS", "wall", "not measured: no hashed certificate folder here")
    return
  end
  report(bench, "whole process, TLS", bench.server.tls, {
    bare = "BENCH_CA_FILE=" .. shell.quote(bundle), ours = "BENCH_CA_PATH=" .. shell.quote(hashed),
  }, 0.45)
end

return {
  { name = "process", run = plain },
  { name = "process_tls", run = tls },
}
