-- meet.watch: the events of conferences and of their participants. The conferences are scripted, in
-- the fake, on a clock that only sleeping moves; requests are paced as ever, so the script goes on
-- in the middle of a poll.

local meet = require "googlemeet"
local conference = require "spec.support.conference"

local begin_record, end_record = conference.begin_record, conference.end_record
local join, rejoin, leave = conference.join, conference.rejoin, conference.leave
local take, restart, text_of = conference.take, conference.restart, conference.text_of

local script, client

before_each(function() script, client = conference.new() end)
after_each(function() client:close() end)

--- Write a conference of 500 joins and leaves, second devices among them, into the script.
---@return string[] happened the joins and leaves, filled as they happen
local function write_long_conference(people)
  local happened, present, has_come, drawn, moves, seconds = {}, {}, {}, 20261122, 0, 1
  local function draw(count)
    drawn = (drawn * 1103515245 + 12345) % 2147483648
    return (drawn >> 8) % count
  end
  local function note(type, name)
    moves = moves + 1
    return function(now)
      happened[#happened + 1] = ("%s %s %s"):format(type, now:match "T%d%d:(.*)Z", name)
    end
  end
  local function both(first, second)
    return function(now, played)
      first(now, played)
      second(now)
    end
  end
  script:at(1, begin_record "cr-1")
  while moves < 500 do
    seconds = seconds + (1 + draw(2000)) / 1000
    local name = "p-" .. 100 + draw(people)
    if present[name] and draw(3) == 0 then
      script:at(seconds, rejoin(name)) -- a second device
    elseif present[name] then
      present[name] = nil
      script:at(seconds, both(leave(name), note("left", name)))
    else
      script:at(seconds, both((has_come[name] and rejoin or join)(name), note("joined", name)))
      present[name], has_come[name] = true, true
    end
  end
  for index = 0, people - 1 do
    local name = "p-" .. 100 + index
    if present[name] then script:at(seconds + 2, both(leave(name), note("left", name))) end
  end
  script:at(seconds + 3, end_record "cr-1")
  return happened
end

--- The joins and leaves emitted until the end. `next_watcher(watcher, count)` may give another.
local function emitted_until_end(watcher, next_watcher)
  local emitted = {}
  while true do
    local event = watcher()
    if event.type == "ended" then return emitted end
    if event.participant then emitted[#emitted + 1] = text_of(event) end
    watcher = next_watcher and next_watcher(watcher, #emitted) or watcher
  end
end

local function lines(texts)
  return table.concat(texts, "\n")
end

describe("meet.watch", function()
  it("emits 500 joins and leaves, each once and in order", function()
    local happened = write_long_conference(16)
    script:pass(1)
    local emitted = emitted_until_end(meet.watch(client, { records = { "cr-1" } }))
    assert.is_true(#emitted >= 500)
    assert.equal(lines(happened), lines(emitted))
  end)

  it("emits 500 joins and leaves once and in order across restarts from its state", function()
    local happened, restarts = write_long_conference(8), 0
    script:pass(1)
    local watcher = meet.watch(client, { records = { "cr-1" } })
    local emitted = emitted_until_end(watcher, function(before, count)
      if count % 7 ~= 3 then return before end
      restarts = restarts + 1
      return restart(client, before, { records = { "cr-1" } })
    end)
    assert.is_true(#emitted >= 500 and restarts > 50)
    assert.equal(lines(happened), lines(emitted))
  end)

  it("emits every event of a record that ended before, and then ends", function()
    script:at(0, begin_record "cr-1"):at(60, join "Ada"):at(90, join "Bo"):at(120, leave "Ada")
    script:at(180, rejoin "Ada"):at(200, leave "Bo"):at(300, end_record "cr-1")
    script:pass(400)
    local watcher = meet.watch(client, { records = { "cr-1" } })
    assert.same({
      "started 00:00", "joined 01:00 Ada", "joined 01:30 Bo", "left 02:00 Ada", "joined 03:00 Ada",
      "left 03:20 Bo", "left 05:00 Ada", "ended 05:00",
    }, take(watcher, 100))
  end)

  it("emits a leave and a return between two polls", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada"):at(11, leave "Ada"):at(12, rejoin "Ada")
    script:at(13, join "Bo")
    script:pass(2)
    local watcher <close> = meet.watch(client, { records = { "cr-1" }, interval = 5 })
    assert.same({ "started 00:00", "joined 00:01 Ada", "left 00:11 Ada", "joined 00:12 Ada",
      "joined 00:13 Bo" }, take(watcher, 5))
  end)

  it("emits a join and a leave that both happened between two polls", function()
    script:at(0, begin_record "cr-1"):at(11, join "Ada"):at(12, leave "Ada"):at(60, join "Bo")
    script:pass(2)
    local watcher <close> = meet.watch(client, { records = { "cr-1" } })
    assert.same({ "started 00:00", "joined 00:11 Ada", "left 00:12 Ada", "joined 01:00 Bo" },
      take(watcher, 4))
  end)

  it("emits a missed return late, once the participant has left again, when `cheap`", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada"):at(11, leave "Ada"):at(12, rejoin "Ada")
    script:at(20, join "Bo"):at(40, leave "Ada")
    script:pass(2)
    local watcher <close> = meet.watch(client, { records = { "cr-1" }, cheap = true })
    assert.same({ "started 00:00", "joined 00:01 Ada", "joined 00:20 Bo", "left 00:11 Ada",
      "joined 00:12 Ada", "left 00:40 Ada" }, take(watcher, 6))
  end)

  it("takes two devices at once for one presence", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada"):at(20, rejoin "Ada"):at(40, leave "Ada")
    script:pass(2)
    local watcher <close> = meet.watch(client, { records = { "cr-1" } })
    assert.same({ "started 00:00", "joined 00:01 Ada", "left 00:40 Ada" }, take(watcher, 3))
  end)

  it("holds an event back that is later than one it may have missed", function()
    script:at(0, begin_record "cr-1")
    for index = 1, 25 do script:at(1, join("p-" .. 100 + index)) end -- two seconds of requests
    script:pass(2)
    local watcher <close> = meet.watch(client, { records = { "cr-1" } })
    assert.equal(26, #take(watcher, 26))
    script:at(7.2, leave "p-101"):at(8.5, rejoin "p-101") -- the poll goes on from 7 s to 9 s
    script:at(8, leave "p-125")
    assert.same({ "left 00:07.200 p-101", "left 00:08 p-125", "joined 00:08.500 p-101" },
      take(watcher, 3))
  end)
end)

describe("meet.watch of spaces", function()
  it("emits conferences that run, that begin, and that are over between two polls", function()
    script:at(0, begin_record "cr-0"):at(10, end_record "cr-0")
    script:at(20, begin_record "cr-1"):at(25, join "Ada"):at(62, end_record "cr-1")
    script:at(63, begin_record "cr-2"):at(64, join("Bo", "cr-2")):at(65, end_record "cr-2")
    script:at(66, begin_record "cr-3")
    script:pass(30)
    local watcher <close> = meet.watch(client, { spaces = { script.space.name }, interval = 20 })
    assert.same({
      "started 00:20", "joined 00:25 Ada", "left 01:02 Ada", "ended 01:02", "started 01:03",
      "joined 01:04 Bo", "left 01:05 Bo", "ended 01:05", "started 01:06",
    }, take(watcher, 9))
  end)

  it("waits for the first conference of a space", function()
    local watcher <close> = meet.watch(client, { spaces = { "space-1" } })
    script:at(1000, begin_record "cr-1")
    assert.same({ "started 16:40" }, take(watcher, 1))
  end)

  it("takes a meeting code, and looks it up once", function()
    script:at(10, begin_record "cr-1"):at(40, end_record "cr-1")
    local watcher <close> = meet.watch(client, { spaces = { script.space.resource.meetingUri } })
    assert.same({ "started 00:10", "ended 00:40" }, take(watcher, 2))
    assert.equal(1, #script.gateway:requests "spaces.get")
  end)

  it("emits the events of several spaces in one order", function()
    local other = script.gateway:add_space { id = "space-2" }
    script:at(10, begin_record "cr-1"):at(11, begin_record("cr-2", other))
    script:at(21, end_record "cr-2"):at(22, end_record "cr-1")
    local watcher <close> = meet.watch(client, { spaces = { other.name, "space-1" } })
    assert.same({ "started 00:10", "started 00:11", "ended 00:21", "ended 00:22" },
      take(watcher, 4))
  end)

  it("goes on after a restart where it stopped, whichever event was the last", function()
    script:at(5, begin_record "cr-1"):at(6, join "Ada"):at(7, leave "Ada"):at(8, end_record "cr-1")
    script:at(9, begin_record "cr-2"):at(10, join("Bo", "cr-2")):at(40, end_record "cr-2")
    script:at(41, begin_record "cr-3")
    local all = { "started 00:05", "joined 00:06 Ada", "left 00:07 Ada", "ended 00:08",
      "started 00:09", "joined 00:10 Bo", "left 00:40 Bo", "ended 00:40", "started 00:41" }
    local watcher = meet.watch(client, { spaces = { "space-1" } })
    script:pass(4)
    local emitted = {}
    for index = 1, #all do
      emitted[index] = take(watcher, 1)[1]
      watcher = restart(client, watcher, { spaces = { "space-1" } })
    end
    assert.same(all, emitted)
  end)

  it("emits what happened while nobody watched", function()
    local watcher = meet.watch(client, { spaces = { "space-1" } })
    script:at(1, begin_record "cr-1"):at(2, join "Ada")
    assert.same({ "started 00:01" }, take(watcher, 1))
    script:at(100, leave "Ada"):at(101, end_record "cr-1"):at(200, begin_record "cr-2")
    script:at(300, end_record "cr-2")
    script:pass(3600)
    watcher = restart(client, watcher, { spaces = { "space-1" } })
    assert.same({ "joined 00:02 Ada", "left 01:40 Ada", "ended 01:41", "started 03:20",
      "ended 05:00" }, take(watcher, 5))
  end)

  it("forgets a conference that was deleted while nobody watched", function()
    script:at(0, begin_record "cr-1"):at(100, end_record "cr-1")
    script:pass(1)
    local watcher = meet.watch(client, { spaces = { "space-1" } })
    assert.same({ "started 00:00" }, take(watcher, 1))
    local month = 31 * 86400
    script:at(month, begin_record "cr-2")
    script:pass(month)
    watcher = restart(client, watcher, { spaces = { "space-1" } })
    assert.equal(1, #take(watcher, 1))
    assert.equal("settled", watcher:state().records["conferenceRecords/cr-1"].phase)
  end)

  it("loses no conference whose first poll failed", function()
    script:at(0, begin_record "cr-1"):at(20, end_record "cr-1"):at(21, begin_record "cr-2")
    script:at(22, end_record "cr-2"):at(23, begin_record "cr-3")
    script:pass(1)
    local impatient <close> = client:with { retry = false }
    local options = { spaces = { "space-1" }, interval = 30, on_error = function() end }
    local watcher = meet.watch(impatient, options)
    assert.same({ "started 00:00" }, take(watcher, 1))
    script.gateway:fail { on = "GET .*/cr%-2/participants", status = 503, times = 2 }
    assert.same({ "ended 00:20", "started 00:23" }, take(watcher, 2))
    watcher = restart(impatient, watcher, options)
    assert.same({ "started 00:21", "ended 00:22" }, take(watcher, 2))
  end)

  it("forgets conferences that ended long ago", function()
    for index = 1, 20 do
      script:at(index * 1000, begin_record("cr-" .. index))
      script:at(index * 1000 + 50, end_record("cr-" .. index))
    end
    local watcher <close> = meet.watch(client, { spaces = { "space-1" } })
    assert.equal(40, #take(watcher, 40))
    local count = 0
    for _ in pairs(watcher:state().records) do count = count + 1 end
    assert.is_true(count <= 2)
  end)
end)
