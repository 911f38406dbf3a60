--- Functions that take a body: slow ones, ones that raise, yield, call, or close their client. And
-- on_progress, which may end a download.

local loop = require "spec.limiter.loop"
local worlds = require "spec.download.world"

local SIZE = 1 << 22
local RATE = 1000000 -- bytes a second of a slow one

--- Do one job with the content of the world's server, to a separate target.
local function work(world, job, seconds)
  local odd = world.odd_server
  job.target = ("%s/taken-%d"):format(world.folder, #world.rows)
  job.timeout, job.path = job.timeout or 5, job.path or "/odd/fast/" .. #world.rows
  return world:work({ base_url = odd.url, jobs = { job } }, seconds or 60)[1], job.target
end

local function title_of(what, within)
  return within == "nothing" and what or ("%s, in a %s"):format(what, within)
end

--- How a function is slow: it blocks its thread, or waits as a task does.
local function slow(world, sink, within)
  local seconds, timeout = world.short and 4 or 60, world.short and 0.5 or 2
  local row = world:row(title_of(("1 MB/s for %d s"):format(seconds), within))
  local odd, path = world:odd(seconds * RATE), "/odd/fast/" .. sink
  local target = world.folder .. "/slow-" .. sink
  local result = world:work({ base_url = odd.url, jobs = { {
    path = path, target = target, sink = sink, pace = RATE, timeout = timeout, within = within,
  } } }, 3 * seconds + 20)[1]
  row:check_whole(result, target, odd)
  local requests = #world:asked(odd, path)
  row:check(requests == 1, "%d requests", requests)
  if not result then return end
  row:check(result.seconds >= 0.9 * seconds, "it was not slow")
  row:note("%.1f s, timeout %g s", result.seconds, timeout)
  if within == "gather" then
    row:note("%s small calls beside it", result.sink.beside)
    row:check((result.sink.beside or 0) > 10 * seconds, "small calls had to wait")
  end
end

local function raising(world)
  for _, within in ipairs { "nothing", "gather", "host" } do
    local row = world:row(title_of("raises", within))
    local result, target = work(world, { sink = "raising", raise_at = 500000, within = within })
    local taken = worlds.size(target) or 0
    row:check(result and result.raised == "the sink has had enough", "%s", worlds.words(result))
    row:check(result and result.usable, "the client is of no use any more")
    row:check(taken >= 500000 and taken < SIZE, "it had %d bytes", taken)
    row:note("its error comes out after %d bytes, and the client goes on", taken)
  end
end

local function yielding(world)
  for _, case in ipairs {
    { "plain", "nothing" }, { "plain", "gather" }, { "plain", "host" },
    { "bare", "host" }, { "bare", "gather" },
    { "calling", "nothing" }, { "calling", "gather" }, { "calling", "host" },
  } do
    local sink, within = case[1], case[2]
    local row = world:row(title_of(sink, within))
    local result, target = work(world, { sink = sink, within = within })
    row:check_whole(result, target, world.odd_server)
    local seen = result and result.sink or {}
    row:note("%s chunks, the greatest of %s bytes", seen.calls, seen.most)
    if sink == "bare" then row:check(seen.yields, "it could not yield") end
    if sink == "calling" then row:check((seen.answered or 0) > 0, "its calls had no answer") end
    if seen.yields or seen.answered then
      row:note("%s yields, %s calls by it", seen.yields or 0, seen.answered or 0)
    end
  end
end

local function closing(world)
  for _, within in ipairs { "nothing", "gather", "host" } do
    local row = world:row(title_of("closes its client", within))
    local result, target = work(world, { sink = "closing", close_at = 500000, within = within })
    row:check_kind(result, "cancelled")
    row:check((worlds.size(target) or SIZE) < SIZE, "all came")
  end
end

local function progress(world)
  local row = world:row "on_progress"
  local result, target = work(world, { path = "/odd/paced/progress" })
  row:check_whole(result, target, world.odd_server)
  if not result then return end
  local seen, seconds = result.progress, result.seconds
  row:check(seen.calls >= 2 and seen.calls <= 10 * seconds + 2, "%d calls in %.2f s", seen.calls,
    seconds)
  row:check(seen.bytes == SIZE and seen.total == SIZE and not seen.fell, "it ended at %s of %s",
    seen.bytes, seen.total)
  row:note("%d calls in %.2f s", seen.calls, seconds)
end

--- Ways to end a download with a path, and how it has to end; the next call goes on.
local ENDS = {
  { "on_progress returns false", { cancel_at = SIZE // 2 }, "cancelled" },
  { "on_progress raises", { raise_at = SIZE // 2 }, "no progress" },
  { "a deadline", { deadline = 0.3 }, "deadline" },
  { "the deadline of a gather", { within = "deadline" }, "deadline" },
  { "another task closes the client", { within = "closer" }, "cancelled" },
}

local function ending(world, title, job, outcome)
  local row, path = world:row(title), "/odd/paced/" .. #world.rows
  job.path = path
  local result, target = work(world, job)
  if result and result.raised then
    row:check(result.raised == outcome, "%s", result.raised)
    row:check(result.usable, "the client is of no use any more")
  else
    row:check_kind(result, outcome)
  end
  row:check(worlds.size(target) == nil, "there is a file")
  local part = worlds.left(world.folder)
  local kept = part and worlds.size(part) or 0
  row:check(kept > SIZE // 8, "the part has %d bytes", kept)
  row:check_whole(work(world, { path = path }), target, world.odd_server)
  local asked = world:asked(world.odd_server, path)
  local range = asked[#asked] and asked[#asked].range
  row:check(range == ("bytes=%d-"):format(kept), "the next call asked for %s", range)
  row:note("the next call goes on at %d", kept)
end

local function functions(world)
  world.odd_server = world:odd(SIZE)
  raising(world)
  yielding(world)
  closing(world)
  progress(world)
  for _, case in ipairs(ENDS) do ending(world, case[1], case[2], case[3]) end
  loop.all {
    function() slow(world, "slow", "nothing") end,
    function() slow(world, "yielding", "gather") end,
  }
end

return {
  { "functions", functions },
}
