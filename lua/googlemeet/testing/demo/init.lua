--- The demo account: spaces, conferences, files and a calendar of a small, fictional company.
-- All times are relative to the gateway's `now`; ids and texts are the same in every run.

local events = require "googlemeet.testing.demo.events"
local people = require "googlemeet.testing.demo.people"
local random = require "googlemeet.testing.random"
local speech = require "googlemeet.testing.demo.speech"
local time = require "googlemeet.time"

local demo = {}

local DAY = 86400
local SPAN = { start_time = true, end_time = true }

local PHONE = {
  { phoneNumber = "+46850500000", pin = "482913377", regionCode = "SE", languageCode = "sv-SE" },
}
local SIP = {
  { uri = "sip:4829133770516@sip.example.net", sipAccessCode = "4829133770516" },
}

--- Return the epoch seconds of an hour of UTC, `days_ago` days before `now`.
local function hour_of_day(now, days_ago, hour)
  return now - now % DAY - days_ago * DAY + hour * 3600
end

--- Write a time with a realistic fraction.
local function moment(seconds, microseconds)
  return time.format(seconds, microseconds * 1000)
end

--- Add one participant: `stays` is an array of { minutes from start, minutes to or nil }.
local function join(gateway, record, start, number, kind, stays)
  local sessions = {}
  for i, stay in ipairs(stays) do
    sessions[i] = {
      start_time = moment(start + math.floor(stay[1] * 60), 120388 + number * 7177 % 800000),
      end_time = stay[2] and moment(start + math.floor(stay[2] * 60), 911000),
    }
  end
  local name = kind == "signed_in" and people.name(number)
    or kind == "phone" and people.phone(number) or people.guest(number)
  return gateway:add_participant(record, {
    display_name = name, kind = kind, sessions = sessions,
    user = kind == "signed_in" and people.user(number) or nil,
  })
end

local function speakers_of(participants, languages)
  local speakers = {}
  for i, participant in ipairs(participants) do
    speakers[i] = { participant = participant, language = languages[(i - 1) % #languages + 1] }
  end
  return speakers
end

local function transcribe(gateway, record, options)
  local transcript = gateway:add_transcript(record, {
    start_time = moment(options.from, 400000),
    end_time = options.state ~= "STARTED" and moment(options.to, 150000) or nil,
    state = options.state, file = options.file,
  })
  speech.fill(function(entry)
    gateway:add_entry(transcript, entry)
  end, random.new(record.name), speakers_of(options.speakers, options.languages), options.count,
    options.from, options.to)
  return transcript
end

local function artifact(options)
  local spanned = { state = options.state }
  for name in pairs(SPAN) do
    spanned[name] = options[name] and moment(options[name], 305000)
  end
  return spanned
end

--- Add the weekly planning of the caller, with every kind of resource.
local function add_planning(gateway, spaces, records, now)
  local start = hour_of_day(now, 7, 9)
  local record = gateway:add_record {
    id = "cr-planning-7f3a", space = spaces.planning,
    start_time = moment(start, 120388), end_time = moment(start + 2871, 2917),
  }
  records.planning = record
  local there = {
    join(gateway, record, start, 1, "signed_in", { { 0.1, 15 }, { 16.5, 47.8 } }),
    join(gateway, record, start, 2, "signed_in", { { 0.5, 47.8 } }),
    join(gateway, record, start, 3, "signed_in", { { 1, 20 }, { 21, 33 }, { 34.2, 47.5 } }),
    -- on a laptop and a room device at once
    join(gateway, record, start, 4, "signed_in", { { 2, 40 }, { 10, 45 } }),
    join(gateway, record, start, 5, "signed_in", { { 12, 47.8 } }),
    join(gateway, record, start, 6, "signed_in", { { 0.2, 9.5 } }),
  }
  join(gateway, record, start, 1, "anonymous", { { 2.5, 40 } })
  join(gateway, record, start, 3, "phone", { { 4, 31 }, { 33, 47 } })
  gateway:add_recording(record, artifact { start_time = start + 180, end_time = start + 2760 })
  gateway:add_recording(record, artifact {
    state = "ENDED", start_time = start + 2770, end_time = start + 2820,
  })
  local note = gateway:add_smart_note(record, artifact {
    start_time = start + 180, end_time = start + 2820,
  })
  transcribe(gateway, record, {
    file = note.file, -- two tabs of one document
    from = start + 180, to = start + 2820, count = 320, speakers = there,
    languages = { "en-US", "en-US", "sv-SE" },
  })
end

--- Add smaller, earlier plannings.
local function add_earlier(gateway, spaces, records, now)
  for weeks = 2, 4 do
    local start = hour_of_day(now, 7 * weeks, 9)
    local record = gateway:add_record {
      id = "cr-planning-" .. weeks, space = spaces.planning,
      start_time = moment(start, 500000), end_time = moment(start + 1800, 0),
    }
    records["planning_" .. weeks] = record
    local there = {}
    for number = 1, 3 + weeks do
      there[number] = join(gateway, record, start, number, "signed_in", { { number / 3, 29.5 } })
    end
    transcribe(gateway, record, {
      from = start + 60, to = start + 1770, count = 40 * weeks, speakers = there,
      languages = { "en-US" },
    })
  end
end

--- Add a live conference.
local function add_live(gateway, spaces, records, now)
  local start = now - 24 * 60
  local record = gateway:add_record {
    id = "cr-live-41c0", space = spaces.live, start_time = moment(start, 120388),
  }
  records.live = record
  local there = {
    join(gateway, record, start, 1, "signed_in", { { 0 } }),
    join(gateway, record, start, 2, "signed_in", { { 1 } }),
    join(gateway, record, start, 7, "signed_in", { { 2, 9 }, { 10 } }),
    join(gateway, record, start, 8, "signed_in", { { 3 }, { 6 } }), -- two devices at once
    join(gateway, record, start, 9, "signed_in", { { 1, 15 } }),
  }
  join(gateway, record, start, 4, "anonymous", { { 5 } })
  join(gateway, record, start, 6, "phone", { { 8, 12 } })
  gateway:add_recording(record, artifact { state = "STARTED", start_time = start + 120 })
  transcribe(gateway, record, {
    state = "STARTED", from = start + 120, to = now - 30, count = 60, speakers = there,
    languages = { "en-US" },
  })
end

local function webinar_stays(dice)
  local from = dice:below(100) * dice:below(100) / 1000 -- mostly within the first minutes
  if dice:below(10) == 0 then
    local leave = from + 5 + dice:below(20)
    return { { from, leave }, { leave + 1 + dice:below(4), 61 } }
  end
  return { { from, dice:below(4) == 0 and from + 10 + dice:below(35) or 61.5 } }
end

--- Add a webinar with hundreds of participants.
local function add_webinar(gateway, spaces, records, now, size)
  local start, dice = hour_of_day(now, 9, 15), random.new("webinar")
  local record = gateway:add_record {
    id = "cr-webinar-19be", space = spaces.webinar,
    start_time = moment(start, 10500), end_time = moment(start + 3720, 250000),
  }
  records.webinar = record
  local there = {}
  for number = 1, size do
    local kind = number > 6 and number % 19 == 0 and "anonymous"
      or number > 6 and number % 47 == 0 and "phone" or "signed_in"
    local stays = number <= 6 and { { 0.1, 61.9 } } or webinar_stays(dice)
    local participant = join(gateway, record, start, number, kind, stays)
    if number <= 6 then
      there[#there + 1] = participant
    end
  end
  gateway:add_recording(record, artifact { start_time = start + 60, end_time = start + 3700 })
  transcribe(gateway, record, {
    from = start + 60, to = start + 3700, count = 430, speakers = there,
    languages = { "en-US" },
  })
end

--- Add conferences in spaces of other people, an empty one, and one that has expired.
local function add_others(gateway, spaces, records, now)
  local start = hour_of_day(now, 3, 13)
  local customer = gateway:add_record {
    id = "cr-customer-5d02", space = spaces.customer,
    start_time = moment(start, 77001), end_time = moment(start + 1500, 4000),
  }
  records.customer = customer
  transcribe(gateway, customer, {
    from = start + 30, to = start + 1450, count = 90, languages = { "sv-SE", "en-US" },
    speakers = {
      join(gateway, customer, start, 1, "signed_in", { { 0.2, 24.5 } }),
      join(gateway, customer, start, 5, "anonymous", { { 0.1, 25 } }),
      join(gateway, customer, start, 8, "phone", { { 3, 24 } }),
    },
  })
  records.hidden = gateway:add_record {
    id = "cr-hidden-88aa", space = spaces.foreign,
    start_time = moment(start, 0), end_time = moment(start + 600, 0),
  }
  local empty = hour_of_day(now, 2, 11)
  records.empty = gateway:add_record {
    id = "cr-empty-0e0e", space = spaces.planning,
    start_time = moment(empty, 0), end_time = moment(empty + 61, 500000),
  }
  local gone = hour_of_day(now, 40, 9)
  records.expired = gateway:add_record {
    id = "cr-expired-2b2b", space = spaces.planning,
    start_time = moment(gone, 0), end_time = moment(gone + 1800, 0),
  }
end

--- Add a conference that ended 15 minutes ago and has no files yet.
local function add_fresh(gateway, spaces, records, now)
  local start = now - 45 * 60
  local record = gateway:add_record {
    id = "cr-fresh-63d7", space = spaces.interview,
    start_time = moment(start, 610000), end_time = moment(now - 15 * 60, 90000),
  }
  records.fresh = record
  local there = {
    join(gateway, record, start, 1, "signed_in", { { 0.5, 29.5 } }),
    join(gateway, record, start, 11, "signed_in", { { 1, 29.4 } }),
    join(gateway, record, start, 6, "anonymous", { { 2, 29.3 } }),
  }
  local over = { state = "ENDED", start_time = start + 120, end_time = start + 1760 }
  gateway:add_recording(record, artifact(over))
  gateway:add_smart_note(record, artifact(over))
  transcribe(gateway, record, {
    state = "ENDED", from = start + 120, to = start + 1760, count = 150, speakers = there,
    languages = { "en-US" },
  })
end

local function add_spaces(gateway)
  local restrictions = {
    chatRestriction = "NO_RESTRICTION", reactionRestriction = "NO_RESTRICTION",
    presentRestriction = "HOSTS_ONLY", defaultJoinAsViewerType = "OFF",
  }
  local spaces = {
    planning = gateway:add_space {
      id = "Qm7xT2kLw9Za", code = "hpk-vtwd-ens", phone_access = PHONE, sip_access = SIP,
      config = {
        moderation = "ON", moderationRestrictions = restrictions,
        artifactConfig = { transcriptionConfig = { autoTranscriptionGeneration = "ON" } },
      },
    },
    live = gateway:add_space { id = "b4Kd_yR8sJvN", code = "ruj-mzpa-wce" },
    webinar = gateway:add_space {
      id = "W3cTn5XeUu2f", code = "oyd-kgeb-jit", config = { accessType = "OPEN" },
    },
    interview = gateway:add_space {
      id = "z9PhLq4_VaM6", code = "nfs-xwtu-qab", config = { accessType = "RESTRICTED" },
    },
    idle = gateway:add_space { id = "Tt6gYc2RkE8w", code = "dva-oqhm-zsr" },
    customer = gateway:add_space {
      id = "k2VbHj7SfX5m", code = "gxe-pnyi-fto", role = "participant",
    },
    foreign = gateway:add_space {
      id = "C8rJw3UdNp9y", code = "bms-uhlc-kve", role = "other",
    },
  }
  gateway:add_member(spaces.planning, { email = "ada@example.com", role = "COHOST" })
  gateway:add_member(spaces.planning, { email = "bo@example.com" })
  gateway:add_member(spaces.planning, { email = "elin@example.com" })
  gateway:add_member(spaces.webinar, { email = "farid@example.com", role = "COHOST" })
  return spaces
end

--- Add connections: those that cannot be used, other accounts, and last those to the files.
local function add_connections(gateway, now, accounts)
  gateway:add_connection { app = "google-calendar", status = "ACTIVE",
    creation_time = now - 80 * DAY }
  gateway:add_connection { status = "PENDING", creation_time = now - 2 * DAY }
  gateway:add_connection { status = "FAILED", creation_time = now - 200 * DAY }
  for number = 2, accounts do
    local connection = gateway:add_connection {
      id = ("7c2a9f31-55d0-4a1b-8e0f-91ab34cd%04x"):format(number), status = "ACTIVE",
      creation_time = now - 33 * DAY + number,
    }
    local space = gateway:add_space { organisation = connection.organisation }
    local record = gateway:add_record {
      space = space, start_time = now - number * DAY, end_time = now - number * DAY + 900,
    }
    gateway:add_participant(record, { display_name = people.name(20 + number) })
  end
  for _, app in ipairs { "google-drive", "google-docs" } do
    gateway:add_connection { app = app, status = "ACTIVE", creation_time = now - 50 * DAY }
  end
end

--- Fill the first connection's organisation, and add connections: one PENDING, one FAILED, and
-- those of other apps: Calendar, Drive and Docs, of the same account.
---@param gateway table
---@param options { accounts: integer?, webinar: integer? } number of ACTIVE Google accounts (1);
-- participants of the webinar (280)
---@return table<string, table<string, table>> `spaces`, `records`, `events`: nodes by nickname
function demo.fill(gateway, options)
  local now = math.floor(gateway.now())
  local spaces, records = add_spaces(gateway), {}
  add_planning(gateway, spaces, records, now)
  add_earlier(gateway, spaces, records, now)
  add_webinar(gateway, spaces, records, now, options.webinar or 280)
  add_others(gateway, spaces, records, now)
  add_fresh(gateway, spaces, records, now)
  add_live(gateway, spaces, records, now)
  add_connections(gateway, now, options.accounts or 1)
  return { spaces = spaces, records = records, events = events.fill(gateway, spaces, now) }
end

return demo
