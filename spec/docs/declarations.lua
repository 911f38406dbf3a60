--- The generated blocks of lua/googlemeet/types/: values of the API, lists, services, methods of
-- resources. Pure.

local wording = require "spec.docs.wording"

local declarations = {}

local BEGIN, END = "^%-%- generated: (.-)$", "^%-%- end$"

--- The class of a resource or service: "conference_record" is "ConferenceRecord".
---@param name string
function declarations.class(name)
  return (("_" .. name):gsub("_(%l)", string.upper))
end

local function class_of(name)
  return "googlemeet." .. declarations.class(name)
end

local function is_list(row)
  return row.items ~= nil and row.method == "list"
end

--- The type of a list: a generic function takes it as a function that returns items.
local function list_of(resource)
  local class = class_of(resource)
  return ("%sPager|fun(): %s?"):format(class, class)
end

--- A sentence as the text of a field: no capital, no full stop.
local function as_phrase(text)
  return text:sub(1, 1):lower() .. text:sub(2):gsub("%.$", "")
end

--- A class for each list, so that it keeps the type of its items.
local function write_pagers(facts)
  local base, lines = facts.types.classes["googlemeet.Pager"], {}
  local returns = {
    pages = "fun(): %s[]?", next_page = "%s[]?, googlemeet.Error?",
    all = "%s[]?, googlemeet.Error", first = "%s?, googlemeet.Error?",
  }
  for _, row in ipairs(facts.operations) do
    if is_list(row) then
      local class = class_of(row.resource)
      table.insert(lines, ("\n--- A list of %s."):format(wording.resources[row.resource][2]))
      table.insert(lines, ("---@class %sPager: googlemeet.Pager"):format(class))
      table.insert(lines, ("---@overload fun(): %s?"):format(class))
      for _, method in ipairs(base.methods) do
        if returns[method.name] then
          table.insert(lines, ("---@field %s fun(self: %sPager): %s %s"):format(method.name, class,
            returns[method.name]:format(class), as_phrase(method.text)))
        end
      end
    end
  end
  return lines
end

--- Return the argument that names a resource: its name and its type; nothing where there is none.
local function target_of(row)
  local pattern = row.path:match "{(.-)}"
  if not pattern then return nil end
  local kind = wording.collections[pattern:match "(%a+)/%*$"] or row.resource or "connection"
  local words = wording.resources[kind]
  return ("%s %s"):format(words.variable or kind, words.argument or class_of(kind) .. "|string")
end

--- The class of the options of a call to Google.
local function google_options(row)
  local flags = row.flags
  if flags.TAKES_FILTER then return "FilterOptions" end
  if row.page_size then return "ListOptions" end
  return (flags.TAKES_MASK or flags.SENDS_BATCH) and "PatchOptions" or "CallOptions"
end

local function options_of(row, words)
  if words.options then return words.options end
  if row.quota ~= "NONE" then return "googlemeet." .. google_options(row) end
  return is_list(row) and "googlemeet.ConnectionListOptions" or "googlemeet.CallLimits"
end

local function returns_of(row, words)
  if words.returns then return words.returns end
  if is_list(row) then return { list_of(row.resource) .. " pager" } end
  local kind = row.resource
  local variable = kind and (wording.resources[kind].variable or kind)
  local first = not kind and "true? deleted"
    or row.items and ("%s[]? %ss"):format(class_of(kind), variable)
    or ("%s? %s"):format(class_of(kind), variable)
  return { first, "googlemeet.Error err" }
end

--- Write a function with its parameters ("name type") and results.
local function write_function(lines, name, text, parameters, returns)
  local names = {}
  table.insert(lines, "\n--- " .. text)
  for index, parameter in ipairs(parameters) do
    names[index] = parameter:match "^[%w_]+"
    table.insert(lines, "---@param " .. parameter)
  end
  for _, result in ipairs(returns) do table.insert(lines, "---@return " .. result) end
  table.insert(lines, ("function %s(%s) end"):format(name, table.concat(names, ", ")))
end

--- Return what a method is declared with: its text, its parameters, its results.
local function describe(row)
  local words = wording.operations[row.id] or {}
  local parameters = { target_of(row) }
  if not (row.quota == "NONE" and words.options) then table.insert(parameters, words.body) end
  table.insert(parameters, "opts? " .. options_of(row, words))
  local text = words.text or ("Read a %s."):format(wording.resources[row.resource][1])
  return text, parameters, returns_of(row, words)
end

local function write_services(facts)
  local lines, service = {}, nil
  for _, row in ipairs(facts.operations) do
    local class = declarations.class(row.service)
    if service ~= row.service then
      service = row.service
      table.insert(lines, ("\n---@class googlemeet.%s\nlocal %s = {}"):format(class, class))
    end
    write_function(lines, class .. ":" .. row.method, describe(row))
  end
  return lines
end

local function find_row(facts, service, method)
  for _, row in ipairs(facts.operations) do
    if row.service == service and row.method == method then return row end
  end
end

--- Methods that call a service with the resource as the first argument.
local function write_methods(facts)
  local lines = {}
  for _, link in ipairs(facts.links) do
    local row = find_row(facts, link.service, link.calls)
    local text, parameters, returns = describe(row)
    if link.method == "reload" then text = "Read the resource again, into a new table." end
    write_function(lines, declarations.class(link.resource) .. ":" .. link.method, text,
      table.move(parameters, 2, #parameters, 1, {}), returns)
  end
  return lines
end

--- An alias for each enum of the API. `_UNSPECIFIED` is declared where it has a meaning.
local function write_enums(facts)
  local lines, names = {}, {}
  for name in pairs(facts.enums) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local enum = facts.enums[name]
    table.insert(lines, "\n---@alias googlemeet." .. name)
    for _, value in ipairs(enum.values) do
      local meaning = enum.meaning and enum.meaning[value]
      if meaning or not value:find "_UNSPECIFIED$" then
        table.insert(lines, ('---| "%s"%s'):format(value, meaning and " # " .. meaning or ""))
      end
    end
  end
  return lines
end

local writers = {
  enums = write_enums, lists = write_pagers, services = write_services, methods = write_methods,
}

--- Fill the generated blocks of a file of types/.
---@param text string
---@param facts table operations, links, types
---@return string
function declarations.fill(text, facts)
  local filled, open = {}, nil
  for line in text:gmatch "([^\n]*)\n" do
    local what = line:match(BEGIN)
    if what then
      local writer = writers[what] or error(("no generated block '%s'"):format(what), 0)
      open = what
      filled[#filled + 1] = line .. "\n" .. table.concat(writer(facts), "\n") .. "\n\n"
    elseif line:find(END) then
      open = nil
    end
    if not open then filled[#filled + 1] = line .. "\n" end
  end
  if open then error(("the block '%s' has no end"):format(open), 0) end
  return table.concat(filled)
end

return declarations
