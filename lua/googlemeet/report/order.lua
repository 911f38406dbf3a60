--- A sort that leaves what is equal as it was.

local order = {}

--- Put a list in order of its items' keys, smallest first; items of one key keep their places.
---@generic T: table
---@param items T[] sorted in place
---@param key_of fun(item: T): number asked once for each, in the order of the list
---@return T[] items
function order.by(items, key_of)
  local keys, places = {}, {}
  for place, item in ipairs(items) do keys[item], places[item] = key_of(item), place end
  table.sort(items, function(one, other)
    if keys[one] ~= keys[other] then return keys[one] < keys[other] end
    return places[one] < places[other]
  end)
  return items
end

return order
