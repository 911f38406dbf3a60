local core = require "googlemeet.core"
local program = require "spec.support.program"
local tree = require "spec.support.tree"

local REHEARSED = [[
DAY 09:36:00  started                                     cr-live-41c0
DAY 09:36:00  joined            Ada Bergqvist             cr-live-41c0
DAY 09:37:00  joined            Bo Moreau                 cr-live-41c0
DAY 09:37:00  joined            Ines Fransson             cr-live-41c0
DAY 09:38:00  joined            Greta Åström              cr-live-41c0
DAY 09:39:00  joined            Hugo Ekström              cr-live-41c0
DAY 09:41:00  joined            Room 4                    cr-live-41c0
DAY 09:44:00  joined            +46 8 56* *** **          cr-live-41c0
DAY 09:45:00  left              Greta Åström              cr-live-41c0
DAY 09:46:00  joined            Greta Åström              cr-live-41c0
DAY 09:48:00  left              +46 8 56* *** **          cr-live-41c0
DAY 09:51:00  left              Ines Fransson             cr-live-41c0
DAY 10:00:21  joined            Guest from Lund           cr-live-41c0
DAY 10:00:48  left              Bo Moreau                 cr-live-41c0
DAY 10:01:35  joined            Bo Moreau                 cr-live-41c0
DAY 10:02:40  left              Ada Bergqvist             cr-live-41c0
DAY 10:03:01  left              Bo Moreau                 cr-live-41c0
DAY 10:03:01  left              Greta Åström              cr-live-41c0
DAY 10:03:01  left              Hugo Ekström              cr-live-41c0
DAY 10:03:01  left              Room 4                    cr-live-41c0
DAY 10:03:01  left              Guest from Lund           cr-live-41c0
DAY 10:03:01  ended                                       cr-live-41c0
DAY 10:03:01  recording ready   LINK  cr-live-41c0
DAY 10:03:01  transcript ready  LINK  cr-live-41c0
]]

describe("googlemeet monitor", function()
  local programs

  setup(function() programs = program.serve() end)
  teardown(function() programs:close() end)
  before_each(function() programs:clear() end)

  local function mask(text)
    return (text:gsub("%d%d%d%d%-%d%d%-%d%d ", "DAY "):gsub("https://%S+", "LINK"))
  end

  local function call(method, ...)
    programs:control("POST", "/-/call", { name = method, arguments = { ... } })
  end

  it("shows a conference of the demo account until it is over", function()
    assert.equal(REHEARSED, mask(programs:run_demo "monitor"))
  end)

  it("keeps its columns where a name is wide", function()
    call("add_participant", "conferenceRecords/cr-empty-0e0e", {
      display_name = "漢字", start_time = "2026-01-01T00:00:00Z", end_time = "2026-01-01T00:01:00Z",
    })
    local output = programs:run "monitor cr-empty-0e0e"
    assert.matches("joined +漢字" .. (" "):rep(22) .. "cr%-empty", output)
  end)

  it("reports nothing twice of a conference that is over", function()
    local output, status = programs:run "monitor --state FOLDER/state cr-planning-7f3a"
    assert.matches("^DAY 09:00:00  started +cr%-planning%-7f3a\nDAY 09:00:06  joined +Ada Berg",
      mask(output))
    assert.equal(0, status)
    local _, lines = output:gsub("\n", "")
    assert.equal(29, lines)
    assert.same({ "", 0 }, { programs:run "monitor --state FOLDER/state cr-planning-7f3a" })
  end)

  it("prints an object of JSON a line", function()
    local output, status = programs:run "monitor --json cr-planning-7f3a"
    local events, types = {}, {}
    for line in output:gmatch "([^\n]*)\n" do
      local event = core.decode(line)
      events[#events + 1] = event
      types[event.type] = (types[event.type] or 0) + 1
    end
    assert.equal(0, status)
    assert.equal(29, #events)
    assert.same({ 1, 1 }, { types.started, types.recording_ready })
    assert.equal("conferenceRecords/cr-planning-7f3a", events[1].record.name)
    assert.matches("T09:00:06%.%d+Z$", events[2].time)
    assert.equal("Ada Bergqvist", events[2].participant.signedinUser.displayName)
  end)

  it("prints a failure once while it lasts, and goes on", function()
    programs:fail { on = "participants.list", status = 500, shape = "nested", times = 3 }
    local output, status = programs:run "monitor --interval 0.1 cr-planning-7f3a 2>FOLDER/problems"
    assert.equal(0, status)
    assert.equal(29, select(2, output:gsub("\n", "")))
    assert.matches("^[^\n]* server %(500[^\n]*googlemeet doctor[^\n]*\n$", programs:read "problems")
    assert.equal(4, programs:count "conferenceRecords.participants.list")
  end)

  it("says why it cannot watch", function()
    programs:write("broken", '{"version":1,')
    for command, message in pairs {
      ["monitor no-such-record"] = "not_found %(404",
      ["monitor zzz-zzzz-zzz"] = "not_found %(404",
      ["monitor --state FOLDER/broken cr-planning-7f3a"] = "is not what %-%-state has written",
      ["monitor --state FOLDER/no/state cr-planning-7f3a 2>&1 >/dev/null"] = "No such file",
    } do
      local output, status = programs:run(command)
      assert.matches("^googlemeet monitor: [^\n]*" .. message .. "[^\n]*\n$", output)
      assert.equal(1, status)
    end
  end)

  it("learns at once that it cannot keep its state, and watches nothing then", function()
    programs:write("full", "{}")
    for path, environment in pairs {
      ["FOLDER/no/state"] = "", ["FOLDER"] = "", ["FOLDER/full"] = "",
      ["FOLDER/large"] = [[sh -c 'trap "" XFSZ; ulimit -f 0; exec "$@"' sh]], -- no byte fits
    } do
      local output, status = programs:run("monitor ruj-mzpa-wce --state " .. path, environment)
      assert.equal(1, status)
      assert.matches("^googlemeet monitor: [^\n]+\n$", output)
    end
    assert.equal(0, #programs:stats().log)
  end)

  it("leaves a state alone that another run keeps up to date", function()
    local _ <close> = assert(core.file.lock(programs.folder .. "/state.lock"))
    local output, status = programs:run "monitor ruj-mzpa-wce --state FOLDER/state"
    assert.equal(1, status)
    assert.matches("^googlemeet monitor: [^\n]+\n$", output)
    assert.equal(0, #programs:stats().log)
  end)

  it("says that a state is an older version's", function()
    programs:write("old", '{"version":1,"spaces":{},"records":{}}')
    local output = programs:run "monitor --state FOLDER/old ruj-mzpa-wce"
    assert.equal("googlemeet monitor: FOLDER/old: decode: its version is 1, not 2 [give --state "
      .. "another file]\n", output)
  end)

  it("goes on from a quiet time, and reports what came and went before the next run", function()
    local command = "monitor --interval 0.1 --state FOLDER/state spaces/Tt6gYc2RkE8w"
    local output, status = programs:stop_at(command, "state", "Tt6gYc2RkE8w", "INT")
    assert.same({ "googlemeet monitor: interrupted\n", 130 }, { output, status })
    assert.equal("-rw-------", tree.run("ls -l " .. programs.folder .. "/state"):match "^[-rwx]+")
    local now = os.time()
    call("add_record", { id = "cr-quiet", space = "spaces/Tt6gYc2RkE8w", start_time = now })
    call("end_conference", "conferenceRecords/cr-quiet", now + 60)
    output = programs:stop_at(command, "state", '"ended"', "INT")
    assert.matches("started +cr%-quiet\n.* ended +cr%-quiet\n[^\n]*: interrupted\n$", output)
  end)

  describe("that is stopped", function()
    local COMMAND = "monitor --interval 0.1 --state FOLDER/state ruj-mzpa-wce"

    --- Start it, and signal it as soon as its state matches; give what it printed and its status.
    local function stop_at(pattern, signal)
      return programs:stop_at(COMMAND, "state", pattern, signal)
    end

    --- What happened, and to whom.
    local function events_of(output)
      local lines = {}
      for line in mask(output):gmatch "[^\n]+" do
        local words = line:match "^DAY %S+  (.-) +cr%-live%-41c0$" or line
        if line ~= "googlemeet monitor: interrupted" then
          lines[#lines + 1] = words:gsub("  +", " ")
        end
      end
      return lines
    end

    it("goes on where it was, by Ctrl-C or a kill, and reports each event once", function()
      local output, status = stop_at('"gone":{[^}]*,[^}]*}', "INT")
      assert.equal(130, status)
      assert.same({
        "started", "joined Ada Bergqvist", "joined Bo Moreau", "joined Ines Fransson",
        "joined Greta Åström", "joined Hugo Ekström", "joined Room 4", "joined +46 8 56* *** **",
        "left Greta Åström", "joined Greta Åström", "left +46 8 56* *** **", "left Ines Fransson",
      }, events_of(output))

      call("add_participant", "conferenceRecords/cr-live-41c0", {
        display_name = "Eve\27[2J\u{9b}2J", kind = "anonymous",
      })
      call("end_conference", "conferenceRecords/cr-live-41c0")
      output = stop_at('"phase":"ended"', "KILL")
      assert.same({
        "joined Eve [2J 2J", "left Ada Bergqvist", "left Bo Moreau", "left Greta Åström",
        "left Hugo Ekström", "left Room 4", "left Eve [2J 2J", "ended",
      }, events_of(output))

      call("set_state", "conferenceRecords/cr-live-41c0/recordings/rec-1", "FILE_GENERATED")
      output = stop_at('"recordings', "INT")
      assert.same({ "recording ready LINK" }, events_of(output))
      assert.same({ "googlemeet monitor: no conference is running\n", 1 },
        { programs:run "monitor" })
    end)
  end)
end)
