-- Everyday jobs, each a script as somebody writes it who has read lua/README.md and nothing else.

local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local tree = require "spec.support.tree"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z; a real script has os.time()
local NOVEMBER = {
  start_time = { from = "2026-11-01T00:00:00Z", before = "2026-12-01T00:00:00Z" }, ended = true,
}

--- A seeded account, a clock that only waiting moves, and a client.
local function open(options)
  local clock = made_up_clock()
  local gateway = meet.testing.gateway { now = NOW, clock = clock.now, limits = true }
  local seeded = gateway:seed(options)
  local client = assert(meet.new {
    api_key = "test-key", transport = gateway.transport, clock = clock,
  })
  return client, gateway, clock, seeded
end

describe("A script from the manual alone", function()
  it("makes a meeting that records, transcribes and takes notes, with two cohosts", function()
    local client <close>, gateway = open()

    local space = assert(client.spaces:create { config = {
      artifactConfig = {
        recordingConfig = { autoRecordingGeneration = "ON" },
        transcriptionConfig = { autoTranscriptionGeneration = "ON" },
        smartNotesConfig = { autoSmartNotesGeneration = "ON" },
      },
    } })
    for _, email in ipairs { "bo@example.com", "cecilia@example.com" } do
      assert(client.members:create(space, { email = email, role = "COHOST" }))
    end

    local roles = {}
    for member in space:members() do roles[#roles + 1] = member.email .. " " .. member.role end
    table.sort(roles)
    assert.same({ "bo@example.com COHOST", "cecilia@example.com COHOST" }, roles)
    assert.same({
      recordingConfig = { autoRecordingGeneration = "ON" },
      transcriptionConfig = { autoTranscriptionGeneration = "ON" },
      smartNotesConfig = { autoSmartNotesGeneration = "ON" },
    }, gateway:find(space.name).resource.config.artifactConfig)
  end)

  it("lists last week's conferences of a link, with duration and people", function()
    local client <close> = open()
    local lines = {}

    local space = assert(client.spaces:get "https://meet.google.com/hpk-vtwd-ens")
    local week = { start_time = { from = "2026-11-15T00:00:00Z", before = "2026-11-22T00:00:00Z" },
      ended = true }
    for record in space:conference_records { filter = week } do
      local seconds = meet.time.parse(record.endTime) - meet.time.parse(record.startTime)
      local people = assert(record:participants():all())
      lines[#lines + 1] = ("%s %d min, %d people"):format(record.startTime:sub(1, 10),
        seconds // 60, #people)
    end

    assert.same({ "2026-11-20 1 min, 0 people", "2026-11-15 47 min, 8 people" }, lines)
  end)

  it("writes one CSV over all conferences of a space", function()
    local client <close> = open()

    local records = client.conference_records:list { filter = { space = "hpk-vtwd-ens" } }
    local reports = assert(client:map(records, function(record) return record:attendance() end))
    local csv = meet.attendance.merge(reports):render "csv"

    local lines = {}
    for line in csv:gmatch "[^\r\n]+" do lines[#lines + 1] = line end
    assert.matches("^display_name,kind,user,.*,2026%-11%-15T09:00:00%.120388Z,2026%-11%-20T",
      lines[1])
    assert.equal("Ada Bergqvist,signed_in,users/117204560098712353597,4,5,8025.917175,,"
      .. "1750.783435,1750.783435,1750.783435,2773.56687,", lines[3])
    assert.equal(10, #lines)
  end)

  it("sums up the talk time of a month", function()
    local client <close> = open()

    local records = client.conference_records:list { filter = NOVEMBER }
    local reports = assert(client:map(records, function(record) return record:transcript() end))
    local lines = {}
    for row in meet.talk_time.merge(reports):rows() do
      lines[#lines + 1] = ("%s %.3f in %d"):format(row.speaker, row.seconds, row.conferences)
    end

    assert.equal("Ada Bergqvist 946.820 in 6", lines[1])
    assert.equal("+46 8 58* *** ** 55.694 in 1", lines[#lines])
  end)

  describe("that keeps the transcripts of a month", function()
    local folder

    before_each(function() folder = tree.temporary() end)
    after_each(function() tree.remove(folder) end)

    local function exists(path)
      local file <close> = io.open(path)
      return file ~= nil
    end

    --- Write those that are not there yet, each as a whole.
    local function keep(client)
      for record in client.conference_records:list { filter = NOVEMBER } do
        local path = folder .. "/" .. meet.name.id(record) .. ".md"
        local transcript = not exists(path) and record:transcripts():first()
        if transcript and transcript.state == "FILE_GENERATED" then
          local report = assert(record:transcript { merge = 10 })
          local file = assert(io.open(path .. ".new", "w"))
          assert(file:write(report:render "markdown"))
          assert(file:close())
          assert(os.rename(path .. ".new", path))
        end
      end
    end

    it("goes on where it was cut short", function()
      local client <close>, gateway = open()
      gateway:fail { status = 403, on = function(request)
        return request.url:find("cr-webinar-19be/transcripts/tr-1/entries", 1, true)
      end }
      local is_whole, problem = pcall(keep, client)
      assert.is_false(is_whole)
      assert.matches("permission %(403", tostring(problem))
      local first = tree.lines("ls " .. folder)
      assert.same({ "cr-customer-5d02.md", "cr-planning-7f3a.md" }, first)

      gateway:clear_log()
      keep(client)
      for _, entry in ipairs(gateway:requests "conferenceRecords.transcripts.list") do
        assert.not_matches("planning%-7f3a", entry.path) -- it is there
      end
      assert.same({ "cr-customer-5d02.md", "cr-planning-2.md", "cr-planning-3.md",
        "cr-planning-7f3a.md", "cr-webinar-19be.md" }, tree.lines("ls " .. folder))
      assert.matches("^%*%*Ada Bergqvist%*%* %(00:00:01%): Let me share my screen",
        tree.read(folder .. "/cr-planning-7f3a.md"))
    end)
  end)

  it("ends conferences at six o'clock", function()
    local client <close>, gateway = open()
    local done = {}

    client:sleep(meet.time.parse "2026-11-22T18:00:00Z" - NOW)
    for _, link in ipairs { "ruj-mzpa-wce", "dva-oqhm-zsr", "gxe-pnyi-fto" } do
      local ended, how = client.spaces:end_active_conference(link)
      done[#done + 1] = link .. " " .. (ended and (how or "ended") or how.kind)
    end

    assert.same({ "ruj-mzpa-wce ended", "dva-oqhm-zsr idle", "gxe-pnyi-fto permission" }, done)
    assert.matches("^2026%-11%-22T18:00:0",
      gateway:find("conferenceRecords/cr-live-41c0").resource.endTime)
  end)

  it("works on two accounts", function()
    local client <close> = open { accounts = 2 }

    local latest = {}
    for connection in client.connections:list { status = "ACTIVE" } do
      local one <close> = assert(client:with { connection = connection.connection_id })
      local record = assert(one.conference_records:list():first())
      latest[#latest + 1] = meet.name.id(record)
    end

    assert.same({ "cr-live-41c0", "cr-20261120-49b70a" }, latest)
  end)

  describe("that makes 60 spaces, and is killed now and then", function()
    local client, gateway, clock, killed_at

    --- lua/README.md, "A journal of writes".
    local function hold_back(event)
      if event.type == "wait" or event.type == "retry" then error { seconds = event.seconds } end
    end

    local function create(prompt, note)
      while true do
        note "sending"
        local is_whole, space, err = pcall(prompt.spaces.create, prompt.spaces)
        if is_whole then return space, err end
        if type(space) ~= "table" or not space.seconds then error(space, 0) end
        note "waiting"
        prompt:sleep(space.seconds)
      end
    end

    --- The script: `journal` is what it has on disk, a row for each title.
    local function run(journal)
      local prompt <close> = assert(client:with { on_event = hold_back })
      for number = 1, 60 do
        if journal[number] == nil or journal[number] == "waiting" then
          local space = assert(create(prompt, function(state) journal[number] = state end))
          journal[number] = space.name
        end
      end
    end

    --- Die once at a place, as by a kill: nothing is written any more.
    local function die_at(place)
      if killed_at[place] then
        killed_at[place] = nil
        error("killed", 0)
      end
    end

    before_each(function()
      local now, sleep
      client, gateway, clock = open()
      now, sleep = clock.now, clock.sleep
      client:close()
      local count = 0
      client = assert(meet.new {
        api_key = "test-key",
        clock = { now = now, sleep = function(seconds)
          sleep(seconds / 2)
          die_at("half a wait after " .. count)
          sleep(seconds / 2)
        end },
        transport = function(request)
          die_at("before " .. count + 1)
          local answer = gateway.transport(request)
          count = count + 1
          die_at("after " .. count)
          return answer
        end,
      })
    end)
    after_each(function() client:close() end)

    it("is in doubt about those alone that were under way", function()
      killed_at = { ["before 7"] = true, ["half a wait after 9"] = true, ["after 15"] = true,
        ["half a wait after 39"] = true }
      local journal, kills = {}, 0
      local function lives()
        local is_alive, problem = pcall(run, journal)
        assert(is_alive or problem == "killed", tostring(problem))
        return is_alive
      end
      while not lives() do
        kills = kills + 1
        assert(kills <= 4)
      end
      assert.equal(4, kills)
      local names, unknown = {}, {}
      for number, state in ipairs(journal) do
        if state == "sending" then unknown[#unknown + 1] = number else names[state] = true end
      end
      assert.equal(60, #journal)
      assert.same({ 7, 16 }, unknown)
      local made = 0
      for _ in pairs(names) do made = made + 1 end
      assert.equal(58, made) -- each row has its own space
      assert.equal(59, #gateway:requests "spaces.create") -- the other is the one of row 16
      for _, entry in ipairs(gateway.log) do assert.equal(200, entry.status) end
    end)
  end)

  it("finds no-shows, with people on two devices and on the phone", function()
    local client <close>, gateway = open()
    local function at(minute) return NOW - 7200 + minute * 60 end
    local made = gateway:add_record { space = gateway:add_space(), start_time = at(0),
      end_time = at(60) }
    local function join(name, kind, user, from, to)
      gateway:add_participant(made, { display_name = name, kind = kind, user = user,
        sessions = { { start_time = at(from), end_time = at(to) } } })
    end
    join("Ada Bergqvist", "signed_in", "users/1", 0, 60)
    join("Ada Bergqvist", "signed_in", "users/1", 10, 50) -- her phone, beside it
    join("bo  moreau", "anonymous", nil, 5, 60)
    join("+46 70* *** **", "phone", nil, 0, 30)

    local record = assert(client.conference_records:get(made.name))
    local report = assert(record:attendance {
      expected = {
        "Ada Bergqvist", "Bo Moreau", "Farid Dubois", ["+46 70* *** **"] = "Elin Meyer",
      },
    })
    local minutes = {}
    for row in report:rows() do minutes[row.display_name] = row.seconds // 60 end

    assert.same({ "Farid Dubois" }, report.missing)
    assert.same({ ["Ada Bergqvist"] = 60, ["bo  moreau"] = 55, ["+46 70* *** **"] = 30 }, minutes)
  end)

  describe("that makes fifty reads at once", function()
    local names = {}
    for index = 1, 50 do names[index] = "cr-planning-7f3a" end

    it("has what came within three seconds", function()
      local client <close>, _, clock = open()
      local results, errors = client:map(names, function(name)
        return client.conference_records:get(name)
      end, { collect = true, deadline = 3, concurrency = 50 })

      local good, late = 0, 0
      for index = 1, 50 do
        if results[index] then good = good + 1 end
        if errors[index] and errors[index].kind == "deadline" then late = late + 1 end
      end
      assert.same({ 30, 20 }, { good, late })
      assert.is_true(clock.now() <= 3)
    end)

    it("ends in its own loop those that are not answered", function()
      local gateway = meet.testing.gateway { now = NOW }
      gateway:seed()
      local asked, found = 0, 0
      local client <close> = assert(meet.new { api_key = "test-key", rate = false,
        transport = function(request) -- in place of a network that answers the first thirty
          asked = asked + 1
          while asked > 30 do coroutine.yield() end
          return gateway.transport(request)
        end })
      local task = client:submit(client.map, client, names, function(name)
        local record, err = client.conference_records:get(name)
        if record then found = found + 1 end
        return record, err
      end, { concurrency = 50 })
      local ends = client:now() + 0.2
      while client:step(0) and client:now() < ends do
        client:poll_set() -- what the loop would wait for
      end
      task:cancel()

      assert.same({ 50, 30 }, { asked, found })
      local _, err, partial = task:result()
      assert.equal("cancelled", err.kind)
      assert.equal(30, #partial)
      assert.is_false(client:step(0)) -- nothing is left
    end)
  end)

  it("keeps the notes of a month as Markdown, and one recording", function()
    local client <close>, gateway = open()
    local path, notes, waiting = os.tmpname(), {}, 0

    for record in client.conference_records:list { filter = NOVEMBER } do
      for note in record:smart_notes() do
        local text, err = note:text { format = "markdown" }
        if text then
          notes[#notes + 1] = text
        elseif err.kind == "not_found" then
          waiting = waiting + 1
        else
          error(err)
        end
      end
    end
    local record = assert(client.conference_records:get "cr-planning-7f3a")
    local video = assert(assert(record:recordings():first()):download(path))

    assert.same({ 1, 1 }, { #notes, waiting })
    assert.matches("^# Notes\n.*\n# Transcript\n", notes[1])
    assert.equal(#tree.read(path), video.bytes)
    assert.matches("^%x+$", video.sha256)
    assert.equal(1, #gateway:requests "drive.files.export")
    os.remove(path)
  end)

  describe("that is tested with faults", function()
    --- What a user wrote: how many came, or what to tell people.
    local function count(client, name)
      local people, err = client.participants:list(name):all()
      if people then return #people end
      return err.kind == "permission" and "not ours" or "try later"
    end

    for _, case in ipairs {
      { "trouble that ends", { status = 503, times = 2 }, 8, 3 },
      { "a socket that is lost", { drop = true }, 8, 2 },
      { "a refusal for half a minute", { status = 429, headers = { ["Retry-After"] = 30 } }, 8, 2 },
      { "trouble that stays", { status = 503, times = 9 }, "try later", 5 },
      { "a conference of others", { status = 403 }, "not ours", 1 },
      { "a page of a proxy", { status = 502, shape = "html", times = 9 }, "try later", 5 },
    } do
      it("knows what to do about " .. case[1], function()
        local client <close>, gateway, clock = open()
        case[2].on = "participants.list"
        gateway:fail(case[2])
        assert.equal(case[3], count(client, "cr-planning-7f3a"))
        assert.equal(case[4], #gateway:requests "conferenceRecords.participants.list")
        if case[2].status == 429 then assert.is_true(clock.now() >= 30) end
      end)
    end
  end)
end)
