--- An attendance report as one HTML page: a bar for each person on a time axis, and a table.
-- The page is self-contained: inline style, no script, nothing to load. All text from the server or
-- from users is escaped. Pure.

local clock = require "googlemeet.report.clock"
local columns = require "googlemeet.report.attendance.columns"
local escape = require "googlemeet.report.escape"
local events = require "googlemeet.report.attendance.events"
local intervals = require "googlemeet.intervals"
local names = require "googlemeet.report.names"
local style = require "googlemeet.report.attendance.style"
local time = require "googlemeet.time"

local timeline = {}

local WIDE = 100000 -- units of a bar's full width: integers look the same in every locale
local LEAST = 250 -- units of a stay without length, so that it stays visible

local MOST_TICKS = 7

--- The first and the last second that can be written.
local FIRST, LAST = (time.parse "0001-01-01T00:00:00Z"), (time.parse "9999-12-31T23:59:59Z")

--- Seconds between two ticks: steps that people use.
local STEPS = {
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
}

local MONTHS = {
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
}

local function step_for(span)
  for _, step in ipairs(STEPS) do
    if span // step < MOST_TICKS then return step end
  end
  return math.ceil(span / MOST_TICKS / 86400) * 86400
end

--- Return the ticks between two times. The first one, and the first of each day, has the date.
-- A tick just before the first time counts too: conferences start a moment after the hour.
---@param from number epoch seconds, plus the offset from UTC of the labels
---@param to number likewise, later than `from`
---@return { at: integer, label: string, date: string? }[]
function timeline.ticks(from, to)
  local step = step_for(to - from)
  local ticks, day = {}, nil
  local first = math.ceil(from / step - 0.02) * step
  if first < FIRST then first = first + step end
  for at = first, math.min(math.floor(to), LAST), step do
    local date, of_day = time.format(at):match "^(.-)T(%d+:%d+:%d+)"
    local tick = { at = at, label = step < 60 and of_day or of_day:sub(1, 5) }
    if date ~= day then
      local month, of_month = date:match "%-(%d+)%-(%d+)$"
      tick.date, day = ("%d %s"):format(tonumber(of_month), MONTHS[tonumber(month)]), date
    end
    ticks[#ticks + 1] = tick
  end
  return ticks
end

local function seconds_of(text)
  local at = intervals.instant(text)
  return at and at / 1e9
end

--- Return the first and the last second that the page has to show.
local function range_of(report)
  local record = report.record
  local from = seconds_of(record.startTime) or math.huge
  local to = seconds_of(record.endTime) or -math.huge
  for _, row in ipairs(report.list) do
    local first, last = seconds_of(row.first_join), seconds_of(row.last_leave)
    from = math.min(from, first or from)
    to = math.max(to, last or row.present and report.now or to, first or to)
  end
  if from == math.huge then from = report.now end
  return from, math.max(to, from + 60)
end

--- Make a function that maps a second to a place on the bars.
local function scale_of(from, to)
  return function(seconds)
    local part = math.max(0, math.min(1, (seconds - from) / (to - from)))
    return math.floor(part * WIDE + 0.5)
  end
end

local function percent(place)
  return ("%d.%03d%%"):format(place // 1000, place % 1000)
end

--- Make a function that writes a time for the words behind a bar: with its date when the page
-- shows more than one day.
local function writer_of(from, to, offset)
  local function day(seconds) return (seconds + offset) // 86400 end
  local start = day(from) == day(to) and 12 or 1 -- "2026-11-22 09:00:00"
  return function(text) return clock.moment(text, offset):sub(start) end
end

--- Say whether a span lasts until now. It need not be the last one: sessions may begin after `now`.
local function is_open(span) return span.last.end_time == nil end

--- Describe a row in words, for readers who do not see its bar.
local function sentence(row, spans, scene)
  local stays = {}
  for index, span in ipairs(spans) do
    stays[index] = scene.write(span.first.start_time)
      .. (is_open(span) and " until now" or " to " .. scene.write(span.last.end_time))
  end
  local words = { clock.duration(row.seconds) }
  if #stays > 0 then
    words[#words + 1] = table.concat(stays, ", ") .. " " .. clock.zone(scene.offset)
  end
  local notes = columns.notes(row)
  if notes ~= "" then words[#words + 1] = notes end
  return names.shown(row.display_name) .. ": " .. table.concat(words, "; ")
end

local function rect(place, width, class)
  return ('<rect x="%d" y="0" width="%d" height="10"%s/>'):format(place, width, class)
end

local function bar(row, spans, scale)
  local rects = {}
  for index, span in ipairs(spans) do
    local place, ends = scale(span.from / 1e9), scale(span.to / 1e9)
    local width = math.max(ends - place, LEAST)
    local class = is_open(span) and ' class="open"' or ""
    rects[index] = rect(math.min(place, WIDE - width), width, class)
  end
  local first = seconds_of(row.first_join)
  if #rects == 0 and first then
    rects[1] = rect(math.min(scale(first), WIDE - LEAST), LEAST, "")
  end
  return table.concat(rects)
end

local function person(row, spans, scene)
  return ([[
<li class="%s"><span class="who"><bdi>%s</bdi></span>
<svg viewBox="0 0 %d 10" preserveAspectRatio="none" role="img"><title>%s</title>%s</svg>
<span class="time">%s</span></li>
]]):format(row.kind, escape.html(names.shown(row.display_name)), WIDE,
    escape.html(sentence(row, spans, scene)), bar(row, spans, scene.scale),
    clock.duration(row.seconds))
end

local function draw_ticks(scene)
  local lines, labels = {}, {}
  for index, tick in ipairs(timeline.ticks(scene.from + scene.offset, scene.to + scene.offset)) do
    local place = scene.scale(tick.at - scene.offset)
    lines[index] = ('<i style="left:%s"></i>'):format(percent(place))
    local edge = place < WIDE // 50 and ' class="first"' or place > WIDE * 49 // 50
      and ' class="last"' or ""
    labels[index] = ('<span%s style="left:%s">%s%s</span>'):format(edge, percent(place),
      tick.date and "<small>" .. tick.date .. "</small>" or "", tick.label)
  end
  return table.concat(lines), table.concat(labels)
end

local LEGEND = {
  { "signed_in", "signed in" }, { "anonymous", "guest" }, { "phone", "phone" },
  { "unknown", "unknown" }, { "open", "present now" },
}

--- Explain the colours in use.
local function legend(rows)
  local used, items = {}, {}
  for _, row in ipairs(rows) do
    used[row.kind], used.open = true, used.open or row.present
  end
  for _, entry in ipairs(LEGEND) do
    if used[entry[1]] then
      items[#items + 1] = ('<span class="%s"><b></b>%s</span>'):format(entry[1], entry[2])
    end
  end
  return '<p class="legend" aria-hidden="true">' .. table.concat(items) .. "</p>\n"
end

local function chart(report, offset)
  local from, to = range_of(report)
  local scene = {
    from = from, to = to, offset = offset, scale = scale_of(from, to),
    write = writer_of(from, to, offset),
  }
  local lines, labels = draw_ticks(scene)
  local people = {}
  for index, row in ipairs(report.list) do
    people[index] = person(row, report.spans[row], scene)
  end
  local head = '<div class="axis" aria-hidden="true">' .. labels .. "</div>\n"
  return ([[
<h2>Timeline</h2>
%s<div class="chart">
%s<div class="rows">
<div class="grid" aria-hidden="true">%s</div>
<ol>
%s</ol>
</div>
%s</div>
]]):format(legend(report.list), head, lines, table.concat(people), #people > 15 and head or "")
end

local function table_row(shown, row)
  local cells = {}
  for index, column in ipairs(shown) do
    local value = row[column.field]
    local text = escape.html(tostring((column.format or tostring)(value, row) or ""))
    local class = column.align == "right" and ' class="number"' or ""
    cells[index] = index == 1 and '<th scope="row"><bdi>' .. text .. "</bdi></th>"
      or ("<td%s>%s</td>"):format(class, text)
  end
  return "<tr>" .. table.concat(cells) .. "</tr>\n"
end

local function people_table(report, offset)
  local shown, titles, lines = columns.for_people(report, offset), {}, {}
  for index, column in ipairs(shown) do
    local class = column.align == "right" and ' class="number"' or ""
    titles[index] = ('<th scope="col"%s>%s</th>'):format(class, column.title)
  end
  for index, row in ipairs(report.list) do lines[index] = table_row(shown, row) end
  return ([[
<h2>People</h2>
<div class="wide" tabindex="0" role="region" aria-label="People"><table>
<thead><tr>%s</tr></thead>
<tbody>
%s</tbody>
</table></div>
]]):format(table.concat(titles), table.concat(lines))
end

--- Write a person: by name and address, as far as there are any.
local function called(name, address)
  local who = "<bdi>" .. escape.html(names.shown(name or address)) .. "</bdi>"
  if not (name and address) then return who end
  return who .. " <small><bdi>" .. escape.html(address) .. "</bdi></small>"
end

local function list_of(title, items, note)
  if #items == 0 then return "" end
  return ("<h2>%s</h2>\n%s<ul><li>%s</li></ul>\n")
    :format(title, note or "", table.concat(items, "</li><li>"))
end

local UNKNOWN = "<p><small>It is unknown whether they came.</small></p>\n"

--- List the guests who did not come, and those of whom it is unknown.
local function guest_lists(report)
  local absent, unnamed, namesakes = {}, {}, {}
  for index, guest in ipairs(report.absent or {}) do
    absent[index] = called(events.known_as(guest))
  end
  for _, guest in ipairs(report.undecided or {}) do
    local name, address = events.known_as(guest)
    local list = name and namesakes or unnamed
    list[#list + 1] = called(name, address)
  end
  local note = report.total > 0 and UNKNOWN or ""
  return list_of("Invited, but not there", absent)
    .. list_of("Known by address only", unnamed, note)
    .. list_of("Invited, but others share the name", namesakes, note)
end

local function missing_list(missing)
  local items = {}
  for index, who in ipairs(missing) do items[index] = called(who) end
  return list_of("Expected, but not there", items)
end

--- Return the start of the conference as it is shown, if it is known.
local function start_of(report, offset)
  local start = report.record.startTime
  return intervals.instant(start) and clock.moment(start, offset)
end

local function headline(report, offset)
  local stop = intervals.instant(report.record.endTime) and report.record.endTime
  local words = {
    start_of(report, offset) or "?", stop and "to" or "and still running at",
    clock.moment(stop or time.format(report.now), offset), clock.zone(offset),
  }
  return escape.html(table.concat(words, " "))
end

--- Write what the page is about.
local function head(report, offset)
  local came = report.total == 1 and "1 person" or report.total .. " people"
  local title, organiser = "Attendance", events.called(report.organiser)
  local words = { headline(report, offset), report.total == 0 and "nobody came" or came }
  if report.title then
    title = "<bdi>" .. escape.html(report.title) .. "</bdi>"
    table.insert(words, 1, "Attendance")
  end
  return ([[
<h1>%s</h1>
<p>%s<br>%s<small>%s · all times are %s</small></p>
]]):format(title, table.concat(words, " · "),
    organiser and "Organiser: <bdi>" .. escape.html(organiser) .. "</bdi><br>" or "",
    escape.html(tostring(report.record.name or "")), clock.zone(offset))
end

local function paragraph(text)
  return text and "<p>" .. escape.html(text) .. "</p>\n" or ""
end

--- Write the page.
---@param report googlemeet.Attendance
---@param offset integer seconds east of UTC, for all times
---@param note? string about what could not be read
---@return string
function timeline.page(report, offset, note)
  local name = "Attendance " .. (start_of(report, offset) or "")
  return ([[
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s</title>
<style>
%s</style>
</head>
<body>
<main>
%s%s%s%s%s</main>
</body>
</html>
]]):format(
    escape.html(report.title and report.title .. " · " .. name or name),
    style.SHEET,
    head(report, offset), paragraph(note) .. paragraph(events.note(report.event)),
    report.total > 0 and chart(report, offset) .. people_table(report, offset) or "",
    guest_lists(report), missing_list(report.missing))
end

return timeline
