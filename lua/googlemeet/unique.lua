--- Removes the repeated items of a list.
-- When a list grows or shrinks while its pages are read, an item may be on two pages.
-- Pure; requires nothing.

--- Return the items without repetitions, in the same order.
-- Items with the same `name` are the same. The last copy, which is the newest, takes the place of
-- the first one. An item whose `name` is not a string is always kept.
---@generic T: table
---@param items T[] not changed
---@return T[]
local function unique(items)
  local kept, places = {}, {}
  for _, item in ipairs(items) do
    local name = type(item) == "table" and type(item.name) == "string" and item.name or nil
    local place = name and places[name] or #kept + 1
    kept[place] = item
    if name then places[name] = place end
  end
  return kept
end

return unique
