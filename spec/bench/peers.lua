--- What a user would take instead, on the same work; for information, in no exit status.
-- Each is what is usually written with it; they send other header fields than we do. One run each,
-- of those that are installed.

local drivers = require "spec.bench.drivers"
local ledger = require "spec.bench.ledger"
local shell = require "spec.bench.shell"

local HERE = "spec/bench/peers/"

local LUA = os.getenv "LUA" or "lua5.4"

-- Debian keeps lua-http in its folder for 5.1; it runs under 5.4.
local OLDER =
  'LUA_PATH="$LUA_PATH;/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua" '

--- `many`: it can have requests under way at once.
local peers = {
  { name = "lua-http", probe = OLDER .. LUA .. " -e 'require [[http.client]]'",
    command = OLDER .. LUA .. " " .. HERE .. "lua_http.lua", many = true },
  { name = "Python requests", probe = "python3 -c 'import requests'",
    command = "python3 " .. HERE .. "requests.py", many = true },
  { name = "Node fetch", probe = "node -e 'fetch'",
    command = "node " .. HERE .. "fetch.mjs", many = true },
}

local works = {
  { kind = "get", title = "small GETs", count = 1000 },
  { kind = "list", title = "lists of 100, by for", count = 200 },
  { kind = "many", title = "1000 GETs, 50 ms", count = 1000, server = "tls" },
  { kind = "calls", title = "60 calls at 10 r/s", count = 60 },
  { kind = "once", title = "whole process", count = 1 },
  { kind = "once", title = "whole process, TLS", count = 1, server = "tls" },
}

local ROUNDS = 11 -- of whole processes

--- What `env` is to run: the peer, trusting the bench's authority and nobody else.
local function command(bench, peer, work)
  local authority = shell.quote(bench.drivers.folder .. "/authority.pem")
  return table.concat({
    "BENCH_CA_FILE=" .. authority, "NODE_EXTRA_CA_CERTS=" .. authority,
    "SSL_CERT_FILE=" .. authority, peer.command, work.kind, bench.server[work.server or "url"],
    work.count,
  }, " ")
end

local function run(bench, peer, work)
  local output, ok = shell.run(("%s %s timeout 60 env %s 2>/dev/null"):format(
    drivers.environment, bench.drivers.pin, command(bench, peer, work)))
  local seen = bench.server:take(work.count)
  if not ok then
    ledger.note(work.title, "peer", peer.name .. ": failed")
    return nil
  end
  local figures = drivers.figures(output)
  figures.sockets, figures.refused = seen.sockets, seen.statuses[429] or 0
  return figures
end

local function measure(bench, peer, work)
  local figures = run(bench, peer, work)
  if figures then
    ledger.note(work.title, "peer", ("%s: %.3f s; %d sockets; %d lost; %d of 429; sum %s"):format(
      peer.name, figures.wall, figures.sockets, figures.lost, figures.refused, figures.sum))
  end
end

--- Start to end, beside ours in turns. All verify against the one authority: no bundle to read.
local function measure_process(bench, peer, work)
  local figures = run(bench, peer, work)
  if not figures then return end
  local authority = shell.quote(bench.drivers.folder .. "/authority.pem")
  local found = bench.drivers:spawn(ROUNDS, command(bench, peer, work),
    ("BENCH_CA_FILE=%s %s"):format(authority, drivers.once(bench.server[work.server or "url"])))
  bench.server:take(2 * ROUNDS + 2)
  ledger.note(work.title, "peer", ("%s: %.1f ms, ours %.1f; sum %s"):format(peer.name,
    (ledger.median(found.other)), (ledger.median(found.ours)), figures.sum))
end

--- Those that are here; a line for each that is not.
local function installed()
  local found = {}
  for _, peer in ipairs(peers) do
    if shell.has(peer.probe) then
      found[#found + 1] = peer
    else
      ledger.note("all of them", "peer", peer.name .. ": not installed")
    end
  end
  return found
end

local function all(bench)
  local found = installed()
  for _, work in ipairs(works) do
    for _, peer in ipairs(found) do
      if work.kind == "once" then
        measure_process(bench, peer, work)
      elseif work.kind ~= "many" or peer.many then
        measure(bench, peer, work)
      end
      if work.kind == "calls" then shell.run "sleep 1.5" end -- the limit's memory
    end
  end
end

return { { name = "peers", run = all } }
