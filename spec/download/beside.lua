--- Eight downloads of one client beside its small calls: how long these take, and how long alone.

local worlds = require "spec.download.world"

local DOWNLOADS = 8
local LARGE, LARGE_SHORT = 1 << 28, 1 << 25 -- bytes of each at full speed
local MOST_RATIO = 1.5
local MOST_RATIO_FULL = 2 -- at full speed, where the processors have no time left
local MOST_RATIO_SHORT = 3

local function run(world, server, kind)
  local seconds = world.short and 2 or 10
  return world:work({
    program = "spec/download/caller.lua", base_url = server.url, small_url = server.small_url,
    ca_file = server.ca_file, seconds = seconds, small = server.small, paths = server.paths,
    folder = world.folder, kind = kind,
  }, 6 * seconds + 30)[1] or {}
end

local function check_downloads(world, server, row, result, kind)
  row:check(result.failed == 0, "%d calls have failed: %s", result.failed, result.error)
  row:check(result.downloads == DOWNLOADS, "%d of %d downloads: %s", result.downloads, DOWNLOADS,
    result.error)
  for number = 1, kind == "path" and DOWNLOADS or 0 do
    local path = ("%s/beside-%d"):format(world.folder, number)
    row:check(worlds.are_equal(path, server.content), "file %d is another one", number)
  end
end

--- A row of small calls alone and beside; `judged` figures are held against the bound.
---@param bound? number that of 1 MB/s if not given
local function report(world, server, title, kind, judged, bound)
  local row = world:row(title)
  local result = run(world, server, kind)
  if not row:check(result.alone and result.beside, "%s", result.error or "no end") then return end
  for _, figure in ipairs { "median", "p95" } do
    local alone, beside = result.alone[figure], result.beside[figure]
    row:note("%s %.2f ms, alone %.2f: %.2f", figure, beside * 1000, alone * 1000, beside / alone)
    local most = world.short and MOST_RATIO_SHORT or bound or MOST_RATIO
    local is_kept = beside / alone <= most or not judged:find(figure, 1, true)
    row:check(is_kept, "the %s is over %.1f of that alone", figure, most)
  end
  row:note("%d and %d calls, %.1f MB/s", result.alone.count, result.beside.count, result.rate / 1e6)
  check_downloads(world, server, row, result, kind)
end

--- Take the content of a name from now on, each download under a separate path.
local function serve(world, server, path, name, size)
  server.content = world:content(name, size)
  for number = 1, DOWNLOADS do server.paths[number] = path:format(number) .. "/" .. name end
end

local function beside(world)
  local server = world:nginx()
  server.small_url, server.small, server.paths = world:nginx().url, "/later", {}
  serve(world, server, "/slow/100000%d", "content", world.short and 2000000 or 10000000)
  report(world, server, "8 paths at 1 MB/s, calls of 20 ms", "path", "median p95")
  report(world, server, "8 functions at 1 MB/s, calls of 20 ms", "sink", "median p95")
  serve(world, server, "/files/%d", "content", world.short and 2000000 or 10000000)
  report(world, server, "8 functions that wait, calls of 20 ms", "waiting", "median p95")
  serve(world, server, "/files/%d", "large", world.short and LARGE_SHORT or LARGE)
  report(world, server, "8 paths at full speed, calls of 20 ms", "path", "median",
    MOST_RATIO_FULL)
  report(world, server, "8 functions at full speed, calls of 20 ms", "sink", "median",
    MOST_RATIO_FULL)
  if world.short then return end
  serve(world, server, "/slow/100000%d", "content", 10000000)
  server.small = "/small"
  report(world, server, "8 paths at 1 MB/s, calls at once", "path", "")
end

return {
  { "beside", beside, bytes = function(is_short)
    return (DOWNLOADS + 1) * (is_short and LARGE_SHORT or LARGE) + (1 << 28)
  end },
}
