local meet = require "googlemeet"
local served = require "spec.support.served"
local tree = require "spec.support.tree"

local MOST = 42 -- lines

--- The examples that are read for what they show; those with a command line have specs elsewhere.
local function lessons()
  local found = {}
  for _, path in ipairs(tree.find("examples", "*.lua")) do
    local is_program = tree.read(path):find('"shared.command"', 1, true)
    if path:find "^examples/[^/]+$" and not is_program then found[#found + 1] = path end
  end
  assert(#found > 0)
  return found
end

describe("an example", function()
  local fake

  setup(function()
    fake = served.start { arguments = "--key example-key" }
  end)

  teardown(function()
    fake:close()
  end)

  before_each(function()
    fake:reset()
  end)

  --- Run an example as its reader would; give what it printed and whether it succeeded.
  local function run(name, environment)
    return tree.run(("MATON_API_URL=%s MATON_API_KEY=example-key %s %s examples/%s"):format(
      fake.url, environment or "", tree.lua(), name))
  end

  --- Run an example that must succeed.
  local function output_of(name)
    local output, ok = run(name)
    assert(ok, output)
    return output
  end

  --- Run an example in this state, on its own fake; give what it printed.
  local function run_on(gateway, name)
    local printed = {}
    local face = setmetatable({
      new = function() return meet.new { api_key = "test-key", transport = gateway.transport } end,
    }, { __index = meet })
    local names = {
      require = function(module) return module == "googlemeet" and face or require(module) end,
      print = function(...) printed[#printed + 1] = table.concat({ ... }, "\t") end,
      arg = {},
      io = { write = function() return { flush = function() return true end } end },
    }
    assert(loadfile("examples/" .. name, "t", setmetatable(names, { __index = _G })))()
    return table.concat(printed, "\n")
  end

  it("is short, and says at its head what it does", function()
    for _, path in ipairs(lessons()) do
      local text = tree.read(path)
      local _, lines = text:gsub("\n", "")
      assert(lines <= MOST, ("%s has %d lines"):format(path, lines))
      assert(text:find "^%-%- %u", path)
    end
  end)

  it("has a spec here", function()
    local own = tree.read "spec/project/examples_spec.lua"
    for _, path in ipairs(lessons()) do
      local name = path:match "[^/]+$"
      assert(own:find('describe("' .. name .. '"', 1, true), name)
    end
  end)

  it("ends with one line on stderr and status 1 when a call fails", function()
    for _, path in ipairs(lessons()) do
      local output, ok = tree.run(("env -u MATON_API_KEY %s %s 2>&1 >/dev/null"):format(
        tree.lua(), path))
      assert.is_false(ok)
      assert.matches("^[^\n]*config: no API key: [^\n]*MATON_API_KEY[^\n]*\n$", output)
    end
  end)

  it("does nothing but explain itself when it is asked for help", function()
    for _, path in ipairs(lessons()) do
      local name = path:match "[^/]+$"
      assert.matches("^Usage: [^\n]*" .. name:gsub("%p", "%%%0"), output_of(name .. " --help"))
    end
    assert.equal(0, #fake:stats().log)
  end)

  it("ends with status 1 where its output cannot be written", function()
    if not io.open "/dev/full" then return pending "there is no /dev/full" end
    for _, path in ipairs(lessons()) do
      local name = path:match "[^/]+$"
      local output, ok = run(name .. " 2>&1 >/dev/full")
      assert.is_false(ok, name)
      assert.matches("No space left on device", output)
    end
  end)

  describe("quickstart.lua", function()
    it("prints a link, who came, and what was said by whom", function()
      local output = output_of "quickstart.lua"
      assert.matches("https://meet%.google%.com/%l%l%l%-%l%l%l%l%-%l%l%l\n", output)
      assert.matches("\nAda Bergqvist +signed_in +%d%d:%d%d +%d%d:%d%d +29\n", output)
      assert.matches("\nVisitor +anonymous +%d%d:%d%d +%d%d:%d%d +%d+\n", output)
      local lines = {}
      for name, text in output:gmatch "\n%d%d:%d%d\t(%u[%w ]-) *\t([^\n]+)" do
        lines[#lines + 1] = name .. ": " .. text
      end
      assert.equal(20, #lines)
      assert.matches("^Ada Bergqvist: %u.*%.$", lines[1])
      assert.not_matches("?: ", table.concat(lines, "\n"))
    end)

    it("asks no further than the first conference that fits", function()
      output_of "quickstart.lua"
      assert.equal(1, fake:count "spaces.create")
      assert.equal(1, fake:count "conferenceRecords.transcripts.list")
    end)

    it("passes over conferences without a transcript", function()
      local gateway = meet.testing.gateway { now = 1795341600 }
      local seeded = gateway:seed()
      gateway:add_record {
        space = seeded.spaces.idle.name, start_time = 1795340000, end_time = 1795341000,
      }
      assert.matches("\nKarin Hansen +signed_in", run_on(gateway, "quickstart.lua"))
    end)

    it("says so when the account has no conference to show", function()
      local output = run_on(meet.testing.gateway {}, "quickstart.lua")
      assert.matches("^A new meeting: https://.-\nNo conference of the last 30 days", output)
    end)
  end)

  describe("create_space.lua", function()
    it("makes one space and prints link, code and name", function()
      local output = output_of "create_space.lua"
      local code = output:match "code\t(%l%l%l%-%l%l%l%l%-%l%l%l)\n"
      assert.equal("https://meet.google.com/" .. code, output:match "link\t(%S+)")
      assert.matches("name\tspaces/%S+\n", output)
      assert.equal(1, #fake:stats().log)
      assert.matches('"accessType":"RESTRICTED"', fake:stats().log[1].body)
    end)
  end)

  describe("list_conferences.lua", function()
    it("lists those of two weeks", function()
      local output = output_of "list_conferences.lua"
      assert.matches("running +spaces/%S+ +conferenceRecords/cr%-live%-41c0\n", output)
      assert.matches("62 min +spaces/%S+ +conferenceRecords/cr%-webinar%-19be\n", output)
      assert.not_matches("cr%-planning%-4", output)
    end)

    it("lists those of a space that is given in any form", function()
      for _, where in ipairs {
        "https://meet.google.com/HPK-vtwd-ens", "hpk-vtwd-ens", "spaces/Qm7xT2kLw9Za",
      } do
        local output = output_of("list_conferences.lua " .. where)
        assert.matches("48 min +spaces/Qm7xT2kLw9Za +conferenceRecords/cr%-planning%-7f3a", output)
        assert.not_matches("cr%-webinar", output)
      end
    end)
  end)

  describe("handle_errors.lua", function()
    it("explains a call, a loop, a wrong key and a mistake", function()
      local output = output_of "handle_errors.lua"
      assert.matches("^not_found %(status 404%): .-\n  what to do: check the name", output)
      assert.matches("\nnot_found %(status 404%): [^\n]*no%-such%-conference", output)
      assert.matches("\nauth %(status 401%): .-\n  what to do: verify the key", output)
      assert.matches("\nexamples/handle_errors.lua:%d+: spaces:get: malformed", output)
      assert.not_matches("not%-a%-key", output)
    end)

    it("reports how long to wait", function()
      fake:fail { on = "participants.list", status = 429, headers = { ["Retry-After"] = "600" } }
      local output = output_of "handle_errors.lua"
      assert.matches("\nrate_limited %(status 429%): .-\n  not before 600 s from now\n", output)
    end)
  end)

  describe("a loop", function()
    local LATENCY, MOST_GAP = 0.5, 250 -- seconds an answer takes; milliseconds between two ticks
    local slow

    setup(function()
      slow = served.start { arguments = "--key example-key --latency " .. LATENCY }
    end)

    teardown(function() slow:close() end)

    --- Eight conferences at once, one of them on two pages, behind a list: 1.5 s of ticks.
    local function check(name)
      slow:reset()
      local output, ok = tree.run(("MATON_API_URL=%s MATON_API_KEY=example-key %s examples/%s")
        :format(slow.url, tree.lua(), name))
      assert(ok, output)
      local _, conferences = output:gsub("conferenceRecords/%S+ +%d+ people\n", "")
      assert.equal(8, conferences)
      assert.matches("cr%-webinar%-19be +280 people", output)
      local ticks, gap = output:match "(%d+) ticks, at most (%d+) ms"
      assert(tonumber(gap) < MOST_GAP, gap .. " ms between two ticks")
      assert(tonumber(ticks) > 1.5 * 1000 / MOST_GAP, ticks .. " ticks")
      assert.equal(10, #slow:stats().log)
    end

    describe("loop_luv.lua", function()
      it("makes its calls at once while the timer ticks", function() check "loop_luv.lua" end)
    end)

    describe("loop_cqueues.lua", function()
      it("makes its calls at once while the timer ticks", function() check "loop_cqueues.lua" end)
    end)
  end)
end)
