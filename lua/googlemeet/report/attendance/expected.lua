--- The people that a report expects, and the names by which each may appear.
-- Pure.

local names = require "googlemeet.report.names"

local expected = {}

---@class googlemeet.Expected
---@field who string as the script wrote it
---@field known_as string[] display names, `users/…`, ids of users; `who` is the first

--- Copy an array of names with aliases; an object is read once, since it may change meanwhile.
local function copy(given)
  local list, aliases, others = {}, {}, {}
  for index, who in ipairs(given) do list[index] = who end
  for key, who in pairs(given) do
    if type(key) == "string" then
      aliases[#aliases + 1], others[key] = key, who
    elseif not list[key] then
      return nil
    end
  end
  table.sort(aliases) -- `pairs` has no order
  return list, aliases, others
end

--- Read the option: an array of names, and beside it who is behind other names:
-- `{ "Ada Bergqvist", ["+46 8 53* *** **"] = "Elin Meyer" }`. One person is expected once, however
-- often named. A name without a visible character is left out.
---@param given table
---@return googlemeet.Expected[]? people nil when it is not such a table
function expected.read(given)
  local people, by_name = {}, {}
  local function add(who, alias)
    if type(who) ~= "string" then return false end
    local form = names.fold(who)
    if form == "" then return true end
    local one = by_name[form]
    if not one then
      one = { who = who, known_as = { who } }
      people[#people + 1], by_name[form] = one, one
    end
    one.known_as[#one.known_as + 1] = alias
    return true
  end
  local list, aliases, others = copy(given)
  for _, who in ipairs(list or {}) do
    if not add(who) then return nil end
  end
  for _, alias in ipairs(aliases or {}) do
    if not add(others[alias], alias) then return nil end
  end
  return list and people
end

return expected
