-- meet.watch across stops: two spaces with 18 conferences and 500 events. Requests take time and
-- fail, lists shift while they are read, and the machine's clock is an hour ahead of the server's.

local core = require "googlemeet.core"
local conference = require "spec.support.conference"
local meet = require "googlemeet"
local shifting = require "spec.support.shifting"

local HOUR = 3600
local MOST_PROCESSES = 3000
local DOWN = 100 -- seconds without a network, from the start on

local script, client, drawn, expected, processes

local function draw(count)
  drawn = (drawn * 1103515245 + 12345) % 2147483648
  return (drawn >> 8) % count
end

--- Expect what happens at a moment of the script.
local function expect(type, seconds, who)
  expected[("%s %s %s"):format(type, conference.time(seconds), who)] = true
end

--- Write a conference of `people` who come and go, from `from` to `to`, into the script.
local function write_conference(id, space, people, from, to)
  local record = "conferenceRecords/" .. id
  script:at(from, conference.begin_record(id, space))
  expect("started", from, id)
  for number = 1, people do
    local at, name, seconds = nil, ("%s-p%d"):format(id, number), from
    while true do
      seconds = seconds + 0.1 + draw(240) / 10
      local leaves = seconds + 0.1 + draw(200) / 10
      if leaves >= to then break end
      local node = ("%s/participants/%s"):format(record, name)
      local stay, is_first = { conference.time(seconds), conference.time(leaves) }, at == nil
      script:at(seconds, function()
        if is_first then return conference.join(name, id)(stay[1], script) end
        script.gateway:add_session(node, { start_time = stay[1] })
      end)
      script:at(leaves, function() script.gateway:leave(node, stay[2]) end)
      expect("joined", seconds, name)
      expect("left", leaves, name)
      at, seconds = seconds, leaves
    end
  end
  script:at(from + 1, function()
    script.gateway:add_recording(record, { id = id })
  end)
  script:at(to, conference.end_record(id))
  script:at(to + 100, function()
    script.gateway:set_state(("%s/recordings/%s"):format(record, id), "FILE_GENERATED")
  end)
  expect("ended", to, id)
  expected["recording_ready " .. id] = true
end

--- Begin a world: a conference that is over, one that runs, one during the failures, and others.
local function begin_world(seed)
  script, drawn, expected, processes = conference.new { has_date = true }, seed, {}, 0
  local other = script.gateway:add_space { id = "space-2", code = "abc-defg-hij" }
  script:at(0, conference.begin_record("cr-old")):at(10, conference.end_record "cr-old")
  write_conference("cr-a1", script.space, 3, 20, 220)
  write_conference("cr-b1", other, 2, 60, 140) -- it ends before the first answer
  for number = 2, 9 do
    write_conference("cr-a" .. number, script.space, 3, number * 220, number * 220 + 130)
    write_conference("cr-b" .. number, other, 3, number * 220 + 120, number * 220 + 210)
  end
  script:pass(50)
  script.up = script.now + DOWN
end

--- What an event is expected as.
local function text_of(event)
  if event.recording then return "recording_ready " .. meet.name.id(event.recording) end
  return ("%s %s %s"):format(event.type, event.time,
    meet.name.id(event.participant or event.record))
end

--- What happens before a request: it takes time, and now and then fails, or the process is killed.
local function hinder(kills)
  script:pass(0.02)
  if kills > 0 and draw(kills) == 0 then error("killed", 0) end
  if script.now < script.up then return nil, "no network" end
  local fault = draw(100)
  if fault == 0 then return { status = 503, body = "{}" } end
  if fault == 1 then return { status = 429, headers = { ["Retry-After"] = "3" }, body = "{}" } end
  if fault == 2 then return nil, "the line is dead" end
end

local function new_client(kills)
  local transport = shifting.over(script.gateway.transport, 2, function() return hinder(kills) end)
  return assert(meet.new {
    api_key = "test-key", rate = false, retry = false,
    clock = { now = function() return script.now + HOUR end, sleep = script.clock.sleep },
    transport = function(request)
      local response, message = transport(request)
      if response then
        response.headers = response.headers or {}
        response.headers.Date = os.date("!%a, %d %b %Y %H:%M:%S GMT", script.now // 1)
      end
      return response, message
    end,
  })
end

--- Watch until all that is expected was emitted, and for a while after it. The state is stored at
-- the start, after each poll and after each event: `may_stop(place)` says whether the process ends
-- there.
local function watch(may_stop, kills)
  local file, emitted, quiet = nil, {}, 0
  local function store(watcher, place)
    file = core.encode(watcher:state())
    if may_stop(place) then error("stopped", 0) end
  end
  client = new_client(kills)
  local function run()
    processes = processes + 1
    assert(processes < MOST_PROCESSES, "it does not come to an end")
    local watcher <close> = assert(meet.watch(client, {
      spaces = { "abc-defg-hij", script.space.name }, on_error = function() end,
      state = file and core.decode(file), on_poll = function(watcher)
        quiet = next(expected) and 0 or quiet + 1
        if quiet > 50 then error("over", 0) end
        store(watcher, "poll")
      end,
    }))
    store(watcher, "start")
    for event in watcher do
      local text = text_of(event)
      assert(not emitted[text], text .. " was emitted twice")
      assert(expected[text], text .. " has not happened")
      assert.equal(text:find "cr%-a" and script.space.name or "abc-defg-hij", event.room)
      expected[text], emitted[text] = nil, true
      emitted[#emitted + 1] = text
      store(watcher, "event")
    end
  end
  local message
  repeat message = select(2, pcall(run)) until message ~= "stopped" and message ~= "killed"
  assert.equal("over", message)
  return emitted
end

after_each(function() client:close() end)

describe("meet.watch", function()
  it("emits 500 events, each once, while requests fail and lists shift", function()
    begin_world(1)
    local emitted = watch(function() return false end, 0)
    assert.is_true(#emitted >= 500, #emitted)
    assert.equal(1, processes)
  end)

  it("emits 500 events, each once, when it is stopped before the first and at every one", function()
    begin_world(2)
    local emitted = watch(function(place)
      return place == "event" or processes < 5 and place == "start" or draw(20) == 0
    end, 1000)
    assert.is_true(#emitted >= 500 and processes > 500, processes)
  end)
end)
