--- The reading operations: get, for conference records and all below, and every list.

local errors = require "googlemeet.testing.errors"
local fields = require "googlemeet.testing.fields"
local filter = require "googlemeet.testing.filter"
local members = require "googlemeet.testing.members"
local organisation = require "googlemeet.testing.organisation"
local page = require "googlemeet.testing.page"
local schema = require "googlemeet.testing.schema"

local lists = {}

--- Insert the ids of a request into a path template.
local function resource_name(context, template)
  return (template:gsub("{(%a+)}", context.names))
end

--- Find a node that the account may read, or throw.
local function find(context, name)
  local node = context.organisation.index[name]
  if not node or organisation.expired(node) then
    errors.throw(errors.google("NOT_FOUND", ("Resource %s was not found."):format(name)))
  elseif organisation.role(node) == "other" then
    errors.throw(errors.google("PERMISSION_DENIED",
      "The caller does not have permission for this resource, or it does not exist."))
  end
  return node
end

--- Perform a get.
function lists.get(context)
  return find(context, resource_name(context, context.row.path)).resource
end

--- Find the parent of a list, or throw: a space, a node, or the organisation.
local function find_parent(context)
  if context.row.id == "spaces.members.list" then
    return members.find_readable(context)
  end
  local template = context.row.path:match("^(.*})/%a+$")
  if not template then
    return context.organisation
  end
  return find(context, resource_name(context, template))
end

--- Make the function that returns a field of a node by its filter name.
local function value_of(node)
  return function(name)
    if name == "space.name" then
      return node.space.name
    elseif name == "space.meeting_code" then
      return node.space.resource.meetingCode
    end
    return node.resource[schema.camel(name)]
  end
end

--- Make the function that says whether a node belongs to a list.
local function acceptor(context, terms)
  local is_record_list = context.row.id == "conferenceRecords.list"
  return function(node)
    if is_record_list and (organisation.role(node) == "other" or organisation.expired(node)) then
      return false
    end
    return filter.accepts(terms, value_of(node))
  end
end

local function read_filter(context)
  if not context.row.filter then
    return {}
  end
  local terms, problem = filter.read(context.query.filter, context.row.filter)
  if not terms then
    errors.invalid("filter", "Invalid filter: " .. problem)
  end
  return terms
end

local function count(nodes, keep)
  local total = 0
  for _, node in ipairs(nodes) do
    total = total + (keep(node) and 1 or 0)
  end
  return total
end

--- Perform a list.
function lists.list(context)
  local row, query = context.row, context.query
  local parent = find_parent(context)
  local nodes = parent[row.path:match("%a+$")]
  local keep = acceptor(context, read_filter(context))
  local bound = table.concat({
    row.id, parent.name or "", query.filter or "", context.organisation.key,
  }, "\n")
  local key, number = page.read(query.pageToken, bound, context.now())
  local size = page.shape(context.settings.short_pages, page.size(query.pageSize, row.page), number)
  local taken, more = page.take(nodes, row.order, key, size, keep)

  local answer = { [row.items] = {} }
  for i, node in ipairs(taken) do
    answer[row.items][i] = node.resource
  end
  if #taken == 0 then
    answer[row.items] = nil
  end
  if more then
    answer.nextPageToken = page.token(taken[#taken] or key, bound, number + 1, context.now())
  end
  if schema.fields(row.response).totalSize and fields.selects(context.fields, "totalSize") then
    answer.totalSize = count(nodes, keep)
  end
  return answer
end

return lists
