local invited = require "googlemeet.report.attendance.invited"
local names = require "googlemeet.report.names"

--- Rows as `rows.of` makes them, of people given by name, or as { name …, user =, kind = }.
local function rows_of(people)
  local rows, folded = {}, {}
  for index, one in ipairs(people) do
    local given = type(one) == "table" and one or { one }
    local row = {
      display_name = given[1] or "", user = given.user,
      kind = given.kind or given.user and "signed_in" or "anonymous",
    }
    rows[index], folded[row] = row, {}
    for place, name in ipairs(given) do folded[row][place] = names.fold(name) end
  end
  return rows, folded
end

local MARKS = { [true] = "yes", [false] = "no" }

--- What is found, as text: a mark for each row, who is absent, who is undecided.
local function found(event, people)
  local rows, folded = rows_of(people)
  local lists, marks = { invited.mark(event, rows, folded) }, {}
  for index, row in ipairs(rows) do marks[index] = MARKS[row.invited] or "?" end
  for place, list in ipairs(lists) do
    local called = {}
    for index, guest in ipairs(list) do
      local name = guest.email or guest.display_name
      called[index] = type(name) == "string" and name or "{}"
    end
    lists[place] = table.concat(called, " ")
  end
  return ("%s; absent: %s; undecided: %s"):format(table.concat(marks, " "), lists[1], lists[2])
end

local function guest(name, response, user)
  return { display_name = name, email = name:lower() .. "@x", response = response, user = user }
end

local function address(email, response, user)
  return { email = email, response = response, user = user }
end

local ADA, BO = guest "Ada", guest "Bo"

describe("googlemeet.report.attendance.invited.mark", function()
  for _, case in ipairs {
    { "who came and who did not", { ADA, BO }, { "Ada" }, "yes; absent: bo@x; undecided: " },
    { "who was not invited", { ADA }, { "Ada", "Cy" }, "yes no; absent: ; undecided: " },
    { "an empty list", {}, { "Ada" }, "no; absent: ; undecided: " },
    { "nobody there", { ADA, address "e@x" }, {}, "; absent: ada@x; undecided: e@x" },
    { "names that look the same", { guest "Jos\u{E9}" }, { "jose\u{301} " },
      "yes; absent: ; undecided: " },
    { "any name of a row", { ADA }, { { "Room 4", "Ada" } }, "yes; absent: ; undecided: " },
    { "each row of a name", { ADA }, { "Ada", "Ada" }, "yes yes; absent: ; undecided: " },

    { "a user whatever the name", { guest("Ada", nil, "users/1") },
      { { "A. B.", user = "users/1" } }, "yes; absent: ; undecided: " },
    { "a user without any name", { address("a@x", nil, "users/1") },
      { { user = "users/1" }, "Cy" }, "yes no; absent: ; undecided: " },
    { "a name whatever the users, who may be numbered in two ways",
      { guest("Ada", nil, "users/1") }, { { "Ada", user = "users/2" } },
      "yes; absent: ; undecided: " },
    { "a name where only the guest has a user", { guest("Ada", nil, "users/1") }, { "Ada" },
      "yes; absent: ; undecided: " },
    { "a name where only the row has a user", { ADA }, { { "Ada", user = "users/1" } },
      "yes; absent: ; undecided: " },

    { "who has declined, and is not missed", { guest("Ada", "declined") }, {},
      "; absent: ; undecided: " },
    { "who has declined, and came", { guest("Ada", "declined") }, { "Ada" },
      "yes; absent: ; undecided: " },
    { "every other answer as none", { guest("Ada", "tentative"), guest("Bo", "needs_action"),
      guest("Cy", "accepted") }, {}, "; absent: ada@x bo@x cy@x; undecided: " },

    { "an address, which may be any row", { ADA, address "e@x" }, { "Ada", "Cy" },
      "yes ?; absent: ; undecided: e@x" },
    { "an address that has declined, and may be any row", { address("e@x", "declined") }, { "Cy" },
      "?; absent: ; undecided: " },
    { "an address for a name", { { display_name = "E@X", email = "e@x" } }, { "Cy" },
      "?; absent: ; undecided: e@x" },
    { "who came under the address", { address "e@x" }, { "E@x", "Cy" },
      "yes no; absent: ; undecided: " },
    { "a name of blanks as none", { { display_name = "\u{200B} ", email = "e@x" } }, { "Cy" },
      "?; absent: ; undecided: e@x" },
    { "phones, which may be anybody", { ADA, BO }, { "Ada", { "+46 8", kind = "phone" } },
      "yes ?; absent: bo@x; undecided: " },
    { "rows without a name", { ADA }, { {}, { user = "users/1" } },
      "? ?; absent: ada@x; undecided: " },

    { "more of one name than rows", { guest "Bo", { display_name = "bo", email = "b@x" } },
      { "Bo", "Cy" }, "yes no; absent: ; undecided: bo@x b@x" },
    { "as many of one name as rows", { guest "Bo", { display_name = "bo", email = "b@x" } },
      { "Bo", "Bo" }, "yes yes; absent: ; undecided: " },
    { "none of one name", { guest "Bo", { display_name = "bo", email = "b@x" } }, { "Cy" },
      "no; absent: bo@x b@x; undecided: " },
    { "one of two who has declined, as the one who may have come",
      { guest("Bo", "declined"), { display_name = "Bo", email = "b@x" } }, { "Bo" },
      "yes; absent: ; undecided: b@x" },
    { "one of two whom the user distinguishes",
      { guest("Bo", nil, "users/1"), { display_name = "Bo", email = "b@x" } },
      { { "Bo", user = "users/1" } }, "yes; absent: b@x; undecided: " },
    { "a row with one name twice as one", { guest "Bo", { display_name = "bo", email = "b@x" } },
      { { "Bo", "bo" } }, "yes; absent: ; undecided: bo@x b@x" },

    { "two users of one name beside one guest: which of them is unknown", { ADA },
      { { "Ada", user = "users/1" }, { "Ada", user = "users/2" } },
      "? ?; absent: ; undecided: " },
    { "a stranger of the name beside a user who came", { guest("Bo", nil, "users/2") },
      { { "Bo", user = "users/2" }, { "Bo", user = "users/3" } },
      "yes ?; absent: ; undecided: " },
    { "a user and a second device of theirs", { ADA }, { { "Ada", user = "users/1" }, "Ada" },
      "yes yes; absent: ; undecided: " },
    { "two guests of one name without an address as two",
      { { display_name = "Bo" }, { display_name = "Bo" } }, { "Bo" },
      "yes; absent: ; undecided: Bo Bo" },
    { "guests of whom nothing is known", { {} }, { "Cy" }, "?; absent: ; undecided: {}" },
    { "guests of whom all is of another type",
      { { display_name = 7, email = {}, response = true, user = 9, optional = "x" } }, { "Cy" },
      "?; absent: ; undecided: {}" },
  } do
    it("knows " .. case[1], function()
      assert.equal(case[4], found({ guests = case[2] }, case[3]))
    end)
  end

  for _, case in ipairs {
    { "as invited, and never as absent", { display_name = "Ada", email = "ada@x" }, { ADA },
      { "Ada", "Bo" }, "yes no; absent: ; undecided: " },
    { "who is not on the list", { display_name = "Cy", email = "cy@x" }, { ADA }, { "Cy" },
      "yes; absent: ada@x; undecided: " },
    { "who did not come", { display_name = "Cy", email = "cy@x" }, { ADA }, { "Ada" },
      "yes; absent: ; undecided: " },
    { "whose address may be any row", { email = "cy@x" }, { ADA }, { "Ada", "Dag" },
      "yes ?; absent: ; undecided: " },
    { "whose address the list has with a name", { email = "ADA@X" }, { ADA }, { "Ada", "Dag" },
      "yes no; absent: ; undecided: " },
    { "who has the name that the list lacks", { display_name = "Eve", email = "e@x" },
      { address "e@x" }, { "Eve", "Dag" }, "yes no; absent: ; undecided: " },
    { "without an address, as the guest of that name", { display_name = "Ada" }, { ADA }, { "Ada" },
      "yes; absent: ; undecided: " },
    { "with an address, as the guest of that name without one", { display_name = "Bo",
      email = "b@x" }, { { display_name = "Bo" } }, { "Bo" }, "yes; absent: ; undecided: " },
    { "who shares a name with a guest", { display_name = "Bo", email = "b@x" }, { BO }, { "Bo" },
      "yes; absent: ; undecided: bo@x" },
    { "of whom nothing is known, as none", {}, { ADA }, { "Dag" },
      "no; absent: ada@x; undecided: " },
    { "of another type, as none", "Ada", { BO }, { "Ada" }, "no; absent: bo@x; undecided: " },
  } do
    it("knows the organiser " .. case[1], function()
      assert.equal(case[5], found({ organiser = case[2], guests = case[3] }, case[4]))
    end)
  end

  it("says of nobody that they were not invited when the list is not whole", function()
    assert.equal("yes ?; absent: bo@x; undecided: ",
      found({ guests = { ADA, BO }, guests_omitted = true }, { "Ada", "Cy" }))
  end)

  it("gives the tables of the guests, and changes nothing of the event", function()
    local event = { guests = { guest "Ada", address "a@x", address "e@x" } }
    event.guests[1].event = event
    local rows, folded = rows_of { "Cy" }
    local absent, undecided = invited.mark(event, rows, folded)
    assert.equal(event.guests[1], absent[1])
    assert.equal(event.guests[3], undecided[2])
    assert.same({ "a@x", nil, nil }, { event.guests[2].email, event.guests[2].display_name })
    assert.equal(3, #event.guests)
  end)
end)

--- The same by the definitions alone: each row is held against each person, nothing is counted
-- beforehand and nothing is folded, since random names differ visibly.
local oracle = {}

--- One person for each guest, and the organiser, unless a guest.
function oracle.people(event)
  local people, host = {}, event.organiser
  local function is_host(entry, by_address)
    if by_address then return entry.email ~= nil and entry.email == host.email end
    return not (entry.email and host.email)
      and (entry.display_name or entry.email) == (host.display_name or host.email)
  end
  for index, entry in ipairs(event.guests) do
    people[index] = {
      listed = entry, name = entry.display_name, user = entry.user,
      declined = entry.response == "declined",
    }
  end
  for _, by_address in ipairs { true, false } do
    for index, entry in ipairs(event.guests) do
      if host and is_host(entry, by_address) then
        people[index].name, host = people[index].name or host.display_name, nil
      end
    end
  end
  if host then people[#people + 1] = { name = host.display_name, user = host.user } end
  return people
end

local function has(list, value)
  for _, one in ipairs(list) do
    if one == value then return true end
  end
  return false
end

local function filter(list, keep)
  local kept = {}
  for _, one in ipairs(list) do
    if keep(one) then kept[#kept + 1] = one end
  end
  return kept
end

local function is_user(row, person) return row.user ~= nil and row.user == person.user end

local function fits(row, person)
  return is_user(row, person) or person.name ~= nil and has(row, person.name)
end

function oracle.outcome(person, people, rows)
  local function is_taken(row)
    return #filter(people, function(one) return is_user(row, one) end) > 0
  end
  local function came_as_user(one)
    return #filter(rows, function(row) return is_user(row, one) end) > 0
  end
  if came_as_user(person) then return "came" end
  local seats = filter(rows, function(row) return fits(row, person) and not is_taken(row) end)
  if #seats == 0 then return person.name and "absent" or "unknown" end
  local rivals = filter(people, function(one)
    return one.name == person.name and not came_as_user(one)
  end)
  return #rivals > #seats and "undecided" or "came"
end

--- Say whether a name was on the list, and whether a row of that name can be that guest.
function oracle.judge(name, row, people, rows)
  local guests = filter(people, function(person) return person.name == name end)
  local users = filter(rows, function(one)
    return one.user ~= nil and has(one, name)
  end)
  return #guests > 0, #guests > 0 and (not row.user or #users <= #guests)
end

function oracle.mark(row, people, rows, is_known)
  local function is_taken(one)
    return #filter(people, function(person) return is_user(one, person) end) > 0
  end
  if is_taken(row) then return "yes" end
  local is_known_by_name = is_known and row.kind ~= "phone" and #row > 0
  for _, name in ipairs(row) do
    local is_listed, can_be = oracle.judge(name, row, people, rows)
    if can_be then return "yes" end
    is_known_by_name = is_known_by_name and not is_listed
  end
  return is_known_by_name and "no" or "?"
end

function oracle.found(event, rows)
  local people, is_known = oracle.people(event), not event.guests_omitted
  local lists, marks = { absent = {}, undecided = {} }, {}
  for _, person in ipairs(people) do
    local outcome = oracle.outcome(person, people, rows)
    if outcome == "unknown" then outcome, is_known = "undecided", false end
    local list = lists[outcome]
    if list and person.listed and not person.declined then
      list[#list + 1] = person.listed.email or person.listed.display_name
    end
  end
  for index, row in ipairs(rows) do marks[index] = oracle.mark(row, people, rows, is_known) end
  return ("%s; absent: %s; undecided: %s"):format(table.concat(marks, " "),
    table.concat(lists.absent, " "), table.concat(lists.undecided, " "))
end

describe("googlemeet.report.attendance.invited.mark, at random", function()
  local NAMES, RESPONSES = { "Ada", "Bo", "Cy" }, { "accepted", "declined", "tentative" }

  local function chance(percent) return math.random(100) <= percent end

  --- The person behind a number always has one name and one user, as far as an entry has them.
  local function entry_of(number)
    return {
      display_name = chance(75) and NAMES[number % #NAMES + 1] or nil,
      email = "p" .. number .. "@x", user = chance(30) and "users/" .. number or nil,
      response = RESPONSES[math.random(#RESPONSES)],
    }
  end

  local function random_event()
    local event = { guests = {}, guests_omitted = chance(10) or nil }
    local first = math.random(6)
    for index = 1, math.random(0, 6) do
      event.guests[index] = chance(85) and entry_of((first + index) % 6 + 1)
        or { display_name = NAMES[math.random(#NAMES)], response = "accepted" }
    end
    if chance(60) then
      local number = math.random(9)
      event.organiser = chance(80) and entry_of(number) or { display_name = NAMES[number % 3 + 1] }
      event.organiser.response = nil
    end
    return event
  end

  --- One row for each user, and others.
  local function random_people()
    local people = {}
    for number = 1, 6 do
      if chance(30) then
        people[#people + 1] = { chance(90) and NAMES[number % #NAMES + 1] or nil,
          user = "users/" .. number }
      end
    end
    for _ = 1, math.random(0, 4) do
      local one = { kind = chance(15) and "phone" or "anonymous" }
      for index = 1, math.random(0, 2) do one[index] = NAMES[math.random(#NAMES)] end
      people[#people + 1] = one
    end
    return people
  end

  it("agrees with its definition", function()
    math.randomseed(16)
    local seen = {}
    for round = 1, 5000 do
      local event, people = random_event(), random_people()
      local expected = oracle.found(event, people)
      assert.equal(expected, found(event, people), "round " .. round)
      for mark in expected:match("^[^;]*"):gmatch "%S+" do seen[mark] = true end
      seen[expected:match "absent: ([^;]*)" ~= "" and "absent" or ""] = true
      seen[expected:match "undecided: (.*)" ~= "" and "undecided" or ""] = true
    end
    for _, what in ipairs { "yes", "no", "?", "absent", "undecided" } do
      assert.is_true(seen[what], what)
    end
  end)

  it("does not depend on the order", function()
    math.randomseed(17)
    local function reverse(list)
      local turned = {}
      for index, one in ipairs(list) do turned[#list + 1 - index] = one end
      return turned
    end
    local function in_order(text, is_turned)
      local parts = {}
      for marks in (text .. ";"):gmatch "(.-);" do
        local words = {}
        for word in marks:gmatch "%S+" do words[#words + 1] = word end
        if parts[1] then table.sort(words) elseif is_turned then words = reverse(words) end
        parts[#parts + 1] = table.concat(words, " ")
      end
      return parts
    end
    for round = 1, 1000 do
      local event, people = random_event(), random_people()
      local turned = { guests = reverse(event.guests), organiser = event.organiser,
        guests_omitted = event.guests_omitted }
      assert.same(in_order(found(event, people)), in_order(found(turned, reverse(people)), true),
        "round " .. round)
    end
  end)
end)
