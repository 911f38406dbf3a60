--- Calls against servers that limit: none refused where the promise is kept, none lost anywhere.

local ledger = require "spec.bench.ledger"
local shell = require "spec.bench.shell"

local HANDSHAKE_MS = 100
local PER_SECOND = 10

--- Refusals of a server that takes 5 a second with a burst of 5, when we begin with 10: it takes 6
--- of the first ten and refuses 4; the pace is halved to what it bears. One more a second is tried
--- each ten seconds: at most the 6 of that second are refused before the pace is halved again.
--- So 10 for what ends before 20 s, and 6 more for each 10 s beyond.
local MOST_REFUSED = 10

--- What `limit_req` passes at once, and the rest at its rate: nobody can be faster.
local function least_seconds(calls, per_second, burst)
  return (calls - burst - 1) / per_second
end

local function refused(seen) return seen.statuses[429] or 0 end

local function check_lost(title, figures, count)
  ledger.row { work = title, figure = "lost", value = count - figures.succeeded, goal = 0,
    limit = 0, note = ("%d calls, %d attempts"):format(count, figures.attempts) }
end

local function limited(title, kind, calls)
  return function(bench)
    shell.run "sleep 1.5" -- another process may have used up the burst
    local figures = bench.drivers:paced(kind, bench.server.url, calls, "limited")
    local seen = bench.server:take(figures.attempts)
    -- The 20 ms stand in the goal's own figure: 60 calls in 4.92 s, 200 in 18.9.
    local least = least_seconds(calls, PER_SECOND, PER_SECOND) + (calls == 60 and 0.02 or 0)
    ledger.row { work = title, figure = "429", value = refused(seen), goal = 0, limit = 0,
      note = ("at most %d in a second; %d sockets"):format(seen.most, seen.sockets) }
    check_lost(title, figures, calls)
    ledger.row { work = title, figure = "wall", values = { figures.wall / least }, goal = 1.04,
      limit = 1.10, note = ("%.2f s, the limit's own minimum %.2f"):format(figures.wall, least) }
  end
end

--- The record, its people, and the sessions of each. The least is that of the limit as promised, 10
--- in any second: `limit_req`, which lets a call through each tenth of one, takes 0.9 s less.
local function people(bench)
  local title, calls = "attendance of 200, 10 r/s", 202
  shell.run "sleep 1.5"
  local figures = bench.drivers:paced("people", bench.server.url, calls, "limited")
  local seen = bench.server:take(figures.attempts)
  local least = (calls - 1) // PER_SECOND
  ledger.row { work = title, figure = "429", value = refused(seen), goal = 0, limit = 0,
    note = ("at most %d in a second; %d sockets"):format(seen.most, seen.sockets) }
  check_lost(title, figures, calls)
  ledger.row { work = title, figure = "wall", values = { figures.wall / least }, goal = 1.05,
    limit = 1.10, note = ("%.2f s, 10 in any second need %.2f"):format(figures.wall, least) }
end

local function strict(bench)
  local title, calls = "60 calls, server at 5 r/s", 60
  local figures = bench.drivers:paced("sessions", bench.server.url, calls, "strict")
  local seen = bench.server:take(figures.attempts)
  local least = least_seconds(calls, 5, 5)
  check_lost(title, figures, calls)
  ledger.row { work = title, figure = "429", value = refused(seen), limit = MOST_REFUSED,
    note = ("%.2f s, the limit's own minimum %.2f"):format(figures.wall, least) }
end

--- A way to the server whose handshakes take 100 ms; its port, and what ends it.
local function hold(bench, port)
  local folder = shell.quote(bench.drivers.folder)
  local input = assert(io.popen(("%s/hold %d %d >%s/hold.out"):format(
    folder, port, HANDSHAKE_MS, folder), "w")) -- closed, it ends
  local own
  for _ = 1, 100 do
    shell.run "sleep 0.02"
    own = shell.run(("cat %s/hold.out 2>/dev/null"):format(folder)):match "^(%d+)\n"
    if own then break end
  end
  return assert(own, "no way to the server"), setmetatable({}, { __close = function()
    input:close()
    shell.run(("rm -f %s/hold.out"):format(folder))
  end })
end

--- As many at once as fill three windows, and nothing connected yet.
local function cold(bench)
  local calls = 30
  for _, way in ipairs { { "tls", "cold start, HTTP/2" }, { "tls_1", "cold start, HTTP/1.1" } } do
    local port, _ <close> = hold(bench, bench.server.ports[way[1]])
    local figures = bench.drivers:paced("cold", "https://127.0.0.1:" .. port, calls, "bench")
    local seen = bench.server:take(figures.attempts)
    check_lost(way[2], figures, calls)
    ledger.row { work = way[2], figure = "in a second", value = seen.most, goal = PER_SECOND,
      limit = PER_SECOND, note = ("handshakes of %d ms; %d sockets; %.2f s"):format(HANDSHAKE_MS,
        seen.sockets, figures.wall) }
  end
end

return {
  { name = "calls", run = limited("60 calls at 10 r/s", "calls", 60) },
  { name = "sessions", run = limited("200 lists by map, 10 r/s", "sessions", 200) },
  { name = "people", run = people },
  { name = "cold", run = cold },
  { name = "strict", run = strict },
}
