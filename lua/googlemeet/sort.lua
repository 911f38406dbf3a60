--- A stable sort: items with equal keys keep their order.

local sort = {}

--- Sort a list by key, smallest first.
---@generic T: table
---@param items T[] sorted in place
---@param key_of fun(item: T): number called once for each item, in list order
---@return T[] items
function sort.by(items, key_of)
  local found, is_sorted = {}, true
  for place, item in ipairs(items) do
    found[place] = key_of(item)
    is_sorted = is_sorted and (place == 1 or found[place - 1] <= found[place])
  end
  if is_sorted then return items end -- as most are
  local keys, places = {}, {}
  for place, item in ipairs(items) do keys[item], places[item] = found[place], place end
  table.sort(items, function(one, other)
    if keys[one] ~= keys[other] then return keys[one] < keys[other] end
    return places[one] < places[other]
  end)
  return items
end

return sort
