--- Pages and page tokens.
-- A token holds the position after which the next page starts, and a checksum over that and the
-- list (operation, parent, filter, account). No state is kept between requests.

local collection = require "googlemeet.testing.collection"
local errors = require "googlemeet.testing.errors"
local random = require "googlemeet.testing.random"

local page = {}

local DAY = 86400 -- a token is stale after this many seconds

--- Read the page size of a request: absent and 0 mean the default; the maximum is the upper limit.
---@param text string?
---@param limits { default: integer, max: integer }
---@return integer
function page.size(text, limits)
  local size = tonumber(text or "0")
  if size < 0 then
    errors.invalid("page_size", "The page size must not be negative.")
  end
  return size == 0 and limits.default or math.min(size, limits.max)
end

--- Reduce a page size where short pages are asked for: half a page, none, a whole one, …
---@param is_short boolean?
---@param size integer
---@param number integer of the page, counted from 1
---@return integer
function page.shape(is_short, size, number)
  if not is_short or number % 3 == 0 then
    return size
  end
  return number % 3 == 1 and math.max(1, size // 2) or 0
end

local function checksum(payload, list)
  return ("%016x"):format(random.hash(payload .. "|" .. list))
end

--- Write numbers as a token that is good for one list.
---@param numbers integer[]
---@param list string identifies the list: operation, parent, filter, account
---@return string
function page.sign(numbers, list)
  local digits = {}
  for i, number in ipairs(numbers) do digits[i] = ("%x"):format(number) end
  local payload = table.concat(digits, ".")
  return "pt-" .. payload .. "." .. checksum(payload, list)
end

--- Read the numbers of a token.
---@return integer[]? numbers nil when the token is not of this list
function page.verify(token, list)
  local payload, sum = token:match "^pt%-([%x.]+)%.(%x+)$"
  if not payload or sum ~= checksum(payload, list) then return nil end
  local numbers = {}
  for digits in payload:gmatch "%x+" do numbers[#numbers + 1] = tonumber(digits, 16) end
  return numbers
end

--- Write the token of the page after `node`.
---@param node table last node of this page
---@param list string
---@param number integer of the next page, counted from 1
---@param now number
function page.token(node, list, number, now)
  return page.sign(
    { node.seconds, node.nanoseconds, node.sequence, number, math.floor(now) }, list)
end

--- Read a token, or throw 400.
---@return table? key order fields of the node after which the page starts
---@return integer number of the page
function page.read(token, list, now)
  if token == nil or token == "" then
    return nil, 1
  end
  local numbers = page.verify(token, list)
  if not numbers then
    errors.invalid("page_token", "The page token is not valid for this request.")
  elseif now - numbers[5] > DAY then
    errors.invalid("page_token", "The page token has expired.")
  end
  return { seconds = numbers[1], nanoseconds = numbers[2], sequence = numbers[3] }, numbers[4]
end

--- Take the nodes of one page.
---@param nodes table[] ordered
---@param order "ascending"|"descending"
---@param key table? where the page starts
---@param size integer
---@param keep fun(node: table): boolean
---@return table[] taken
---@return boolean more whether nodes are left
function page.take(nodes, order, key, size, keep)
  local taken = {}
  for node in collection.walk(nodes, order, key) do
    if keep(node) then
      if #taken == size then
        return taken, true
      end
      taken[#taken + 1] = node
    end
  end
  return taken, false
end

return page
