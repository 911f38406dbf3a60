-- meet.watch: what a space counts from, and how long files are awaited, by the server's clock. The
-- script begins at 10:00.

local conference = require "spec.support.conference"
local core = require "googlemeet.core"
local meet = require "googlemeet"

local begin_record, end_record = conference.begin_record, conference.end_record
local join, text_of = conference.join, conference.text_of

local HOUR = 3600

local script, client, is_down, server

--- A client whose clock is `ahead` of the server's; `has_date`: answers tell the server's time.
local function new_client(ahead, has_date)
  return assert(meet.new {
    api_key = "test-key", retry = false,
    clock = { now = function() return script.now + ahead end, sleep = script.clock.sleep },
    transport = function(request)
      if is_down and is_down(request) then return nil, "no network" end
      local response = script.gateway.transport(request)
      response.headers = response.headers or {}
      if has_date then
        response.headers.Date = os.date("!%a, %d %b %Y %H:%M:%S GMT", server() // 1)
      end
      return response
    end,
  })
end

before_each(function()
  script = conference.new { has_date = true }
  is_down, client = nil, nil
  function server() return script.now end
end)
after_each(function() client:close() end)

--- The events until `seconds` of the script.
local function watch_until(seconds, options)
  local texts, last = {}, script.start + seconds
  options.on_error = function() end
  options.spaces = options.spaces or { "space-1" }
  function options.on_poll() if script.now >= last then error("over", 0) end end
  local watcher <close> = assert(meet.watch(client, options))
  local _, message = pcall(function()
    for event in watcher do texts[#texts + 1] = text_of(event) end
  end)
  assert.equal("over", message)
  return texts
end

local BETWEEN = { "started 01:40", "joined 01:50 Ada", "left 06:40 Ada", "ended 06:40" }

--- A conference that is over as the watch begins (at 50 s), one from 100 to 400 s.
local function write()
  script:at(1, begin_record "cr-0"):at(40, end_record "cr-0")
  script:at(100, begin_record "cr-1"):at(110, join "Ada"):at(400, end_record "cr-1")
  script:pass(50)
end

describe("a watched space counts from the start of the watch", function()
  for what, ahead in pairs { ["is right"] = 0, ["is an hour ahead"] = HOUR,
    ["is an hour behind"] = -HOUR, ["does not count from 1970"] = -1795341600 } do
    it("when no poll succeeds for ten minutes, and the machine's clock " .. what, function()
      write()
      client = new_client(ahead, true)
      function is_down() return script.now < script.start + 600 end
      assert.same(BETWEEN, watch_until(700, {}))
    end)

    it("when it is stopped before the first poll, and the machine's clock " .. what, function()
      write()
      client = new_client(ahead, true)
      local watcher = meet.watch(client, { spaces = { "space-1" } })
      local state = core.decode(core.encode(watcher:state()))
      script:pass(600)
      assert.same(BETWEEN, watch_until(800, { state = state }))
    end)
  end

  it("by the machine's clock where no answer has a date", function()
    write()
    client = new_client(0, false)
    function is_down() return script.now < script.start + 600 end
    assert.same(BETWEEN, watch_until(700, {}))
  end)

  it("or from its first list, where nothing has a date", function()
    write()
    script:at(590, begin_record "cr-2")
    client = new_client(-1795341600, false)
    function is_down() return script.now < script.start + 600 end
    assert.same({ "started 09:50" }, watch_until(700, {}))
  end)

  it("when its code cannot be looked up at first", function()
    write()
    client = new_client(0, true)
    function is_down(request)
      return request.url:find "/spaces/" and script.now < script.start + 600
    end
    assert.same(BETWEEN, watch_until(700, { spaces = { script.space.resource.meetingCode } }))
  end)

  it("that goes on where the state has listed its code, and not its name", function()
    write()
    client = new_client(0, true)
    local code = script.space.resource.meetingCode
    assert.same(BETWEEN, watch_until(700, {
      spaces = { code }, state = { version = 2, spaces = { ["spaces/" .. code] = "" } },
    }))
  end)

  it("when only its own polls fail, and the watch is stopped meanwhile", function()
    write()
    local other = script.gateway:add_space { id = "space-2" }
    script:at(60, begin_record("cr-2", other)):at(61, join("Bo", "cr-2"))
    client = new_client(0, true)
    function is_down(request) return request.url:find "space%-1" end
    local state
    local watcher = meet.watch(client, {
      spaces = { "space-1", other.name }, on_error = function() end,
    })
    for event in watcher do
      state = watcher:state()
      if event.type == "joined" then break end
    end
    watcher:close()
    is_down = nil
    script:pass(600)
    assert.same(BETWEEN, watch_until(script.now - script.start + 60, {
      spaces = { "space-1", other.name }, state = state,
    }))
  end)

  it("when it is new in a watch that is resumed", function()
    write()
    local other = script.gateway:add_space { id = "space-2" }
    client = new_client(0, true)
    local state = meet.watch(client, { spaces = { other.name } }):state()
    script:pass(600)
    script:at(660, begin_record "cr-3")
    assert.same({ "started 11:00" }, watch_until(700, {
      spaces = { other.name, "space-1" }, state = state,
    }))
  end)

  it("without a request for the date when the first poll comes at once", function()
    write()
    client = new_client(0, true)
    local watcher = meet.watch(client, { spaces = { "space-1" }, on_poll = error })
    pcall(watcher)
    assert.equal(1, #script.gateway.log)
  end)

  it("when the date is asked for again, because it has failed", function()
    write()
    client = new_client(0, true)
    function is_down(request)
      return script.now < script.start + (request.url:find "pageSize=1%f[%D]" and 630 or 600)
    end
    assert.same(BETWEEN, watch_until(700, {}))
  end)

  it("when the date is asked for in vain, and then again", function()
    write()
    client = new_client(-1795341600, true)
    function is_down() return script.now < script.start + 600 end
    script.gateway:fail { on = "GET .*pageSize=1%f[%D]", status = 200, body = "<html>" }
    local watcher = meet.watch(client, { spaces = { "space-1" }, on_error = function() end })
    local ok, err = pcall(watcher)
    assert.same({ false, "decode" }, { ok, err.kind })
    assert.equal(BETWEEN[1], text_of(watcher()))
  end)

  it("when a quiet watch is stopped and goes on", function()
    client = new_client(0, true)
    local state
    local watcher = meet.watch(client, {
      spaces = { "space-1" }, on_poll = function(polling)
        state = polling:state()
        error("killed", 0)
      end,
    })
    assert.error_matches(watcher, "^killed$")
    write()
    script:pass(1000)
    assert.same({ "started 00:01", "ended 00:40", table.unpack(BETWEEN) },
      watch_until(1200, { state = state }))
  end)
end)

describe("the files of a record are awaited for ten minutes after its end", function()
  for what, ahead in pairs { ["is right"] = 0, ["is an hour ahead"] = HOUR,
    ["is an hour behind"] = -HOUR, ["does not count from 1970"] = -1795341600 } do
    it("when the machine's clock " .. what, function()
      script:at(1, begin_record "cr-1"):at(40, end_record "cr-1"):at(500, function()
        script.gateway:add_recording("conferenceRecords/cr-1", {
          id = "rec", state = "FILE_GENERATED",
        })
      end)
      script:pass(50)
      client = new_client(ahead, true)
      local texts = {}
      for event in meet.watch(client, { records = { "cr-1" } }) do
        texts[#texts + 1] = text_of(event)
      end
      assert.same({ "started 00:01", "ended 00:40", "recording_ready 00:40" },
        { texts[1], texts[2], texts[3] and texts[3]:gsub(" rec$", "") })
      assert.is_true(script.now < script.start + 800)
    end)
  end

  it("and not any more where it was over before, whatever the machine's clock", function()
    script:at(1, begin_record "cr-1"):at(40, end_record "cr-1")
    script:pass(HOUR)
    client = new_client(HOUR, true)
    for _ in meet.watch(client, { records = { "cr-1" } }) do end
    assert.is_true(script.now < script.start + HOUR + 2)
  end)
end)

describe("the option settle_after", function()
  --- Watch a conference whose transcript is first listed 15 minutes after its end.
  local function events_of(settle_after)
    script:at(1, begin_record "cr-1"):at(40, end_record "cr-1"):at(940, function()
      script.gateway:add_transcript("conferenceRecords/cr-1", {
        id = "late", state = "FILE_GENERATED",
      })
    end)
    script:pass(50)
    client = new_client(0, true)
    local types = {}
    for event in meet.watch(client, { records = { "cr-1" }, settle_after = settle_after }) do
      types[#types + 1] = event.type
    end
    return types, script.now - script.start - 40
  end

  it("is for how long after the end a new file is reported", function()
    local types, seconds = events_of(1000)
    assert.same({ "started", "ended", "transcript_ready" }, types)
    assert.is_true(seconds >= 1000 and seconds < 1100, seconds)
  end)

  it("may be 0: what is listed at the end counts", function()
    local types, seconds = events_of(0)
    assert.same({ "started", "ended" }, types)
    assert.is_true(seconds < 60, seconds)
  end)

  it("is a number of seconds", function()
    client = new_client(0, true)
    for _, wrong in ipairs { -1, 0 / 0 } do
      assert.error_matches(function()
        meet.watch(client, { records = { "cr-1" }, settle_after = wrong })
      end, "watch: option 'settle_after': seconds expected, 0 or more")
    end
  end)
end)
