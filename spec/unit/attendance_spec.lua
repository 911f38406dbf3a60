local core = require "googlemeet.core"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z

local gateway, client

--- Add a conference of an hour that began so many days ago, with people { name, kind, user, from,
-- to }, the last two in minutes.
local function add(id, days, people)
  local start = NOW - days * 86400
  local record = gateway:add_record { id = id, space = "spaces/s", start_time = start,
    end_time = start + 3600 }
  for index, one in ipairs(people) do
    gateway:add_participant(record, {
      id = id .. "-" .. index, display_name = one[1], kind = one[2], user = one[3],
      sessions = { { start_time = start + one[4] * 60, end_time = start + one[5] * 60 } },
    })
  end
end

before_each(function()
  gateway = meet.testing.gateway { now = NOW }
  gateway:add_space { id = "s" }
  client = assert(meet.new { api_key = "test-key", transport = gateway.transport,
    clock = manual_clock(), retry = false })
  add("b", 1, { { "Ada", "signed_in", "users/1", 0, 60 }, { "Bo", "anonymous", nil, 0, 10 },
    { "Bo", "anonymous", nil, 5, 20 }, { " ", "anonymous", nil, 0, 1 } })
  add("a", 2, { { "Ada Bergqvist", "signed_in", "users/1", 0, 30 },
    { "bo", "anonymous", nil, 0, 30 }, { "Bo", "signed_in", "users/2", 0, 5 },
    { "\u{200B}", "anonymous", nil, 0, 2 } })
end)

after_each(function() client:close() end)

local function report_of(id, opts)
  return assert(assert(client.conference_records:get(id)):attendance(opts))
end

local function lines_of(merged)
  local lines = {}
  for row in merged:rows() do
    lines[#lines + 1] = ("%s %s x%d in %d: %d"):format(row.display_name, row.kind, row.joins,
      row.conferences, row.seconds)
  end
  return lines
end

describe("meet.attendance.merge", function()
  it("has one row for each person: by user, else by kind and name", function()
    local merged = meet.attendance.merge { report_of "b", report_of "a" }
    assert.same({
      "Ada Bergqvist signed_in x2 in 2: 5400", "bo anonymous x3 in 2: 3000",
      "Bo signed_in x1 in 1: 300", " anonymous x1 in 1: 120", " anonymous x1 in 1: 60",
    }, lines_of(merged))
    assert.equal(5, merged.total)
    local ada = merged:rows()()
    assert.same({ ["conferenceRecords/a"] = 1800, ["conferenceRecords/b"] = 3600 },
      ada.by_conference)
    assert.equal("users/1", ada.user)
  end)

  it("has the conferences in order of start", function()
    local merged = meet.attendance.merge { report_of "b", report_of "a" }
    assert.same({
      { name = "conferenceRecords/a", start_time = "2026-11-20T10:00:00Z",
        end_time = "2026-11-20T11:00:00Z" },
      { name = "conferenceRecords/b", start_time = "2026-11-21T10:00:00Z",
        end_time = "2026-11-21T11:00:00Z" },
    }, merged.conferences)
  end)

  it("counts a conference once, by the later report", function()
    gateway:fail { on = "participantSessions.list", status = 403 }
    local merged = meet.attendance.merge { report_of "a", report_of "a" }
    assert.same({ 1, 0 }, { #merged.conferences, #merged.incomplete })
    assert.equal("Ada Bergqvist signed_in x1 in 1: 1800", lines_of(merged)[1])
  end)

  it("is empty without reports, and passes gaps over", function()
    assert.equal(0, meet.attendance.merge({}).total)
    assert.equal("display_name,kind,user,conferences,joins,seconds,incomplete\r\n",
      meet.attendance.merge({}):render "csv")
    assert.equal(4, meet.attendance.merge({ n = 3, [3] = report_of "a" }).total)
    assert.equal(5, meet.attendance.merge({ [1] = report_of "b", [3] = report_of "a" }).total)
  end)

  it("says what is incomplete, and who came to none", function()
    gateway:fail { on = "participantSessions.list", status = 403 }
    local merged = meet.attendance.merge {
      report_of("a", { expected = { "Eve", "Zed", "users/2" } }),
      report_of("b", { expected = { "Zed", "Eve", "users/2", "Jos\u{E9}" } }),
    }
    assert.same({ "Zed", "Eve" }, merged.missing)
    assert.equal("permission", merged.incomplete[1].err.kind)
    assert.matches("\n\nMissing: Zed, Eve\n\nIncomplete: 1 participant could not be read "
      .. "completely %(permission%)\n$", merged:render "text")
    local count = 0
    for row in merged:rows() do count = count + (row.incomplete and 1 or 0) end
    assert.equal(1, count)
  end)
end)

describe("merged attendance, rendered", function()
  local function merged() return meet.attendance.merge { report_of "b", report_of "a" } end

  it("as csv has a column for each conference", function()
    assert.equal(table.concat({
      "display_name,kind,user,conferences,joins,seconds,incomplete,"
        .. "2026-11-20T10:00:00Z,2026-11-21T10:00:00Z",
      "Ada Bergqvist,signed_in,users/1,2,2,5400,,1800,3600",
      "bo,anonymous,,2,3,3000,,1800,1200",
      "Bo,signed_in,users/2,1,1,300,,300,",
      ",anonymous,,1,1,120,,120,",
      ",anonymous,,1,1,60,,,60",
      "",
    }, "\r\n"), merged():render "csv")
  end)

  it("as csv has its titles in the zone that was asked for", function()
    assert.matches("incomplete,2026-11-20T12:00:00+02:00,2026-11-21T12:00:00+02:00\r\n",
      merged():render("csv", { utc_offset = "+02:00" }), 1, true)
  end)

  for _, case in ipairs {
    { "was never set", "0001-01-01T00:00:00Z", "2026-11-21T10:00:00Z,conferenceRecords/a" },
    { "is another's, written otherwise", "2026-11-21T10:00:00.000Z",
      "conferenceRecords/a,conferenceRecords/b" },
  } do
    it("as csv takes the name of a conference whose start " .. case[1], function()
      local report = report_of "a"
      report.record.startTime = case[2]
      assert.matches(",incomplete," .. case[3] .. "\r\n",
        meet.attendance.merge { report, report_of "b" }:render "csv", 1, true)
    end)
  end

  it("as csv takes the names of conferences that began at one time", function()
    add("c", 2, {})
    local text = meet.attendance.merge { report_of "a", report_of "b", report_of "c" }:render "csv"
    assert.matches(",incomplete,conferenceRecords/a,conferenceRecords/c,2026-11-21T10:00:00Z\r\n",
      text, 1, true)
  end)

  it("as text and markdown has the sums, and a name for those who have none", function()
    assert.equal(table.concat({
      "Name           Conferences  Joins     Time",
      "-------------  -----------  -----  -------",
      "Ada Bergqvist            2      2  1:30:00",
      "bo                       2      3  0:50:00",
      "Bo                       1      1  0:05:00",
      "(no name)                1      1  0:02:00",
      "(no name)                1      1  0:01:00",
      "",
    }, "\n"), merged():render())
    assert.matches("| Ada Bergqvist | 2 | 2 | 1:30:00 |", merged():render "markdown", 1, true)
  end)

  it("as json has the seconds by conference", function()
    local rows = core.decode(merged():render "json")
    assert.same({ ["conferenceRecords/a"] = 1800, ["conferenceRecords/b"] = 1200 },
      rows[2].by_conference)
  end)
end)

describe("meet.attendance.merge and its render raise at the script's line", function()
  for _, case in ipairs {
    { "no array", 7 }, { "nothing", nil }, { "what is no report", { {} } }, { "a text", { "a" } },
  } do
    it("for " .. case[1], function()
      local _, message = pcall(function()
        local merged = meet.attendance.merge(case[2])
        return merged
      end)
      assert.matches("attendance_spec.lua:%d+: attendance.merge: an array of attendance reports",
        message)
    end)
  end

  it("for an unknown format or option", function()
    local merged = meet.attendance.merge {}
    for _, case in ipairs {
      { "unknown format 'html'; use text, csv, markdown or json", "html" },
      { "did you mean 'utc_offset'", "csv", { utc_ofset = 0 } },
      { "option 'utc_offset': seconds east", "csv", { utc_offset = 1 } },
    } do
      local _, message = pcall(function()
        local text = merged:render(case[2], case[3])
        return text
      end)
      assert.matches("attendance_spec.lua:%d+: ", message)
      assert.matches(case[1], message, 1, true)
    end
  end)
end)
