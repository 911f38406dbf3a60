--- Processes that are killed while they download, others that go on, and two at one path.

local loop = require "spec.limiter.loop"
local tree = require "spec.support.tree"
local uv = require "luv"
local worlds = require "spec.download.world"

local KILLS = 20
local SECONDS = 120 -- for what is left after the last kill
local IN_FLIGHT = 1 << 23 -- bytes that a server may have sent for nothing at each kill
local HUGE = 5 << 30 -- bytes
local MIB = 1 << 20
local RACERS = 4

--- Kill one that downloads at a random moment; the size of the part then.
local function kill_one(world, source, options)
  local worker = world:worker(options)
  world:wait_for_begin(worker)
  loop.sleep(world.chance:below(source.longest) / 1000)
  local was_running = worker:is_running()
  worker:signal "sigkill"
  worker:wait(10)
  local part = worlds.left(world.folder)
  return part and worlds.size(part) or 0, was_running
end

--- What a server has sent in all, and how many times it was asked to go on.
local function sums(asked)
  local sent, resumed = 0, 0
  for _, entry in ipairs(asked) do
    sent = sent + entry.sent
    if entry.status == 206 then resumed = resumed + 1 end
  end
  return sent, resumed
end

--- Kill processes that download one thing, and let the last one end.
---@param source table `url`, `path`, `ca_file`, `digest`, `size`, `longest` (ms), and `asked`
local function kill_some(world, source, title)
  local row, target = world:row(title), world.folder .. "/copy"
  local options = { base_url = source.url, ca_file = source.ca_file,
    jobs = { { path = source.path, target = target, timeout = 10 } } }
  local kills, grew, before = 0, 0, 0
  for number = 1, KILLS do
    local size, was_running = kill_one(world, source, options)
    if was_running then kills = kills + 1 end
    row:check(not uv.fs_stat(target), "after kill %d there is a file", number)
    row:check(size >= before, "after kill %d the part has %d bytes, not %d", number, size, before)
    if size > before then grew = grew + 1 end
    before = size
  end
  row:check(kills == KILLS, "%d of %d were killed in time", kills, KILLS)
  row:check(grew >= KILLS // 4, "only %d of them added something", grew)
  row:check_whole(world:work(options, SECONDS)[1], target, source)
  row:check(select(2, worlds.left(world.folder)) == 0, "something is left")
  loop.sleep(0.05) -- until the server has noticed the last end
  local sent, resumed = sums(source.asked())
  local most = math.min(source.size + KILLS * IN_FLIGHT, 2 * source.size)
  row:check(sent <= most, "%d bytes were sent for %d", sent, source.size)
  row:check(resumed >= grew, "%d times gone on, and %d had something", resumed, grew)
  row:note("%d kills, %d with something new, %d times gone on by Range", kills, grew, resumed)
  row:note("%.1f of %.1f MiB there at the last kill, sent %.2f of the size in all", before / MIB,
    source.size / MIB, sent / source.size)
  row:note "SHA-256 the same"
end

local function killed(world)
  local odd, path = world:odd(world.short and 1 << 23 or 1 << 25), "/odd/paced/1"
  kill_some(world, {
    url = odd.url, path = path, digest = odd.digest, size = odd.size,
    longest = world.short and 110 or 440, asked = function() return world:asked(odd, path) end,
  }, "20 processes, 4 MB/s")
end

local LARGE = 1 << 30

local function killed_tls(world)
  local content = world:content("content", LARGE)
  local server = world:nginx()
  kill_some(world, {
    url = server.url, ca_file = server.ca_file, path = "/files/content",
    digest = worlds.digest(content), size = LARGE, longest = 90,
    asked = function() return server:asked "/files/content" end,
  }, "20 processes, 1 GiB from nginx over TLS")
end

--- Two processes at one path, then one after one that was killed there, then two at two paths.
local function two(world)
  local odd = world:odd(1 << 22)
  local target, other = world.folder .. "/copy", world.folder .. "/other"
  local function options(path, where)
    return { base_url = odd.url, jobs = { { path = path, target = where, timeout = 10 } } }
  end
  local function start()
    local worker = world:worker(options("/odd/paced/two", target))
    world:wait_for_begin(worker)
    loop.sleep(0.2)
    return worker
  end

  local row, first = world:row "at one path", start()
  row:check_kind(world:work(options("/odd/paced/two", target), 20)[1], "conflict")
  row:check(first:is_running(), "the first one had ended before")
  row:check(first:wait(20), "the first one does not end")
  row:check_whole(world:results(first)[1], target, odd)
  row:note "the first one has the file"

  uv.fs_unlink(target)
  row, first = world:row "at one path, the first one killed", start()
  first:signal "sigkill"
  first:wait(10)
  row:check_whole(world:work(options("/odd/paced/two", target), 20)[1], target, odd)
  row:note "the next one has the file"

  uv.fs_unlink(target)
  row, first = world:row "at two paths of a folder", start()
  row:check_whole(world:work(options("/odd/paced/other", other), 20)[1], other, odd)
  row:check(first:wait(20), "the first one does not end")
  row:check_whole(world:results(first)[1], target, odd)
  row:note "both have come"
end

--- Processes that begin at one path at once, again and again.
local function raced(world)
  local odd, target = world:odd(100000), world.folder .. "/copy"
  local row, rounds = world:row(RACERS .. " at one path at once"), world.short and 5 or 30
  local whole, refused = 0, 0
  for round = 1, rounds do
    local racers = {}
    for racer = 1, RACERS do
      racers[racer] = world:worker { base_url = odd.url,
        jobs = { { path = "/odd/fast/raced", target = target, timeout = 10 } } }
    end
    for _, worker in ipairs(racers) do
      row:check(worker:wait(20), "round %d: no end", round)
      local result = world:results(worker)[1] or {}
      whole = whole + (result.bytes == odd.size and 1 or 0)
      refused = refused + (result.kind == "conflict" and 1 or 0)
    end
    row:check(worlds.are_equal(target, odd.contents[1]), "round %d: another file", round)
    local _, left = worlds.left(world.folder)
    row:check(left == 0, "round %d: %d files are left", round, left)
    uv.fs_unlink(target)
  end
  row:check(whole + refused == RACERS * rounds, "%d had it, %d conflict, of %d", whole, refused,
    RACERS * rounds)
  row:check(whole >= rounds, "%d had it in %d rounds", whole, rounds)
  row:note("%d had it, %d conflict, the file right in %d rounds", whole, refused, rounds)
end

--- A file of 5 GiB with holes, and some bytes in each GiB.
local function write_huge(path)
  tree.lines(("truncate -s %d %s"):format(HUGE, tree.quote(path)))
  for gib = 0, HUGE // (1 << 30) - 1 do
    tree.lines(("dd if=/dev/urandom of=%s bs=1M count=1 seek=%d conv=notrunc 2>&1"):format(
      tree.quote(path), gib * 1024 + 1000))
  end
end

--- More than 32 bits count: all at once, and gone on with behind 4 GiB.
local function huge(world)
  local row = world:row "5 GiB, ended and gone on with behind 4 GiB"
  if not world.folder:find "^/dev/shm" then return row:note "not tried: no room in memory" end
  local content, target = world.folder .. "/content", world.folder .. "/copy"
  write_huge(content)
  local server = world:nginx()
  local function download(more)
    local job = { path = "/files/content", target = target, timeout = 20 }
    for name, value in pairs(more) do job[name] = value end
    return world:work({ base_url = server.url, ca_file = server.ca_file, jobs = { job } },
      SECONDS)[1]
  end
  local result = download { cancel_at = (1 << 32) + 12345 }
  row:check_kind(result, "cancelled")
  result = download {}
  row:check(result and result.bytes == HUGE, "%s", worlds.words(result))
  row:check(worlds.are_equal(target, content), "another file")
  local asked = server:asked "/files/content"
  row:note("then %s", asked[#asked] and asked[#asked].range)
  row:check(tonumber((asked[#asked].range or ""):match "%d+" or 0) > 1 << 32, "it began anew")
end

return {
  { "killed", killed },
  { "killed_tls", killed_tls, is_long = true, bytes = function() return 2 * LARGE + (1 << 26) end },
  { "huge", huge, is_long = true, bytes = function() return HUGE + (1 << 29) end },
  { "two", two },
  { "raced", raced },
}
