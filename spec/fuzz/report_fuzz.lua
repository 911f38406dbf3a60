-- Reports from whatever a server may answer: fields that are missing, of another type, out of
-- range. A report is made and rendered, or there is an error table; nothing is raised.
-- The bytes choose which fields the answers have, and what is in them.

local core = require "googlemeet.core"
local meet = require "googlemeet"

local RECORD = "conferenceRecords/r"
local VALUES = {
  function() return nil end,
  function() return "" end,
  function() return "x\n\u{202e}\u{1f600}<b>,\"--> \0" end,
  function(pick) return ("2026-11-19T09:%02d:%02dZ"):format(pick(60), pick(60)) end,
  function(pick)
    return ("2026-11-19T09:%02d:%02d.%03d+01:00"):format(pick(60), pick(60), pick(256))
  end,
  function() return "0000-00-00T00:00:00Z" end,
  function() return "9999-12-31T23:59:59.999999999Z" end,
  function() return "0001-01-01T00:00:00+23:59" end,
  function(pick) return pick(256) end,
  function() return -1e308 end,
  function() return true end,
  function() return {} end,
  function() return { { {} } } end,
  function(pick) return RECORD .. "/participants/p" .. pick(3) end,
  function() return "participants/../p" end,
  function(pick) return { user = "users/" .. pick(3), displayName = ("ab "):rep(pick(4)) } end,
  function() return { displayName = {} } end,
  function(pick) return ("word "):rep(pick(256)) end,
}

--- Field, and the value that a good server gives it.
local SHAPES = {
  participants = { list = "participants", {
    name = function(pick) return RECORD .. "/participants/p" .. pick(3) end,
    earliestStartTime = VALUES[4], latestEndTime = VALUES[4],
    signedinUser = VALUES[16], anonymousUser = VALUES[16], phoneUser = VALUES[16],
  } },
  participantSessions = { list = "participantSessions", {
    name = function(pick) return RECORD .. "/participants/p0/participantSessions/s" .. pick(3) end,
    startTime = VALUES[4], endTime = VALUES[4],
  } },
  transcripts = { list = "transcripts", {
    name = function(pick) return RECORD .. "/transcripts/t" .. pick(3) end,
    startTime = VALUES[4], endTime = VALUES[4], state = VALUES[2],
  } },
  entries = { list = "transcriptEntries", {
    name = function(pick) return RECORD .. "/transcripts/t0/entries/e" .. pick(3) end,
    participant = VALUES[14], text = VALUES[18], languageCode = VALUES[2],
    startTime = VALUES[4], endTime = VALUES[4],
  } },
}

local function sorted_names(shape)
  local names = {}
  for name in pairs(shape) do names[#names + 1] = name end
  table.sort(names)
  return names
end

--- One of three fields is not what it should be.
local function make_item(shape, pick)
  local item = {}
  for _, name in ipairs(sorted_names(shape)) do
    local odd = pick(3) == 2
    item[name] = (odd and VALUES[pick(#VALUES) + 1] or shape[name])(pick)
  end
  return item
end

local function answer(url, pick)
  local path = url:match "^[^?]*"
  local shape = SHAPES[path:match "[^/]+$"]
  if path:find(RECORD .. "$") then
    return { name = RECORD, startTime = VALUES[pick(#VALUES) + 1](pick),
      endTime = VALUES[pick(#VALUES) + 1](pick) }
  elseif not shape then
    return make_item(SHAPES.participants[1], pick)
  end
  local items = {}
  for index = 1, pick(4) do items[index] = make_item(shape[1], pick) end
  if pick(16) == 15 then items[#items + 1] = VALUES[pick(#VALUES) + 1](pick) end
  return { [shape.list] = items }
end

--- An event as data may have it: its guests are tables, and nothing else is certain.
local function make_event(pick)
  local function any() return VALUES[pick(#VALUES) + 1](pick) end
  local event = { title = any(), organiser = any(), guests_omitted = any(), guests = {} }
  for index = 1, pick(5) do
    event.guests[index] = {
      display_name = pick(3) == 0 and any() or ("ab "):rep(pick(4)), email = any(),
      response = pick(2) == 1 and "declined" or any(), user = pick(2) == 1 and any() or "users/1",
    }
  end
  return event
end

local function check_error(err)
  assert(getmetatable(err) and getmetatable(err).__name == "googlemeet.error", tostring(err))
  assert(not tostring(err):find "%c", "tostring is no line")
end

local function check_report(report, err, formats, opts)
  if not report then return check_error(err) end
  for format in formats:gmatch "%S+" do
    local text, why = report:render(format, opts)
    assert(type(text) == "string" or getmetatable(why).__name == "googlemeet.error")
  end
  for _, one in ipairs(report.incomplete) do check_error(one.err) end
end

--- A report merged with itself has the same people, or fewer: guests of one name are one.
local function check_merged(merge, report, total, opts)
  if not report then return end
  local merged = merge { report, report }
  assert(merged.total <= total and #merged.conferences == 1)
  check_report(merged, nil, "text markdown csv json", opts)
end

return function(text)
  local at = 0
  local function pick(limit)
    at = at + 1
    return (text:byte(at) or 0) % limit
  end
  local client <close> = assert(meet.new {
    api_key = "k", rate = false, retry = false,
    clock = { now = function() return 1.8e9 end, sleep = function() end },
    transport = function(request)
      return { status = 200, body = assert(core.encode(answer(request.url, pick))) }
    end,
  })
  local record = assert(client.conference_records:get(RECORD))
  local seconds = { false, 60 }
  local opts = {
    now = pick(2) == 1 and "2026-11-19T09:30:00Z" or 1.8e9,
    cheap = pick(4) == 3, merge_guests = pick(2) == 1,
    late_after = seconds[pick(2) + 1] or nil, left_before = seconds[pick(2) + 1] or nil,
    minimum = seconds[pick(2) + 1] or nil, expected = { "ab", "users/1" },
    event = pick(2) == 1 and make_event(pick),
  }
  local report, err = record:attendance(opts)
  local zone = { utc_offset = (pick(128) - 64) * 900 }
  check_report(report, err, "text csv markdown json html", zone)
  check_report(report, err, "text csv markdown json html")
  check_merged(meet.attendance.merge, report, report and report.total, zone)
  report, err = record:transcript { merge = pick(2) == 1 or nil }
  check_report(report, err, "text markdown vtt srt csv json jsonl")
  if report then
    local rows = report:talk_time()
    for _, row in ipairs(rows) do assert(row.seconds >= 0 and row.share >= 0) end
    check_merged(meet.talk_time.merge, report, #rows, zone)
  end
end
