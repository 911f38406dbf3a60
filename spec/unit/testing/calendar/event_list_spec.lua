local calendar = require "spec.support.calendar"

local ids = calendar.ids

describe("a list of the fake's events", function()
  local gateway

  before_each(function()
    gateway = calendar.new()
  end)

  local function add(id, from, to, options)
    options = options or {}
    options.id, options.start_time, options.end_time = id, from, to
    return gateway:add_event(options)
  end

  it("has those that end after timeMin and start before timeMax, neither included", function()
    add("a", "2026-11-22T08:00:00Z", "2026-11-22T09:00:00Z")
    add("b", "2026-11-22T08:00:00Z", "2026-11-22T09:00:01Z")
    add("c", "2026-11-22T10:59:59Z", "2026-11-22T12:00:00Z")
    add("d", "2026-11-22T11:00:00Z", "2026-11-22T12:00:00Z")
    add("e", "2026-11-22T07:00:00Z", "2026-11-22T13:00:00Z")
    local from, to = "timeMin=2026-11-22T10:00:00%2B01:00", "timeMax=2026-11-22T11:00:00Z"
    assert.same({ "b", "c", "e" }, ids(gateway, "?" .. from .. "&" .. to))
    assert.same({ "b", "c", "d", "e" }, ids(gateway, "?" .. from))
    assert.same({ "a", "b", "c", "e" }, ids(gateway, "?" .. to))
    assert.same({ "a", "b", "c", "d", "e" }, ids(gateway))
  end)

  it("ignores fractions of a second", function()
    add("a", "2026-11-22T08:00:00Z", "2026-11-22T09:00:00Z")
    assert.same({}, ids(gateway, "?timeMin=2026-11-22T09:00:00.9Z"))
    assert.same({ "a" }, ids(gateway, "?timeMin=2026-11-22T08:59:59.9Z"))
  end)

  it("takes the days of an all-day event in the calendar's zone", function()
    add("day", "2026-11-22", "2026-11-23")
    gateway:set_calendar { utc_offset = "+01:00" }
    assert.same({ "day" }, ids(gateway, "?timeMin=2026-11-22T22:59:59Z"))
    assert.same({}, ids(gateway, "?timeMin=2026-11-22T23:00:00Z"))
    assert.same({ "day" }, ids(gateway, "?timeMax=2026-11-21T23:00:01Z"))
    assert.same({}, ids(gateway, "?timeMax=2026-11-21T23:00:00Z"))
  end)

  local function add_series()
    return add("week", "2026-11-01T09:00:00Z", "2026-11-01T10:00:00Z",
      { series = { every = "week", count = 4 }, title = "Weekly" })
  end

  it("has the instances of a series, each with its id and where it belongs", function()
    add_series()
    local items = calendar.list(gateway, "?singleEvents=true&timeMin=2026-11-08T10:00:00Z").items
    assert.same({ "week_20261115T090000Z", "week_20261122T090000Z" },
      { items[1].id, items[2].id })
    local first = items[1]
    assert.same({ "week", "week@google.com", "Weekly", nil },
      { first.recurringEventId, first.iCalUID, first.summary, first.recurrence })
    assert.same({ dateTime = "2026-11-15T09:00:00Z", timeZone = "UTC" }, first.start)
    assert.same(first.start, first.originalStartTime)
    assert.equal("2026-11-15T10:00:00Z", first["end"].dateTime)
  end)

  it("has a series as one without singleEvents, at the time of its first instance", function()
    add_series()
    local items = calendar.list(gateway, "?timeMin=2026-11-20T00:00:00Z").items
    assert.same({ "week", "2026-11-01T09:00:00Z" }, { items[1].id, items[1].start.dateTime })
    assert.same({ "RRULE:FREQ=WEEKLY;COUNT=4" }, items[1].recurrence)
    assert.is_nil(items[1].recurringEventId)
    assert.same({}, ids(gateway, "?timeMin=2026-11-22T10:00:00Z"))
  end)

  it("names the instances of an all-day series by the day", function()
    add("day", "2026-11-21", nil, { series = { every = "day", count = 2 } })
    assert.same({ "day_20261121", "day_20261122" }, ids(gateway, "?singleEvents=true"))
    local second = calendar.get(gateway, "day_20261122")
    assert.same({ { date = "2026-11-22" }, { date = "2026-11-23" }, { date = "2026-11-22" } },
      { second.start, second["end"], second.originalStartTime })
  end)

  it("has a moved instance at its new time, with the time that the series has for it", function()
    gateway:move_event(add_series(), 3, { start_time = "2026-11-16T14:00:00Z" })
    local window = "&timeMin=2026-11-15T00:00:00Z&timeMax=2026-11-16T00:00:00Z"
    assert.same({}, ids(gateway, "?singleEvents=true" .. window))
    local items = calendar.list(gateway,
      "?singleEvents=true&timeMin=2026-11-16T00:00:00Z&timeMax=2026-11-17T00:00:00Z").items
    assert.same({ 1, "week_20261115T090000Z", "2026-11-16T14:00:00Z", "2026-11-16T15:00:00Z",
      "2026-11-15T09:00:00Z" }, { #items, items[1].id, items[1].start.dateTime,
      items[1]["end"].dateTime, items[1].originalStartTime.dateTime })
    assert.same({ "week", "week_20261115T090000Z" }, ids(gateway))
  end)

  it("leaves cancelled events out, unless they are asked for", function()
    gateway:cancel_event(add_series(), 2)
    gateway:cancel_event(add("gone", "2026-11-22T09:00:00Z"))
    add("never", "2026-11-22T09:00:00Z", nil, { status = "cancelled" })
    local singles = "?singleEvents=true"
    assert.same({ "week_20261101T090000Z", "week_20261115T090000Z", "week_20261122T090000Z" },
      ids(gateway, singles))
    assert.same({ "week_20261101T090000Z", "week_20261108T090000Z", "week_20261115T090000Z",
      "week_20261122T090000Z", "gone", "never" }, ids(gateway, singles .. "&showDeleted=true"))
    assert.same({ "week", "week_20261108T090000Z", "gone", "never" },
      ids(gateway, "?showDeleted=true"))
  end)

  it("has cancelled instances without being asked where it has series as one", function()
    gateway:cancel_event(add_series(), 2)
    local items = calendar.list(gateway).items
    assert.same({ "week", "week_20261108T090000Z" }, { items[1].id, items[2].id })
    assert.same({
      kind = "calendar#event", etag = items[2].etag, id = "week_20261108T090000Z",
      status = "cancelled", recurringEventId = "week",
      originalStartTime = { dateTime = "2026-11-08T09:00:00Z", timeZone = "UTC" },
    }, items[2])
  end)

  it("has nothing of a series that is cancelled, but its instances when asked", function()
    gateway:cancel_event(add_series(), 2)
    gateway:cancel_event "week"
    assert.same({}, ids(gateway))
    assert.same({}, ids(gateway, "?singleEvents=true"))
    assert.equal(4, #ids(gateway, "?singleEvents=true&showDeleted=true"))
    assert.same({ "week", "week_20261108T090000Z" }, ids(gateway, "?showDeleted=true"))
  end)

  it("is in the order of making, or of start", function()
    add("late", "2026-11-22T12:00:00Z")
    add("day", "2026-11-22")
    add("early", "2026-11-22T08:00:00Z")
    add("also_late", "2026-11-22T12:00:00Z")
    assert.same({ "late", "day", "early", "also_late" }, ids(gateway, "?singleEvents=true"))
    assert.same({ "day", "early", "also_late", "late" },
      ids(gateway, "?singleEvents=true&orderBy=startTime"))
  end)

  it("says what calendar it is, and gives the parts that are asked for", function()
    gateway:set_calendar { utc_offset = "+01:00", email = "ada@example.com" }
    local answer = calendar.list(gateway, "?fields=kind,summary,timeZone,accessRole,items(id)")
    assert.same({ kind = "calendar#events", summary = "ada@example.com", timeZone = "Etc/GMT-1",
      accessRole = "owner", items = {} }, answer)
    assert.is_string(calendar.list(gateway).nextSyncToken)
  end)
end)

describe("the pages of a list of the fake's events", function()
  --- Follow the pages; return the ids of each, and the tokens.
  local function pages(gateway, query)
    local found, token = {}, nil
    repeat
      local answer = calendar.list(gateway, query .. (token and "&pageToken=" .. token or ""))
      local page = {}
      for i, item in ipairs(answer.items) do page[i] = item.id end
      found[#found + 1], token = page, answer.nextPageToken
      assert.equal(token == nil, answer.nextSyncToken ~= nil)
    until not token
    return found
  end

  local function filled(options)
    local gateway = calendar.new(options)
    gateway:add_event {
      id = "e", start_time = "2026-11-20T09:00:00Z", series = { every = "day", count = 5 },
    }
    return gateway
  end

  local function names(from, to)
    local made = {}
    for day = from, to do made[#made + 1] = ("e_202611%dT090000Z"):format(day) end
    return made
  end

  it("hold maxResults each, 250 by default", function()
    local gateway = filled()
    assert.same({ names(20, 21), names(22, 23), names(24, 24) },
      pages(gateway, "?singleEvents=true&maxResults=2"))
    assert.same({ names(20, 24) }, pages(gateway, "?singleEvents=true&maxResults=5"))
    gateway:add_event { start_time = "2026-11-20", series = { every = "day", count = 2600 } }
    assert.equal(250, #pages(gateway, "?singleEvents=true")[1])
    assert.equal(2500, #pages(gateway, "?singleEvents=true&maxResults=9999")[1])
  end)

  it("are short, or hold nothing, where the gateway has short pages", function()
    local gateway = filled { short_pages = true }
    assert.same({ names(20, 21), {}, names(22, 24) },
      pages(gateway, "?singleEvents=true&maxResults=4"))
  end)

  it("begin where another ended of the same list alone", function()
    local gateway = filled()
    local token = calendar.list(gateway, "?singleEvents=true&maxResults=2").nextPageToken
    assert.same(names(22, 24), calendar.ids(gateway, "?singleEvents=true&pageToken=" .. token))
    for _, query in ipairs { "?pageToken=" .. token,
      "?singleEvents=true&pageToken=" .. token .. "0",
      "?singleEvents=true&timeMin=2026-11-20T00:00:00Z&pageToken=" .. token } do
      local answer, response = calendar.list(gateway, query)
      assert.same({ 400, "invalid", "pageToken" }, { response.status,
        answer.error.errors[1].reason, answer.error.errors[1].location })
    end
  end)
end)

describe("a request for the fake's events that is wrong", function()
  local cases = {
    { 400, "timeRangeEmpty", "calendar", "timeMax",
      "primary/events?timeMin=2026-11-22T09:00:00Z&timeMax=2026-11-22T10:00:00%2B01:00" },
    { 400, "requestedOrderingNotAvailable", "calendar", "orderBy",
      "primary/events?orderBy=startTime" },
    { 400, "badRequest", "global", nil, "primary/events?timeMin=2026-11-22T09:00:00" },
    { 400, "badRequest", "global", nil, "primary/events?timeMax=2026-11-22" },
    { 400, "invalidParameter", "global", "maxResults", "primary/events?maxResults=0" },
    { 400, "invalidParameter", "global", "pageSize", "primary/events?pageSize=5" },
    { 400, "invalidParameter", "global", "pageToken", "primary/events?pageToken=a&pageToken=b" },
    { 400, "invalidParameter", "global", "fields", "primary/events?fields=items(title)" },
    { 400, "invalidParameter", "global", "timeZone", "primary/events?timeZone=Mars%2FOlympus" },
    { 400, "invalidParameter", "global", "singleEvents", "primary/events/a?singleEvents=true" },
    { 404, "notFound", "global", nil, "other%40example.com/events" },
    { 404, "notFound", "global", nil, "primary/events/none" },
    { 404, "notFound", "global", nil, "primary/events/a/instances" },
  }
  for _, case in ipairs(cases) do
    it(("is answered with %d %s: %s"):format(case[1], case[2], case[5]), function()
      local gateway = calendar.new()
      gateway:add_event { id = "a" }
      local answer, response = calendar.ask_loosely(gateway, case[5])
      local item = answer.error.errors[1]
      assert.same({ case[1], case[2], case[3], case[4] },
        { response.status, item.reason, item.domain, item.location })
      assert.same({ case[1], item.message, nil },
        { answer.error.code // 1, answer.error.message, answer.error.status })
    end)
  end

  for _, given in ipairs { "q=a", "iCalUID=a%40google.com", "eventTypes=default",
    "privateExtendedProperty=a%3Db", "sharedExtendedProperty=a%3Db", "maxAttendees=1",
    "updatedMin=2026-11-22T09:00:00Z", "syncToken=CPjx", "orderBy=updated" } do
    it("names what Google has and the fake not: " .. given, function()
      local answer, response = calendar.list(calendar.new(), "?" .. given)
      local name = given:match "^%a+"
      assert.same({ 400, name }, { response.status, answer.error.errors[1].location })
      assert.matches("^The fake does not have '" .. name, answer.error.message)
    end)
  end

  it("has a body", function()
    local answer, response = calendar.ask_loosely(calendar.new(), "primary/events", "{}")
    assert.same({ 400, "invalidParameter" },
      { response.status, answer.error.errors[1].reason })
  end)
end)
