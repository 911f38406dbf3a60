--- What examples do besides what examples/README.md shows, which console_spec compares.

local make_clock = require "spec.support.clock"
local meet = require "googlemeet"
local served = require "spec.support.served"
local tree = require "spec.support.tree"

local MOST <const> = 39 -- lines
local NOW <const> = 1795341600 -- 2026-11-22T10:00:00Z
local PLANNING <const> = "cr-planning-7f3a"

--- Arguments of those that need some.
local ARGUMENTS = {
  ["archive_search.lua"] = "/tmp/none.db roadmap", ["attendance_series.lua"] = "hpk-vtwd-ens",
  ["captions.lua"] = PLANNING, ["recording.lua"] = PLANNING .. " /tmp/none.mp4",
  ["transcript_markdown.lua"] = PLANNING, ["wait_for_transcript.lua"] = PLANNING,
  ["watch_meeting.lua"] = "hpk-vtwd-ens /tmp/none.json",
}

--- The names of the examples, without those of hosts/.
local function examples()
  local found = {}
  for _, path in ipairs(tree.find("examples", "*.lua")) do
    found[#found + 1] = path:match "^examples/([^/]+)$"
  end
  assert(#found > 0)
  return found
end

--- Run an example in this state, with a gateway as its account. Give all that it printed, its error
-- too, and whether it ended normally.
---@param arguments? string[]
local function run_on(gateway, name, arguments, clock)
  local printed = {}
  local function write(_, ...)
    for _, word in ipairs { ... } do printed[#printed + 1] = tostring(word) end
  end
  local stream = { write = write, flush = function() return true end, setvbuf = function() end }
  local face = setmetatable({
    new = function(given)
      local copy = {
        api_key = "test-key", transport = gateway.transport, clock = clock or make_clock(),
      }
      for key, value in pairs(given or {}) do copy[key] = value end
      return meet.new(copy)
    end,
  }, { __index = meet })
  local names = {
    require = function(module) return module == "googlemeet" and face or require(module) end,
    print = function(...)
      local words = table.pack(...)
      for index = 1, words.n do words[index] = tostring(words[index]) end
      write(stream, table.concat(words, "\t"), "\n")
    end,
    arg = arguments or {},
    io = setmetatable({
      write = function(...) write(stream, ...) end, stdout = stream, stderr = stream,
    }, { __index = io }),
    os = setmetatable({
      time = function(fields) return fields and os.time(fields) or NOW end,
    }, { __index = os }),
  }
  local run = assert(loadfile("examples/" .. name, "t", setmetatable(names, { __index = _G })))
  local ok, problem = pcall(run)
  if not ok then write(stream, tostring(problem)) end
  return table.concat(printed), ok
end

--- A gateway with the demo account.
local function seeded()
  local gateway = meet.testing.gateway { now = NOW }
  return gateway, gateway:seed()
end

--- A folder for the files of a run, removed at the end of the block that holds it.
local function temporary()
  local folder = tree.temporary()
  return folder, setmetatable({}, { __close = function() tree.remove(folder) end })
end

describe("an example", function()
  it("is short, says at its head what it does, and needs no file but the module", function()
    for _, path in ipairs(tree.find("examples", "*.lua")) do
      local text = tree.read(path)
      local _, lines = text:gsub("\n", "")
      assert(lines <= MOST, ("%s has %d lines"):format(path, lines))
      assert(text:find "^%-%- %u", path)
      assert(not text:find "package%.path" and not text:find "googlemeet%.core", path)
    end
  end)

  it("has its output in examples/README.md", function()
    local text = tree.read "examples/README.md"
    for _, name in ipairs(examples()) do
      assert(text:find("\n$ lua5.4 examples/" .. name, 1, true), name)
      assert(text:find("(" .. name .. ")", 1, true), name)
    end
  end)

  it("ends with one line on standard error and status 1 when a call fails", function()
    for _, name in ipairs(examples()) do
      local output, ok = tree.run(("env -u MATON_API_KEY %s examples/%s %s 2>&1 >/dev/null"):format(
        tree.lua(), name, ARGUMENTS[name] or ""))
      if name ~= "test_with_fake.lua" then
        assert.is_false(ok, name)
        assert.matches("^[^\n]*config: no API key: [^\n]*MATON_API_KEY[^\n]*\n$", output)
      end
    end
  end)

  it("says how it is used when arguments are missing, and requests nothing then", function()
    for name in pairs(ARGUMENTS) do
      local gateway = seeded()
      local output, ok = run_on(gateway, name)
      assert.is_false(ok)
      assert.matches("^usage: lua5%.4 " .. name:gsub("%p", "%%%0") .. " %u[%u%[%] ]*$",
        (output:gsub("^examples/[^ ]+ ", "")))
      assert.equal(0, #gateway.log)
    end
  end)

  it("makes nothing for an option", function()
    for _, name in ipairs { "quickstart.lua", "create_space.lua" } do
      local gateway = seeded()
      local output, ok = run_on(gateway, name, { "--help" })
      assert.is_false(ok)
      assert.matches("usage: lua5%.4 " .. name:gsub("%p", "%%%0"), output)
      assert.equal(0, #gateway.log)
    end
  end)
end)

describe("quickstart.lua", function()
  it("requests no more than the first conference that fits", function()
    local gateway = seeded()
    run_on(gateway, "quickstart.lua")
    assert.equal(1, #gateway:requests "spaces.create")
    local asked = gateway:requests "conferenceRecords.transcripts.list"
    assert.matches("/cr%-customer%-5d02/transcripts$", asked[#asked].path)
    assert.equal(4, #asked) -- that of the live one, a fresh one, an empty one
  end)

  it("says so when the account has no conference to show", function()
    local output = run_on(meet.testing.gateway {}, "quickstart.lua")
    assert.matches("^A new meeting: https://.-\nNo conference of the last 30 days", output)
  end)
end)

describe("create_space.lua", function()
  it("makes one space, for invited people, with a co-host", function()
    local gateway = seeded()
    local output = run_on(gateway, "create_space.lua", { "bo@example.com" })
    local code = output:match "code\t(%l%l%l%-%l%l%l%l%-%l%l%l)\n"
    assert.equal("https://meet.google.com/" .. code, output:match "link\t(%S+)")
    assert.equal(2, #gateway.log)
    assert.matches('"accessType":"RESTRICTED"', gateway.log[1].body)
    assert.matches('"COHOST"', gateway.log[2].body)
  end)

  it("ends with status 1 where the link cannot be written", function()
    if not io.open "/dev/full" then return pending "there is no /dev/full" end
    local fake = served.start { arguments = "--key example-key" }
    local output, ok = tree.run(("MATON_API_URL=%s MATON_API_KEY=example-key %s %s 2>&1 >/dev/full")
      :format(fake.url, tree.lua(), "examples/create_space.lua"))
    fake:close()
    assert.is_false(ok)
    assert.matches("No space left on device", output)
  end)
end)

describe("list_conferences.lua", function()
  it("takes a space in any form", function()
    for _, space in ipairs { "https://meet.google.com/HPK-vtwd-ens", "spaces/Qm7xT2kLw9Za" } do
      local output = run_on(seeded(), "list_conferences.lua", { space })
      assert.matches("48 min  spaces/Qm7xT2kLw9Za +cr%-planning%-7f3a\n", output)
      assert.not_matches("cr%-webinar", output)
    end
  end)
end)

describe("handle_errors.lua", function()
  it("shows how long to wait, and no part of a key", function()
    local gateway = seeded()
    gateway:fail { on = "participants.list", status = 429, headers = { ["Retry-After"] = "600" } }
    local output = run_on(gateway, "handle_errors.lua")
    assert.matches("\nrate_limited %(status 429%): .-\n  not before 600 s from now\n", output)
    assert.not_matches("not%-a%-key", output)
  end)
end)

describe("attendance_report.lua", function()
  it("takes the latest conference that is over", function()
    local output = run_on(seeded(), "attendance_report.lua", { "csv" })
    assert.matches("\nKarin Hansen,signed_in,", output)
  end)

  it("says so when there is none", function()
    local output = run_on(meet.testing.gateway {}, "attendance_report.lua")
    assert.equal("no conference of the last 30 days is over", output)
  end)
end)

describe("attendance_series.lua", function()
  it("has a column for each conference in CSV", function()
    local output = run_on(seeded(), "attendance_series.lua", { "hpk-vtwd-ens", "csv" })
    local _, columns = output:match "^[^\n]+":gsub("%d%d%d%d%-%d%d%-%d%dT", "")
    assert.equal(5, columns)
  end)
end)

describe("captions.lua", function()
  it("counts from the start of the transcript where there is no recording", function()
    local output, ok = run_on(seeded(), "captions.lua", { "cr-customer-5d02" })
    assert(ok, output)
    assert.matches("^WEBVTT\n\n00:00:0%d", output)
  end)
end)

describe("wait_for_transcript.lua", function()
  it("polls until the file is there", function()
    local gateway = seeded()
    local now, transcript = 0, gateway:find "conferenceRecords/cr-fresh-63d7/transcripts/tr-1"
    local clock = {
      now = function() return now end,
      sleep = function(seconds)
        now = now + seconds
        if now > 60 then gateway:set_state(transcript, "FILE_GENERATED") end
      end,
    }
    local output, ok = run_on(gateway, "wait_for_transcript.lua", { "cr-fresh-63d7" }, clock)
    assert(ok, output)
    assert.matches("^ENDED; next poll in 5 s\n.*\nhttps://docs%.google%.com/document/[^\n]+\n$",
      output)
  end)

  it("says so where there is no transcript", function()
    local output = run_on(seeded(), "wait_for_transcript.lua", { "cr-empty-0e0e" })
    assert.equal("cr-empty-0e0e has no transcript", output)
  end)
end)

describe("watch_meeting.lua", function()
  --- A clock that ends the watch after some seconds, as Ctrl-C does, and does `work` before that.
  local function clock_until(last, work)
    local now = 0
    return {
      now = function() return now end,
      sleep = function(seconds)
        now = now + seconds
        if work then work() end
        work = nil
        if now > last then error("stopped", 0) end
      end,
    }
  end

  it("goes on where the last run ended", function()
    local folder, _ <close> = temporary()
    local gateway, account = seeded()
    local arguments = { "ruj-mzpa-wce", folder .. "/state.json" }
    local output = run_on(gateway, "watch_meeting.lua", arguments, clock_until(20))
    assert.matches("^2026%-11%-22T09:36:00\tstarted\t\n2026%-11%-22T09:36:00\tjoined\tAda", output)

    gateway:add_participant(account.records.live, { display_name = "Late\27]0;x" })
    output = run_on(gateway, "watch_meeting.lua", arguments, clock_until(20))
    assert.matches("^[^\n]+\tjoined\tLate ]0;x\nstopped$", output)
  end)

  it("keeps its state before the first event, too", function()
    local folder, _ <close> = temporary()
    local gateway, account = seeded()
    local arguments = { "hpk-vtwd-ens", folder .. "/state.json" }
    assert.equal("stopped", (run_on(gateway, "watch_meeting.lua", arguments, clock_until(20))))
    gateway:add_record(account.spaces.planning, { start_time = NOW + 60, end_time = NOW + 120 })
    local output = run_on(gateway, "watch_meeting.lua", arguments, clock_until(20))
    assert.matches("\tstarted\t\n", output)
  end)
end)

describe("archive_search.lua", function()
  it("requests no more than what is not complete", function()
    local folder, _ <close> = temporary()
    local gateway = seeded()
    local arguments = { folder .. "/meetings.db", "roadmap" }
    run_on(gateway, "archive_search.lua", arguments)
    gateway:clear_log()
    local output = run_on(gateway, "archive_search.lua", arguments)
    assert.matches("^3 conferences copied, 3 not complete yet, 0 failed; 2 were complete before\n",
      output)
    assert.matches("\n2026%-11%-15T09:19  David Petrov: Who can take the roadmap%?\n", output)
    for _, request in ipairs(gateway.log) do assert.not_matches("cr%-customer", request.path) end
  end)
end)

describe("many_at_once.lua", function()
  it("shows why a call failed, and what the others have given", function()
    local gateway = seeded()
    gateway:fail { on = function(request) return request.url:find "cr%-fresh.*/participants" end,
      status = 403 }
    local output, ok = run_on(gateway, "many_at_once.lua")
    assert(ok, output)
    assert.matches("\ncr%-fresh%-63d7 +GET [^\n]*permission[^\n]*\n", output)
    assert.matches("\ncr%-webinar%-19be +280\n", output)
  end)
end)

describe("pick_connection.lua", function()
  it("uses the one with that id, else the newest", function()
    for wanted, id in pairs { [false] = "7c2a9f31", ["5b0f7c7e"] = "5b0f7c7e" } do
      local gateway = meet.testing.gateway { now = NOW }
      gateway:seed { accounts = 2 }
      local output, ok = run_on(gateway, "pick_connection.lua", { wanted or nil })
      assert(ok, output)
      assert.matches("^" .. id, gateway.log[#gateway.log].headers["maton-connection"])
    end
  end)

  it("fails where none fits, and lists those that there are", function()
    local output, ok = run_on(seeded(), "pick_connection.lua", { "nobody@example.com" })
    assert.is_false(ok)
    assert.matches("\n[^\n]*connection", output)
  end)
end)

describe("notes.lua", function()
  local NOTE <const> = "conferenceRecords/cr-planning-7f3a/smartNotes/sn-1"

  it("gives a terminal nothing that steers it", function()
    local gateway = seeded()
    gateway:set_file(NOTE, { text = "a\27[2Jb" })
    local output = run_on(gateway, "notes.lua")
    assert.matches("\na %[2Jb\n", output)
  end)

  it("names the app where there is no connection to it", function()
    local gateway = seeded()
    gateway:fail { on = "drive.files.get", status = 400, shape = "nested" }
    local output, ok = run_on(gateway, "notes.lua")
    assert.is_false(ok)
    assert.matches("connection %(400%)[^\n]*google%-drive[^\n]*$", output)
  end)
end)

describe("absent.lua", function()
  it("gives a terminal nothing that steers it", function()
    local gateway = seeded()
    local start = NOW - 2 * 86400 + 3600
    gateway:add_event {
      title = "a\27[2Jb", code = "hpk-vtwd-ens", start_time = start, end_time = start + 60,
      guests = { { display_name = "x\27]0;y\7", email = "x@example.com" } },
    }
    local output, ok = run_on(gateway, "absent.lua")
    assert(ok, output)
    assert.matches("  a %[2Jb: 0 came\n  absent      x ]0;y \n", output)
  end)
end)

describe("recording.lua", function()
  it("resumes a download that was cut short", function()
    local folder, _ <close> = temporary()
    local gateway = seeded()
    local arguments = { PLANNING, folder .. "/video.mp4" }
    gateway:fail { on = "drive.files.get", after = 100000, lost = true }
    gateway:fail { on = "/files/.*alt=media", status = 500 }
    local output, ok = run_on(gateway, "recording.lua", arguments)
    assert.is_false(ok)
    assert.matches("100000 bytes are kept", output)
    assert.same({}, tree.lines("ls " .. folder))

    output, ok = run_on(gateway, "recording.lua", arguments)
    assert(ok, output)
    local sum = tree.lines("sha256sum " .. arguments[2])[1]:match "^%x+"
    assert.matches("video%.mp4: %d+ bytes, SHA%-256 " .. sum .. "\n$", output)
  end)

  it("says so where there is none", function()
    local output = run_on(seeded(), "recording.lua", { "cr-empty-0e0e", "/tmp/x" })
    assert.equal("cr-empty-0e0e has no recording", output)
  end)
end)

describe("a loop", function()
  local LATENCY <const>, MOST_GAP <const> = 0.5, 250 -- seconds of an answer; ms between two ticks

  --- Eight conferences at once, one of them on two pages, behind a list: 1.5 s of ticks.
  for _, name in ipairs { "loop_luv.lua", "loop_cqueues.lua" } do
    it("makes its calls at once while the timer ticks, " .. name, function()
      local slow = served.start { arguments = "--key example-key --latency " .. LATENCY }
      local _ <close> = setmetatable({}, { __close = function() slow:close() end })
      local output, ok = tree.run(("MATON_API_URL=%s MATON_API_KEY=example-key %s examples/%s")
        :format(slow.url, tree.lua(), name))
      assert(ok, output)
      assert.equal(8, select(2, output:gsub("cr%-%S+ +%d+ participants\n", "")))
      local ticks, gap = output:match "(%d+) ticks, at most (%d+) ms"
      assert(tonumber(gap) < MOST_GAP, gap .. " ms between two ticks")
      assert(tonumber(ticks) > 1.5 * 1000 / MOST_GAP, ticks .. " ticks")
      assert.equal(10, #slow:stats().log)
    end)
  end
end)
