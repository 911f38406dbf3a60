--- Small operations on the iterators of a generic `for`.
-- Each takes and returns the four values of a generic `for`, so a closing value (open pages, say)
-- reaches the loop that has to close it, and none asks its source for more than its own loop asks
-- it for. Pure; requires nothing.

local sequence = {}

local function check(name, what, value, fits)
  if not fits then
    error(("sequence.%s: %s expected, got %s"):format(name, what, type(value)), 3)
  end
end

--- A function, or an object that may have `__call`: metatables can be hidden.
local function is_callable(value)
  return type(value) == "function" or getmetatable(value) ~= nil and type(value) ~= "string"
end

local function sift(keep, iterator, state, item, ...)
  if item == nil or keep(item, ...) then
    return item, ...
  end
  return sift(keep, iterator, state, iterator(state, item))
end

--- Let through only the items that `keep` accepts; it is called with all values of an item.
---@generic T
---@param keep fun(item: T, ...): any
---@param iterator fun(state: any, control: any): T?, ...
---@return fun(state: any, control: any): T?, ...
---@return any state
---@return any control
---@return any closing
function sequence.where(keep, iterator, state, control, closing)
  check("where", "function", keep, is_callable(keep))
  check("where", "iterator", iterator, is_callable(iterator))
  local function step(source, previous)
    return sift(keep, iterator, source, iterator(source, previous))
  end
  return step, state, control, closing
end

--- Put what `transform` makes of an item in its place; where that is nil, the item is left out.
-- It is called with all values of an item. The iterator remembers where it is: for one loop only.
---@generic T, U
---@param transform fun(item: T, ...): U?, ...
---@param iterator fun(state: any, control: any): T?, ...
---@return fun(state: any): U?, ...
---@return any state
---@return any control
---@return any closing
function sequence.map(transform, iterator, state, control, closing)
  check("map", "function", transform, is_callable(transform))
  check("map", "iterator", iterator, is_callable(iterator))
  local previous = control -- the loop sees what came out, the source is asked with what went in
  local step
  local function hand_on(source, made, ...)
    if made == nil then
      return step(source)
    end
    return made, ...
  end
  local function advance(source, item, ...)
    previous = item
    if item == nil then
      return nil
    end
    return hand_on(source, transform(item, ...))
  end
  function step(source)
    return advance(source, iterator(source, previous))
  end
  return step, state, control, closing
end

--- End after `count` items. The iterator counts: for one loop only.
---@generic T
---@param count integer
---@param iterator fun(state: any, control: any): T?, ...
---@return fun(state: any, control: any): T?, ...
---@return any state
---@return any control
---@return any closing
function sequence.take(count, iterator, state, control, closing)
  check("take", "whole number from 0 on", count, math.type(count) == "integer" and count >= 0)
  check("take", "iterator", iterator, is_callable(iterator))
  local left = count
  local function step(source, previous)
    if left == 0 then
      return nil
    end
    left = left - 1
    return iterator(source, previous)
  end
  return step, state, control, closing
end

--- Gather the items (the first value of each) in an array; closes the source.
---@generic T
---@param iterator fun(state: any, control: any): T?, ...
---@return T[]
function sequence.collect(iterator, state, control, closing)
  check("collect", "iterator", iterator, is_callable(iterator))
  local items = {}
  for item in iterator, state, control, closing do
    items[#items + 1] = item
  end
  return items
end

return sequence
