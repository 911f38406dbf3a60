--- The operations on spaces.

local build = require "googlemeet.testing.build"
local errors = require "googlemeet.testing.errors"
local mask = require "googlemeet.testing.mask"
local organisation = require "googlemeet.testing.organisation"
local time = require "googlemeet.time"

local spaces = {}

local DENIED = "The caller does not have permission for this space, or it does not exist."

--- Find the space of a request, or throw.
-- A meeting code works only if the operation accepts it; otherwise Google responds with 403.
---@param context table
---@param takes_code? boolean
---@return table node
function spaces.find(context, takes_code)
  local id, org = context.names.space, context.organisation
  local node = org.index["spaces/" .. id]
  local is_code = id:find("^%a+%-%a+%-%a+$")
  if not node and is_code and takes_code then
    node = org.codes[id:lower()]
  end
  if node then
    return node
  elseif is_code and not takes_code or context.settings.unknown_space_status == 403 then
    errors.throw(errors.google("PERMISSION_DENIED", DENIED))
  end
  errors.throw(errors.google("NOT_FOUND", ("Resource spaces/%s was not found."):format(id)))
end

--- Find the space of an operation that only the owner may use, or throw.
function spaces.find_owned(context)
  local node = spaces.find(context)
  if node.role ~= "owner" then
    errors.throw(errors.google("PERMISSION_DENIED", DENIED))
  end
  return node
end

--- Read the update mask of a request, or throw.
---@return string[][] paths
function spaces.paths(text, field, body, message)
  local paths, problem = mask.read(text, message)
  if problem then
    errors.invalid(field, problem)
  elseif paths == "*" then
    return mask.all(message)
  end
  return paths or mask.given(body, message)
end

--- Reset the restrictions if moderation has just been turned off.
local function reset_restrictions(config, before)
  if config.moderation == "OFF" and before == "ON" then
    config.moderationRestrictions =
      mask.fill(nil, organisation.default_config.moderationRestrictions)
  end
end

local handlers = {}
spaces.handlers = handlers

handlers["spaces.create"] = function(context)
  local node = build.space(context.organisation, {
    config = context.body and context.body.config or nil,
  })
  return organisation.view_space(node)
end

handlers["spaces.get"] = function(context)
  return organisation.view_space(spaces.find(context, true))
end

handlers["spaces.patch"] = function(context)
  local node = spaces.find_owned(context)
  local body = context.body
  if body.name ~= nil and body.name ~= node.name then
    errors.invalid("space.name", "The name in the body is not the one in the path.")
  end
  local paths = spaces.paths(context.query.updateMask, "update_mask", body, "Space")
  local moderation = node.resource.config.moderation
  mask.apply(node.resource, body, paths, { config = organisation.default_config })
  reset_restrictions(node.resource.config, moderation)
  return organisation.view_space(node)
end

handlers["spaces.endActiveConference"] = function(context)
  local node = spaces.find_owned(context)
  if not node.active then
    errors.throw(errors.google("FAILED_PRECONDITION", "The space has no active conference."))
  end
  organisation.end_record(node.active, time.format(context.now()))
  return {}
end

return spaces
