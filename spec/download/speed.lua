--- A large file from nginx over TLS, beside what curl takes for it, in turns.

local tree = require "spec.support.tree"
local uv = require "luv"
local worlds = require "spec.download.world"

local MOST_RATIO = 1.05
local MOST_RATIO_SHORT = 2 -- a bound for what is broken, not a figure
local NOISY = 1.1 -- from the least that curl takes to the most
local MOST_GROWN = 1 << 20 -- bytes
local MOST_GROWN_BY_FUNCTION = 1 << 22 -- chunks are strings, collected now and then
local SECONDS = 120 -- for one download

local function size(is_short) return is_short and 1 << 25 or 1 << 30 end

--- The file, a copy, and some room.
local function bytes(is_short) return 2 * size(is_short) + (1 << 26) end

local function median(values)
  local sorted = table.move(values, 1, #values, 1, {})
  table.sort(sorted)
  local middle = #sorted // 2
  if #sorted % 2 == 1 then return sorted[middle + 1] end
  return (sorted[middle] + sorted[middle + 1]) / 2
end

--- Seconds of processor that the shell says its children had.
local function children_cpu(line)
  local seconds = 0
  for minutes, rest in line:gmatch "(%d+)m([%d.]+)s" do seconds = seconds + minutes * 60 + rest end
  return seconds
end

local function by_curl(world, server, target)
  local child = world.children:start("sh", {
    "-c", '"$@"; times', "sh",
    "curl", "-sS", "--http1.1", "--cacert", server.ca_file, "-o", target, "-w", "%{time_total}\\n",
    server.url .. "/files/content",
  })
  assert(child:wait(SECONDS) and #child.lines == 3, "curl has failed")
  return { wall = tonumber(child.lines[1]), cpu = children_cpu(child.lines[3]) }
end

local function by_us(world, server, target, sink)
  local result = world:work({
    base_url = server.url, ca_file = server.ca_file,
    jobs = { { path = "/files/content", target = target, sink = sink, warm = "/small" } },
  }, SECONDS)[1]
  assert(result and result.bytes, worlds.words(result))
  return { wall = result.seconds, cpu = result.cpu, grown = result.grown }
end

--- Rounds of both, each beginning with the other one; the first round only warms up.
---@return table[] rounds `ours`, `curl`
---@return boolean is_same every copy of ours is right
local function measure(world, server, folder, count, sink)
  local rounds, target, is_same = {}, folder .. "/copy", true
  for number = 0, count do
    local round = {}
    for turn = 1, 2 do
      uv.fs_unlink(target) -- to free it takes time, too
      if (number + turn) % 2 == 0 then
        round.curl = by_curl(world, server, target)
      else
        round.ours = by_us(world, server, target, sink)
        is_same = is_same and worlds.are_equal(target, server.content)
      end
    end
    rounds[number] = round
  end
  uv.fs_unlink(target)
  return rounds, is_same
end

--- A figure of each round, sorted.
local function each(rounds, f)
  local values = {}
  for index, round in ipairs(rounds) do values[index] = f(round) end
  table.sort(values)
  return values
end

--- Put rounds together. Noise only adds time: where curl's own varies by much, what both take at
--- least says more than what they take in a round.
local function figures_of(rounds)
  local ours = each(rounds, function(round) return round.ours.wall end)
  local curl = each(rounds, function(round) return round.curl.wall end)
  local ratios = each(rounds, function(round) return round.ours.wall / round.curl.wall end)
  local grown = each(rounds, function(round) return round.ours.grown end)
  local figures = {
    ours = ours, curl = curl, ratios = ratios, ratio = median(ratios), least = ours[1] / curl[1],
    cpu = median(each(rounds, function(round) return round.ours.cpu / round.curl.cpu end)),
    grown = grown[#grown],
  }
  local is_noisy = curl[#curl] > NOISY * curl[1]
  figures.judged = is_noisy and math.min(figures.ratio, figures.least) or figures.ratio
  return figures
end

local function report(row, figures, length)
  local ours, curl, ratios = figures.ours, figures.curl, figures.ratios
  row:note("wall %.3f of curl's (%.3f to %.3f in %d rounds), at least %.3f", figures.ratio,
    ratios[1], ratios[#ratios], #ratios, figures.least)
  row:note("%.3f s for %d MiB, curl %.3f (%.3f to %.3f)", median(ours), length >> 20, median(curl),
    curl[1], curl[#curl])
  row:note("cpu %.2f of curl's", figures.cpu)
  row:note("grown by %d KiB", figures.grown // 1024)
  row:check(figures.is_same, "another file has come")
end

--- A row of figures.
---@param most integer bytes that memory may grow
local function compare(world, server, title, folder, count, most, sink)
  local row = world:row(title)
  local rounds, is_same = measure(world, server, folder, count, sink)
  local figures = figures_of(rounds)
  figures.is_same = is_same
  report(row, figures, server.length)
  row:check(figures.grown <= most, "memory has grown by more than %d KiB", most // 1024)
  return row, figures
end

local function speed(world)
  local length = size(world.short)
  local content = world:content("content", length)
  local server = world:nginx()
  server.length, server.content = length, content

  local where = world.folder:find "^/dev/shm" and "in memory" or "on disk"
  local row, figures = compare(world, server, "a path, " .. where, world.folder,
    world.short and 3 or 9, MOST_GROWN)
  local most = world.short and MOST_RATIO_SHORT or MOST_RATIO
  row:check(figures.judged <= most, "%.3f is more than %.2f of curl's", figures.judged, most)
  for _, entry in ipairs(server:asked "/files/content") do
    row:check(entry.protocol == "HTTP/1.1", "it came over %s", entry.protocol)
  end

  compare(world, server, "a function that writes a file", world.folder, world.short and 1 or 5,
    MOST_GROWN_BY_FUNCTION, "plain")
  if world.short then return end
  local disk = tree.temporary()
  world:defer(function() tree.remove(disk) end)
  compare(world, server, "a path on disk, synced (curl's is not)", disk, 3, MOST_GROWN)
end

return {
  { "speed", speed, bytes = bytes },
}
