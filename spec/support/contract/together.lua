--- Judges parameters of a query that depend on one another; see spec/support/contract.lua.

local together = {}

--- Count the seconds of an RFC 3339 time from the year 0, its fraction cut off.
local function seconds_of(text)
  local year, month, day, hour, minute, second, zone =
    text:match "^(%d+)%-(%d+)%-(%d+)T(%d+):(%d+):(%d+)%.?%d*([Z+-].*)$"
  local late = month + 0 > 2 and 0 or 1 -- years begin in March: the leap day is the last one
  local years, months = year - late, (month + 9) % 12
  local days = years * 365 + years // 4 - years // 100 + years // 400
    + (months * 306 + 5) // 10 + day
  local sign, hours, minutes = zone:match "^([+-])(%d+):(%d+)$"
  local offset = sign and (hours * 60 + minutes) * 60 * (sign == "-" and -1 or 1) or 0
  return ((days * 24 + hour) * 60 + minute) * 60 + second - offset
end

local CHECKS = {}

function CHECKS.needs(rule, given)
  if given[rule.name] == rule.value and given[rule.other] ~= rule.otherValue then
    return ("%s: %s only with %s=%s"):format(rule.name, rule.value, rule.other, rule.otherValue)
  end
end

function CHECKS.excludes(rule, given)
  for _, other in ipairs(given[rule.name] and rule.others or {}) do
    if given[other] then return ("%s: not with %s"):format(rule.name, other) end
  end
end

function CHECKS.before(rule, given)
  local from, to = given[rule.name], given[rule.other]
  if from and to and seconds_of(from) >= seconds_of(to) then
    return ("%s: it is not before %s"):format(rule.name, rule.other)
  end
end

--- Judge what is given together; give the problem or nil.
---@param rules table? of an operation: `needs`, `excludes`, `before`
---@param given table<string, string>
function together.check(rules, given)
  for kind, list in pairs(rules or {}) do
    for _, rule in ipairs(list) do
      local problem = CHECKS[kind](rule, given)
      if problem then return problem end
    end
  end
end

return together
