--- The event of a conference: what is asked for, what is kept, what an event is read into. Which
-- event is chosen: `calendar/choice_spec`.

local core = require "googlemeet.core"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

local EVENTS = "/google-calendar/calendar/v3/calendars/primary/events"
local CODE = "abc-mnop-xyz"

local client, clock, answers, asked

local function answer(request)
  local path, query = request.url:match "^https://[^/]+([^?]*)%??(.*)$"
  asked[#asked + 1] = { path = path, query = query, headers = request.headers }
  local given = answers[path:gsub("^/google%-meet/v2/", "")]
  if type(given) == "function" then given = given(request) end
  if given == nil then
    return { status = 404, body = '{"error": {"code": 404, "status": "NOT_FOUND"}}' }
  end
  return given.status and given or { status = 200, body = core.encode(given) }
end

local function event(id, from, to, more)
  local made = {
    id = id, summary = "Planning", start = { dateTime = from }, ["end"] = { dateTime = to },
    conferenceData = { conferenceId = CODE },
    organizer = { email = "ada@example.com", displayName = "Ada Bergqvist", self = true },
  }
  for name, value in pairs(more or {}) do made[name] = value end
  return made
end

local function record(name, from, to, space)
  answers["conferenceRecords/" .. name] = {
    name = "conferenceRecords/" .. name, space = space or "spaces/sp", startTime = from,
    endTime = to,
  }
  return assert(client.conference_records:get("conferenceRecords/" .. name))
end

--- Begin with a calendar of one event, of which more is given.
local function begin(more, options)
  clock, asked, answers = manual_clock(), {}, {
    ["spaces/sp"] = { name = "spaces/sp", meetingCode = CODE },
    [EVENTS] = { items = { event("a", "2026-11-18T10:00:00Z", "2026-11-18T10:30:00Z", more) } },
  }
  local settings = {
    api_key = "test-key", transport = answer, clock = clock, retry = false, rate = false,
  }
  for name, value in pairs(options or {}) do settings[name] = value end
  client = assert(meet.new(settings))
  local conference = record("cr", "2026-11-18T10:01:00Z", "2026-11-18T10:29:00Z")
  asked = {}
  return conference
end

local function count(part)
  local found = 0
  for _, request in ipairs(asked) do
    if request.path:find(part, 1, true) then found = found + 1 end
  end
  return found
end

local function failure_of(value, err)
  assert.is_nil(value)
  return err.kind, err.message, err.hint
end

after_each(function()
  if client then client:close() end
end)

describe("record:event", function()
  it("asks for the code of the space, and for the events around the day", function()
    local conference = begin(nil, { connections = { calendar = "cal-1" } })
    assert.equal("a", assert(conference:event()).id)
    assert.same({ "/google-meet/v2/spaces/sp", EVENTS }, { asked[1].path, asked[2].path })
    assert.equal("fields=meetingCode", asked[1].query)
    local query = {}
    for name, value in asked[2].query:gmatch "([^&=]+)=([^&]*)" do query[name] = value end
    assert.same({
      singleEvents = "true", maxResults = "2500", timeMin = "2026-11-17T11%3A59%3A59Z",
      timeMax = "2026-11-19T12%3A00%3A01Z",
    }, query)
    assert.is_nil(asked[1].headers["Maton-Connection"])
    assert.equal("cal-1", asked[2].headers["Maton-Connection"])
  end)

  it("takes another calendar and another connection", function()
    local conference = begin()
    answers["/google-calendar/calendar/v3/calendars/team%40example.com%2F%C3%A9/events"]
      = answers[EVENTS]
    local found = assert(conference:event { calendar = "team@example.com/é", connection = "cal-2" })
    assert.equal("team@example.com/é", found.calendar)
    assert.equal("cal-2", asked[2].headers["Maton-Connection"])
  end)

  it("follows all pages, empty ones too", function()
    local conference = begin()
    local right = answers[EVENTS]
    answers[EVENTS] = function(request)
      local token = request.url:match "pageToken=([^&]*)"
      if not token then return { items = core.array {}, nextPageToken = "p 2" } end
      if token == "p%202" then return { nextPageToken = "p3" } end
      return right
    end
    assert.equal("a", assert(conference:event()).id)
    assert.equal(3, count "/events")
  end)

  it("ends where the pages have no end", function()
    local conference = begin()
    answers[EVENTS] = function() return { nextPageToken = "again" } end
    local kind, message = failure_of(conference:event())
    assert.equal("decode", kind)
    assert.matches("^conferenceRecords/cr: .*no end", message)
    assert.equal(40, count "/events")
  end)

  it("lists a day once for all its conferences, and reads each space once", function()
    begin()
    local records = {}
    for index = 1, 20 do
      records[index] = record("cr" .. index, ("2026-11-18T%02d:10:00Z"):format(index),
        ("2026-11-18T%02d:20:00Z"):format(index), index % 2 == 0 and "spaces/sp" or "spaces/other")
    end
    answers["spaces/other"] = { meetingCode = "zzz-zzzz-zzz" }
    asked = {}
    local found = assert(client:map(records, function(one)
      local its = one:event()
      return its and its.id or "none"
    end))
    assert.equal("a", found[10])
    assert.equal("none", found[9])
    assert.same({ 2, 1 }, { count "/spaces/", count "/events" })
    assert.equal("a", assert(records[10]:event { calendar = "primary" }).id)
    assert.same({ 2, 1 }, { count "/spaces/", count "/events" })
  end)

  it("asks again for another day, account or calendar, and after five minutes", function()
    local conference = begin()
    assert(conference:event())
    assert.equal("not_found", (failure_of(record("later", "2026-11-20T10:01:00Z",
      "2026-11-20T10:29:00Z"):event())))
    assert.equal(2, count "/events")
    assert(conference:event { connection = "cal-2" })
    assert.equal(3, count "/events")
    clock.sleep(301)
    assert(conference:event())
    assert.same({ 4, 2 }, { count "/events", count "/spaces/" })
    local other = assert(client:with { connections = { calendar = "cal-3" } })
    assert(assert(other.conference_records:get "conferenceRecords/cr"):event())
    assert.equal(5, count "/events")
  end)

  it("asks again where the clock was set back", function()
    local now = 1795341600 -- 2026-11-22T10:00:00Z
    local conference = begin(nil, {
      clock = { now = function() return now end, sleep = function() end },
    })
    assert(conference:event())
    now = now - 3600
    assert(conference:event())
    assert.equal(2, count "/events")
  end)

  it("keeps no failure", function()
    local conference = begin()
    local right = answers[EVENTS]
    answers[EVENTS] = { status = 503, body = "" }
    assert.equal("server", (failure_of(conference:event())))
    answers[EVENTS] = right
    assert(conference:event())
  end)

  it("keeps its answers from what scripts do to an event", function()
    local conference = begin { attendees = { { email = "bo@example.com" } } }
    local found = assert(conference:event())
    found.resource.conferenceData, found.guests[1].email, found.organiser.email = nil, "x", "y"
    local again = assert(conference:event())
    assert.same({ "bo@example.com", "ada@example.com", CODE },
      { again.guests[1].email, again.organiser.email, again.resource.conferenceData.conferenceId })
  end)

  it("covers a conference of two days, and one that runs at an unknown time", function()
    begin()
    assert(record("long", "2026-11-18T10:00:00Z", "2026-11-19T02:00:00Z"):event())
    assert.matches("timeMax=2026%-11%-20T12%%3A00%%3A01Z", asked[#asked].query)
    local live = record("live", "2026-11-18T10:01:00Z")
    assert.equal("a", assert(live:event()).id) -- the simulated clock knows no date
  end)

  it("takes one that runs until now", function()
    local now = 1795341600 -- 2026-11-22T10:00:00Z
    begin(nil, { clock = { now = function() return now end, sleep = function() end } })
    local live = record("live", "2026-11-22T09:50:00Z")
    answers[EVENTS] = { items = {
      event("before", "2026-11-22T09:40:00Z", "2026-11-22T09:54:00Z"),
      event("now", "2026-11-22T09:55:00Z", "2026-11-22T10:30:00Z"),
      event("after", "2026-11-22T10:00:00Z", "2026-11-22T12:30:00Z"),
    } }
    assert.equal("now", assert(live:event()).id)
  end)

  it("says which app lacks a connection", function()
    local conference = begin()
    answers[EVENTS] = { status = 400, body = '{"error": {"message": "none", "code": 400}}' }
    local kind, _, hint = failure_of(conference:event())
    assert.equal("connection", kind)
    assert.matches("google%-calendar", hint)
  end)

  it("says what to check where the calendar is not found", function()
    local conference = begin()
    answers[EVENTS] = nil
    local kind, _, hint = failure_of(conference:event())
    assert.equal("not_found", kind)
    assert.matches("option 'calendar'", hint)
  end)

  it("says why there is no event", function()
    local conference = begin { conferenceData = { conferenceId = "zzz-zzzz-zzz" } }
    local kind, message, hint = failure_of(conference:event())
    assert.equal("not_found", kind)
    assert.matches("no event within twelve hours has its meeting code", message)
    assert.matches("option 'calendar'", hint)
    conference = begin()
    table.insert(answers[EVENTS].items, event("b", "2026-11-18T10:00:00Z", "2026-11-18T10:30:00Z"))
    kind, message, hint = failure_of(conference:event())
    assert.equal("not_found", kind)
    assert.matches("2 events fit it equally well", message)
    assert.matches("give attendance a table", hint)
  end)

  it("ends where the token of the next page cannot be sent", function()
    for _, token in ipairs { "a\0b", "a\nb", ("x"):rep(70000) } do
      local conference = begin()
      answers[EVENTS] = { nextPageToken = token }
      local kind, message = failure_of(conference:event())
      assert.equal("decode", kind)
      assert.matches("page token cannot be sent back", message)
      assert.equal(1, count "/events")
    end
  end)

  it("takes data of any shape from the servers", function()
    local kinds = { ["[]"] = "not_found", ['"x"'] = "decode", ["7"] = "decode",
      ['{"items": 5}'] = "not_found", ['{"items": {"a": 1}}'] = "not_found",
      ['{"items": [null, 3, "x", [], {}]}'] = "not_found", ['{"nextPageToken": 5}'] = "not_found",
      ['{"nextPageToken": ""}'] = "not_found" }
    for odd, kind in pairs(kinds) do
      local conference = begin()
      answers[EVENTS] = { status = 200, body = odd }
      assert.equal(kind, (failure_of(conference:event())), odd)
    end
    for _, odd in ipairs { "[]", "7", "{}", '{"meetingCode": 5}', '{"meetingCode": ""}' } do
      local conference = begin()
      answers["spaces/sp"] = { status = 200, body = odd }
      assert.equal("decode", (failure_of(conference:event())), odd)
    end
    for _, more in ipairs { { startTime = "soon" }, { space = "spaces/a/b" }, { space = 5 },
      { name = "../spaces/sp" } } do
      begin()
      local odd = { name = "conferenceRecords/odd", space = "spaces/sp",
        startTime = "2026-11-18T10:00:00Z" }
      for name, value in pairs(more) do odd[name] = value end
      answers["conferenceRecords/odd"] = odd
      local conference = assert(client.conference_records:get "conferenceRecords/odd")
      assert.equal("decode", (failure_of(conference:event())))
    end
  end)

  it("keeps within its deadline", function()
    local conference = begin()
    local right = answers["spaces/sp"]
    answers["spaces/sp"] = function()
      clock.sleep(3)
      return right
    end
    assert.equal("deadline", (failure_of(conference:event { deadline = 3 })))
    assert.equal(0, count "/events")
    assert(conference:event { deadline = 3.5 })
  end)

  it("refuses misuse at the script's line", function()
    local conference = begin()
    for opts, pattern in pairs {
      [{ calender = "x" }] = "did you mean 'calendar'", [{ calendar = 5 }] = "string expected",
      [{ calendar = "" }] = "the id of a calendar expected",
      [{ deadline = "3" }] = "number expected",
    } do
      local ok, problem = pcall(function() return (conference:event(opts)) end)
      assert.is_false(ok)
      assert.matches(pattern, problem)
      assert.matches("^spec/unit/calendar_spec.lua:%d+: ", problem)
    end
    answers["conferenceRecords/bare"] = { space = "spaces/sp" }
    local bare = assert(client.conference_records:get("conferenceRecords/bare"))
    bare.name = nil
    assert.has_error(function() return (bare:event()) end)
    client:close()
    assert.has_error(function() return (conference:event()) end)
  end)
end)

describe("an event", function()
  it("has title, organiser, times, and where it is", function()
    local found = assert(begin {
      summary = "Planning", htmlLink = "https://calendar.example/e", recurringEventId = "s",
    }:event())
    local resource = found.resource
    found.resource = nil
    assert.same({
      id = "a", calendar = "primary", title = "Planning", guests = {},
      organiser = { display_name = "Ada Bergqvist", email = "ada@example.com" },
      start_time = "2026-11-18T10:00:00Z", end_time = "2026-11-18T10:30:00Z", series = "s",
      url = "https://calendar.example/e",
    }, found)
    assert.equal(CODE, resource.conferenceData.conferenceId)
  end)

  it("has the people among its guests, with what is known of each", function()
    local found = assert(begin { attendees = {
      { email = "ada@example.com", displayName = "Ada Bergqvist", organizer = true, self = true,
        responseStatus = "accepted", id = "103" },
      { email = "bo@example.com", responseStatus = "needsAction", optional = true },
      { email = "eva@example.com", displayName = "", responseStatus = "declined", id = "x1" },
      { email = "c_room@resource.calendar.google.com", displayName = "Room 4", resource = true,
        responseStatus = "accepted" },
      { displayName = "Farid", responseStatus = "tentative" },
      "odd", { email = 5, responseStatus = {} }, { responseStatus = "new" },
    } }:event())
    assert.same({
      { display_name = "Ada Bergqvist", email = "ada@example.com", response = "accepted",
        user = "users/103" },
      { email = "bo@example.com", response = "needs_action", optional = true },
      { email = "eva@example.com", response = "declined" },
      { display_name = "Farid", response = "tentative" },
      {}, { response = "new" },
    }, found.guests)
    assert.is_nil(found.guests_omitted)
  end)

  it("says whether guests are hidden", function()
    assert.is_true(begin({ attendeesOmitted = true }):event().guests_omitted)
    local others = { guestsCanSeeOtherGuests = false, organizer = { email = "x@example.com" } }
    assert.is_true(begin(others):event().guests_omitted)
    assert.is_nil(begin({ guestsCanSeeOtherGuests = false }):event().guests_omitted)
  end)

  it("has days where it is all-day, and no title where none is shown", function()
    local found = assert(begin {
      start = { date = "2026-11-18" }, ["end"] = { date = "2026-11-19" }, summary = "",
      organizer = "odd", attendees = "odd",
    }:event())
    assert.is_true(found.all_day)
    assert.same({ "2026-11-18", "2026-11-19" }, { found.start_time, found.end_time })
    assert.is_nil(found.title)
    assert.same({}, found.organiser)
    assert.same({}, found.guests)
  end)
end)
