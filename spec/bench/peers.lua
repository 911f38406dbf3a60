--- What a user would take instead, on the same work; for information, in no exit status.
-- Each is what is usually written with it; they send other header fields than we do. One run each.

local drivers = require "spec.bench.drivers"
local ledger = require "spec.bench.ledger"
local shell = require "spec.bench.shell"

local HERE = "spec/bench/peers/"

local peers = {
  { name = "Python urllib", probe = "python3 -c 'import urllib.request'",
    command = "python3 " .. HERE .. "urllib.py" },
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
}

local function run(bench, peer, work)
  local started = shell.output "date +%s.%N"
  local authority = shell.quote(bench.drivers.folder .. "/authority.pem")
  local output, ok = shell.run(table.concat({
    "env -u http_proxy -u HTTP_PROXY -u https_proxy -u HTTPS_PROXY -u all_proxy",
    "BENCH_CA_FILE=" .. authority, "NODE_EXTRA_CA_CERTS=" .. authority, bench.drivers.pin,
    "timeout 60", peer.command, work.kind, bench.server[work.server or "url"], work.count,
    "2>/dev/null",
  }, " "))
  local took = tonumber(shell.output "date +%s.%N") - tonumber(started)
  local seen = bench.server:take(work.count)
  if not ok then
    ledger.note(work.title, "peer", peer.name .. ": failed")
    return
  end
  local figures = drivers.figures(output)
  ledger.note(work.title, "peer", ("%s: %.3f s; %d sockets; %d lost; %d of 429; sum %s"):format(
    peer.name, work.kind == "once" and took or figures.wall, seen.sockets, figures.lost,
    seen.statuses[429] or 0, figures.sum))
end

local function all(bench)
  for _, work in ipairs(works) do
    for _, peer in ipairs(peers) do
      if shell.has(peer.probe) and (work.kind ~= "many" or peer.many) then
        run(bench, peer, work)
      end
    end
    shell.run "sleep 1.5" -- the limit's memory
  end
end

return { { name = "peers", run = all } }
