--- The operations on the members of a space.
-- An address is never cleared: if a mask names it and the body lacks it, it stays.

local build = require "googlemeet.testing.build"
local collection = require "googlemeet.testing.collection"
local errors = require "googlemeet.testing.errors"
local mask = require "googlemeet.testing.mask"
local spaces = require "googlemeet.testing.spaces"

local members = {}

local MOST_REQUESTS = 500

local handlers = {}
members.handlers = handlers

local function find_by_email(space, email)
  for _, node in ipairs(space.members) do
    if node.resource.email:lower() == email:lower() then
      return node
    end
  end
end

--- Check the new address of a member, or throw.
local function check_email(space, email, node)
  if not email:find("^[^%s@]+@[^%s@]+%.[^%s@]+$") then
    errors.invalid("member.email", "The email address is not valid.")
  end
  local holder = find_by_email(space, email)
  if holder and holder ~= node then
    errors.throw(errors.google("ALREADY_EXISTS", "The member is already in the space."))
  end
end

local function find(context, space, name)
  local node = context.organisation.index[name]
  if not node or node.parent ~= space then
    errors.throw(errors.google("NOT_FOUND", ("Resource %s was not found."):format(name)))
  end
  return node
end

local function find_named(context, space)
  return find(context, space, space.name .. "/members/" .. context.names.member)
end

local function write(node, body, paths)
  mask.apply(node.resource, body, paths, { email = node.resource.email })
end

handlers["spaces.members.create"] = function(context)
  local space = spaces.find_owned(context)
  local email, role = context.body.email, context.body.role
  if not email or email == "" then
    errors.invalid("member.email", "The email address is required.")
  end
  check_email(space, email)
  return build.member(space, { email = email, role = mask.fill(role) }).resource
end

--- Find the space whose members are read, or throw.
function members.find_readable(context)
  local space = spaces.find(context)
  return space.role == "other" and spaces.find_owned(context) or space
end

handlers["spaces.members.get"] = function(context)
  return find_named(context, members.find_readable(context)).resource
end

handlers["spaces.members.patch"] = function(context)
  local space = spaces.find_owned(context)
  local node = find_named(context, space)
  local body = context.body
  if body.name ~= nil and body.name ~= node.name then
    errors.invalid("member.name", "The name in the body is not the one in the path.")
  end
  local paths = spaces.paths(context.query.updateMask, "update_mask", body, "Member")
  check_email(space, body.email or node.resource.email, node)
  write(node, body, paths)
  return node.resource
end

handlers["spaces.members.delete"] = function(context)
  local space = spaces.find_owned(context)
  local node = find_named(context, space)
  collection.remove(space.members, node)
  context.organisation.index[node.name] = nil
  return {}
end

--- Check the masks of a batch, or throw; return the paths to write for one child.
local function batch_paths(batch, child, at)
  local top, own = batch.updateMask, child.updateMask
  if own and own ~= "" and own ~= top then
    errors.invalid(at .. ".update_mask", top and "The mask differs from that of the batch."
      or "A mask on a request needs the same mask on the batch.")
  elseif top == nil or top == "" then
    return mask.all("Member")
  end
  return spaces.paths(top, "update_mask", child.member, "Member")
end

--- Check one child of a batch, or throw.
local function read_child(context, space, child, at, seen)
  local member = child.member
  if not member or not member.name then
    errors.invalid(at .. ".member.name", "The name of the member is required.")
  elseif member.name:match("^(spaces/[^/]+)/members/[^/]+$") ~= space.name then
    errors.invalid(at .. ".member.name", "The member is not one of this space.")
  elseif seen[member.name] then
    errors.invalid(at .. ".member.name", "The member is already in the batch.")
  end
  seen[member.name] = true
  local node = find(context, space, member.name)
  check_email(space, member.email or node.resource.email, node)
  return { node = node, body = member, paths = batch_paths(context.body, child, at) }
end

handlers["spaces.members.batchUpdate"] = function(context)
  local space = spaces.find_owned(context)
  local requests = context.body.requests or {}
  if #requests == 0 or #requests > MOST_REQUESTS then
    errors.invalid("requests", "A batch has 1 to 500 requests.")
  end
  local changes, seen = {}, {}
  for i, child in ipairs(requests) do
    changes[i] = read_child(context, space, child, ("requests[%d]"):format(i - 1), seen)
  end
  local written = {}
  for i, change in ipairs(changes) do -- all are valid: write all or none
    write(change.node, change.body, change.paths)
    written[i] = change.node.resource
  end
  return { members = written }
end

return members
