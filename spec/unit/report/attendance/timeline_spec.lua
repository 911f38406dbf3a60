local core = require "googlemeet.core"
local rows = require "googlemeet.report.attendance.rows"
local time = require "googlemeet.time"
local timeline = require "googlemeet.report.attendance.timeline"
local tree = require "spec.support.tree"

local NOW = 1763203800 -- 2025-11-15T10:50:00Z

--- A time of 2025-11-15; longer texts are times already.
local function at(clock)
  return clock and (#clock > 18 and clock or "2025-11-15T" .. clock .. "Z")
end

--- A page for people given as { name, start, end or nil, kind of user or nil, user or nil }.
local function page_of(people, ended, missing, offset, note, started)
  local listed = {}
  for index, one in ipairs(people) do
    listed[index] = {
      participant = { [one[4] or "anonymousUser"] = { displayName = one[1], user = one[5] } },
      sessions = { { startTime = at(one[2]), endTime = at(one[3]) } },
    }
  end
  local record = {
    name = "conferenceRecords/c", startTime = started or "2025-11-15T10:00:00Z",
    endTime = at(ended),
  }
  local list, spans = rows.of(record, listed, { now = NOW })
  return timeline.page({
    record = record, now = NOW, total = #list, list = list, spans = spans, missing = missing or {},
  }, offset or 0, note)
end

--- Read a page by Python's html.parser: its elements in order, each with attributes and own text.
-- It fails for elements that are not closed in the order in which they were opened.
local PARSER = [[
import html.parser, json, sys
VOID = {"meta", "br"}
class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.open = [], []
    def handle_starttag(self, tag, attributes):
        names = [name for name, value in attributes]
        assert len(names) == len(set(names)), "an attribute twice in " + tag
        self.found.append({"tag": tag, "text": "", "attributes": dict(attributes)})
        if tag not in VOID: self.open.append(self.found[-1])
    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID: self.open.pop()
    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag, "end of " + tag
    def handle_data(self, text):
        if self.open: self.open[-1]["text"] += text
reader = Reader()
reader.feed(open(sys.argv[1], encoding="utf-8").read())
reader.close()
assert not reader.open, "left open"
print(json.dumps(reader.found))
]]

--- Run a program on a page in a file.
local function run_on(page, command)
  local folder = tree.temporary()
  local path = folder .. "/page.html"
  local file = assert(io.open(path, "wb"))
  file:write(page)
  file:close()
  local output, ok = tree.run(command:gsub("FOLDER", folder):gsub("PAGE", path), nil)
  tree.remove(folder)
  assert(ok, output)
  return output
end

local function elements_of(page)
  return assert(core.decode(run_on(page, "python3 -c " .. tree.quote(PARSER) .. " PAGE")))
end

--- The texts of all elements of a kind.
local function texts(elements, tag, class)
  local found = {}
  for _, element in ipairs(elements) do
    if element.tag == tag and (not class or element.attributes.class == class) then
      found[#found + 1] = element.text
    end
  end
  return found
end

--- "place+width" of all bars in a page, in hundred thousandths of the axis.
local function bars(page)
  local found = {}
  for place, width, class in page:gmatch '<rect x="(%d+)" y="0" width="(%d+)" height="10"(.-)/>' do
    found[#found + 1] = place .. "+" .. width .. class:gsub(' class="(%w+)"', " %1")
  end
  return found
end

describe("googlemeet.report.attendance.timeline.page", function()
  it("draws a bar for each stay, to the scale of the conference", function()
    assert.same({ "0+100000", "25000+50000", "50000+50000" }, bars(page_of({
      { "Ada", "10:00:00", "10:40:00" }, { "Bo", "10:10:00", "10:30:00" },
      { "Cy", "10:20:00", "10:40:00" },
    }, "10:40:00")))
  end)

  it("draws those who are present until now, in another style", function()
    assert.same({ "0+50000", "60000+40000 open" }, bars(page_of {
      { "Ada", "10:00:00", "10:25:00" }, { "Bo", "10:30:00" },
    }))
  end)

  it("knows the open stay of one who comes again after `now`", function()
    local page = page_of {
      { "Ada", "10:30:00", nil, "signedinUser", "users/1" },
      { "Ada", "10:55:00", "11:00:00", "signedinUser", "users/1" },
    }
    assert.same({ "60000+40000 open", "99750+250" }, bars(page))
    assert.matches("10:30:00 until now, 10:55:00 to 11:00:00 UTC</title>", page, 1, true)
  end)

  it("keeps short stays visible, and all inside the edge", function()
    assert.same({ "50000+250", "99750+250" }, bars(page_of({
      { "Ada", "10:20:00", "10:20:00" }, { "Bo", "10:39:59.9", "10:40:00" },
    }, "10:40:00")))
  end)

  it("stretches the axis to those who came before the start and left after the end", function()
    assert.same({ "0+100000", "50000+12500" }, bars(page_of({
      { "Ada", "09:40:00", "10:20:00" }, { "Bo", "10:00:00", "10:05:00" },
    }, "10:10:00")))
  end)

  it("has marks of time, the first with its date", function()
    local page = page_of({ { "Ada", "10:00:00", "10:40:00" } }, "10:40:00")
    assert.matches('<span class="first" style="left:0.000%"><small>15 Nov</small>10:00</span>'
      .. '<span style="left:25.000%">10:10</span>', page, 1, true)
    assert.matches("all times are UTC", page, 1, true)
  end)

  it("says in words what a bar shows, with a name for those who have none", function()
    local page = page_of({ { "", "10:00:00", "10:30:00" }, { "\u{200B}\u{3164} ", "10:30:00" } })
    assert.matches("<title>(no name): 0:30:00; 10:00:00 to 10:30:00 UTC</title>", page, 1, true)
    assert.matches("<title>(no name): 0:20:00; 10:30:00 until now UTC</title>", page, 1, true)
    local _, count = page:gsub("<bdi>%(no name%)</bdi>", "")
    assert.equal(4, count) -- beside the bars, and in the table
  end)

  it("says the date, too, where the page shows more than one day", function()
    local page = page_of({ { "Ada", "2025-11-15T10:00:00Z", "2025-11-16T11:00:00Z" } },
      "2025-11-16T11:00:00Z")
    assert.matches("<title>Ada: 25:00:00; 2025-11-15 10:00:00 to 2025-11-16 11:00:00 UTC</title>",
      page, 1, true)
  end)

  it("has all times in the zone that was asked for", function()
    local page = page_of({ { "Ada", "10:00:00", "10:40:00" } }, "10:40:00", nil, 19800)
    for _, text in ipairs {
      "<title>Attendance 2025-11-15 15:30:00</title>", "15:30:00 to 2025-11-15 16:10:00 UTC+05:30",
      "all times are UTC+05:30", '<small>15 Nov</small>15:30</span>',
      "<title>Ada: 0:40:00; 15:30:00 to 16:10:00 UTC+05:30</title>",
      "First join (UTC+05:30)", "<td>2025-11-15 15:30:00</td>",
    } do assert.matches(text, page, 1, true) end
  end)

  it("takes times of a conference that were never set, or mean for ever, for none", function()
    local people = { { "Ada", "10:30:00", "10:40:00" } }
    local page = page_of(people, "9999-12-31T23:59:59Z", nil, 0, nil, "0001-01-01T00:00:00Z")
    assert.matches("<p>? and still running at 2025-11-15 10:50:00 UTC", page, 1, true)
    assert.same({ "0+100000" }, bars(page))
  end)

  it("counts the days of the zone", function()
    local people = { { "Ada", "10:00:00", "10:40:00" } }
    assert.matches("; 2025-11-15 23:50:00 to 2025-11-16 00:30:00 UTC+13:50",
      page_of(people, "10:40:00", nil, 49800), 1, true)
  end)

  it("has the note on what could not be read", function()
    assert.matches("</p>\n<p>a &lt; b</p>\n",
      page_of({ { "Ada", "10:00:00", "10:40:00" } }, "10:40:00", nil, 0, "a < b"))
  end)

  it("explains the colours in use, and no others", function()
    local page = page_of({ { "Ada", "10:00:00", "10:40:00", "phoneUser" } }, "10:40:00")
    assert.matches('<p class="legend" aria-hidden="true">'
      .. '<span class="phone"><b></b>phone</span></p>', page, 1, true)
  end)

  it("says that nobody came", function()
    local page = page_of({}, "10:40:00", { "Ada & Bo" })
    assert.matches("nobody came", page, 1, true)
    assert.matches("<ul><li><bdi>Ada &amp; Bo</bdi></li></ul>", page, 1, true)
    assert.is_nil(page:find "<svg")
    assert.is_nil(page:find "<table")
  end)

  it("loads nothing and runs nothing", function()
    local page = page_of({ { "Ada", "10:00:00", "10:40:00" } }, "10:40:00")
    assert.is_nil(page:find "<script")
    assert.is_nil(page:find "https?:")
    assert.is_nil(page:find "url%(")
    assert.is_nil(page:find "%ssrc=")
    assert.matches("default-src 'none'; style-src 'unsafe-inline'", page, 1, true)
  end)

  local _, has_python = tree.run "python3 -c 'import html.parser'"
  local function without_python()
    pending "python3 is not there: its html.parser would read the page"
  end

  it("is read by Python's html.parser: a language, a title, names", has_python and function()
    local elements = elements_of(page_of({
      { "Ada", "10:00:00", "10:40:00" }, { "Bo", "10:10:00", "10:30:00" },
    }, "10:40:00"))
    assert.equal("en", elements[1].attributes.lang)
    assert.same({
      "Attendance 2025-11-15 10:00:00",
      "Ada: 0:40:00; 10:00:00 to 10:40:00 UTC", "Bo: 0:20:00; 10:10:00 to 10:30:00 UTC",
    }, texts(elements, "title"))
    assert.same({ "Name", "Kind", "First join (UTC)", "Last leave (UTC)", "Joins", "Time", "", "" },
      texts(elements, "th"))
  end or without_python)

  it("shows user-supplied text, and escapes its markup", has_python and function()
    local names = {
      "<script>alert(1)</script>", "</title></svg><img src=x onerror=alert(1)>",
      "\" onload=\"alert(1)", "a]]>b<!-- c", "&lt;b&gt;", "new\nline\27[31m\xFF", "عمر \u{202E}x",
    }
    local people = {}
    for index, name in ipairs(names) do
      people[index] = { name, ("10:%02d:00"):format(index), "10:40:00" }
    end
    local elements = elements_of(page_of(people, "10:40:00", names))
    local shown = {
      names[1], names[2], names[3], names[4], names[5],
      "new line\u{FFFD}[31m\u{FFFD}", "عمر x",
    }
    local expected = {} -- beside the bars, in the table, and among the missing
    for round = 0, 2 do table.move(shown, 1, #shown, round * #shown + 1, expected) end
    assert.same(expected, texts(elements, "bdi"))
    assert.same({}, texts(elements, "script"))
    assert.same({}, texts(elements, "img"))
    for _, element in ipairs(elements) do
      for name in pairs(element.attributes) do assert.is_nil(name:find "^on") end
    end
  end or without_python)

  local browser = tree.run("command -v chromium || command -v chromium-browser"):match "^[^\n]+"
  local function without_browser() pending "chromium is not there: it would lay the page out" end

  --- What Chromium says about a page: an expression in JavaScript.
  local function measured(page, expression)
    -- The page itself allows no script; a frame around it would not see into it.
    local probe = ([[<script>addEventListener("load", () => {
      document.title = JSON.stringify(%s);
    })</script></head>]]):format(expression)
    page = page:gsub("<meta http%-equiv[^\n]*\n", "")
      :gsub("</head>", (probe:gsub("%%", "%%%%")))
    local output = run_on(page, browser .. " --headless --no-sandbox --disable-gpu"
      .. " --user-data-dir=FOLDER/profile --window-size=600,800"
      .. " --dump-dom file://PAGE 2>/dev/null")
    return assert(core.decode(output:match "<title>({.-})</title>"))
  end

  it("is laid out by Chromium: bars where they belong, nothing wider than the page", browser
    and function()
      local people = {}
      for number = 1, 200 do
        people[number] = { "Person " .. number, ("10:%02d:%02d"):format(number // 60, number % 60),
          "10:40:00" }
      end
      assert.same({ rows = 200, from = 8, to = 100, tall = true, fits = true },
        measured(page_of(people, "10:40:00"), [[(() => {
          const last = [...document.querySelectorAll("ol svg")].pop().getBoundingClientRect();
          const bar = [...document.querySelectorAll("rect")].pop().getBoundingClientRect();
          return {
            rows: document.querySelectorAll("ol li").length,
            from: Math.round(100 * (bar.left - last.left) / last.width),
            to: Math.round(100 * (bar.right - last.left) / last.width),
            tall: bar.height > 5, fits: document.body.scrollWidth <= innerWidth };
        })()]]))
    end or without_browser)

  it("has room for titles and guests of any length, in Chromium", browser and function()
    local long = ("W"):rep(500)
    local page = timeline.page({
      record = { name = "conferenceRecords/c", startTime = at "10:00:00" }, now = NOW, total = 0,
      list = {}, missing = {}, event = { guests = {} }, title = "\u{5D0} " .. long,
      organiser = { email = long }, undecided = { { email = long } },
      absent = { { display_name = "A", email = long }, { display_name = long } },
    }, 0)
    assert.same({ fits = true, right = true, lists = 2 }, measured(page, [[{
      fits: document.body.scrollWidth <= innerWidth,
      right: getComputedStyle(document.querySelector("h1 bdi")).direction == "rtl",
      lists: document.querySelectorAll("ul").length }]]))
  end or without_browser)
end)

--- The labels between two times, a date in brackets behind the label that has one.
local function labels(from, to)
  local words = {}
  for index, tick in ipairs(timeline.ticks((time.parse(from)), (time.parse(to)))) do
    words[index] = tick.label .. (tick.date and "[" .. tick.date .. "]" or "")
  end
  return table.concat(words, " ")
end

describe("googlemeet.report.attendance.timeline.ticks", function()
  for _, case in ipairs {
    { "2026-11-15T09:00:00Z", "2026-11-15T09:47:51Z",
      "09:00[15 Nov] 09:10 09:20 09:30 09:40", "a meeting" },
    { "2026-11-15T09:00:30Z", "2026-11-15T09:47:51Z",
      "09:10[15 Nov] 09:20 09:30 09:40", "one that began within a step" },
    { "2026-11-15T09:00:07Z", "2026-11-15T09:47:51Z",
      "09:00[15 Nov] 09:10 09:20 09:30 09:40", "one that began a moment after the hour" },
    { "2026-12-31T22:00:00Z", "2027-01-01T02:10:00Z",
      "22:00[31 Dec] 23:00 00:00[1 Jan] 01:00 02:00", "a night" },
    { "2026-11-15T09:00:03Z", "2026-11-15T09:00:33Z",
      "09:00:05[15 Nov] 09:00:10 09:00:15 09:00:20 09:00:25 09:00:30", "half a minute" },
    { "2026-11-01T12:00:00Z", "2026-11-30T12:00:00Z",
      "00:00[3 Nov] 00:00[8 Nov] 00:00[13 Nov] 00:00[18 Nov] 00:00[23 Nov] 00:00[28 Nov]",
      "a month" },
    { "2010-01-21T00:00:00Z", "2010-08-25T00:00:00Z",
      "00:00[23 Jan] 00:00[23 Feb] 00:00[26 Mar] 00:00[26 Apr] 00:00[27 May] 00:00[27 Jun]"
      .. " 00:00[28 Jul]", "several months" },
  } do
    it("fit " .. case[4], function()
      assert.equal(case[3], labels(case[1], case[2]))
    end)
  end

  it("stay within the years 1 to 9999", function()
    local first = timeline.ticks(-62135596800, -62135596800 + 209 * 365 * 86400)[1]
    assert.equal(-62135596800 - 9158400 + 941587200, first.at)
    assert.equal(6, #timeline.ticks(253402300740, 253402300800))
  end)
end)
