-- meet.watch: failures, the requests of a poll, and the watcher itself. What it emits is in
-- conference_events_spec and file_events_spec.

local meet = require "googlemeet"
local conference = require "spec.support.conference"
local tree = require "spec.support.tree"

local begin_record, end_record = conference.begin_record, conference.end_record
local join, leave = conference.join, conference.leave
local set_state, take, restart = conference.set_state, conference.take, conference.restart

local script, client

before_each(function() script, client = conference.new() end)
after_each(function() client:close() end)

describe("meet.watch when something fails", function()
  it("goes on after an error that may pass, and reports it to on_error", function()
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

  it("raises an error that does not pass, and can be called again", function()
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

  it("goes on past a conference of a space that always fails, with on_error", function()
    local other = script.gateway:add_space { id = "space-2" }
    for number = 1, 5 do
      local id = "cr-" .. number
      script:at(number * 1000, begin_record(id, other)):at(number * 1000 + 20, end_record(id))
    end
    script:at(10, begin_record "cr-bad"):at(20, end_record "cr-bad")
    local is_bad = true
    script.gateway:fail { status = 403, times = 5000, on = function(request)
      return is_bad and request.url:find("cr-bad/participants", 1, true)
    end }
    local kinds, options = {}, { spaces = { "space-1", "space-2" } }
    function options.on_error(err) kinds[err.kind] = true end
    local watcher <close> = meet.watch(client, options)
    assert.equal(10, #take(watcher, 10))
    assert.same({ permission = true }, kinds)
    local count = 0
    for _ in pairs(watcher:state().records) do count = count + 1 end
    assert.is_true(count <= 2)
    is_bad = false
    assert.same({ "started 00:10", "ended 00:20" }, take(watcher, 2))
  end)

  it("raises what every conference would meet as well", function()
    script:at(0, begin_record "cr-1")
    script:pass(1)
    local watcher <close> = meet.watch(client, {
      spaces = { "space-1" }, on_error = function() end,
    })
    script.gateway:fail { on = "participants.list", status = 401 }
    local ok, err = pcall(watcher)
    assert.same({ false, "auth" }, { ok, err.kind })
    assert.same({ "started 00:00" }, take(watcher, 1))
  end)

  it("raises for a record that does not exist", function()
    local ok, err = pcall(meet.watch(client, { records = { "cr-none" } }))
    assert.is_false(ok)
    assert.equal("not_found", err.kind)
  end)

  it("loses no event of one conference when another one fails", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada")
    script:at(2, begin_record("cr-2", script.gateway:add_space { id = "space-2" }))
    script:pass(3)
    local watcher <close> = meet.watch(client, { records = { "cr-1", "cr-2" } })
    script.gateway:fail { on = "GET .*/cr%-2/participants", status = 403 }
    assert.is_false((pcall(watcher)))
    assert.same({ "started 00:00", "joined 00:01 Ada", "started 00:02" }, take(watcher, 3))
  end)

  it("loses no file of one conference when another one fails", function()
    script:at(0, begin_record "cr-1"):at(1, function()
      script.gateway:add_recording("conferenceRecords/cr-1", { id = "rec-1" })
    end):at(10, end_record "cr-1")
    script:at(20, begin_record("cr-2", script.gateway:add_space { id = "space-2" }))
    script:at(3600, set_state("recordings/rec-1", "FILE_GENERATED"))
    script:pass(30)
    local watcher <close> = meet.watch(client, { records = { "cr-1", "cr-2" }, interval = 90 })
    assert.equal(3, #take(watcher, 3))
    script:pass(4000)
    script.gateway:fail { on = "GET .*/cr%-2/participants", status = 403 }
    assert.is_false((pcall(watcher)))
    assert.same({ "recording_ready 00:20 rec-1" }, take(watcher, 1))
  end)

  it("stops waiting for the files of a record that was deleted", function()
    script:at(0, begin_record "cr-1"):at(10, end_record "cr-1")
    script:pass(20)
    local watcher = meet.watch(client, { records = { "cr-1" } })
    assert.same({ "started 00:00", "ended 00:10" }, take(watcher, 2))
    script:pass(31 * 86400)
    assert.same({}, take(watcher, 1))
    assert.same({}, take(restart(client, watcher, { records = { "cr-1" } }), 1))
  end)
end)

describe("meet.watch without on_error", function()
  --- What a script that watches without a network, or with one that fails, writes and ends with.
  local function run(faults)
    return tree.run(([[%s -e '
      local conference = require "spec.support.conference"
      local script, client = conference.new()
      script:at(0, conference.begin_record "cr-1"):at(100, conference.end_record "cr-1")
      %s
      client = client:with { retry = false }
      local polls = 0
      print(pcall(function()
        local options = { records = { "cr-1" }, on_poll = function() polls = polls + 1 end }
        for event in require "googlemeet".watch(client, options) do print(event.type) end
      end))
      print(polls .. " polls")
    ' 2>&1]]):format(tree.lua(), faults))
  end

  it("writes a line for each kind of failure, and goes on", function()
    assert.equal([[
googlemeet.watch continues after a failure: GET /google-meet/v2/conferenceRecords/cr-1: server ]]
      .. [[(503 UNAVAILABLE): Service Unavailable [try again later]
googlemeet.watch continues after a failure: GET /google-meet/v2/conferenceRecords/cr-1: ]]
      .. [[transport: the request was not sent: dropped by a fault ]]
      .. [[[check the network and the base URL]
started
ended
true
]], (run [[
      script:pass(1)
      script.gateway:fail { status = 503, times = 3 }
      script.gateway:fail { drop = true, times = 3 }
    ]]:gsub("%d+ polls\n$", "")))
  end)

  it("raises in the end where nothing has ever succeeded", function()
    local output = run [[script.gateway:fail { drop = true, times = 1000 }]]
    assert.matches("^googlemeet.watch continues [^\n]+\nfalse\tGET [^\n]+: transport: [^\n]+\n"
      .. "720 polls\n$", output)
  end)
end)

describe("a poll of meet.watch", function()
  --- The operations of the second poll, sorted.
  local function second_poll(options)
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

  it("asks for the record, its participants, sessions of those present, and files", function()
    assert.same({ "conferenceRecords/cr-1", "conferenceRecords/cr-1/participants", ADA, CECILIA,
      table.unpack(FILES) }, second_poll { records = { "cr-1" } })
  end)

  it("asks only for the sessions of participants whose times have changed when `cheap`", function()
    assert.same({ "conferenceRecords/cr-1", "conferenceRecords/cr-1/participants", ADA,
      table.unpack(FILES) }, second_poll { records = { "cr-1" }, cheap = true })
  end)

  it("asks for one list of records for each space in place of the record", function()
    assert.same({ "conferenceRecords", "conferenceRecords/cr-1/participants", ADA,
      table.unpack(FILES) }, second_poll { spaces = { "space-1" }, cheap = true })
  end)

  it("asks for files alone once the end has been emitted", function()
    script:at(0, begin_record "cr-1"):at(10, end_record "cr-1")
    script:pass(20)
    local watcher = meet.watch(client, { records = { "cr-1" } })
    take(watcher, 2)
    script.gateway:clear_log()
    assert.same({}, take(watcher, 1))
    assert.is_true(#script.gateway.log > 0)
    for _, entry in ipairs(script.gateway.log) do
      assert.matches("^/google%-meet/v2/conferenceRecords/cr%-1/%l+", entry.path)
    end
  end)

  it("happens once in an interval", function()
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

describe("watcher:present", function()
  local function names_of(watcher, record)
    local names = {}
    for index, one in ipairs(assert(watcher:present(record or "cr-1"))) do
      names[index] = one:display_name()
    end
    return names
  end

  it("gives who is there by the events that were returned", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada"):at(2, join "Bo"):at(3, leave "Ada")
    script:at(4, conference.rejoin "Ada"):at(60, leave "Bo"):at(90, end_record "cr-1")
    script:pass(5)
    local watcher, seen = meet.watch(client, { records = { "cr-1" } }), {}
    assert.same({}, names_of(watcher))
    for event in watcher do
      seen[#seen + 1] = event.type .. " " .. table.concat(names_of(watcher, event.record), ",")
    end
    assert.same({ "started ", "joined Ada", "joined Ada,Bo", "left Bo", "joined Bo,Ada",
      "left Ada", "left ", "ended " }, seen)
  end)

  it("gives who is there after a restart, before the first poll", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada"):at(2, join "Bo"):at(3, leave "Ada")
    script:pass(5)
    local watcher = meet.watch(client, { records = { "cr-1" } })
    assert.equal(3, #take(watcher, 3))
    watcher = restart(client, watcher, { records = { "cr-1" } })
    script.gateway:clear_log()
    assert.same({ "Ada", "Bo" }, names_of(watcher))
    assert.equal(1, #script.gateway.log)
    assert.same({ "Ada", "Bo" }, names_of(watcher))
    assert.equal(1, #script.gateway.log)
    assert.same({ "left 00:03 Ada" }, take(watcher, 1))
    assert.same({ "Bo" }, names_of(watcher))
  end)

  it("gives nil and an error when they cannot be read", function()
    script:at(0, begin_record "cr-1"):at(1, join "Ada")
    script:pass(5)
    local watcher = meet.watch(client, { records = { "cr-1" } })
    take(watcher, 2)
    watcher = restart(client, watcher, { records = { "cr-1" } })
    script.gateway:fail { on = "participants.list", status = 403 }
    local present, err = watcher:present "cr-1"
    assert.same({ nil, "permission" }, { present, err.kind })
  end)

  it("gives nobody for a record that is not watched, and raises for none", function()
    local watcher = meet.watch(client, { records = { "cr-1" } })
    assert.same({}, watcher:present "cr-2")
    for _, record in ipairs { 5, "a/b", {} } do
      local _, raised = pcall(function() watcher:present(record) end)
      assert.matches("^spec/unit/watch/watcher_spec%.lua:%d+: watcher:present: ", raised)
    end
  end)
end)

describe("a watcher", function()
  it("is closed when its loop is left, and then gives nothing", function()
    script:at(0, begin_record "cr-1")
    script:pass(1)
    local watcher, state, control, closing = meet.watch(client, { records = { "cr-1" } })
    for event in watcher, state, control, closing do
      if event.type == "started" then break end
    end
    assert.is_nil(watcher())
    assert.is_true(watcher:close())
  end)

  it("sends nothing more when it is closed while it waits", function()
    script:at(0, begin_record "cr-1")
    script:pass(1)
    local watcher = meet.watch(client, { records = { "cr-1" } })
    take(watcher, 1)
    script.gateway:clear_log()
    script:at(3, function() watcher:close() end)
    assert.is_nil(watcher())
    assert.equal(0, #script.gateway.log)
  end)

  it("calls on_poll after each poll, before the events of the poll", function()
    script:at(0, begin_record "cr-1"):at(12, join "Ada"):at(13, leave "Ada")
    script:pass(1)
    local calls = {}
    local watcher <close> = meet.watch(client, {
      records = { "cr-1" }, on_poll = function(polling)
        local row = polling:state().records["conferenceRecords/cr-1"]
        calls[#calls + 1] = row and (next(row.present) or next(row.gone) or "nobody") or "nothing"
      end,
    })
    assert.same({ "started 00:00", "joined 00:12 Ada", "left 00:13 Ada" }, take(watcher, 3))
    assert.same({ "nothing", "nobody", "nobody", "nobody" }, calls)
  end)

  it("loses no event when on_poll raises", function()
    script:at(0, begin_record "cr-1")
    script:pass(1)
    local calls = 0
    local watcher <close> = meet.watch(client, {
      records = { "cr-1" }, on_poll = function()
        calls = calls + 1
        if calls == 1 then error("the disk is full", 0) end
      end,
    })
    assert.error_matches(watcher, "^the disk is full$")
    assert.same({ "started 00:00" }, take(watcher, 1))
  end)

  it("gives each event the space as the caller named it", function()
    local other = script.gateway:add_space { id = "space-2", code = "abc-defg-hij" }
    script:at(1, begin_record "cr-1"):at(2, begin_record("cr-2", other)):at(3, join("Ada", "cr-2"))
    local space = assert(client.spaces:get "space-1")
    local watcher <close> = meet.watch(client, {
      spaces = { "https://meet.google.com/ABC-defg-hij", space, "spaces/space-2" },
    })
    local rooms = {}
    for _ = 1, 3 do rooms[#rooms + 1] = watcher().room end
    assert.same({ space, "https://meet.google.com/ABC-defg-hij",
      "https://meet.google.com/ABC-defg-hij" }, rooms)
    local of_records <close> = meet.watch(client, { records = { "cr-2" } })
    assert.is_nil(of_records().room)
  end)

  it("gives nil and an error for a state that is none, or is older", function()
    for message, state in pairs {
      ["option 'state': its version is 1, not 2"] = { version = 1, spaces = {}, records = {} },
      ["option 'state': its version is nil, not 2"] = {},
      ["option 'state': x is not the name of a conference record"] = {
        version = 2, records = { x = { phase = "live" } },
      },
    } do
      local watcher, err = meet.watch(client, { records = { "cr-1" }, state = state })
      assert.is_nil(watcher)
      assert.same({ "decode", message }, { err.kind, err.message })
      assert.matches("start without 'state'", err.hint)
    end
  end)

  it("gives a new copy of its state each time", function()
    script:at(0, begin_record "cr-1")
    script:pass(1)
    local watcher <close> = meet.watch(client, { records = { "cr-1" } })
    local before = watcher:state()
    take(watcher, 1)
    assert.same({}, before.records)
    assert.equal("live", watcher:state().records["conferenceRecords/cr-1"].phase)
  end)

  it("lets other tasks run while it waits in a task", function()
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

  it("raises for a second task that waits for it", function()
    script:at(0, begin_record "cr-1")
    script.clock.sleep = function(seconds)
      script:pass(seconds)
      if coroutine.isyieldable() then coroutine.yield() end
    end
    local watcher <close> = meet.watch(client, { spaces = { "space-1" } })
    assert.error_matches(function()
      client:gather { function() return watcher() end, function() return watcher() end }
    end, "another task is waiting for this watcher")
  end)

  it("raises without a client at the caller's line", function()
    for _, given in ipairs { false, "key", { spaces = { "space-1" } } } do
      local raised = select(2, pcall(function()
        local watcher = meet.watch(given or nil, { spaces = { "space-1" } })
        return watcher
      end))
      assert.matches("watcher_spec%.lua:%d+: watch: a client expected, got %l+$", raised)
    end
  end)

  it("raises for a misused option at the caller's line", function()
    local here = "^spec/unit/watch/watcher_spec%.lua:%d+: "
    for message, options in pairs {
      ["either 'spaces' or 'records' expected"] = {},
      ["watch: either 'spaces' or 'records'"] = { spaces = { "space-1" }, records = { "cr-1" } },
      ["unknown option 'space'; did you mean 'spaces'"] = { space = { "space-1" } },
      ["option 'spaces': non%-empty array expected"] = { spaces = {} },
      ["option 'spaces': non%-empty array expected$"] = { spaces = { "sp-1", nil, "sp-2" } },
      ["option 'records': non%-empty array expected"] = { records = { name = "cr-1" } },
      ["option 'interval': seconds above 0"] = { records = { "cr-1" }, interval = 0 },
      ["option 'interval': number expected"] = { records = { "cr-1" }, interval = "5" },
      ["option 'state': table expected"] = { records = { "cr-1" }, state = "{}" },
      ["option 'on_poll': function expected"] = { records = { "cr-1" }, on_poll = true },
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
