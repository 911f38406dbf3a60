--- The guests of an event beside the rows of a report: who was invited, who did not come.
-- Pure.
--
-- A guest and a row match by user, else by name (see `report.names`): two users of one name may be
-- one person, for nobody has documented that Calendar and Meet number people alike. A guest who is
-- known by address only has the address for a name.

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
    guest = guest, address = address,
    name = name and names.fold(name) or address, is_named = name ~= nil,
    user = type(given.user) == "string" and given.user or nil,
    has_declined = given.response == "declined",
  }
end

--- Add what another entry says about a person. Who has declined in one of them is not missed.
local function merge(person, other)
  if other.is_named and not person.is_named then person.name, person.is_named = other.name, true end
  person.user, person.address = person.user or other.user, person.address or other.address
  person.has_declined = person.has_declined or other.has_declined
end

--- Return the person of one name with an organiser, unless the addresses say otherwise.
local function namesake_of(organiser, people)
  for _, person in ipairs(people) do
    local may_be_one = not (person.address and organiser.address)
    if may_be_one and person.name == organiser.name then return person end
  end
  return nil
end

--- Return the guests, each once, by address and user; and the organiser if not one of them.
---@return googlemeet.Invited[]
local function people_of(event)
  local people, by_address, by_user = {}, {}, {}
  local function find(one)
    return one.address and by_address[one.address] or one.user and by_user[one.user]
  end
  local function add(one, known)
    if known then
      merge(known, one)
    else
      people[#people + 1], known = one, one
    end
    if known.address then by_address[known.address] = known end
    if known.user then by_user[known.user] = known end
  end
  for _, guest in ipairs(event.guests) do
    local one = person_of(guest, guest)
    add(one, find(one))
  end
  local organiser = person_of(events.organiser(event) or {})
  if organiser.name then add(organiser, find(organiser) or namesake_of(organiser, people)) end
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
---@field people integer
---@field open_people integer those whom no user matches
---@field open_rows integer rows that no user matches

--- Count people and rows by name.
---@return table<string, googlemeet.NameCount>
local function count_names(people, rows, folded, matched)
  local counts = {}
  local function add(name, what)
    counts[name] = counts[name] or { people = 0, open_people = 0, open_rows = 0 }
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
    for _, name in ipairs(matched[row] and {} or folded[row]) do
      if not seen[name] then add(name, "open_rows") end
      seen[name] = true
    end
  end
  return counts
end

--- Say what names tell of a person whom no user matches; nil of one who came.
---@return "absent"|"unknown"|"undecided"|nil
local function outcome_of(person, count)
  local rows = count and count.open_rows or 0
  if rows == 0 then return person.is_named and "absent" or "unknown" end
  return count.open_people > rows and "undecided" or nil
end

--- Say whether somebody with one of a row's names was invited.
local function has_invited_name(forms, counts)
  for _, name in ipairs(forms) do
    if counts[name] and counts[name].people > 0 then return true end
  end
  return false
end

--- Find the guests who did not come, and those of whom it cannot be told; say whether all people
-- who were invited are known by name or were there.
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
-- A row has no mark where it cannot be told: one that matches nobody, and is a phone, has no name,
-- or may be somebody whose name the event does not have.
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
    if matched[row] or has_invited_name(folded[row], counts) then
      row.invited = true
    elseif all_known and not event.guests_omitted and row.kind ~= "phone" and folded[row][1] then
      row.invited = false
    end
  end
  return found.absent, found.undecided
end

return invited
