--- A stable sort: items with equal keys keep their order.

local sort = {}

--- Sort a list by key, smallest first.
---@generic T: table
---@param items T[] sorted in place
---@param key_of fun(item: T): number called once for each item, in list order
---@return T[] items
function sort.by(items, key_of)
  local keys, places = {}, {}
  for place, item in ipairs(items) do keys[item], places[item] = key_of(item), place end
  table.sort(items, function(one, other)
    if keys[one] ~= keys[other] then return keys[one] < keys[other] end
    return places[one] < places[other]
  end)
  return items
end

return sort
