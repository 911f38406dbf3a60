local expected = require "googlemeet.report.attendance.expected"
local rows = require "googlemeet.report.attendance.rows"

local NOW = 1763203800 -- 2025-11-15T10:50:00Z

--- A time of the day of the conference; longer texts are times already, "-" is none.
local function at(clock)
  if clock == "-" then return nil end
  return #clock > 18 and clock or "2025-11-15T" .. clock .. "Z"
end

local OVER = { name = "conferenceRecords/c", startTime = at "10:00:00", endTime = at "10:45:00" }
local LIVE = { name = "conferenceRecords/c", startTime = at "10:00:00" }

local count = 0

--- A participant with sessions given as { start, end }; the server lists the last one first.
local function person(who, ...)
  count = count + 1
  local name = "conferenceRecords/c/participants/" .. count
  local participant, sessions = { name = name }, {}
  local stays = { ... }
  for index, stay in ipairs(stays) do
    table.insert(sessions, 1, {
      name = name .. "/participantSessions/" .. index,
      startTime = at(stay[1]), endTime = at(stay[2]),
    })
  end
  participant.earliestStartTime = stays[1] and at(stays[1][1])
  participant.latestEndTime = stays[1] and at(stays[#stays][2])
  for field, value in pairs(who) do participant[field] = value end
  return { participant = participant, sessions = sessions }
end

local function user(number, name)
  return { signedinUser = { user = "users/" .. number, displayName = name or "Ada" } }
end

local function guest(name) return { anonymousUser = { displayName = name } } end

local function phone(name) return { phoneUser = { displayName = name } } end

local function rows_of(record, people, opts)
  opts = opts or {}
  opts.now = opts.now or NOW
  return (rows.of(record, people, opts))
end

--- The fields that most cases check: seconds, joins, first join and last leave of each row.
local function brief(list)
  local lines = {}
  for index, row in ipairs(list) do
    lines[index] = ("%s %s x%d %s-%s"):format(row.display_name, row.seconds, row.joins,
      row.first_join and row.first_join:match "T(.*)Z" or "",
      row.present and "now" or row.last_leave and row.last_leave:match "T(.*)Z" or "")
  end
  return lines
end

describe("googlemeet.report.attendance.rows.of", function()
  it("takes times that were never set, or mean for ever, for none", function()
    local unset, for_ever = "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"
    assert.same({ "Ada 1800 x1 10:15:00-10:45:00" },
      brief(rows_of(OVER, { person(user(1), { "10:15:00", for_ever }) })))
    assert.same({ "Ada 2100 x1 10:15:00-now" },
      brief(rows_of(LIVE, { person(user(1), { "10:15:00", for_ever }) })))
    assert.same({ "Ada 0 x1 -10:20:00" },
      brief(rows_of(OVER, { person(user(1), { unset, "10:20:00" }) })))
    local open = { name = "conferenceRecords/c", startTime = unset, endTime = for_ever }
    local list = rows_of(open, { person(user(1), { "10:15:00", "-" }) }, { late_after = 60 })
    assert.same({ "Ada 2100 x1 10:15:00-now" }, brief(list))
    assert.is_nil(list[1].late)
  end)

  for _, case in ipairs {
    { "one stay", OVER,
      { person(user(1), { "10:00:00", "10:45:00" }) },
      { "Ada 2700 x1 10:00:00-10:45:00" } },
    { "someone who joins again", OVER,
      { person(user(1), { "10:00:00", "10:15:00" }, { "10:20:00", "10:45:00" }) },
      { "Ada 2400 x2 10:00:00-10:45:00" } },
    { "two devices at once, once", OVER,
      { person(user(1), { "10:00:00", "10:30:00" }, { "10:10:00", "10:40:00" }) },
      { "Ada 2400 x2 10:00:00-10:40:00" } },
    { "a device within the time of another", OVER,
      { person(user(1), { "10:00:00", "10:40:00" }, { "10:10:00", "10:20:00" }) },
      { "Ada 2400 x2 10:00:00-10:40:00" } },
    { "two devices as two participants of one user", OVER,
      { person(user(1), { "10:00:00", "10:30:00" }), person(user(1), { "10:10:00", "10:40:00" }) },
      { "Ada 2400 x2 10:00:00-10:40:00" } },
    { "three stays, of which two overlap", OVER,
      { person(user(1), { "10:00:00", "10:10:00" }, { "10:05:00", "10:15:00" },
        { "10:30:00", "10:40:00" }) },
      { "Ada 1500 x3 10:00:00-10:40:00" } },
    { "stays that touch", OVER,
      { person(user(1), { "10:00:00", "10:10:00" }, { "10:10:00", "10:20:00" }) },
      { "Ada 1200 x2 10:00:00-10:20:00" } },
    { "an open stay up to now", LIVE,
      { person(user(1), { "10:40:00", "-" }) },
      { "Ada 600 x1 10:40:00-now" } },
    { "an open stay after a closed one", LIVE,
      { person(user(1), { "10:00:00", "10:05:00" }, { "10:45:00", "-" }) },
      { "Ada 600 x2 10:00:00-now" } },
    { "one device that left and one that is there", LIVE,
      { person(user(1), { "10:40:00", "-" }, { "10:42:00", "10:45:00" }) },
      { "Ada 600 x2 10:40:00-now" } },
    { "two open devices once", LIVE,
      { person(user(1), { "10:40:00", "-" }, { "10:45:00", "-" }) },
      { "Ada 600 x2 10:40:00-now" } },
    { "an open stay that begins after now, as no time", LIVE,
      { person(user(1), { "10:50:03", "-" }) },
      { "Ada 0 x1 10:50:03-now" } },
    { "a missing end in a conference that is over, up to its end", OVER,
      { person(user(1), { "10:40:00", "-" }) },
      { "Ada 300 x1 10:40:00-10:45:00" } },
    { "a missing end beside a stay that has one", OVER,
      { person(user(1), { "10:00:00", "-" }, { "10:10:00", "10:20:00" }) },
      { "Ada 2700 x2 10:00:00-10:45:00" } },
    { "a stay of no length", OVER,
      { person(user(1), { "10:10:00", "10:10:00" }) },
      { "Ada 0 x1 10:10:00-10:10:00" } },
    { "a stay that ends before it begins, as a moment", OVER,
      { person(user(1), { "10:10:00", "10:05:00" }) },
      { "Ada 0 x1 10:10:00-10:10:00" } },
    { "a reversed stay beside a good one", OVER,
      { person(user(1), { "10:00:00", "10:05:00" }, { "10:20:00", "10:10:00" }) },
      { "Ada 300 x2 10:00:00-10:20:00" } },
    { "a stay without an end that begins after the conference's end, as a moment", OVER,
      { person(user(1), { "10:45:05", "-" }) },
      { "Ada 0 x1 10:45:05-10:45:05" } },
    { "a participant without sessions who came after the end, as a moment", OVER,
      { { participant = { anonymousUser = { displayName = "Bo" },
        earliestStartTime = at "10:45:05" } } },
      { "Bo 0 x1 10:45:05-10:45:05" } },
    { "nanoseconds", OVER,
      { person(user(1), { "10:00:00.000000001", "10:00:00.500000001" }) },
      { "Ada 0.5 x1 10:00:00.000000001-10:00:00.500000001" } },
    { "fractions that add up to a whole second", OVER,
      { person(user(1), { "10:00:00.750", "10:00:01.250" }, { "10:00:02.25", "10:00:02.750" }) },
      { "Ada 1 x2 10:00:00.750-10:00:02.750" } },
    { "an offset other than UTC", OVER,
      { person(user(1), { "2025-11-15T11:00:00+01:00", "2025-11-15T10:10:00Z" }) },
      { "Ada 600 x1 -10:10:00" } },
    { "midnight", { startTime = "2025-12-31T23:50:00Z", endTime = "2026-01-01T00:20:00Z" },
      { person(user(1), { "2025-12-31T23:55:00Z", "2026-01-01T00:10:00Z" }) },
      { "Ada 900 x1 23:55:00-00:10:00" } },
    { "a phone", OVER,
      { person(phone "+46 8 5** **", { "10:00:00", "10:01:00" }) },
      { "+46 8 5** ** 60 x1 10:00:00-10:01:00" } },
    { "nobody", OVER, {}, {} },
    { "somebody without a name", OVER,
      { person({ anonymousUser = {} }, { "10:00:00", "10:01:00" }) },
      { " 60 x1 10:00:00-10:01:00" } },
    { "a stay without a begin, as a join of no time", OVER,
      { person(user(1), { "10:00:00", "10:01:00" }, { "-", "10:10:00" }) },
      { "Ada 60 x2 10:00:00-10:10:00" } },
    { "a time that cannot be read, as none", OVER,
      { person(user(1), { "2025-11-15 at ten o'clock", "10:10:00" }, { "10:20:00", "10:21:00" }) },
      { "Ada 60 x2 10:20:00-10:21:00" } },
    { "guests of one name apart", OVER,
      { person(guest "Bo", { "10:00:00", "10:10:00" }),
        person(guest "Bo", { "10:05:00", "10:20:00" }) },
      { "Bo 600 x1 10:00:00-10:10:00", "Bo 900 x1 10:05:00-10:20:00" } },
    { "a guest apart from a signed-in user of the same name", OVER,
      { person(guest "Ada", { "10:05:00", "10:10:00" }),
        person(user(1), { "10:00:00", "10:10:00" }) },
      { "Ada 600 x1 10:00:00-10:10:00", "Ada 300 x1 10:05:00-10:10:00" } },
    { "users of one name apart", OVER,
      { person(user(2), { "10:00:00", "10:01:00" }), person(user(1), { "10:00:00", "10:02:00" }) },
      { "Ada 120 x1 10:00:00-10:02:00", "Ada 60 x1 10:00:00-10:01:00" } },
    { "signed-in participants without an id apart", OVER,
      { person({ signedinUser = { displayName = "Bo" } }, { "10:00:00", "10:01:00" }),
        person({ signedinUser = { displayName = "Bo" } }, { "10:00:01", "10:01:00" }) },
      { "Bo 60 x1 10:00:00-10:01:00", "Bo 59 x1 10:00:01-10:01:00" } },
  } do
    it("counts " .. case[1], function()
      assert.same(case[4], brief(rows_of(case[2], case[3])))
    end)
  end

  for _, case in ipairs {
    { "guests of one name",
      { person(guest "Bo", { "10:00:00", "10:10:00" }),
        person(guest " bo ", { "10:05:00", "10:20:00" }) },
      { "Bo 1200 x2 10:00:00-10:20:00" } },
    { "guests of one name in other letters",
      { person(guest "Åsa", { "10:00:00", "10:10:00" }),
        person(guest "A\u{30A}SA", { "10:05:00", "10:20:00" }) },
      { "Åsa 1200 x2 10:00:00-10:20:00" } },
    { "phones of one number",
      { person(phone "+46 8", { "10:00:00", "10:10:00" }),
        person(phone "+46 8", { "10:20:00", "10:30:00" }) },
      { "+46 8 1200 x2 10:00:00-10:30:00" } },
    { "no guest with a phone or a signed-in user",
      { person(guest "Ada", { "10:00:00", "10:10:00" }),
        person(phone "Ada", { "10:00:01", "10:10:00" }),
        person(user(1), { "10:00:02", "10:10:00" }) },
      { "Ada 600 x1 10:00:00-10:10:00", "Ada 599 x1 10:00:01-10:10:00",
        "Ada 598 x1 10:00:02-10:10:00" } },
    { "no guests without a name",
      { person({ anonymousUser = {} }, { "10:00:00", "10:01:00" }),
        person({ anonymousUser = { displayName = "\u{A0}" } }, { "10:00:00", "10:02:00" }) },
      { " 60 x1 10:00:00-10:01:00", " 120 x1 10:00:00-10:02:00" } },
  } do
    it("joins with merge_guests " .. case[1], function()
      local lines = brief(rows_of(OVER, case[2], { merge_guests = true }))
      table.sort(lines, function(one, other)
        return one:match "x.*" < other:match "x.*"
      end)
      assert.same(case[3], lines)
    end)
  end

  it("gives a row all its fields", function()
    assert.same({ {
      display_name = "Ada", kind = "signed_in", user = "users/1", present = false,
      first_join = at "10:00:00", last_leave = at "10:20:00", joins = 2, seconds = 900,
      sessions = {
        { start_time = at "10:00:00", end_time = at "10:10:00" },
        { start_time = at "10:15:00", end_time = at "10:20:00" },
      },
    } }, rows_of(OVER, { person(user(1), { "10:00:00", "10:10:00" }, { "10:15:00", "10:20:00" }) }))
  end)

  it("has no last leave, and an open session, of one who is present", function()
    local row = rows_of(LIVE, { person(guest "Bo", { "10:40:00", "-" }) })[1]
    assert.is_true(row.present)
    assert.is_nil(row.last_leave)
    assert.same({ { start_time = at "10:40:00" } }, row.sessions)
  end)

  it("distinguishes the kinds, an unknown one included", function()
    local stay = { "10:00:00", "10:01:00" }
    local kinds = {}
    for _, row in ipairs(rows_of(OVER, {
      person(user(1, "a"), stay), person(guest "b", stay), person(phone "c", stay),
      person({ robotUser = { displayName = "d" } }, stay),
    })) do kinds[row.kind] = (row.user or "") .. row.display_name end
    assert.same({ signed_in = "users/1a", anonymous = "b", phone = "c", unknown = "" }, kinds)
  end)

  it("is in the order of first join, then name", function()
    local list = rows_of(OVER, {
      person(guest "Cy", { "10:00:00.000000002", "10:01:00" }),
      person(guest "Bo", { "10:00:00.000000002", "10:01:00" }),
      person(guest "Di", { "10:00:00.000000001", "10:01:00" }),
      { participant = guest "Never" },
    })
    assert.same({ "Di", "Bo", "Cy", "Never" },
      { list[1].display_name, list[2].display_name, list[3].display_name, list[4].display_name })
  end)

  it("orders and counts times from 1970 to 2262", function()
    local list = rows_of({ startTime = "1970-01-01T00:00:00Z" }, {
      person(guest "Late", { "2262-04-10T23:37:16Z", "2262-04-10T23:47:16Z" }),
      person(guest "Early", { "1970-01-01T00:00:00Z", "1970-01-01T00:10:00Z" }),
    })
    assert.same({ "Early", "Late" }, { list[1].display_name, list[2].display_name })
    assert.near(600, list[1].seconds, 0.001)
    assert.near(600, list[2].seconds, 0.001)
  end)

  it("takes the first name that can be seen", function()
    local people = { person(user(1, "\u{200B}\u{3164}"), { "10:00:00", "10:01:00" }),
      person(user(1, "Kim"), { "10:02:00", "10:03:00" }) }
    assert.equal("Kim", rows_of(OVER, people)[1].display_name)
    assert.equal("", rows_of(OVER, { people[1] })[1].display_name)
  end)

  it("marks a row some of whose sessions could not be read", function()
    local bad = person(user(1), { "10:00:00", "10:10:00" })
    bad.sessions, bad.err = nil, { kind = "permission" }
    local list = rows_of(OVER, { bad, person(user(1), { "10:20:00", "10:30:00" }),
      person(user(2, "Bo"), { "10:25:00", "10:30:00" }) })
    assert.same({ "Ada 1200 x2 10:00:00-10:30:00", "Bo 300 x1 10:25:00-10:30:00" }, brief(list))
    assert.same({ true, nil }, { list[1].incomplete, list[2].incomplete })
  end)

  it("takes the name of the participant who came first", function()
    local people = { person(user(1, "Ada (room)"), { "10:05:00", "10:06:00" }),
      person(user(1, "Ada"), { "10:00:00", "10:01:00" }) }
    assert.equal("Ada", rows_of(OVER, people)[1].display_name)
    people[1].participant.earliestStartTime = "0001-01-01T00:00:00Z" -- never set
    assert.equal("Ada", rows_of(OVER, people)[1].display_name)
  end)

  it("uses the participant's own times without sessions, and says so", function()
    local ada = person(user(1), { "10:00:00", "10:10:00" }, { "10:20:00", "10:30:00" })
    ada.sessions = nil
    local list = rows_of(OVER, { ada })
    assert.same({ "Ada 1800 x1 10:00:00-10:30:00" }, brief(list))
    assert.is_true(list[1].cheap)
    assert.same({ { start_time = at "10:00:00", end_time = at "10:30:00" } }, list[1].sessions)
  end)

  it("is present without sessions while the participant has no end", function()
    local ada = person(user(1), { "10:40:00", "-" })
    ada.sessions = nil
    assert.same({ "Ada 600 x1 10:40:00-now" }, brief(rows_of(LIVE, { ada })))
  end)

  it("counts up to a now with a fraction", function()
    local list = rows_of(LIVE, { person(user(1), { "10:50:00", "-" }) }, { now = NOW + 0.25 })
    assert.equal(0.25, list[1].seconds)
  end)

  for _, case in ipairs {
    { "late_after", 300, "late", { "10:05:00", "10:45:00" }, false },
    { "late_after", 300, "late", { "10:05:00.000000001", "10:45:00" }, true },
    { "late_after", 0.5, "late", { "10:00:00.6", "10:45:00" }, true },
    { "left_before", 300, "left_early", { "10:00:00", "10:40:00" }, false },
    { "left_before", 300, "left_early", { "10:00:00", "10:39:59.999999999" }, true },
    { "left_before", 300, "left_early", { "10:00:00", "-" }, false },
    { "minimum", 600, "short", { "10:00:00", "10:10:00" }, false },
    { "minimum", 600, "short", { "10:00:00", "10:09:59.9" }, true },
  } do
    it(("with %s = %s says %s = %s of %s to %s"):format(case[1], case[2], case[3],
      tostring(case[5]), case[4][1], case[4][2]), function()
      local list = rows_of(OVER, { person(user(1), case[4]) }, { [case[1]] = case[2] })
      assert.equal(case[5], list[1][case[3]])
    end)
  end

  it("does not say who left early while the conference runs", function()
    local list = rows_of(LIVE, { person(user(1), { "10:00:00", "10:01:00" }) },
      { left_before = 60 })
    assert.is_nil(list[1].left_early)
  end)

  it("has no flags that were not asked for", function()
    local row = rows_of(OVER, { person(user(1), { "10:40:00", "10:41:00" }) })[1]
    assert.same({}, { row.late, row.left_early, row.short, row.cheap })
  end)

  it("gives the spans of presence for each row", function()
    local list, spans = rows.of(OVER, { person(user(1), { "10:00:00", "10:10:00" },
      { "10:05:00", "10:20:00" }) }, { now = NOW })
    local span = spans[list[1]][1]
    assert.same({ 1763200800000000000, 1763202000000000000, at "10:00:00", at "10:20:00" },
      { span.from, span.to, span.first.start_time, span.last.end_time })
    assert.equal(1, #spans[list[1]])
  end)

  it("handles a thousand participants", function()
    local people = {}
    for number = 1, 1000 do
      local second = ("10:%02d:%02d"):format(number // 60, number % 60)
      people[number] = person(user(number, "User " .. number), { second, "10:30:00" },
        { "10:20:00", "10:40:00" })
    end
    local list = rows_of(OVER, people)
    assert.equal(1000, #list)
    assert.same({ "User 1 2399 x2 10:00:01-10:40:00", "User 1000 1400 x2 10:16:40-10:40:00" },
      brief { list[1], list[1000] })
  end)

  it("does not change its arguments", function()
    local ada = person(user(1), { "10:00:00", "10:10:00" }, { "10:05:00", "-" })
    local session = ada.sessions[1]
    rows_of(LIVE, { ada })
    assert.equal(session, ada.sessions[1])
    assert.is_nil(session.endTime)
  end)
end)

describe("googlemeet.report.attendance.rows.missing", function()
  local list, _, folded = rows.of(OVER, {
    person(user(117, "Ada Bergqvist"), { "10:00:00", "10:45:00" }),
    person(user(117, "Ada (room 4)"), { "10:10:00", "10:45:00" }),
    person(user(118, ""), { "10:00:00", "10:45:00" }),
    person(guest "users/9", { "10:00:00", "10:45:00" }),
    person(guest "Bo  Moreau", { "10:00:00", "10:45:00" }),
    person(phone "+46 8 5** **", { "10:00:00", "10:45:00" }),
    person(guest "Jos\u{E9} N\u{FA}\u{F1}ez", { "10:00:00", "10:45:00" }),
  }, { now = NOW })

  for _, case in ipairs {
    { {}, {}, "nobody when nobody was expected" },
    { { "Ada Bergqvist" }, {}, "nobody when the name came" },
    { { "Ada (Room 4)" }, {}, "nobody when the second name of a user came" },
    { { "ada bergqvist ", "Bo Moreau" }, {}, "nobody when the name differs in case and blanks" },
    { { "Bo\u{A0}Moreau", "\u{200B}Bo Mor\u{AD}eau" }, {},
      "nobody when blanks are of another kind" },
    { { "Jose\u{301} Nu\u{301}n\u{303}ez" }, {}, "nobody when the letters are composed otherwise" },
    { { "users/117" }, {}, "nobody when the user came" },
    { { "117" }, {}, "nobody when the user came whose bare id it is" },
    { { ["+46 8 5** **"] = "Elin" }, {}, "nobody when an alias came" },
    { { "Elin", ["+46 8 5** **"] = "Elin" }, {}, "nobody who is known by another name, too" },
    { { ["users/117"] = "Elin" }, {}, "nobody whose alias is a user who came" },
    { { ["Cy's phone"] = "Ada Bergqvist" }, {}, "nobody who came under the own name" },
    { { ["Cy's phone"] = "Cy", ["Cy's room"] = "cy" }, { "Cy" }, "who came under no name, once" },
    { { "Cy", "users/5" }, { "Cy", "users/5" }, "who did not come, in the same order" },
    { { "Cy", "Cy", "cy " }, { "Cy" }, "each once" },
    { { "users/9" }, { "users/9" }, "a user whom a guest's name imitates" },
    { { "Ada" }, { "Ada" }, "who has but a part of the name" },
    { { "", " ", "\u{3164}" }, {}, "nobody who has no name" },
  } do
    it("gives " .. case[3], function()
      assert.same(case[2], rows.missing(list, folded, expected.read(case[1])))
    end)
  end
end)
