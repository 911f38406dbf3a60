--- Each item of a list once.
-- A list that grows or shrinks while its pages are read shows an item on two of them.
-- Pure; requires nothing.

--- Return the items without repetitions, in the same order.
-- Items are the same when they have the same `name`. The copy that was read last is kept, at the
-- place of the first one: it is newer. An item whose `name` is not a string is kept as it is.
---@generic T: table
---@param items T[] not changed
---@return T[]
local function once(items)
  local kept, places = {}, {}
  for _, item in ipairs(items) do
    local name = type(item) == "table" and type(item.name) == "string" and item.name or nil
    local place = name and places[name] or #kept + 1
    kept[place] = item
    if name then places[name] = place end
  end
  return kept
end

return once
