--- Sorted ranges of code points: first, last, first, last …
-- Pure; requires nothing.

local ranges = {}

--- Say whether a code point lies in one of the ranges.
---@param list integer[] pairs of first and last, in order
---@param code integer
---@return boolean
function ranges.hold(list, code)
  local low, high = 1, #list // 2
  while low <= high do
    local middle = (low + high) // 2
    if code < list[2 * middle - 1] then
      high = middle - 1
    elseif code > list[2 * middle] then
      low = middle + 1
    else
      return true
    end
  end
  return false
end

return ranges
