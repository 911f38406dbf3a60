local core = require "googlemeet.core"
local state = require "googlemeet.watch.state"
local stored = require "googlemeet.watch.stored"

local TIME = "2026-11-22T10:00:00Z"

--- A state with a row in each phase, and a space of each kind.
local function full()
  return {
    version = 2, latest = TIME, begun = { ["spaces/abc-defg-hij"] = 1795341600.5 },
    spaces = { ["spaces/s"] = "", ["spaces/t"] = TIME },
    records = {
      ["conferenceRecords/a"] = {
        phase = "live", start = TIME, space = "spaces/s", present = { p = TIME },
        gone = { q = TIME }, files = { ["recordings/r"] = "ready" },
      },
      ["conferenceRecords/b"] = { phase = "ended", files = {} },
      ["conferenceRecords/c"] = { phase = "settled", start = TIME },
    },
  }
end

describe("googlemeet.watch.stored.read", function()
  it("takes a copy", function()
    local given = full()
    local copy = assert(stored.read(given))
    assert.same(full(), copy)
    copy.records["conferenceRecords/a"].present.p = nil
    assert.same(full(), given)
  end)

  it("reads what has been JSON", function()
    local text = core.encode(full())
    assert.same(full(), (assert(stored.read(core.decode(text)))))
    local new = core.encode(state.new())
    assert.same(state.new(), (assert(stored.read(core.decode(new)))))
  end)

  it("restores empty tables that the storage dropped", function()
    local copy = assert(stored.read {
      version = 2, records = {
        ["conferenceRecords/c"] = { phase = "live" }, ["conferenceRecords/d"] = { phase = "ended" },
      },
    })
    assert.same({ phase = "live", present = {}, gone = {}, files = {} },
      copy.records["conferenceRecords/c"])
    assert.same({ phase = "ended", files = {} }, copy.records["conferenceRecords/d"])
    assert.same({ {}, {} }, { copy.begun, copy.spaces })
  end)

  it("refuses an older state", function()
    local copy, problem = stored.read { version = 1, spaces = {}, records = {} }
    assert.is_nil(copy)
    assert.equal("its version is 1, not 2", problem)
  end)

  --- Put `value` at a path like "records/conferenceRecords|a/phase", where | stands for a slash.
  local function changed(path, value)
    local given = full()
    local place, last = given, nil
    for part in path:gmatch "[^/]+" do
      if last then place = place[last] end
      last = part:gsub("|", "/")
    end
    place[last] = value
    return given
  end

  local WRONG = { "soon", true, { "x" }, 0 / 0, math.huge, "9999-13-01T00:00:00Z" }
  local PATHS = {
    "version", "latest", "begun", "spaces", "records", "begun/spaces|s", "spaces/spaces|s",
    "records/conferenceRecords|a", "records/conferenceRecords|a/phase",
    "records/conferenceRecords|a/start", "records/conferenceRecords|a/space",
    "records/conferenceRecords|a/present", "records/conferenceRecords|a/present/p",
    "records/conferenceRecords|a/gone", "records/conferenceRecords|a/gone/q",
    "records/conferenceRecords|a/files/recordings|r", "records/conferenceRecords|b/files",
  }

  it("refuses a value of another kind anywhere", function()
    for _, path in ipairs(PATHS) do
      for _, value in ipairs(WRONG) do
        local copy, problem = stored.read(changed(path, value))
        assert.is_nil(copy, path)
        assert.is_string(problem)
      end
    end
  end)

  it("refuses names that no request can use", function()
    for _, path in ipairs {
      "begun/spaces|a b", "spaces/conferenceRecords|a", "records/a", "records/spaces|a",
      "records/conferenceRecords|a|b", "records/conferenceRecords|a/present/a|b",
      "records/conferenceRecords|a/gone/a\n",
    } do
      local kind = path:match "^%l+"
      local value = ({ begun = 5, spaces = TIME, records = { phase = "ended" } })[kind]
      if path:find "present" or path:find "gone" then value = TIME end
      local copy, problem = stored.read(changed(path, value))
      assert.is_nil(copy, path)
      assert.matches("is not the name of a", problem)
    end
  end)

  it("refuses arrays", function()
    for _, path in ipairs(PATHS) do
      assert.is_nil((stored.read(changed(path, { TIME }))), path)
    end
  end)
end)
