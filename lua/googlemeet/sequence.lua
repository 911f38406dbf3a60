--- Small operations on the iterators of a generic `for`.
-- Each takes and returns the four values of a generic `for`, so a closing value (open pages, for
-- example) reaches the loop that has to close it. None reads ahead of its loop.
-- Pure; requires nothing.

local sequence = {}

local function check(name, what, value, fits)
  if not fits then
    error(("sequence.%s: %s expected, got %s"):format(name, what, type(value)), 3)
  end
end

--- Say whether a value may be callable: a function, or an object, whose metatable may be hidden.
local function is_callable(value)
  return type(value) == "function" or getmetatable(value) ~= nil and type(value) ~= "string"
end

local function next_kept(keep, iterator, state, item, ...)
  if item == nil or keep(item, ...) then
    return item, ...
  end
  return next_kept(keep, iterator, state, iterator(state, item))
end

--- Keep only the items that `keep` accepts; it is called with all values of an item.
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
    return next_kept(keep, iterator, source, iterator(source, previous))
  end
  return step, state, control, closing
end

--- Replace each item by the result of `transform`; an item with the result nil is left out.
-- `transform` is called with all values of an item. The iterator keeps its position: use it in one
-- loop only.
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
  local previous = control -- the source's item: the loop only knows the transformed one
  local step
  local function emit(source, made, ...)
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
    return emit(source, transform(item, ...))
  end
  function step(source)
    return advance(source, iterator(source, previous))
  end
  return step, state, control, closing
end

--- Stop after `count` items. The iterator keeps a count: use it in one loop only.
---@generic T
---@param count integer
---@param iterator fun(state: any, control: any): T?, ...
---@return fun(state: any, control: any): T?, ...
---@return any state
---@return any control
---@return any closing
function sequence.take(count, iterator, state, control, closing)
  check("take", "whole number from 0", count, math.type(count) == "integer" and count >= 0)
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

--- Collect the items (the first value of each) in an array. The source is closed.
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
