local program = require "spec.support.program"
local served = require "spec.support.served"
local tree = require "spec.support.tree"

local PATIENCE = 20 -- seconds

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

describe("monitor.lua", function()
  local double, folder

  setup(function() double = served.start { arguments = "--key example-key" } end)
  teardown(function() double:close() end)
  before_each(function()
    double:reset()
    folder = tree.temporary()
  end)
  after_each(function() tree.remove(folder) end)

  local function run(command) return program.run(double, command, folder) end

  local function mask(text)
    return (text:gsub("%d%d%d%d%-%d%d%-%d%d ", "DAY "):gsub("https://%S+", "LINK"))
  end

  local function call(method, ...)
    double:control("POST", "/-/call", { name = method, arguments = { ... } })
  end

  it("shows a conference of the made-up account until it is over", function()
    assert.equal(REHEARSED, mask(program.run_made_up("examples/monitor.lua", folder)))
  end)

  it("tells nothing twice of a conference that is over", function()
    local output, status = run "monitor.lua --state FOLDER/state cr-planning-7f3a"
    assert.matches("^DAY 09:00:00  started +cr%-planning%-7f3a\nDAY 09:00:06  joined +Ada Berg",
      mask(output))
    assert.equal(0, status)
    local _, lines = output:gsub("\n", "")
    assert.equal(29, lines)
    assert.same({ "", 0 }, { run "monitor.lua --state FOLDER/state cr-planning-7f3a" })
  end)

  it("says why it cannot watch", function()
    local file <close> = assert(io.open(folder .. "/broken", "w"))
    file:write '{"version":1,'
    file:flush()
    for command, message in pairs {
      ["monitor.lua no-such-record"] = "not_found %(404",
      ["monitor.lua zzz-zzzz-zzz"] = "not_found %(404",
      ["monitor.lua --state FOLDER/broken cr-planning-7f3a"] = "is not what %-%-state has written",
      ["monitor.lua --state FOLDER/no/state cr-planning-7f3a 2>&1 >/dev/null"] = "No such file",
    } do
      local output, status = run(command)
      assert.matches("^monitor.lua: [^\n]*" .. message .. "[^\n]*\n$", output)
      assert.equal(1, status)
    end
  end)

  describe("that is stopped", function()
    --- Start it, and signal it as soon as its state matches; give what it printed and its status.
    local function stop_at(pattern, signal)
      local limit = os.time() + PATIENCE
      local text, state
      local command = ("echo $$ >FOLDER/pid; MATON_API_URL=%s MATON_API_KEY=example-key exec %s"
        .. " examples/monitor.lua --interval 0.1 --state FOLDER/state ruj-mzpa-wce"):format(
        double.url, tree.lua())
      command = ("{ sh -c %s >FOLDER/printed 2>FOLDER/errors; echo $? >FOLDER/status; }"
        .. " >/dev/null 2>&1 &"):format(tree.quote(command))
      tree.lines((command:gsub("FOLDER", folder)))
      local function send(name) tree.run(("kill -%s $(cat %s/pid)"):format(name, folder)) end
      repeat
        if os.time() >= limit then
          send "KILL"
          error("it does not come to " .. pattern)
        end
        os.execute "sleep 0.02"
        local file <close> = io.open(folder .. "/state", "rb")
        state = file and file:read "a" or ""
      until state:find(pattern)
      send(signal)
      repeat
        assert(os.time() < limit, "it does not end")
        os.execute "sleep 0.02"
        local file <close> = io.open(folder .. "/status", "rb")
        text = file and file:read "a" or ""
      until text:find "\n"
      os.remove(folder .. "/status")
      return tree.read(folder .. "/printed"), tonumber(text)
    end

    --- What happened, and to whom.
    local function told(output)
      local lines = {}
      for line in mask(output):gmatch "[^\n]+" do
        local words = line:match "^DAY %S+  (.-) +cr%-live%-41c0$" or line
        lines[#lines + 1] = words:gsub("  +", " ")
      end
      return lines
    end

    it("goes on where it was, by Ctrl-C or a kill, and tells each event once", function()
      local output, status = stop_at('"gone":{[^}]*,[^}]*}', "INT")
      assert.equal(0, status)
      assert.same({
        "started", "joined Ada Bergqvist", "joined Bo Moreau", "joined Ines Fransson",
        "joined Greta Åström", "joined Hugo Ekström", "joined Room 4", "joined +46 8 56* *** **",
        "left Greta Åström", "joined Greta Åström", "left +46 8 56* *** **", "left Ines Fransson",
      }, told(output))

      call("add_participant", "conferenceRecords/cr-live-41c0", {
        display_name = "Eve\27[2J\u{9b}2J", kind = "anonymous",
      })
      call("end_conference", "conferenceRecords/cr-live-41c0")
      output = stop_at('"phase":"ended"', "KILL")
      assert.same({
        "joined Eve [2J 2J", "left Ada Bergqvist", "left Bo Moreau", "left Greta Åström",
        "left Hugo Ekström", "left Room 4", "left Eve [2J 2J", "ended",
      }, told(output))

      call("set_state", "conferenceRecords/cr-live-41c0/recordings/rec-1", "FILE_GENERATED")
      output = stop_at('"recordings', "INT")
      assert.same({ "recording ready LINK" }, told(output))
      assert.same({ "monitor.lua: no conference runs now\n", 1 }, { run "monitor.lua" })
    end)
  end)
end)
