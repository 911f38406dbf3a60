--- The calendar of the seed: events for its conferences, and others beside them.

local people = require "googlemeet.testing.seed_people"
local time = require "googlemeet.time"

local seed = {}

local HOUR = 3600
local DAY = 24 * HOUR

--- Return the guest that person `number` is.
local function guest(number, options)
  local made = { display_name = people.name(number), email = people.email(number) }
  for name, value in pairs(options or { response = "accepted" }) do made[name] = value end
  return made
end

--- Return the seconds of an hour of UTC, `days_ago` days before now.
local function hour_of_day(now, days_ago, hour)
  return now - now % DAY - days_ago * DAY + hour * HOUR
end

local function date_of(seconds)
  return time.format(seconds):sub(1, 10)
end

--- Add the weekly planning. Person 7 did not come, one is known by an address only, one declined.
local function add_planning(gateway, spaces, now)
  local start = hour_of_day(now, 28, 9)
  local planning = gateway:add_event {
    id = "planning5kq2m0c8d1", title = "Weekly planning", space = spaces.planning,
    start_time = start, end_time = start + HOUR, series = { every = "week", count = 7 },
    guests = {
      guest(1), guest(2), guest(3), guest(4, { response = "tentative" }),
      guest(5, { response = "accepted", id = people.user(5):match "%d+" }), guest(6), guest(7),
      guest(8, { response = "declined" }), guest(9, { response = "needs_action", optional = true }),
      { email = "noor@partner.example", response = "accepted" },
      { display_name = "Stockholm-3-Vega (8)", email = "c_188vega@resource.calendar.google.com",
        resource = true },
    },
  }
  gateway:move_event(planning, 6, { start_time = start + 35 * DAY + 2 * HOUR })
  gateway:cancel_event(planning, 7)
  return planning
end

--- Add events of the conferences that were held once.
local function add_single(gateway, spaces, now)
  local webinar = hour_of_day(now, 9, 15)
  local customer = hour_of_day(now, 3, 13)
  local fresh = now - 45 * 60
  local panel = {}
  for number = 1, 6 do panel[number] = guest(number) end
  return {
    webinar = gateway:add_event {
      id = "webinar3hv7n2e0a9", title = "Autumn webinar", space = spaces.webinar,
      start_time = webinar, end_time = webinar + HOUR, guests = panel, guests_omitted = true,
    },
    customer = gateway:add_event {
      id = "customer8fd4j6s1b2", title = "Rollout with the customer", space = spaces.customer,
      start_time = customer, end_time = customer + HOUR // 2, hide_guests = true,
      organiser = { display_name = "Rosa Dubois", email = "rosa@customer.example" },
      guests = { guest(1), guest(12) },
    },
    interview = gateway:add_event {
      id = "interview1lt9p3o7c4", title = "Interview", space = spaces.interview,
      start_time = fresh, end_time = fresh + HOUR // 2, guests = { guest(1), guest(11) },
    },
  }
end

--- Add the daily meeting that is being held, and what is no conference.
local function add_today(gateway, spaces, now)
  local live = now - 24 * 60
  local midnight = hour_of_day(now, 0, 0)
  return {
    daily = gateway:add_event {
      id = "daily6ag0r5u2i8kn", title = "Stand-up", space = spaces.live,
      start_time = live - 3 * DAY, end_time = live - 3 * DAY + 2 * HOUR,
      series = { every = "day", count = 5 },
      guests = { guest(1), guest(2), guest(7), guest(8), guest(9), guest(10) },
    },
    dentist = gateway:add_event {
      id = "dentist4e1m7q9b0v", title = "Dentist", private = true,
      start_time = midnight + 16 * HOUR, end_time = midnight + 17 * HOUR,
    },
    day = gateway:add_event {
      id = "away2c8n5j0h3f6t", title = "Company day",
      start_time = date_of(midnight), end_time = date_of(midnight + DAY),
    },
  }
end

--- Fill the primary calendar of the first connection's account, which is person 1.
---@param gateway table
---@param spaces table<string, table> nodes by nickname
---@param now integer
---@return table<string, table> nodes by nickname
function seed.fill(gateway, spaces, now)
  gateway:set_calendar {
    email = people.email(1), display_name = people.name(1), utc_offset = "+01:00",
    time_zone = "Europe/Stockholm",
  }
  local found = { planning = add_planning(gateway, spaces, now) }
  for name, event in pairs(add_single(gateway, spaces, now)) do found[name] = event end
  for name, event in pairs(add_today(gateway, spaces, now)) do found[name] = event end
  return found
end

return seed
