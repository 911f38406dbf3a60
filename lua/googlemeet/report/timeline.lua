--- An attendance report as one page of HTML: a bar for each person on an axis of time, and a table.
-- The page stands alone: its style is in it, it has no script, and it loads nothing. All that came
-- from the server or from people is escaped. Pure.

local axis = require "googlemeet.report.axis"
local columns = require "googlemeet.report.columns"
local escape = require "googlemeet.report.escape"
local style = require "googlemeet.report.timeline_style"
local time = require "googlemeet.time"

local timeline = {}

local WIDE = 100000 -- units of a bar's width: whole numbers look the same in every locale
local LEAST = 250 -- units that a stay of no length takes, so that it can be seen

local function seconds_of(text)
  local at = time.instant(text)
  return at and at / 1e9
end

--- Give the first and the last second that the page has to show.
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

--- Make a function that gives the place of a second on the bars.
local function scale_of(from, to)
  return function(seconds)
    local part = math.max(0, math.min(1, (seconds - from) / (to - from)))
    return math.floor(part * WIDE + 0.5)
  end
end

local function percent(place)
  return ("%d.%03d%%"):format(place // 1000, place % 1000)
end

local function clock(text)
  return columns.utc(text):sub(12)
end

--- Tell a row in words, for those who do not see its bar.
local function sentence(row, spans)
  local stays = {}
  for index, span in ipairs(spans) do
    local is_open = row.present and index == #spans
    stays[index] = clock(span.first.start_time)
      .. (is_open and " until now" or " to " .. clock(span.last.end_time))
  end
  local words = { columns.duration(row.seconds) }
  if #stays > 0 then words[#words + 1] = table.concat(stays, ", ") .. " UTC" end
  local notes = columns.notes(row)
  if notes ~= "" then words[#words + 1] = notes end
  return row.display_name .. ": " .. table.concat(words, "; ")
end

local function rect(place, width, class)
  return ('<rect x="%d" y="0" width="%d" height="10"%s/>'):format(place, width, class)
end

local function bar(row, spans, scale)
  local rects = {}
  for index, span in ipairs(spans) do
    local place, ends = scale(span.from / 1e9), scale(span.to / 1e9)
    local width = math.max(ends - place, LEAST)
    local is_open = row.present and index == #spans
    rects[index] = rect(math.min(place, WIDE - width), width, is_open and ' class="open"' or "")
  end
  local first = seconds_of(row.first_join)
  if #rects == 0 and first then
    rects[1] = rect(math.min(scale(first), WIDE - LEAST), LEAST, "")
  end
  return table.concat(rects)
end

local function person(row, spans, scale)
  local name = row.display_name ~= "" and row.display_name or "(no name)"
  return ([[
<li class="%s"><span class="who"><bdi>%s</bdi></span>
<svg viewBox="0 0 %d 10" preserveAspectRatio="none" role="img"><title>%s</title>%s</svg>
<span class="time">%s</span></li>
]]):format(row.kind, escape.html(name), WIDE, escape.html(sentence(row, spans)),
    bar(row, spans, scale), columns.duration(row.seconds))
end

local function ticks(from, to, scale)
  local lines, labels = {}, {}
  for index, tick in ipairs(axis.ticks(from, to)) do
    local place = scale(tick.at)
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

--- Explain the colours that the bars have.
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

local function chart(report)
  local from, to = range_of(report)
  local scale = scale_of(from, to)
  local lines, labels = ticks(from, to, scale)
  local people = {}
  for index, row in ipairs(report.list) do
    people[index] = person(row, report.spans[row], scale)
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

local function people_table(rows)
  local shown, titles, lines = columns.for_people(rows), {}, {}
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

local function headline(report)
  local record = report.record
  local words = {
    columns.utc(record.startTime) or "?",
    record.endTime and "to " .. (columns.utc(record.endTime) or "?")
      or "and still running at " .. columns.utc(time.format(report.now)),
    "UTC",
  }
  return escape.html(table.concat(words, " "))
end

--- Write the page.
---@param report googlemeet.Attendance
---@return string
function timeline.page(report)
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
<p>%s · %s<br><small>%s · all times are UTC</small></p>
%s%s</main>
</body>
</html>
]]):format(escape.html("Attendance " .. (columns.utc(report.record.startTime) or "")), style,
    headline(report), report.total == 0 and "nobody came" or came,
    escape.html(tostring(report.record.name or "")),
    report.total > 0 and chart(report) .. people_table(report.list) or "",
    missing_list(report.missing))
end

return timeline
