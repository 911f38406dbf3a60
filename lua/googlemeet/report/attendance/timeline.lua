--- An attendance report as one HTML page: a bar for each person on a time axis, and a table.
-- The page is self-contained: inline style, no script, nothing to load. All text from the server or
-- from users is escaped. Pure.

local clock = require "googlemeet.report.clock"
local columns = require "googlemeet.report.attendance.columns"
local escape = require "googlemeet.report.escape"
local intervals = require "googlemeet.intervals"
local names = require "googlemeet.report.names"
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

local STYLE = [[
:root {
  --ground: #fff; --text: #1d2430; --soft: #5b6577; --line: #dfe3ea; --band: #f4f6f9;
  --signed-in: #2b6cb0; --guest: #b7791f; --phone: #2f855a; --unknown: #718096;
  --label: 13rem; --time: 4.8rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181f; --text: #e4e8ef; --soft: #9aa5b8; --line: #2d3542; --band: #1b212b;
    --signed-in: #63a4e8; --guest: #e0a84a; --phone: #5fc393; --unknown: #a0aec0;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; }
small { color: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; color: var(--soft); }
.legend b {
  display: inline-block; width: .9rem; height: .6rem; margin-right: .4rem; border-radius: 2px;
  background: var(--bar);
}
.signed_in { --bar: var(--signed-in); }
.anonymous { --bar: var(--guest); }
.phone { --bar: var(--phone); }
.unknown { --bar: var(--unknown); }
.legend .open b { background: var(--soft); }
.legend .open b, .open { opacity: .6; }
.legend .open { opacity: 1; }
.rows { position: relative; }
.axis { position: relative; margin: 0 var(--time) 0 var(--label); }
.axis { height: 2.6rem; font-size: .8rem; font-variant-numeric: tabular-nums; }
.axis:first-child { position: sticky; top: 0; z-index: 2; background: var(--ground); }
.axis span {
  position: absolute; bottom: .2rem; transform: translateX(-50%); text-align: center;
  line-height: 1.15; white-space: nowrap;
}
.axis small { display: block; }
.axis .first { transform: none; text-align: left; }
.axis .last { transform: translateX(-100%); text-align: right; }
.grid { position: absolute; inset: 0 var(--time) 0 var(--label); border: 0 solid var(--line);
  border-width: 1px 0; }
.grid i { position: absolute; top: 0; bottom: 0; border-left: 1px solid var(--line); }
ol { list-style: none; margin: 0; padding: 0; }
ol li {
  display: grid; grid-template-columns: var(--label) 1fr var(--time); align-items: center;
  min-height: 1.6rem;
}
ol li:nth-child(even) { background: var(--band); }
.who { padding: 0 .75rem 0 .4rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.time { padding-right: .4rem; text-align: right; font-variant-numeric: tabular-nums; }
ol svg { display: block; position: relative; z-index: 1; width: 100%; height: .85rem; }
rect { fill: var(--bar); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .9rem .3rem .4rem; text-align: left; white-space: nowrap; }
thead th { color: var(--soft); font-weight: 600; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 400; white-space: normal; overflow-wrap: anywhere; min-width: 9rem; }
tbody tr:nth-child(even) { background: var(--band); }
.number { text-align: right; }
@media (max-width: 40rem) {
  main { padding: 1rem .75rem 2rem; }
  .axis { margin: 0; }
  .grid { inset: 0; }
  ol li { grid-template-columns: 1fr auto; padding: .3rem 0 .45rem; row-gap: .15rem; }
  ol svg { grid-row: 2; grid-column: 1 / 3; }
  .who { white-space: normal; overflow-wrap: anywhere; }
  .who, .time { position: relative; z-index: 1; }
}
]]

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

local function people_table(rows, offset)
  local shown, titles, lines = columns.for_people(rows, offset), {}, {}
  for index, column in ipairs(shown) do
    local class = column.align == "right" and ' class="number"' or ""
    titles[index] = ('<th scope="col"%s>%s</th>'):format(class, column.title)
  end
  for index, row in ipairs(rows) do lines[index] = table_row(shown, row) end
  return ([[
<h2>People</h2>
<div class="wide" tabindex="0" role="region" aria-label="People"><table>
<thead><tr>%s</tr></thead>
<tbody>
%s</tbody>
</table></div>
]]):format(table.concat(titles), table.concat(lines))
end

local function missing_list(missing)
  if #missing == 0 then return "" end
  local items = {}
  for index, who in ipairs(missing) do
    items[index] = "<li><bdi>" .. escape.html(who) .. "</bdi></li>"
  end
  return "<h2>Expected, but not there</h2>\n<ul>" .. table.concat(items) .. "</ul>\n"
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

--- Write the page.
---@param report googlemeet.Attendance
---@param offset integer seconds east of UTC, for all times
---@param note? string about what could not be read
---@return string
function timeline.page(report, offset, note)
  local came = report.total == 1 and "1 person" or report.total .. " people"
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
<h1>Attendance</h1>
<p>%s · %s<br><small>%s · all times are %s</small></p>
%s%s%s</main>
</body>
</html>
]]):format(
    escape.html("Attendance " .. (start_of(report, offset) or "")), STYLE,
    headline(report, offset), report.total == 0 and "nobody came" or came,
    escape.html(tostring(report.record.name or "")), clock.zone(offset),
    note and "<p>" .. escape.html(note) .. "</p>\n" or "",
    report.total > 0 and chart(report, offset) .. people_table(report.list, offset) or "",
    missing_list(report.missing))
end

return timeline
