local clock_of = require "spec.support.clock"
local core = require "googlemeet.core"
local meet = require "googlemeet"
local rfc4180 = require "spec.support.rfc4180"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z
local CODE = "abc-mnop-xyz"

local gateway, client, clock, calendar

before_each(function()
  clock = clock_of()
  gateway = meet.testing.gateway { now = NOW, clock = clock.now }
  gateway:add_space { id = "s", code = CODE }
  client = assert(meet.new {
    api_key = "test-key", clock = clock, retry = false,
    transport = function(request, seconds)
      if request.url:find "/google%-calendar/" then return calendar(request) end
      return gateway.transport(request, seconds)
    end,
  })
end)

after_each(function() client:close() end)

--- A record of an hour with guests of these names, each from the start to the end.
local function record_with(...)
  local record = gateway:add_record { space = "spaces/s", start_time = NOW - 3600, end_time = NOW }
  for index, name in ipairs { ... } do
    gateway:add_participant(record, { kind = "anonymous", display_name = name,
      sessions = { { start_time = NOW - 3600 + index, end_time = NOW } } })
  end
  return assert(client.conference_records:get(record.name))
end

local function event_of(guests, title, organiser)
  return { title = title, guests = guests, organiser = organiser }
end

local ADA = { display_name = "Ada Bergqvist", email = "ada@example.com" }
local BO = { display_name = "Bo Moreau", email = "bo@example.com", response = "accepted" }
local CY = { email = "cy@example.com", response = "needs_action" }

--- A report of Ada and a stranger, to a meeting that Bo missed; of Cy there is an address only.
local function planning(changes)
  local event = event_of({ ADA, BO, CY }, "Planning", ADA)
  for name, value in pairs(changes or {}) do event[name] = value end
  return assert(record_with("Ada Bergqvist", "Eve"):attendance { event = event })
end

--- Let Calendar answer, after so many seconds; return the requests that it gets.
local function answer_with(status, items, seconds)
  local requests = {}
  function calendar(request)
    requests[#requests + 1] = request
    clock.sleep(seconds or 0)
    return { status = status, body = core.encode(status == 200 and { items = core.array(items) }
      or { error = { code = status, message = "no" } }) }
  end
  return requests
end

--- The event as Calendar has it, to which Ada and Bo were invited.
local function google_event()
  return {
    id = "e", summary = "Planning", conferenceData = { conferenceId = CODE },
    start = { dateTime = "2026-11-22T09:00:00Z" }, ["end"] = { dateTime = "2026-11-22T10:00:00Z" },
    organizer = { email = ADA.email, displayName = ADA.display_name, self = true },
    attendees = {
      { email = ADA.email, displayName = ADA.display_name, responseStatus = "accepted" },
      { email = BO.email, displayName = BO.display_name, responseStatus = "needsAction" },
      { email = CY.email, displayName = "Room 7", resource = true },
    },
  }
end

describe("record:attendance with an event", function()
  it("says who was invited, who did not come, and of whom it is unknown", function()
    local report = planning()
    local rows = report.list
    assert.same({ true, nil }, { rows[1].invited, rows[2].invited })
    assert.same({ BO }, report.absent)
    assert.same({ CY }, report.undecided)
    assert.same({ "Planning", ADA }, { report.title, report.organiser })
    assert.equal(report.event.guests[2], report.absent[1])
  end)

  it("is satisfied with guests", function()
    local report = assert(record_with "Eve":attendance { event = { guests = {} } })
    assert.is_false(report.list[1].invited)
    assert.same({ nil, nil, {}, {} },
      { report.title, report.organiser, report.absent, report.undecided })
  end)

  it("leaves the given event as it is, and its own as it was", function()
    local event = event_of({ { display_name = "Ada" }, { email = "a@x" } }, "Planning",
      { email = "a@x" })
    event.guests[1].event = event
    local report = assert(record_with():attendance { event = event })
    event.title, event.guests[1].display_name = "Other", "Other"
    assert.same({ { email = "a@x" }, { email = "a@x" } }, { event.organiser, event.guests[2] })
    assert.matches("^Planning\n.*Absent: Ada\n", report:render())
  end)

  it("has no title and no organiser in which there is nothing to see", function()
    for _, odd in ipairs { "\u{200B} ", 7, {} } do
      local report = assert(record_with "Ada":attendance {
        event = { title = odd, organiser = 7, guests = { ADA } },
      })
      assert.same({ nil, nil }, { report.title, report.organiser })
      assert.matches("^Name ", report:render())
    end
  end)

  it("without it has none of all that", function()
    local report = assert(record_with "Eve":attendance { event = false })
    assert.same({ nil, nil, nil, {}, {} }, { report.event, report.title, report.list[1].invited,
      report.absent, report.undecided })
    local text = ""
    for _, format in ipairs { "text", "markdown", "csv", "json", "html" } do
      text = text .. report:render(format)
    end
    assert.is_nil(text:lower():find "invited")
    assert.is_nil(text:lower():find "organiser")
  end)

  it("reads the event from the calendar", function()
    local requests = answer_with(200, { google_event() })
    local report = assert(record_with("Ada Bergqvist", "Eve"):attendance { event = true })
    assert.same({ "Planning", ADA, true, false, 1 }, { report.title, report.organiser,
      report.list[1].invited, report.list[2].invited, #requests })
    assert.same({ { display_name = BO.display_name, email = BO.email, response = "needs_action" } },
      report.absent)
    assert.same({}, report.undecided)
    assert.equal("e", report.event.id)
  end)

  it("reads the space with the connection of the other calls, and the calendar without", function()
    local requests = answer_with(200, { google_event() })
    local record = record_with "Ada Bergqvist"
    gateway:add_connection { id = "second", status = "ACTIVE",
      organisation = gateway:organisation() }
    gateway:clear_log()
    local report = assert(record:attendance { event = true, connection = "second" })
    assert.equal("Planning", report.title)
    assert.is_nil(requests[1].headers["Maton-Connection"])
    local asked = gateway:requests "spaces.get"
    assert.same({ 1, "second" }, { #asked, asked[1].headers["maton-connection"] })
  end)

  it("takes the time that the calendar takes from the deadline", function()
    local names = {}
    for index = 1, 30 do names[index] = "Guest " .. index end
    for _, case in ipairs { { 0, "nil" }, { 2, "deadline" }, { 4, "deadline" } } do
      local record = record_with(table.unpack(names)) -- 33 calls, 10 a second
      clock.sleep(4000) -- what came before does not count, and is forgotten
      answer_with(200, { google_event() }, case[1])
      local _, err = record:attendance { event = true, deadline = 4.5 }
      assert.equal(case[2], err and err.kind or "nil")
    end
  end)

  it("comes without an event when there is none, and says so", function()
    answer_with(200, {})
    local record = record_with "Eve"
    local report = assert(record:attendance { event = true })
    assert.same({ nil, "not_found", {}, nil },
      { report.event, report.event_error.kind, report.absent, report.list[1].invited })
    assert.equal(assert(record:attendance()):render "csv", report:render "csv")
    local failed, err = record:attendance { event = true, strict = true }
    assert.same({ "nil", "not_found" }, { tostring(failed), err.kind })
  end)

  for status, kind in pairs { [401] = "auth", [403] = "permission", [500] = "server" } do
    it(("fails when the calendar answers %d, before it reads participants"):format(status),
      function()
        answer_with(status)
        local record = record_with "Eve"
        gateway:clear_log()
        local report, err = record:attendance { event = true }
        assert.same({ "nil", kind, 0 },
          { tostring(report), err.kind, #gateway:requests "participants.list" })
      end)
  end

  local NO_EVENT = "attendance: option 'event' must be true, or a table whose 'guests' is an array "
    .. "of tables"
  for _, case in ipairs {
    { "a title", "Planning", "option 'event': boolean or table expected, got string" },
    { "no guests", {}, NO_EVENT }, { "a guest for guests", { guests = ADA }, NO_EVENT },
    { "a name for guests", { guests = "Ada" }, NO_EVENT },
    { "a name for a guest", { guests = { ADA, "Bo" } }, NO_EVENT },
    { "a gap", { guests = { ADA, [3] = BO } }, NO_EVENT },
  } do
    it("raises at the script's line for an event that is " .. case[1], function()
      local record = record_with()
      local line
      local ok, message = pcall(function()
        line = debug.getinfo(1, "l").currentline + 1
        local report = record:attendance { event = case[2] }
        return report
      end)
      assert.is_false(ok)
      assert.equal(("spec/unit/report/attendance/event_report_spec.lua:%d: %s"):format(line,
        case[3]), (message:gsub("^%./", "")))
    end)
  end
end)

describe("a report with an event, rendered", function()
  local UNKNOWN = "<p><small>It is unknown whether they came.</small></p>\n"

  it("as text has title and organiser above, guests below", function()
    assert.equal(table.concat({
      "Planning", "", "Organiser: Ada Bergqvist", "",
      "Name           Kind   First join (UTC)     Last leave (UTC)     Joins     Time  Invited",
      "-------------  -----  -------------------  -------------------  -----  -------  -------",
      "Ada Bergqvist  guest  2026-11-22 09:00:01  2026-11-22 10:00:00      1  0:59:59  yes",
      "Eve            guest  2026-11-22 09:00:02  2026-11-22 10:00:00      1  0:59:58",
      "", "Absent: Bo Moreau",
      "", "Undecided: cy@example.com",
      "", "Incomplete: the calendar does not show all guests", "",
    }, "\n"), planning { guests_omitted = true }:render())
  end)

  it("as Markdown shows what text shows", function()
    local text = planning { guests_omitted = true }:render "markdown"
    assert.matches("^# Planning\n\nOrganiser: Ada Bergqvist\n\n| Name | ", text)
    assert.matches("| Time | Invited |\n| %-%-%- .* | %-%-%- |\n.* | yes |\n.* |  |\n\nAbsent: Bo "
      .. "Moreau\n\nUndecided: cy@\u{2060}example\\%.com\n\nIncomplete: the calendar does not show "
      .. "all guests\n$", text)
  end)

  it("says no of one who was not invited", function()
    local report = planning { guests = { ADA } }
    assert.matches("\nEve  [^\n]*  no\n$", report:render())
    assert.matches("| no |\n$", report:render "markdown")
    assert.matches(",false,Planning,Ada Bergqvist\r\n$", report:render "csv")
    assert.matches('"invited":false,"title":"Planning","organiser":"Ada Bergqvist"}\n]\n$',
      report:render "json")
    assert.matches('0:59:58</td><td>no</td></tr>', report:render "html", 1, true)
  end)

  it("as CSV has further columns at the end, the title in each row", function()
    local lines = rfc4180.read(planning():render "csv")
    assert.same({ "incomplete", "invited", "title", "organiser" },
      table.move(lines[1], 13, 99, 1, {}))
    assert.same({ "", "true", "Planning", "Ada Bergqvist" }, table.move(lines[2], 13, 99, 1, {}))
    assert.same({ "", "", "Planning", "Ada Bergqvist" }, table.move(lines[3], 13, 99, 1, {}))
  end)

  it("as JSON has them in each row", function()
    local report = planning { organiser = { email = "office@example.com" } }
    for _, opts in ipairs { {}, { utc_offset = 3600 } } do
      local rows = assert(core.decode(report:render("json", opts)))
      assert.same({ true, "Planning", "office@example.com" },
        { rows[1].invited, rows[1].title, rows[1].organiser })
      assert.same({ nil, "Planning", 1 }, { rows[2].invited, rows[2].title, #rows[2].sessions })
    end
    assert.is_nil(report.list[1].title)
  end)

  it("as a page has title, organiser and lists of guests", function()
    local page = planning { guests_omitted = true }:render "html"
    for _, text in ipairs {
      "<title>Planning · Attendance 2026-11-22 09:00:00</title>", "<h1><bdi>Planning</bdi></h1>",
      "<p>Attendance · 2026-11-22 09:00:00 to 2026-11-22 10:00:00 UTC · 2 people<br>"
        .. "Organiser: <bdi>Ada Bergqvist</bdi><br><small>",
      '<th scope="col">Invited</th>', "0:59:59</td><td>yes</td></tr>",
      "<h2>Invited, but not there</h2>\n"
        .. "<ul><li><bdi>Bo Moreau</bdi> <small><bdi>bo@example.com</bdi></small></li></ul>\n",
      "<h2>Known by address only</h2>\n" .. UNKNOWN
        .. "<ul><li><bdi>cy@example.com</bdi></li></ul>\n",
      "<p>Incomplete: the calendar does not show all guests</p>",
    } do assert.matches(text, page, 1, true) end
    assert.is_nil(page:find("others have the same name", 1, true))
  end)

  it("as a page has apart those whose name is not enough", function()
    local page = planning { guests = {
      { display_name = "Eve", email = "e@x" }, { display_name = "Eve", email = "eve@x" },
    } }:render "html"
    assert.matches("<h2>Invited, but others share the name</h2>\n" .. UNKNOWN .. "<ul>"
      .. "<li><bdi>Eve</bdi> <small><bdi>e@x</bdi></small></li>"
      .. "<li><bdi>Eve</bdi> <small><bdi>eve@x</bdi></small></li></ul>", page, 1, true)
    assert.is_nil(page:find("Known by address only", 1, true))
    assert.is_nil(page:find("Invited, but not there", 1, true))
  end)

  it("has the guests of a conference to which nobody came", function()
    local report = assert(record_with():attendance {
      event = event_of({ BO, CY }, "Planning", { email = "a@x" }),
    })
    assert.matches("\n\nAbsent: Bo Moreau\n\nUndecided: cy@example.com\n$", report:render())
    local page = report:render "html"
    assert.matches("nobody came", page, 1, true)
    assert.matches("<h2>Known by address only</h2>\n<ul>", page, 1, true)
    assert.equal("[]\n", report:render "json")
  end)

  it("shows a guest of whom nothing is known", function()
    local report = assert(record_with "Eve":attendance { event = { guests = { {} } } })
    assert.matches("\nUndecided: (no name)\n", report:render(), 1, true)
    assert.matches("<li><bdi>(no name)</bdi></li>", report:render "html", 1, true)
  end)

  describe("escapes", function()
    --- A report in which one text stands wherever a text of an event does.
    local function everywhere(text)
      return assert(record_with "Eve":attendance { event = {
        title = text, organiser = { display_name = text },
        guests = {
          { display_name = text, email = text .. "@" }, { email = "x" .. text },
          { display_name = "Eve", email = text .. "1" },
          { display_name = "Eve", email = text .. "2" },
        },
      } })
    end

    it("what a spreadsheet takes for a formula", function()
      for _, case in ipairs {
        { "=1+1", "'=1+1" }, { "+46 8", "'+46 8" }, { "-1-1", "'-1-1" },
        { "@SUM(A1)", "'@SUM(A1)" },
        { "\t=1", "'\t'=1" }, { "a;=1", "a;'=1" }, { "\u{FF1D}1", "'\u{FF1D}1" },
      } do
        local line = rfc4180.read(everywhere(case[1]):render "csv")[2]
        assert.same({ case[2], case[2] }, { line[15], line[16] })
      end
    end)

    it("markup of HTML", function()
      local page = everywhere "</title><img src=x onerror='y'>\"&\0":render "html"
      local _, count = page:gsub("&lt;/title&gt;&lt;img src=x onerror=&#39;y&#39;&gt;&quot;&amp;"
        .. "\u{FFFD}", "")
      assert.equal(8, count) -- twice the title, the organiser, five places of four guests
      assert.is_nil(page:find("<img", 1, true))
    end)

    it("markup of Markdown", function()
      local text = everywhere "# *a* [b](http://c.d) <e>|":render "markdown"
      local _, count = text:gsub("\\# \\%*a\\%* \\%[b\\%]%(http\\://c\\%.d%) &lt;e&gt;&#124;", "")
      assert.equal(6, count) -- the title, the organiser, a name, three addresses
      assert.is_nil(text:find("<e>", 1, true))
    end)

    it("what steers a terminal or turns the writing", function()
      local text = everywhere "a\27[2J\u{202E}b\nc":render()
      local _, count = text:gsub("a\u{FFFD}%[2Jb c", "")
      assert.equal(6, count)
      assert.is_nil(text:find "\27")
      assert.is_nil(text:find "\u{202E}")
    end)

    it("broken UTF-8", function()
      local report = everywhere "a\xFF"
      for _, format in ipairs { "text", "markdown", "csv", "json", "html" } do
        assert.truthy(utf8.len(report:render(format)))
      end
      assert.equal("a\u{FFFD}", assert(core.decode(report:render "json"))[1].organiser)
      assert.equal("a\xFF", report.title)
    end)

    it("texts of any length", function()
      local report = everywhere(("é"):rep(2000))
      for _, format in ipairs { "csv", "json", "html" } do
        local _, count = report:render(format):gsub("é", "")
        assert.is_true(count % 2000 == 0 and count >= 4000, format)
      end
    end)
  end)
end)

describe("meet.attendance.merge", function()
  it("has the titles of the conferences", function()
    local report = planning()
    local merged = meet.attendance.merge { report }
    assert.equal("Planning", merged.conferences[1].title)
    assert.is_nil(merged:render():find "Absent")
  end)
end)
