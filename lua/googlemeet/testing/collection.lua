--- Arrays of nodes in time order.
-- A node has `seconds`, `nanoseconds` and `sequence` (order of creation, which breaks ties). Arrays
-- are ascending; lists with the newest item first walk backwards.

local collection = {}

local function before(left, right)
  if left.seconds ~= right.seconds then
    return left.seconds < right.seconds
  elseif left.nanoseconds ~= right.nanoseconds then
    return left.nanoseconds < right.nanoseconds
  end
  return left.sequence < right.sequence
end

--- Find the first index whose node is not before `key`.
local function place(nodes, key)
  local low, high = 1, #nodes + 1
  while low < high do
    local middle = (low + high) // 2
    if before(nodes[middle], key) then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

--- Insert a node at its place.
---@param nodes table[]
---@param node table
function collection.insert(nodes, node)
  table.insert(nodes, place(nodes, node), node)
end

--- Remove a node, before its time changes or for good.
function collection.remove(nodes, node)
  local at = place(nodes, node)
  if nodes[at] == node then
    table.remove(nodes, at)
  end
end

--- Iterate over the nodes after `key`.
---@param nodes table[]
---@param order "ascending"|"descending"
---@param key? table a node, or its three order fields; without it from the start
---@return fun(): table? next_node
function collection.walk(nodes, order, key)
  local at, step, last = 1, 1, #nodes
  if order == "descending" then
    at, step, last = #nodes, -1, 1
  end
  if key then
    local found = place(nodes, key)
    local same = nodes[found] and not before(key, nodes[found])
    at = step == 1 and found + (same and 1 or 0) or found - 1
  end
  return function()
    if (last - at) * step < 0 then
      return nil
    end
    local node = nodes[at]
    at = at + step
    return node
  end
end

return collection
