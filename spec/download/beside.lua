--- Eight downloads of one client beside its small calls: how long these take, and how long alone.

local worlds = require "spec.download.world"

local DOWNLOADS = 8
local LARGE = 1 << 27 -- bytes of each at full speed
local MOST_RATIO = 1.5
local MOST_RATIO_SHORT = 4

local function run(world, server, kind)
  local seconds = world.short and 2 or 10
  return world:work({
    program = "spec/download/caller.lua", base_url = server.url, ca_file = server.ca_file,
    seconds = seconds, small = server.small, paths = server.paths, folder = world.folder,
    kind = kind,
  }, 6 * seconds + 30)[1] or {}
end

local function report(world, server, title, kind, is_judged)
  local row = world:row(title)
  local result = run(world, server, kind)
  if not row:check(result.alone and result.beside, "%s", result.error or "no end") then return end
  local alone, beside = result.alone, result.beside
  row:note("median %.2f ms, alone %.2f: %.2f; p95 %.2f ms, alone %.2f: %.2f",
    beside.median * 1000, alone.median * 1000, beside.median / alone.median,
    beside.p95 * 1000, alone.p95 * 1000, beside.p95 / alone.p95)
  row:note("%d and %d calls, %.1f MB/s", alone.count, beside.count, result.rate / 1e6)
  row:check(result.failed == 0, "%d calls have failed: %s", result.failed, result.error)
  row:check(result.downloads == DOWNLOADS, "%d of %d downloads: %s", result.downloads, DOWNLOADS,
    result.error)
  for number = 1, kind == "path" and DOWNLOADS or 0 do
    local path = ("%s/beside-%d"):format(world.folder, number)
    row:check(worlds.digest(path) == server.digest, "file %d is another one", number)
  end
  if not is_judged then return end
  local most = world.short and MOST_RATIO_SHORT or MOST_RATIO
  row:check(beside.median / alone.median <= most, "the median is over %.1f of that alone", most)
  row:check(beside.p95 / alone.p95 <= most, "p95 is over %.1f of that alone", most)
end

local function beside(world)
  local size = world.short and 2000000 or 10000000
  world:content("content", size)
  local server = world:nginx()
  server.small, server.paths, server.digest = "/later", {},
    worlds.digest(world.folder .. "/content")
  for number = 1, DOWNLOADS do
    server.paths[number] = ("/slow/%d/content"):format(1000000 + number)
  end
  report(world, server, "8 paths at 1 MB/s, calls of 20 ms", "path", true)
  report(world, server, "8 functions at 1 MB/s, calls of 20 ms", "sink", true)
  if not world.short then
    server.small = "/small"
    report(world, server, "8 paths at 1 MB/s, calls at once", "path", false)
  end
  for number = 1, DOWNLOADS do server.paths[number] = ("/files/%d/content"):format(number) end
  server.small = "/later"
  report(world, server, "8 functions that wait, calls of 20 ms", "waiting", true)
  if world.short then return end
  server.digest = worlds.digest(world:content("large", LARGE))
  for number = 1, DOWNLOADS do server.paths[number] = ("/files/%d/large"):format(number) end
  report(world, server, "8 paths at full speed, calls of 20 ms", "path", false)
end

return {
  { "beside", beside, bytes = function() return 1 << 31 end },
}
