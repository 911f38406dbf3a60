--- The calendar of the demo account: the events of its conferences, and others.

local people = require "googlemeet.testing.demo.people"
local time = require "googlemeet.time"

local events = {}

local HOUR = 3600
local DAY = 24 * HOUR

--- Return guests, by the numbers of persons; all of them have accepted.
local function accepted(...)
  local guests = {}
  for i, number in ipairs { ... } do
    guests[i] = {
      display_name = people.name(number), email = people.email(number), response = "accepted",
    }
  end
  return guests
end

--- Return the guests of the weekly planning. Persons 7 and 9 did not come, 8 has declined, and one
-- is known by an address only.
local function planners()
  local guests = accepted(1, 2, 3, 4, 5, 6, 7, 8, 9)
  guests[4].response, guests[8].response = "tentative", "declined"
  guests[5].id = people.user(5):match "%d+"
  guests[9].response, guests[9].optional = "needs_action", true
  guests[10] = { email = "noor@partner.example", response = "accepted" }
  guests[11] = {
    display_name = "Stockholm-3-Vega (8)", email = "c_188vega@resource.calendar.google.com",
    resource = true,
  }
  return guests
end

--- Fill the primary calendar of the first connection's account, which is person 1.
---@param gateway table
---@param spaces table<string, table> nodes by nickname
---@param now integer
---@return table<string, table> nodes by nickname
function events.fill(gateway, spaces, now)
  gateway:set_calendar {
    email = people.email(1), display_name = people.name(1), utc_offset = "+01:00",
    time_zone = "Europe/Stockholm",
  }
  local midnight, found = now - now % DAY, {}
  local function add(nickname, start, length, options)
    options.start_time, options.end_time = start, start + length
    found[nickname] = gateway:add_event(options)
  end
  local planning = midnight - 28 * DAY + 9 * HOUR
  add("planning", planning, HOUR, { id = "planning5kq2m0c8d1", title = "Weekly planning",
    space = spaces.planning, series = { every = "week", count = 7 }, guests = planners() })
  gateway:move_event(found.planning, 6, { start_time = planning + 35 * DAY + 2 * HOUR })
  gateway:cancel_event(found.planning, 7)
  add("webinar", midnight - 9 * DAY + 15 * HOUR, HOUR, { id = "webinar3hv7n2e0a9",
    title = "Autumn webinar", space = spaces.webinar, guests = accepted(1, 2, 3, 4, 5, 6),
    guests_omitted = true })
  add("customer", midnight - 3 * DAY + 13 * HOUR, HOUR // 2, { id = "customer8fd4j6s1b2",
    title = "Rollout with the customer", space = spaces.customer, guests = accepted(1, 12),
    hide_guests = true,
    organiser = { display_name = "Rosa Dubois", email = "rosa@customer.example" } })
  add("interview", now - 45 * 60, HOUR // 2, { id = "interview1lt9p3o7c4", title = "Interview",
    space = spaces.interview, guests = accepted(1, 11) })
  add("daily", now - 24 * 60 - 3 * DAY, 2 * HOUR, { id = "daily6ag0r5u2i8kn", title = "Stand-up",
    space = spaces.live, series = { every = "day", count = 5 },
    guests = accepted(1, 2, 7, 8, 9, 10) })
  add("dentist", midnight + 16 * HOUR, HOUR,
    { id = "dentist4e1m7q9b0v", title = "Dentist", private = true })
  found.day = gateway:add_event { id = "away2c8n5j0h3f6t", title = "Company day",
    start_time = time.format(midnight):sub(1, 10) }
  return found
end

return events
