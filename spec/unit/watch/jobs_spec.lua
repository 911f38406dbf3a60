-- Two jobs of a script that watches, as the manual teaches them: a bot that posts transcripts, an
-- alarm for full rooms. Processes end where they like; what is stored is all that the next one has.

local cjson = require "cjson"
local conference = require "spec.support.conference"
local meet = require "googlemeet"

local script, client, file, until_when

before_each(function()
  script, client = conference.new { has_date = true }
  file, until_when = {}, nil
  local sleep = script.clock.sleep
  function script.clock.sleep(seconds)
    sleep(seconds)
    if until_when and script.now - script.start >= until_when then error("killed", 0) end
  end
end)
after_each(function() client:close() end)

--- Run a process until a moment of the script; its end is a kill.
local function run(process, seconds, ...)
  until_when = seconds
  local ok, message = pcall(process, ...)
  assert.same({ false, "killed" }, { ok, message })
end

--- Watch spaces, and store what the next process needs.
local function watch(spaces, handle)
  local function store(watcher) file.text = cjson.encode(watcher:state()) end
  local watcher <close> = assert(meet.watch(client, {
    spaces = spaces, state = file.text and cjson.decode(file.text), on_poll = store,
  }))
  store(watcher)
  for event in watcher do
    handle(event, watcher)
    store(watcher)
  end
end

describe("a bot that posts transcripts", function()
  local posts

  local function bot(post)
    watch({ script.space.resource.meetingUri }, function(event)
      if event.type ~= "transcript_ready" then return end
      local report = assert(event.transcript:read())
      post(meet.name.id(event.record) .. "\n" .. report:render "text")
    end)
  end

  local function post(text) posts[#posts + 1] = text end

  --- A conference of a minute, in which `text` is said; the transcript is there 100 s later.
  local function write(id, from, text)
    local name = "conferenceRecords/" .. id
    script:at(from, conference.begin_record(id)):at(from + 1, conference.join("Ada", id))
    script:at(from + 2, function(now)
      local transcript = script.gateway:add_transcript(name, { id = "t", start_time = now })
      script.gateway:add_entry(transcript, {
        participant = name .. "/participants/Ada", text = text, start_time = now,
      })
    end)
    script:at(from + 60, conference.end_record(id)):at(from + 160, function()
      script.gateway:set_state(name .. "/transcripts/t", "FILE_GENERATED")
    end)
  end

  before_each(function() posts = {} end)

  it("posts each one once, whenever it is killed", function()
    for number = 1, 5 do
      write("cr-" .. number, number * 300, ("This is number %d."):format(number))
    end
    for seconds = 10, 2200, 95 do
      run(bot, seconds, post)
      script:pass(20) -- nobody watches
    end
    assert.equal(5, #posts)
    for number, text in ipairs(posts) do
      assert.matches(("^cr%%-%d\n.*Ada.*This is number %d%%."):format(number, number), text)
    end
  end)

  it("posts again what it was killed in the middle of", function()
    write("cr-1", 10, "Hello.")
    local tries = 0
    run(bot, 1000, function()
      tries = tries + 1
      error("killed", 0)
    end)
    run(bot, 1000, post)
    run(bot, 1500, post)
    assert.same({ 1, 1 }, { tries, #posts })
  end)
end)

describe("an alarm for rooms with more than three people", function()
  it("goes off once each time, across restarts", function()
    local rooms, alarms = { "abc-defg-hij", "klm-nopq-rst", "uvw-xyza-bcd" }, {}
    local function alarm()
      local is_full = {}
      watch(rooms, function(event, watcher)
        local count = #assert(watcher:present(event.record))
        if event.type == "joined" and count == 4 and not is_full[event.room] then
          alarms[#alarms + 1] = ("%s %s"):format(event.room, event.time:sub(12, 19))
        end
        is_full[event.room] = count > 3
      end)
    end
    for number, code in ipairs(rooms) do
      local id, space = "cr-" .. number, script.gateway:add_space { code = code }
      script:at(number, conference.begin_record(id, space))
      for person = 1, number + 1 do -- 2, 3 and 4 people
        script:at(number * 60 + person * 20, conference.join("p" .. person, id))
      end
    end
    script:at(400, conference.join("late", "cr-2")):at(500, conference.join("last", "cr-1"))
    for seconds = 25, 900, 50 do run(alarm, seconds) end
    assert.same({ "uvw-xyza-bcd 10:04:20", "klm-nopq-rst 10:06:40" }, alarms)
  end)
end)
