--- Which event a conference was held for: cases written by hand, through the whole client.

local core = require "googlemeet.core"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

local CODE = "abc-mnop-xyz"

--- Make an event of 2026-11-18 in UTC: `from` and `to` are times of day, or whole times.
local function event(id, from, to, more)
  local function at(text)
    return { dateTime = #text == 5 and ("2026-11-18T%s:00Z"):format(text) or text }
  end
  local made = {
    id = id, status = "confirmed", summary = "Event " .. id, start = at(from), ["end"] = at(to),
    conferenceData = { conferenceId = CODE, conferenceSolution = { key = {
      type = "hangoutsMeet" } } },
    hangoutLink = "https://meet.google.com/" .. CODE,
    organizer = { email = "ada@example.com", self = true },
  }
  for name, value in pairs(more or {}) do made[name] = value ~= "none" and value or nil end
  return made
end

local function day(id, from, to, more)
  local made = event(id, "00:00", "00:00", more)
  made.start, made["end"] = { date = from }, { date = to }
  return made
end

local NO_CODE = { conferenceData = "none", hangoutLink = "none" }
local OTHER = { conferenceData = { conferenceId = "zzz-zzzz-zzz" }, hangoutLink = "none" }

local function links(more)
  local with = { conferenceData = "none", hangoutLink = "none" }
  for name, value in pairs(more) do with[name] = value end
  return with
end

local function entry(uri)
  return links { conferenceData = { entryPoints = {
    { entryPointType = "phone", uri = "tel:+46-8-5555-0100", pin = "123" },
    { entryPointType = "video", uri = uri },
  } } }
end

-- what it is, the conference, the events, the id of the right one (false: none)
local CASES = {
  { "no event at all", "10:00", "10:30", {}, false },
  { "one in its slot", "10:00", "10:30", { event("a", "10:00", "10:30") }, "a" },
  { "begun early, ended late", "09:56", "10:41", { event("a", "10:00", "10:30") }, "a" },
  { "events without a code", "10:00", "10:30",
    { event("a", "10:00", "10:30", NO_CODE), event("b", "10:15", "11:00") }, "b" },
  { "an event with another code", "10:00", "10:30", { event("a", "10:00", "10:30", OTHER) },
    false },
  { "a link of another code behind the right conference", "10:00", "10:30",
    { event("a", "10:00", "10:30", { hangoutLink = "https://meet.google.com/zzz-zzzz-zzz" }) },
    "a" },
  { "a left-over link beside another conference", "10:00", "10:30",
    { event("a", "10:00", "10:30", { conferenceData = { conferenceId = "zzz-zzzz-zzz" } }) },
    false },
  { "only the link", "10:00", "10:30",
    { event("a", "10:00", "10:30", { conferenceData = "none" }) }, "a" },
  { "a link with a query, in capitals", "10:00", "10:30",
    { event("a", "10:00", "10:30", links {
      hangoutLink = "https://Meet.Google.com/ABC-MNOP-XYZ?authuser=0#x" }) }, "a" },
  { "a link without hyphens", "10:00", "10:30",
    { event("a", "10:00", "10:30", links { hangoutLink = "https://meet.google.com/abcmnopxyz" }) },
    "a" },
  { "an entry point", "10:00", "10:30",
    { event("a", "10:00", "10:30", entry "https://meet.google.com/abc-mnop-xyz") }, "a" },
  { "the page of its telephone numbers", "10:00", "10:30",
    { event("a", "10:00", "10:30", entry "https://tel.meet/abc-mnop-xyz?pin=4711") }, "a" },
  { "another site whose path is the code", "10:00", "10:30",
    { event("a", "10:00", "10:30", entry "https://example.com/abc-mnop-xyz") }, false },
  { "a site that ends like Meet's", "10:00", "10:30",
    { event("a", "10:00", "10:30", entry "https://notmeet.google.com/abc-mnop-xyz") }, false },
  { "a longer code that begins like it", "10:00", "10:30",
    { event("a", "10:00", "10:30", entry "https://meet.google.com/abc-mnop-xyzz") }, false },
  { "a page below the code", "10:00", "10:30",
    { event("a", "10:00", "10:30", entry "https://meet.google.com/lookup/abc-mnop-xyz") }, false },
  { "a conference of another product", "10:00", "10:30",
    { event("a", "10:00", "10:30", { conferenceData = { conferenceId = "98765432101",
      conferenceSolution = { key = { type = "addOn" } },
      entryPoints = { { entryPointType = "video", uri = "https://zoom.example/j/98765432101" } } },
      hangoutLink = "none" }) }, false },
  { "a series: the instance of that day", "10:01", "10:29", {
    event("s_17", "2026-11-17T10:00:00Z", "2026-11-17T10:30:00Z", { recurringEventId = "s" }),
    event("s_18", "10:00", "10:30", { recurringEventId = "s" }),
    event("s_19", "2026-11-19T10:00:00Z", "2026-11-19T10:30:00Z", { recurringEventId = "s" }),
  }, "s_18" },
  { "a moved instance: where it was moved to", "15:02", "15:31", {
    event("s_17", "2026-11-17T10:00:00Z", "2026-11-17T10:30:00Z", { recurringEventId = "s" }),
    event("s_18", "15:00", "15:30", { recurringEventId = "s",
      originalStartTime = { dateTime = "2026-11-18T10:00:00Z" } }),
  }, "s_18" },
  { "an instance that was moved away, and no other one near", "10:00", "10:30", {
    event("s_18", "2026-11-18T23:00:00Z", "2026-11-18T23:30:00Z", { recurringEventId = "s",
      originalStartTime = { dateTime = "2026-11-18T10:00:00Z" } }),
  }, false },
  { "a cancelled event", "10:00", "10:30", { event("a", "10:00", "10:30",
    { status = "cancelled" }) }, false },
  { "a cancelled event beside the right one", "10:00", "10:30", {
    event("a", "10:00", "10:30", { status = "cancelled" }), event("b", "10:00", "11:00") }, "b" },
  { "a tentative event", "10:00", "10:30", { event("a", "10:00", "10:30",
    { status = "tentative" }) }, "a" },
  { "two events one after the other", "10:28", "11:02",
    { event("a", "10:00", "10:30"), event("b", "10:30", "11:00") }, "b" },
  { "two that overlap: the greater overlap", "10:00", "11:00",
    { event("a", "09:30", "10:20"), event("b", "10:15", "11:00") }, "b" },
  { "one that encloses the other: the shorter", "10:00", "10:30",
    { event("a", "09:00", "17:00"), event("b", "10:00", "10:30") }, "b" },
  { "one that encloses the other, and the longer one was held", "09:00", "12:00",
    { event("a", "09:00", "12:00"), event("b", "10:00", "10:30") }, "a" },
  { "timed before all-day", "10:00", "10:30",
    { day("a", "2026-11-18", "2026-11-19"), event("b", "10:00", "10:30") }, "b" },
  { "timed before all-day, begun early", "09:50", "10:40",
    { day("a", "2026-11-18", "2026-11-19"), event("b", "10:00", "10:30") }, "b" },
  { "all-day alone", "10:00", "10:30", { day("a", "2026-11-18", "2026-11-19") }, "a" },
  { "all-day over a week", "10:00", "10:30", { day("a", "2026-11-16", "2026-11-21") }, "a" },
  { "all-day beside the same of the day after, in a known zone", "10:00", "10:30",
    { day("a", "2026-11-18", "2026-11-19"), day("b", "2026-11-19", "2026-11-20"),
      event("c", "07:00", "07:30", NO_CODE) }, "a" },
  { "all-day events of which no zone is known, where both could be meant", "10:00", "10:30",
    { day("a", "2026-11-18", "2026-11-19"), day("b", "2026-11-19", "2026-11-20") }, false },
  { "all-day in a zone that is far from UTC", "2026-11-18T23:10:00Z", "2026-11-18T23:40:00Z", {
    day("a", "2026-11-18", "2026-11-19"), day("b", "2026-11-19", "2026-11-20"),
    event("c", "2026-11-18T09:00:00+10:30", "2026-11-18T10:00:00+10:30", OTHER) }, "b" },
  { "all-day in a zone west of UTC", "2026-11-19T03:10:00Z", "2026-11-19T03:40:00Z", {
    day("a", "2026-11-18", "2026-11-19"), day("b", "2026-11-19", "2026-11-20"),
    event("c", "2026-11-18T09:00:00-08:00", "2026-11-18T10:00:00-08:00", OTHER) }, "a" },
  { "all-day beside the change to summer time: neither of two that it may be",
    "2026-03-29T22:10:00Z", "2026-03-29T22:40:00Z", {
    day("a", "2026-03-29", "2026-03-30"), day("b", "2026-03-30", "2026-03-31"),
    event("c", "2026-03-28T09:00:00+01:00", "2026-03-28T10:00:00+01:00", OTHER) }, false },
  { "all-day of the day before, in a zone that is not known", "20:00", "20:30",
    { day("a", "2026-11-17", "2026-11-18") }, false },
  { "all-day of the day before, within twelve hours", "10:00", "10:30",
    { day("a", "2026-11-17", "2026-11-18"), event("c", "07:00", "07:30", NO_CODE) }, "a" },
  { "outside its slot", "16:00", "16:30", { event("a", "10:00", "10:30") }, "a" },
  { "twelve hours before its slot", "2026-11-17T21:30:00Z", "2026-11-17T22:00:00Z",
    { event("a", "10:00", "10:30") }, "a" },
  { "more than twelve hours before its slot", "2026-11-17T21:29:00Z", "2026-11-17T21:59:00Z",
    { event("a", "10:00", "10:30") }, false },
  { "more than twelve hours after its slot", "22:31", "22:40", { event("a", "10:00", "10:30") },
    false },
  { "outside two slots", "13:00", "13:30",
    { event("a", "10:00", "10:30"), event("b", "15:00", "15:30") }, false },
  { "right behind its slot, and another one near", "10:30", "10:45",
    { event("a", "10:00", "10:30"), event("b", "15:00", "15:30") }, false },
  { "the same slot twice", "10:00", "10:30",
    { event("a", "10:00", "10:30"), event("b", "10:00", "10:30") }, false },
  { "one event on two pages", "10:00", "10:30",
    { event("a", "10:00", "10:30"), event("a", "10:00", "10:30") }, "a" },
  { "one event on two pages, in the meantime cancelled", "10:00", "10:30",
    { event("a", "10:00", "10:30"), event("a", "10:00", "10:30", { status = "cancelled" }) },
    false },
  { "one event on two pages, in the meantime without a meeting", "10:00", "10:30",
    { event("a", "10:00", "10:30"), event("a", "10:00", "10:30", NO_CODE) }, false },
  { "one event on two pages, in the meantime moved", "10:00", "10:30",
    { event("a", "10:00", "10:30"), event("b", "10:00", "11:00"),
      event("a", "2026-11-20T10:00:00Z", "2026-11-20T10:30:00Z") }, "b" },
  { "two events with ids that are none", "10:00", "10:30",
    { event("", "10:00", "10:30"), event("", "10:00", "10:30"), event(7, "10:00", "10:30"),
      event(7, "10:00", "10:30") }, false },
  { "over midnight", "2026-11-18T23:50:00Z", "2026-11-19T00:40:00Z", {
    event("a", "2026-11-18T23:30:00Z", "2026-11-19T00:30:00Z"),
    event("b", "2026-11-19T00:30:00Z", "2026-11-19T01:30:00Z") }, "a" },
  { "a time with another offset", "10:00", "10:30",
    { event("a", "2026-11-18T11:00:00+01:00", "2026-11-18T11:30:00+01:00"),
      event("b", "2026-11-18T10:00:00+01:00", "2026-11-18T10:30:00+01:00") }, "a" },
  { "a conference of no length, at the border of two", "10:30", "10:30",
    { event("a", "10:00", "10:30"), event("b", "10:30", "11:00") }, "b" },
  { "an event of no length, alone", "10:00", "10:30", { event("a", "10:10", "10:10") }, "a" },
  { "an event that ends before it begins", "10:00", "10:30", { event("a", "10:10", "09:00") },
    "a" },
  { "events that are no events", "10:00", "10:30",
    { "x", 1, { id = "y" }, { id = 5, start = "soon", conferenceData = 3 },
      event("z", "soon", "later"), event("q", "10:00", "10:30", { start = {} }),
      event("a", "10:00", "10:30", { attendees = "all", organizer = "Ada", ["end"] = 7 }) }, "a" },
  { "a private event of which only the time is shown", "10:00", "10:30",
    { event("a", "10:00", "10:30", { conferenceData = "none", hangoutLink = "none",
      summary = "none", visibility = "private" }) }, false },
}

local function whole(text)
  return #text == 5 and ("2026-11-18T%s:00Z"):format(text) or text
end

local function find(from, to, events)
  local clock = manual_clock()
  local client <close> = assert(meet.new {
    api_key = "test-key", clock = clock, transport = function(request)
      local path = request.url:match "^https://[^/]+([^?]*)"
      if path == "/google-meet/v2/conferenceRecords/cr" then
        return { status = 200, body = core.encode {
          name = "conferenceRecords/cr", space = "spaces/sp", startTime = from, endTime = to,
        } }
      elseif path == "/google-meet/v2/spaces/sp" then
        return { status = 200, body = core.encode { meetingCode = CODE } }
      end
      assert.equal("/google-calendar/calendar/v3/calendars/primary/events", path)
      return { status = 200, body = core.encode { items = core.array(events) } }
    end,
  })
  return assert(client.conference_records:get "conferenceRecords/cr"):event()
end

describe("record:event", function()
  for _, case in ipairs(CASES) do
    local what, from, to, events, expected = table.unpack(case)
    it("chooses: " .. what, function()
      local found, err = find(whole(from), whole(to), events)
      if expected then
        assert.equal(expected, assert(found).id)
      else
        assert.is_nil(found)
        assert.equal("not_found", err.kind)
      end
    end)

    local is_ordered = what:find "in the meantime"
    if not is_ordered then it("chooses the same in the other order: " .. what, function()
      local turned = {}
      for index = #events, 1, -1 do turned[#turned + 1] = events[index] end
      local found = find(whole(from), whole(to), turned)
      assert.equal(expected or nil, found and found.id)
    end) end
  end
end)
