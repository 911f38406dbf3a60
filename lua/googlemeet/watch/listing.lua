--- Whole lists of a server: each item once, with a name that requests can use.

local unique = require "googlemeet.unique"
local validate = require "googlemeet.validate"

local listing = {}

--- Return each of the items once.
---@param items? table[]
---@param pattern string of their names, like `conferenceRecords/*`
---@return table[]? items nil when there are none, or when one lacks a valid name
---@return googlemeet.Error? err
function listing.checked(items, pattern)
  for _, item in ipairs(items or {}) do
    local fits, err = validate.resource(item, pattern)
    if not fits then return nil, err end
  end
  return items and unique(items)
end

--- Read all pages of a list.
---@param pager userdata
---@param pattern string
---@return table[]? items
---@return googlemeet.Error? err
function listing.read(pager, pattern)
  local items, err = pager:all()
  if not items then return nil, err end
  return listing.checked(items, pattern)
end

return listing
