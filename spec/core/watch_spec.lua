--- Watching: over scripted conferences of the double, on a clock that only sleeping moves. Requests
-- are paced as ever, so the script goes on in the middle of a look.

local core = require "googlemeet.core"
local meet = require "googlemeet"
local conference = require "spec.support.conference"

local script, client

before_each(function()
  script = conference.new()
  client = script:client()
end)

after_each(function() client:close() end)

--- Minutes and seconds of a time of the first hour, and what happened.
local function text_of(event)
  local file = event.recording or event.transcript or event.smart_note
  local subject = event.participant and event.participant:display_name()
    or file and file.name:match "[^/]+$"
  return ("%s %s%s"):format(event.type, event.time:match "T%d%d:(.*)Z",
    subject and " " .. subject or "")
end

--- The next events, up to `count` of them.
local function take(watcher, count)
  local texts = {}
  while #texts < count do
    local event = watcher()
    if not event then break end
    texts[#texts + 1] = text_of(event)
  end
  return texts
end

--- Another watcher, in another process as it were.
local function restart(watcher, options)
  options.state = core.decode(core.encode(watcher:state()))
  watcher:close()
  return (meet.watch(client, options))
end

local function begin_record(id, space)
  return function(now)
    script.gateway:add_record { id = id, space = space or script.space, start_time = now }
  end
end

local function end_record(id)
  return function(now) script.gateway:end_conference("conferenceRecords/" .. id, now) end
end

local function join(name, id)
  return function(now)
    script.gateway:add_participant("conferenceRecords/" .. (id or "cr-1"), {
      id = name, display_name = name, start_time = now,
    })
  end
end

local function node_of(name)
  return "conferenceRecords/cr-1/participants/" .. name
end

local function rejoin(name)
  return function(now) script.gateway:add_session(node_of(name), { start_time = now }) end
end

local function leave(name)
  return function(now) script.gateway:leave(node_of(name), now) end
end

--- Write a conference of 500 joins and leaves, second devices among them, into the script.
---@return string[] told what happened, filled as it does
local function write_long_conference(people)
  local told, present, has_come, drawn, moves, seconds = {}, {}, {}, 20261122, 0, 1
  local function draw(count)
    drawn = (drawn * 1103515245 + 12345) % 2147483648
    return (drawn >> 8) % count
  end
  local function tell(type, name)
    moves = moves + 1
    return function(now)
      told[#told + 1] = ("%s %s %s"):format(type, now:match "T%d%d:(.*)Z", name)
    end
  end
  local function both(first, second)
    return function(now)
      first(now)
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
      script:at(seconds, both(leave(name), tell("left", name)))
    else
      script:at(seconds, both((has_come[name] and rejoin or join)(name), tell("joined", name)))
      present[name], has_come[name] = true, true
    end
  end
  for index = 0, people - 1 do
    local name = "p-" .. 100 + index
    if present[name] then script:at(seconds + 2, both(leave(name), tell("left", name))) end
  end
  script:at(seconds + 3, end_record "cr-1")
  return told
end

--- What is told of joins and leaves until the end. `next_watcher(watcher, count)` may give another.
local function told_until_end(watcher, next_watcher)
  local told = {}
  while true do
    local event = watcher()
    if event.type == "ended" then return told end
    if event.participant then told[#told + 1] = text_of(event) end
    watcher = next_watcher and next_watcher(watcher, #told) or watcher
  end
end

local function lines(texts)
  return table.concat(texts, "\n")
end

describe("meet.watch", function()
  it("tells 500 joins and leaves, each once and in order", function()
    local happened = write_long_conference(16)
    script:pass(1)
    local told = told_until_end(meet.watch(client, { records = { "cr-1" } }))
    assert.is_true(#told >= 500)
    assert.equal(lines(happened), lines(told))
  end)

  it("tells them so across restarts from the stored state", function()
    local happened, restarts = write_long_conference(8), 0
    script:pass(1)
    local watcher = meet.watch(client, { records = { "cr-1" } })
    local told = told_until_end(watcher, function(before, count)
      if count % 7 ~= 3 then return before end
      restarts = restarts + 1
      return restart(before, { records = { "cr-1" } })
    end)
    assert.is_true(#told >= 500 and restarts > 50)
    assert.equal(lines(happened), lines(told))
  end)

  it("tells all of a record that was over before, and ends", function()
    script:at(0, begin_record "cr-1"):at(60, join "Ada"):at(90, join "Bo"):at(120, leave "Ada")
    script:at(180, rejoin "Ada"):at(200, leave "Bo"):at(300, end_record "cr-1")
    script:pass(400)
    local watcher = meet.watch(client, { records = { "cr-1" } })
    assert.same({
      "started 00:00", "joined 01:00 Ada", "joined 01:30 Bo", "left 02:00 Ada", "joined 03:00 Ada",
      "left 03:20 Bo", "left 05:00 Ada", "ended 05:00",
    }, take(watcher, 100))
  end)

  it("tells a leave and a return between two looks", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada"):at(11, leave "Ada"):at(12, rejoin "Ada")
    script:at(13, join "Bo")
    script:pass(2)
    local watcher <close> = meet.watch(client, { records = { "cr-1" }, interval = 5 })
    assert.same({ "started 00:00", "joined 00:01 Ada", "left 00:11 Ada", "joined 00:12 Ada",
      "joined 00:13 Bo" }, take(watcher, 5))
  end)

  it("tells a stay that was over before it was seen", function()
    script:at(0, begin_record "cr-1"):at(11, join "Ada"):at(12, leave "Ada"):at(60, join "Bo")
    script:pass(2)
    local watcher <close> = meet.watch(client, { records = { "cr-1" } })
    assert.same({ "started 00:00", "joined 00:11 Ada", "left 00:12 Ada", "joined 01:00 Bo" },
      take(watcher, 4))
  end)

  it("takes two devices at once for one presence", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada"):at(20, rejoin "Ada"):at(40, leave "Ada")
    script:pass(2)
    local watcher <close> = meet.watch(client, { records = { "cr-1" } })
    assert.same({ "started 00:00", "joined 00:01 Ada", "left 00:40 Ada" }, take(watcher, 3))
  end)

  it("holds back what is later than something that it may have missed", function()
    script:at(0, begin_record "cr-1")
    for index = 1, 25 do script:at(1, join("p-" .. 100 + index)) end -- two seconds of requests
    script:pass(2)
    local watcher <close> = meet.watch(client, { records = { "cr-1" } })
    assert.equal(26, #take(watcher, 26))
    script:at(7.2, leave "p-101"):at(8.5, rejoin "p-101") -- the look goes on from 7 s to 9 s
    script:at(8, leave "p-125")
    assert.same({ "left 00:07.200 p-101", "left 00:08 p-125", "joined 00:08.500 p-101" },
      take(watcher, 3))
  end)
end)

describe("meet.watch of spaces", function()
  it("tells what runs, what comes, and what came and went between two looks", function()
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

  it("tells of several in one order", function()
    local other = script.gateway:add_space { id = "space-2" }
    script:at(10, begin_record "cr-1"):at(11, begin_record("cr-2", other))
    script:at(21, end_record "cr-2"):at(22, end_record "cr-1")
    local watcher <close> = meet.watch(client, { spaces = { other.name, "space-1" } })
    assert.same({ "started 00:10", "started 00:11", "ended 00:21", "ended 00:22" },
      take(watcher, 4))
  end)

  it("goes on where it stopped, wherever that was", function()
    script:at(5, begin_record "cr-1"):at(6, join "Ada"):at(7, leave "Ada"):at(8, end_record "cr-1")
    script:at(9, begin_record "cr-2"):at(10, join("Bo", "cr-2")):at(40, end_record "cr-2")
    script:at(41, begin_record "cr-3")
    local all = { "started 00:05", "joined 00:06 Ada", "left 00:07 Ada", "ended 00:08",
      "started 00:09", "joined 00:10 Bo", "left 00:40 Bo", "ended 00:40", "started 00:41" }
    local watcher = meet.watch(client, { spaces = { "space-1" } })
    script:pass(4)
    local told = {}
    for index = 1, #all do
      told[index] = take(watcher, 1)[1]
      watcher = restart(watcher, { spaces = { "space-1" } })
    end
    assert.same(all, told)
  end)

  it("tells what happened while nobody watched", function()
    local watcher = meet.watch(client, { spaces = { "space-1" } })
    script:at(1, begin_record "cr-1"):at(2, join "Ada")
    assert.same({ "started 00:01" }, take(watcher, 1))
    script:at(100, leave "Ada"):at(101, end_record "cr-1"):at(200, begin_record "cr-2")
    script:at(300, end_record "cr-2")
    script:pass(3600)
    watcher = restart(watcher, { spaces = { "space-1" } })
    assert.same({ "joined 00:02 Ada", "left 01:40 Ada", "ended 01:41", "started 03:20",
      "ended 05:00" }, take(watcher, 5))
  end)

  it("forgets conferences that are long over", function()
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

describe("meet.watch of files", function()
  local function set_state(id, state)
    return function() script.gateway:set_state("conferenceRecords/cr-1/" .. id, state) end
  end

  --- A conference of 90 s with a recording, a transcript and a smart note.
  local function write_files()
    script:at(0, begin_record "cr-1"):at(30, function(now)
      script.gateway:add_recording("conferenceRecords/cr-1", { id = "rec-1", start_time = now })
      script.gateway:add_transcript("conferenceRecords/cr-1", { id = "tr-1", start_time = now })
      script.gateway:add_smart_note("conferenceRecords/cr-1", { id = "sn-1", start_time = now })
    end):at(90, end_record "cr-1")
    script:pass(1)
  end

  it("tells each one when it is there, and then ends", function()
    write_files()
    script:at(60, set_state("recordings/rec-1", "FILE_GENERATED"))
    script:at(300, set_state("transcripts/tr-1", "FILE_GENERATED"))
    script:at(900, set_state("smartNotes/sn-1", "FILE_GENERATED"))
    local watcher = meet.watch(client, { records = { "cr-1" } })
    assert.same({ "started 00:00", "recording_ready 00:00 rec-1" }, take(watcher, 2))
    assert.same({ "ended 01:30", "transcript_ready 01:30 tr-1", "smart_note_ready 01:30 sn-1" },
      take(watcher, 100))
    assert.is_true(script.now >= 900 and script.now < 970)
  end)

  it("gives the resource with its destination", function()
    write_files()
    script:at(100, set_state("recordings/rec-1", "FILE_GENERATED"))
    for event in meet.watch(client, { records = { "cr-1" } }) do
      if event.type == "recording_ready" then
        assert.is_string(event.recording.driveDestination.file)
        return
      end
    end
  end)

  it("tells none twice across restarts, and stays at its end", function()
    write_files()
    for _, id in ipairs { "recordings/rec-1", "transcripts/tr-1", "smartNotes/sn-1" } do
      script:at(100, set_state(id, "FILE_GENERATED"))
    end
    local watcher, told = meet.watch(client, { records = { "cr-1" } }), {}
    while true do
      local text = take(watcher, 1)[1]
      if not text then break end
      told[#told + 1] = text
      watcher = restart(watcher, { records = { "cr-1" } })
    end
    assert.same({ "started 00:00", "ended 01:30", "recording_ready 01:30 rec-1",
      "transcript_ready 01:30 tr-1", "smart_note_ready 01:30 sn-1" }, told)
    script.gateway:clear_log()
    assert.same({}, take(restart(watcher, { records = { "cr-1" } }), 1))
    assert.equal(0, #script.gateway.log)
  end)

  it("does not wait for what ended a day ago without a file", function()
    write_files()
    script:pass(100)
    local watcher = meet.watch(client, { records = { "cr-1" }, interval = 300 })
    assert.same({ "started 00:00", "ended 01:30" }, take(watcher, 100))
    assert.is_true(script.now > 86400 and script.now < 87000)
  end)

  it("ends at once where all has been there for long", function()
    client:close()
    script = conference.new { has_date = true }
    client = script:client()
    write_files()
    for _, id in ipairs { "recordings/rec-1", "transcripts/tr-1", "smartNotes/sn-1" } do
      script:at(100, set_state(id, "FILE_GENERATED"))
    end
    script:pass(3600)
    local before = script.now
    assert.equal(5, #take(meet.watch(client, { records = { "cr-1" } }), 100))
    assert.is_true(script.now - before < 2)
  end)
end)

describe("meet.watch when something fails", function()
  it("goes on past what passes, and tells on_error of it", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada"):at(50, leave "Ada"):at(60, join "Bo")
    script:at(70, end_record "cr-1")
    script:pass(2)
    local kinds = {}
    local watcher <close> = meet.watch(client, {
      records = { "cr-1" }, on_error = function(err) kinds[err.kind] = true end,
    })
    assert.equal(2, #take(watcher, 2))
    script.gateway:fail { on = "participantSessions.list", status = 503, times = 7 }
    script.gateway:fail { on = "participants.list", status = 429, times = 6 }
    script.gateway:fail { on = "conferenceRecords.get", status = 500, times = 2 }
    script.gateway:fail { on = "recordings.list", drop = true, times = 6 }
    assert.same({ "left 00:50 Ada", "joined 01:00 Bo", "left 01:10 Bo", "ended 01:10" },
      take(watcher, 4))
    assert.same({ server = true, rate_limited = true, transport = true }, kinds)
  end)

  it("raises what does not pass, and can be asked again", function()
    script:at(0, begin_record "cr-1")
    script:pass(2)
    for status, kind in pairs { [401] = "auth", [403] = "permission", [404] = "not_found" } do
      local watcher <close> = meet.watch(client, { records = { "cr-1" } })
      script.gateway:fail { on = "participants.list", status = status }
      local ok, err = pcall(watcher)
      assert.is_false(ok)
      assert.equal(kind, err.kind)
      assert.same({ "started 00:00" }, take(watcher, 1))
    end
  end)

  it("raises for a record that is not there", function()
    local ok, err = pcall(meet.watch(client, { records = { "cr-none" } }))
    assert.is_false(ok)
    assert.equal("not_found", err.kind)
  end)

  it("loses nothing of one conference when another one fails", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada")
    script:at(2, begin_record("cr-2", script.gateway:add_space { id = "space-2" }))
    script:pass(3)
    local watcher <close> = meet.watch(client, { records = { "cr-1", "cr-2" } })
    script.gateway:fail { on = "GET .*/cr%-2/participants", status = 403 }
    assert.is_false((pcall(watcher)))
    assert.same({ "started 00:00", "joined 00:01 Ada", "started 00:02" }, take(watcher, 3))
  end)

  it("waits no more for the files of a record that was deleted", function()
    script:at(0, begin_record "cr-1"):at(10, end_record "cr-1")
    script:pass(20)
    local watcher = meet.watch(client, { records = { "cr-1" } })
    assert.same({ "started 00:00", "ended 00:10" }, take(watcher, 2))
    script:pass(31 * 86400)
    assert.same({}, take(watcher, 1))
    assert.same({}, take(restart(watcher, { records = { "cr-1" } }), 1))
  end)
end)

describe("the requests of meet.watch", function()
  --- The operations of the second look, sorted.
  local function second_look(options)
    script:at(0, begin_record "cr-1"):at(1, join "Ada"):at(2, join "Bo"):at(3, leave "Bo")
    script:at(4, join "Cecilia"):at(6.5, leave "Ada")
    script:pass(5)
    local watcher <close> = meet.watch(client, options)
    take(watcher, 5)
    script.gateway:clear_log()
    take(watcher, 1)
    local operations = {}
    for _, entry in ipairs(script.gateway.log) do
      operations[#operations + 1] = entry.path:match "v2/(.*)$"
    end
    table.sort(operations)
    return operations
  end

  local ADA = "conferenceRecords/cr-1/participants/Ada/participantSessions"
  local CECILIA = "conferenceRecords/cr-1/participants/Cecilia/participantSessions"
  local FILES = { "conferenceRecords/cr-1/recordings", "conferenceRecords/cr-1/smartNotes",
    "conferenceRecords/cr-1/transcripts" }

  it("are the record, its participants, and sessions of those who were present", function()
    assert.same({ "conferenceRecords/cr-1", "conferenceRecords/cr-1/participants", ADA, CECILIA,
      table.unpack(FILES) }, second_look { records = { "cr-1" } })
  end)

  it("are sessions of those alone whose times have changed, when it is to be cheap", function()
    assert.same({ "conferenceRecords/cr-1", "conferenceRecords/cr-1/participants", ADA,
      table.unpack(FILES) }, second_look { records = { "cr-1" }, cheap = true })
  end)

  it("are one list for each space in place of the record", function()
    assert.same({ "conferenceRecords", "conferenceRecords/cr-1/participants", ADA,
      table.unpack(FILES) }, second_look { spaces = { "space-1" }, cheap = true })
  end)

  it("tell late of a return that a cheap watch did not see", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada"):at(11, leave "Ada"):at(12, rejoin "Ada")
    script:at(20, join "Bo"):at(40, leave "Ada")
    script:pass(2)
    local watcher <close> = meet.watch(client, { records = { "cr-1" }, cheap = true })
    assert.same({ "started 00:00", "joined 00:01 Ada", "joined 00:20 Bo", "left 00:11 Ada",
      "joined 00:12 Ada", "left 00:40 Ada" }, take(watcher, 6))
  end)

  it("keep to the interval", function()
    script:at(0, begin_record "cr-1")
    script:pass(1)
    local watcher <close> = meet.watch(client, { records = { "cr-1" }, interval = 30 })
    take(watcher, 1)
    script:at(320, end_record "cr-1")
    script.gateway:clear_log()
    take(watcher, 1)
    assert.equal(11, #script.gateway:requests "conferenceRecords.get")
  end)
end)

describe("a watcher", function()
  it("is closed by the loop that is left, and then gives nothing", function()
    script:at(0, begin_record "cr-1")
    script:pass(1)
    local watcher, state, control, closing = meet.watch(client, { records = { "cr-1" } })
    for event in watcher, state, control, closing do
      if event.type == "started" then break end
    end
    assert.is_nil(watcher())
    assert.is_true(watcher:close())
  end)

  it("gives a state of its own each time", function()
    script:at(0, begin_record "cr-1")
    script:pass(1)
    local watcher <close> = meet.watch(client, { records = { "cr-1" } })
    local before = watcher:state()
    take(watcher, 1)
    assert.same({}, before.records)
    assert.equal("live", watcher:state().records["conferenceRecords/cr-1"].phase)
  end)

  it("runs in a task, and other tasks meanwhile", function()
    script:at(0, begin_record "cr-1"):at(60, end_record "cr-1")
    script:pass(1)
    script.clock.sleep = function(seconds)
      script:pass(seconds)
      if coroutine.isyieldable() then coroutine.yield() end
    end
    local turns = 0
    local results = assert(client:gather {
      function() return take(meet.watch(client, { records = { "cr-1" } }), 2) end,
      function()
        while script.now < 60 do
          turns = turns + 1
          client:sleep(1)
        end
        return turns
      end,
    })
    assert.same({ "started 00:00", "ended 01:00" }, results[1])
    assert.is_true(turns > 5)
  end)

  it("is for one task at a time", function()
    script:at(0, begin_record "cr-1")
    script.clock.sleep = function(seconds)
      script:pass(seconds)
      if coroutine.isyieldable() then coroutine.yield() end
    end
    local watcher <close> = meet.watch(client, { spaces = { "space-1" } })
    assert.error_matches(function()
      client:gather { function() return watcher() end, function() return watcher() end }
    end, "another task waits for this watcher")
  end)

  it("blames its caller for options that make no sense", function()
    local here = "^spec/core/watch_spec%.lua:%d+: "
    for message, options in pairs {
      ["either 'spaces' or 'records' expected"] = {},
      ["watch: either 'spaces' or 'records'"] = { spaces = { "space-1" }, records = { "cr-1" } },
      ["unknown option 'space'; did you mean 'spaces'"] = { space = { "space-1" } },
      ["option 'spaces': an array of at least one expected"] = { spaces = {} },
      ["option 'records': an array of at least one expected"] = { records = { name = "cr-1" } },
      ["option 'interval': a number of seconds above 0"] = { records = { "cr-1" }, interval = 0 },
      ["option 'interval': number expected"] = { records = { "cr-1" }, interval = "5" },
      ["option 'state': what watcher:state%(%) gave"] = { records = { "cr-1" }, state = {} },
      ["a conference record or its name expected"] = { records = { 5 } },
      ["watch: .*spaces/a/b"] = { spaces = { "spaces/a/b" } },
    } do
      local ok, raised = pcall(function()
        local watcher = meet.watch(client, options)
        return watcher
      end)
      assert.is_false(ok, message)
      assert.matches(here .. ".*" .. message, raised)
    end
  end)
end)
