local calendar = require "spec.support.calendar"
local testing = require "googlemeet.testing"
local time = require "googlemeet.time"

describe("the calendar of gateway:seed", function()
  local gateway, seeded

  setup(function()
    gateway = testing.gateway { now = 1795341600, clock = function() return 0 end }
    seeded = gateway:seed { webinar = 8 }
  end)

  --- Return the instants between which something is, until now where it has no end.
  local function span(from, to)
    return (time.parse(from)), to and (time.parse(to)) or 1795341600
  end

  --- Find the events of a conference: those with its code that its time touches.
  local function events_of(record)
    local code, found = record.space.resource.meetingCode, {}
    local start, stop = span(record.resource.startTime, record.resource.endTime)
    for _, item in ipairs(calendar.list(gateway, "?singleEvents=true&maxResults=2500").items) do
      local has_code = item.conferenceData and item.conferenceData.conferenceId == code
      if has_code then
        local from, to = span(item.start.dateTime, item["end"].dateTime)
        if from < stop and to > start then found[#found + 1] = item end
      end
    end
    return found
  end

  local titles = {
    planning = "Weekly planning", planning_2 = "Weekly planning", planning_4 = "Weekly planning",
    webinar = "Autumn webinar", customer = "Rollout with the customer", fresh = "Interview",
    live = "Stand-up",
  }
  for nickname, title in pairs(titles) do
    it("has one event for the conference " .. nickname, function()
      local found = events_of(seeded.records[nickname])
      assert.same({ 1, title }, { #found, found[1].summary })
    end)
  end

  it("has none for those that nobody planned", function()
    assert.same({ {}, {} }, { events_of(seeded.records.empty), events_of(seeded.records.expired) })
  end)

  it("has guests with the names of those who took part, and some who did not", function()
    local there, absent, unnamed, rooms = {}, {}, 0, 0
    for _, participant in ipairs(seeded.records.planning.participants) do
      local user = participant.resource.signedinUser
      if user then there[user.displayName] = true end
    end
    for _, guest in ipairs(events_of(seeded.records.planning)[1].attendees) do
      if guest.resource then
        rooms = rooms + 1
      elseif not guest.displayName then
        unnamed = unnamed + 1
      elseif there[guest.displayName] then
        there[guest.displayName] = nil
      elseif guest.responseStatus ~= "declined" then
        absent[#absent + 1] = guest.displayName
      end
    end
    assert.same({}, there)
    assert.same({ { "Greta Åström", "Ines Fransson" }, 1, 1 }, { absent, unnamed, rooms })
  end)

  it("has a guest with the number of the participant's user", function()
    local guest = events_of(seeded.records.planning)[1].attendees[5]
    local users = {}
    for _, participant in ipairs(seeded.records.planning.participants) do
      local user = participant.resource.signedinUser
      if user then users[user.displayName] = user.user end
    end
    assert.equal("users/" .. guest.id, users[guest.displayName])
  end)

  it("has moved and cancelled instances, a hidden list, an all-day and a private event", function()
    assert.equal("2026-11-29T12:00:00+01:00",
      calendar.get(gateway, seeded.events.planning.id .. "_20261129T090000Z").start.dateTime)
    assert.equal("cancelled",
      calendar.get(gateway, seeded.events.planning.id .. "_20261206T090000Z").status)
    local customer = calendar.get(gateway, seeded.events.customer.id)
    assert.same({ false, 1 }, { customer.guestsCanSeeOtherGuests, #customer.attendees })
    assert.is_true(calendar.get(gateway, seeded.events.webinar.id).attendeesOmitted)
    assert.same({ date = "2026-11-22" }, calendar.get(gateway, seeded.events.day.id).start)
    assert.equal("private", calendar.get(gateway, seeded.events.dentist.id).visibility)
  end)

  it("is the same in every run", function()
    local function body()
      local fake = testing.gateway { now = 1795341600, clock = function() return 0 end }
      fake:seed { webinar = 8 }
      return select(2, calendar.list(fake)).body
    end
    assert.equal(body(), body())
  end)
end)
