local calendar = require "spec.support.calendar"
local ask = require "spec.support.ask"

local TEAM = "team@group.calendar.google.com"

describe("an event of the fake", function()
  local gateway

  before_each(function()
    gateway = calendar.new()
    gateway:set_calendar { email = "ada@example.com", display_name = "Ada Bergqvist" }
  end)

  --- Add an event, and return what Calendar shows.
  local function show(options, query)
    local event = gateway:add_event(options)
    return calendar.get(gateway, event.id, query, options.calendar)
  end

  it("is an hour from now of the account, with no more than it needs", function()
    local event = show { id = "a" }
    assert.same({
      kind = "calendar#event", etag = event.etag, id = "a", status = "confirmed",
      htmlLink = "https://www.google.com/calendar/event?eid=a", created = "2026-11-22T10:00:00Z",
      updated = "2026-11-22T10:00:00Z", iCalUID = "a@google.com", eventType = "default",
      creator = { email = "ada@example.com", displayName = "Ada Bergqvist", self = true },
      organizer = { email = "ada@example.com", displayName = "Ada Bergqvist", self = true },
      start = { dateTime = "2026-11-22T10:00:00Z", timeZone = "UTC" },
      ["end"] = { dateTime = "2026-11-22T11:00:00Z", timeZone = "UTC" },
    }, event)
  end)

  it("is shown as the node's resource", function()
    local node = gateway:add_event { id = "a", title = "Planning" }
    assert.same(node.resource, (calendar.get(gateway, "a")))
    gateway:cancel_event(node)
    assert.equal("cancelled", node.resource.status)
  end)

  it("has its times in the calendar's zone, or in the one that is asked for", function()
    gateway:set_calendar { utc_offset = "-03:30", time_zone = "America/St_Johns" }
    local times = { start_time = 1795341600, end_time = "2026-11-22T12:00:00+01:00" }
    assert.same({ dateTime = "2026-11-22T06:30:00-03:30", timeZone = "America/St_Johns" },
      show(times).start)
    assert.equal("2026-11-22T07:30:00-03:30", show(times)["end"].dateTime)
    gateway:set_calendar { time_zone = "Canada/Newfoundland" }
    assert.same({ dateTime = "2026-11-22T06:30:00-03:30", timeZone = "Canada/Newfoundland" },
      show(times).start)
    gateway:set_calendar { utc_offset = "+10:00" }
    assert.equal("Etc/GMT-10", show(times).start.timeZone)
    assert.equal("2026-11-22T12:00:00+02:00",
      show(times, "?timeZone=Etc%2FGMT-2").start.dateTime)
    assert.equal("2026-11-22T10:00:00Z", show(times, "?timeZone=UTC").start.dateTime)
    gateway:set_calendar { utc_offset = "+00:00" }
    assert.same({ dateTime = "2026-11-22T10:00:00Z", timeZone = "UTC" }, show(times).start)
  end)

  it("has dates when it is all-day, the last one not included", function()
    local event = show { start_time = "2026-11-22", end_time = "2026-11-24" }
    assert.same({ { date = "2026-11-22" }, { date = "2026-11-24" } },
      { event.start, event["end"] })
    assert.same({ date = "2026-12-01" }, show({ start_time = "2026-11-30" })["end"])
  end)

  it("has the conference of a space, or of a meeting code", function()
    local space = gateway:add_space { code = "abc-defg-hij" }
    for _, given in ipairs { { space = space }, { space = space.name }, { code = "abc-defg-hij" },
      { space = { name = space.name } } } do
      local event = show(given)
      local conference, label = event.conferenceData, "meet.google.com/abc-defg-hij"
      assert.same({ "abc-defg-hij", "hangoutsMeet", "https://" .. label }, {
        conference.conferenceId, conference.conferenceSolution.key.type, event.hangoutLink })
      assert.same({ { entryPointType = "video", uri = "https://" .. label, label = label } },
        conference.entryPoints)
    end
  end)

  it("has guests as Calendar has them: rooms, answers, who organises, who it is", function()
    local event = show { guests = {
      { display_name = "Ada Bergqvist", email = "ada@example.com", response = "accepted" },
      { display_name = "Bo Moreau", optional = true, id = "123" },
      { email = "noor@example.com", response = "declined" },
      { display_name = "Vega (8)", resource = true },
    } }
    assert.same({
      { displayName = "Ada Bergqvist", email = "ada@example.com", responseStatus = "accepted",
        organizer = true, self = true },
      { displayName = "Bo Moreau", email = "guest2@example.com", id = "123", optional = true,
        responseStatus = "needsAction" },
      { email = "noor@example.com", responseStatus = "declined" },
      { displayName = "Vega (8)", email = "c_room4@resource.calendar.google.com",
        responseStatus = "accepted", resource = true },
    }, event.attendees)
  end)

  local BO = { display_name = "Bo Moreau", email = "bo@example.com" }
  local BOTH = { { email = "ada@example.com" }, { email = "cecilia@example.com" } }

  it("has the organiser that is given, self or not", function()
    assert.same({ email = "bo@example.com", displayName = "Bo Moreau" },
      show({ organiser = BO }).organizer)
    assert.same({ email = "ada@example.com", self = true },
      show({ organiser = { email = "ada@example.com" } }).organizer)
    assert.same({ displayName = "Bo" }, show({ organiser = { display_name = "Bo" } }).organizer)
  end)

  it("hides other guests from all but the organiser", function()
    local event = show { organiser = BO, guests = BOTH, hide_guests = true }
    assert.same({ false, nil, 1, "ada@example.com" }, { event.guestsCanSeeOtherGuests,
      event.attendeesOmitted, #event.attendees, event.attendees[1].email })
    local own = show { guests = BOTH, hide_guests = true }
    assert.same({ false, 2 }, { own.guestsCanSeeOtherGuests, #own.attendees })
    assert.is_nil(show({ organiser = BO, guests = { BO }, hide_guests = true }).attendees)
  end)

  it("omits all guests but itself where it says so", function()
    local event = show { guests = BOTH, guests_omitted = true }
    assert.same({ true, 1, true },
      { event.attendeesOmitted, #event.attendees, event.attendees[1].self })
  end)

  it("is the calendar's own, not the account's, where another calendar has it", function()
    local own = show { calendar = TEAM, guests = BOTH, hide_guests = true }
    assert.same({ email = TEAM, self = true }, own.organizer)
    assert.same({ 2, nil }, { #own.attendees, own.attendees[1].self })
    local adas = show { calendar = TEAM, guests = { BOTH[1], { email = TEAM } },
      organiser = { email = "ada@example.com" }, hide_guests = true }
    assert.same({ email = "ada@example.com" }, adas.organizer)
    assert.same({ { email = TEAM, responseStatus = "needsAction", self = true } }, adas.attendees)
  end)

  it("is all there in one's own calendar when private, busy in one that one may read", function()
    local details = { title = "Salaries", private = true, code = "abc-defg-hij", guests = BOTH }
    local event = show(details)
    assert.same({ "Salaries", "private", 2 },
      { event.summary, event.visibility, #event.attendees })
    details.calendar, details.id = TEAM, "p"
    local busy = show(details)
    assert.same({
      kind = "calendar#event", etag = busy.etag, id = "p", status = "confirmed",
      iCalUID = "p@google.com", visibility = "private", eventType = "default",
      start = busy.start, ["end"] = busy["end"],
    }, busy)
    gateway:set_calendar { calendar = TEAM, role = "writer" }
    assert.equal("Salaries", calendar.get(gateway, "p", nil, TEAM).summary)
  end)

  it("is in another calendar with that calendar's title, zone and role", function()
    gateway:set_calendar { calendar = TEAM, display_name = "Team", utc_offset = "+02:00" }
    gateway:add_event { id = "a", title = "Open", calendar = TEAM, start_time = 1795341600 }
    local answer = calendar.list(gateway, "", "team%40group.calendar.google.com")
    assert.same({ "Team", "reader", "Open", "2026-11-22T12:00:00+02:00" }, { answer.summary,
      answer.accessRole, answer.items[1].summary, answer.items[1].start.dateTime })
    assert.same({}, calendar.ids(gateway))
    gateway:set_calendar { calendar = TEAM, role = "freeBusyReader" }
    assert.is_nil(calendar.get(gateway, "a", nil, TEAM).summary)
  end)

  it("is in the account's calendar by its address, too", function()
    gateway:add_event { id = "a" }
    assert.same({ "a" }, calendar.ids(gateway, "", "ada%40example.com"))
    gateway:add_event { id = "b", calendar = "ada@example.com" }
    assert.same({ "a", "b" }, calendar.ids(gateway))
  end)

  it("is given when it is cancelled, with all of it to the organiser alone", function()
    gateway:cancel_event(gateway:add_event { id = "own", title = "Own" })
    gateway:cancel_event(gateway:add_event { id = "bos", title = "Bo's", organiser = BO })
    assert.same({ "cancelled", "Own" },
      { calendar.get(gateway, "own").status, calendar.get(gateway, "own").summary })
    local gone = calendar.get(gateway, "bos")
    assert.same({ kind = "calendar#event", etag = gone.etag, id = "bos", status = "cancelled" },
      gone)
  end)

  it("is one of a series by its own id", function()
    gateway:add_event { id = "s", start_time = 1795341600, series = { every = "day", count = 2 } }
    assert.equal("2026-11-23T10:00:00Z",
      calendar.get(gateway, "s_20261123T100000Z").start.dateTime)
    assert.equal(404, select(2, calendar.get(gateway, "s_20261124T100000Z")).status)
  end)

  it("takes as long after a move as before, unless it is given an end", function()
    local event = gateway:add_event {
      id = "a", start_time = "2026-11-22T10:00:00Z", end_time = "2026-11-22T12:00:00Z",
    }
    gateway:move_event(event, 1, { start_time = "2026-11-23T10:00:00Z" })
    assert.equal("2026-11-23T12:00:00Z", calendar.get(gateway, "a")["end"].dateTime)
    gateway:move_event("a", 1, { end_time = "2026-11-23T10:30:00Z" })
    assert.same({ "2026-11-23T10:00:00Z", "2026-11-23T10:30:00Z" },
      { calendar.get(gateway, "a").start.dateTime, calendar.get(gateway, "a")["end"].dateTime })
    gateway:move_event("a", 1, { start_time = "2026-11-25" })
    assert.same({ date = "2026-11-26" }, calendar.get(gateway, "a")["end"])
  end)

  it("is another account's, which alone sees it; its id is that of the first account", function()
    local bo = gateway:add_connection {
      app = "google-calendar", status = "ACTIVE", account = "bo",
    }
    local function ids_of_bo()
      local answer = ask(gateway, "GET", "/google-calendar/calendar/v3/calendars/primary/events",
        nil, { ["Maton-Connection"] = bo.resource.connection_id })
      return #answer.items, answer.items[1].id
    end
    gateway:add_event { id = "b", organisation = bo.organisation }
    assert.same({ {}, 1, "b" }, { calendar.ids(gateway), ids_of_bo() })
    gateway:add_event { id = "b" }
    gateway:cancel_event "b"
    assert.same({ {}, 1, "b" }, { calendar.ids(gateway), ids_of_bo() })
  end)

  it("is asked for by operations with their own names", function()
    calendar.ids(gateway)
    calendar.get(gateway, "none")
    assert.same({ 1, 1 },
      { #gateway:requests "events.list", #gateway:requests "calendar.events.get" })
    gateway:fail { on = "events.list", status = 403, shape = "drive", reason = "rateLimitExceeded" }
    local answer = calendar.list(gateway)
    assert.equal("rateLimitExceeded", answer.error.errors[1].reason)
  end)

  local misuse = {
    { "add_event: unknown option 'tittle'; did you mean 'title'?", "add_event", { tittle = "x" } },
    { "add_event: a already exists", "add_event", { id = "a" } },
    { "add_event: a already exists", "add_event", { id = "a", calendar = TEAM } },
    { "code: a meeting code expected, got 'nonsense'", "add_event", { code = "nonsense" } },
    { "either space or code", "add_event", { space = "spaces/s", code = "abc-defg-hij" } },
    { "add_event: id 'a/b': letters", "add_event", { id = "a/b" } },
    { "status: 'done' is not one of", "add_event", { status = "done" } },
    { "guests: response: 'yes' is not one of", "add_event", { guests = { { response = "yes" } } } },
    { "guests: unknown option 'name'", "add_event", { guests = { { name = "x" } } } },
    { "guests: an array of", "add_event", { guests = { email = "x" } } },
    { "organiser: unknown option 'name'", "add_event", { organiser = { name = "x" } } },
    { "series: every: 'year' is not one of day, week", "add_event",
      { series = { every = "year", count = 2 } } },
    { "series: count: a whole number from 1", "add_event", { series = { every = "day" } } },
    { "space: a space, or its name, expected, got 'spaces/none'", "add_event",
      { space = "spaces/none" } },
    { "start and end are either dates or times", "add_event",
      { start_time = "2026-11-22", end_time = "2026-11-22T10:00:00Z" } },
    { "the end is before the start", "add_event", { start_time = 100, end_time = 99 } },
    { "or not a day after it", "add_event",
      { start_time = "2026-11-22", end_time = "2026-11-22" } },
    { "start_time:", "add_event", { start_time = "soon" } },
    { "organisation: what gateway:organisation() gives", "add_event", { organisation = {} } },
    { "move_event: an event, or its id, expected, got 'none'", "move_event", "none", 1, {} },
    { "from 1 to 1, expected, got 2", "move_event", "a", 2, {} },
    { "from 1 to 3, expected, got 4", "cancel_event", "s", 4 },
    { "cancel_event: an event, or its id, expected, got nil", "cancel_event" },
    { "utc_offset: an offset such as +01:00", "set_calendar", { utc_offset = "+1" } },
    { "expected, got '+25:00'", "set_calendar", { utc_offset = "+25:00" } },
    { "role: 'guest' is not one of", "set_calendar", { role = "guest" } },
    { "email: of the account's own calendar alone", "set_calendar",
      { calendar = "x@example.com", email = "y@example.com" } },
  }
  for _, case in ipairs(misuse) do
    it("raises: " .. case[1], function()
      gateway:add_event { id = "a" }
      gateway:add_space { id = "s" }
      gateway:add_event { id = "s", series = { every = "day", count = 3 } }
      local ok, message = pcall(function()
        gateway[case[2]](gateway, case[3], case[4], case[5])
      end)
      assert.is_false(ok)
      assert.is_truthy(message:find(case[1], 1, true), message)
      assert.matches("event_view_spec.lua:%d+: ", message)
    end)
  end
end)
