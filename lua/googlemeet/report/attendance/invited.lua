--- The guests of an event beside the rows of a report: who was invited, who did not come.
-- Pure.
--
-- A guest and a row match by user, else by name (see `report.names`). A guest who is known by an
-- address only has the address for a name.

local events = require "googlemeet.report.attendance.events"
local names = require "googlemeet.report.names"

local invited = {}

---@class googlemeet.Invited
---@field guest? googlemeet.Guest nil of an organiser who is not on the list
---@field user? string
---@field address? string folded
---@field name? string folded
---@field is_named boolean
---@field has_declined boolean

local function person_of(given, guest)
  local name, address = events.known_as(given)
  address = address and names.fold(address)
  return {
    guest = guest, address = address, name = name and names.fold(name) or address,
    is_named = name ~= nil, user = type(given.user) == "string" and given.user or nil,
    has_declined = given.response == "declined",
  }
end

--- Return the guest who is the organiser: by address, else by name where one has no address.
local function find(people, organiser)
  local namesake
  for _, person in ipairs(people) do
    local has_both = person.address and organiser.address
    if has_both and person.address == organiser.address then return person end
    if not has_both and person.name == organiser.name then namesake = namesake or person end
  end
  return namesake
end

--- Return the guests, and the organiser if not one of them. The organiser's entry may have the name
-- that the guest's lacks.
---@return googlemeet.Invited[]
local function people_of(event)
  local people, organiser = {}, person_of(events.organiser(event) or {})
  for index, guest in ipairs(event.guests) do people[index] = person_of(guest, guest) end
  if not organiser.name then return people end
  local guest = find(people, organiser)
  if not guest then
    people[#people + 1] = organiser
  elseif not guest.is_named then
    guest.name, guest.is_named = organiser.name, organiser.is_named
  end
  return people
end

--- Match by user; return a set of the people and the rows that are matched.
local function match_users(people, rows)
  local by_user, matched = {}, {}
  for _, row in ipairs(rows) do
    if row.user then by_user[row.user] = row end
  end
  for _, person in ipairs(people) do
    local row = person.user and by_user[person.user]
    if row then matched[person], matched[row] = true, true end
  end
  return matched
end

---@class googlemeet.NameCount
---@field people integer those of the name who were invited
---@field open_people integer those whom no user matches
---@field open_rows integer rows that no user matches
---@field users integer rows of users, matched or not: each is one person

--- Count people and rows by name.
---@return table<string, googlemeet.NameCount>
local function count_names(people, rows, folded, matched)
  local counts = {}
  local function add(name, what)
    counts[name] = counts[name] or { people = 0, open_people = 0, open_rows = 0, users = 0 }
    counts[name][what] = counts[name][what] + 1
  end
  for _, person in ipairs(people) do
    if person.name then
      add(person.name, "people")
      if not matched[person] then add(person.name, "open_people") end
    end
  end
  for _, row in ipairs(rows) do
    local seen = {}
    for _, name in ipairs(folded[row]) do
      if not seen[name] and not matched[row] then add(name, "open_rows") end
      if not seen[name] and row.user then add(name, "users") end
      seen[name] = true
    end
  end
  return counts
end

--- Return the outcome of a person whom no user matches, by the names; nil for one who came.
---@return "absent"|"unknown"|"undecided"|nil
local function outcome_of(person, count)
  local rows = count and count.open_rows or 0
  if rows == 0 then return person.is_named and "absent" or "unknown" end
  return count.open_people > rows and "undecided" or nil
end

--- Say whether somebody with one of a row's names was invited; nil where more people of that name
-- came than were.
local function is_invited_by_name(row, forms, counts)
  local found = false
  for _, name in ipairs(forms) do
    local count = counts[name]
    if count and count.people > 0 then
      if not row.user or count.users <= count.people then return true end
      found = nil
    end
  end
  return found
end

--- Find the guests who did not come, and those of whom it is unknown; say whether all people who
-- were invited are known by name or were there.
local function find_guests(people, matched, counts)
  local found, all_known = { absent = {}, undecided = {} }, true
  for _, person in ipairs(people) do
    local outcome = not matched[person] and outcome_of(person, counts[person.name or ""])
    if outcome == "unknown" then outcome, all_known = "undecided", false end
    if outcome and person.guest and not person.has_declined then
      table.insert(found[outcome], person.guest)
    end
  end
  return found, all_known
end

--- Mark the rows of those who were invited, and find the guests who did not come.
-- A row has no mark where it is unknown: it matches nobody, and it is a phone, has no name, or may
-- be somebody whose name the event does not have.
---@param event googlemeet.CalendarEvent
---@param rows googlemeet.AttendanceRow[] get `invited`
---@param folded table<table, string[]> the folded names of each row
---@return googlemeet.Guest[] absent
---@return googlemeet.Guest[] undecided
function invited.mark(event, rows, folded)
  local people = people_of(event)
  local matched = match_users(people, rows)
  local counts = count_names(people, rows, folded, matched)
  local found, all_known = find_guests(people, matched, counts)
  for _, row in ipairs(rows) do
    local by_name = is_invited_by_name(row, folded[row], counts)
    if matched[row] or by_name then
      row.invited = true
    elseif by_name == false and all_known and not event.guests_omitted and row.kind ~= "phone"
      and folded[row][1] then
      row.invited = false
    end
  end
  return found.absent, found.undecided
end

return invited
