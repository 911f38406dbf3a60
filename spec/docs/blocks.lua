--- The generated blocks of the manual, as Markdown. Pure.

local shown = require "spec.docs.shown"

local blocks = {}

--- Write a table: a row of titles, then rows of cells. A column without any cell is left out.
local function write_table(titles, rows)
  local kept = {}
  for column in ipairs(titles) do
    for _, row in ipairs(rows) do
      if row[column] ~= "" then
        kept[#kept + 1] = column
        break
      end
    end
  end
  local function line(cells)
    local texts = {}
    for index, column in ipairs(kept) do texts[index] = cells[column] end
    return "| " .. table.concat(texts, " | ") .. " |\n"
  end
  local lines = { line(titles), "|" .. ("---|"):rep(#kept) .. "\n" }
  for _, row in ipairs(rows) do lines[#lines + 1] = line(row) end
  return table.concat(lines)
end

local function cell(text)
  return (text or ""):gsub("|", "\\|")
end

local function link(text, anchor)
  return anchor and ("[%s](#%s)"):format(text, anchor) or text
end

--- Return a class's fields, those of its parents last.
local function fields_of(class, types, found)
  found = found or {}
  table.move(class.fields, 1, #class.fields, #found + 1, found)
  for _, name in ipairs(class.parents) do fields_of(types.classes[name], types, found) end
  return found
end

local function is_optional(class)
  for _, field in ipairs(class.fields) do
    if not field.optional then return false end
  end
  return true
end

--- The fields of a class.
local function write_class(facts, name, anchors)
  local class = facts.types.classes[name] or error("types/ has no class " .. name, 0)
  local rows, all_optional = {}, is_optional(class)
  for index, field in ipairs(fields_of(class, facts.types)) do
    local default, text = nil, field.text
    if field.optional then default, text = shown.default(field.text) end
    local type = shown.type(field.type, facts.types, anchors)
    if field.optional and not all_optional then type = type .. ", optional" end
    rows[index] = { shown.code(field.name), type, cell(default), cell(text) }
  end
  return write_table({ "field", "type", "default", "meaning" }, rows)
end

--- The values of an alias; its description where it stands for other types.
local function write_alias(facts, name, anchors)
  local alias = facts.types.aliases[name] or error("types/ has no alias " .. name, 0)
  local rows = {}
  for index, value in ipairs(alias.values) do
    rows[index] = { shown.code('"' .. value.value .. '"'), cell(value.text) }
  end
  if #rows == 0 then
    return (alias.text or shown.type(alias.type, facts.types, anchors)) .. "\n"
  end
  return write_table({ "value", "meaning" }, rows)
end

--- The values of an enum of the API, without the zero that the server never sends.
local function write_enum(facts, name)
  local enum = facts.enums[name] or error("spec/contract has no enum " .. name, 0)
  local meanings, rows = enum.meaning or {}, {}
  for _, value in ipairs(enum.values) do
    if meanings[value] or not value:find "_UNSPECIFIED$" then
      rows[#rows + 1] = { shown.code('"' .. value .. '"'), cell(meanings[value]) }
    end
  end
  return write_table({ "value", "meaning" }, rows)
end

local function class_of_service(facts, service)
  local name = "googlemeet." .. ("_" .. service):gsub("_(%l)", string.upper)
  return facts.types.classes[name] or error("types/ has no class " .. name, 0)
end

--- Services and their methods, each linked to its heading.
local function write_services(facts, _, anchors)
  local rows, seen = {}, {}
  for _, row in ipairs(facts.operations) do
    local service = row.service
    if not seen[service] then
      seen[service] = true
      local links = {}
      for index, method in ipairs(class_of_service(facts, service).methods) do
        local title = ("client.%s:%s"):format(service, method.name)
        links[index] = link(shown.code(method.name), anchors[title])
      end
      rows[#rows + 1] = { shown.code("client." .. service), table.concat(links, ", ") }
    end
  end
  return write_table({ "service", "methods" }, rows)
end

--- Find a method by "service.method", as scripts write it, or by Google's id.
local function find_method(facts, id)
  local operation
  for _, row in ipairs(facts.operations) do
    if id == row.id or id == row.service .. "." .. row.method then operation = row end
  end
  local service, name = id:match "^([%w_]+)%.([%w_]+)$"
  if operation then service, name = operation.service, operation.method end
  for _, method in ipairs(service and class_of_service(facts, service).methods or {}) do
    if method.name == name then return method, service, operation end
  end
  error("no operation " .. id, 0)
end

local QUOTAS = {
  READ = "`reads_per_minute`", WRITE = "`writes_per_minute`", CREATE = "`creates_per_minute`",
}

--- The options of a call, and the table that has them all.
local function write_options(facts, class, anchors)
  local names = {}
  for index, found in ipairs(fields_of(class, facts.types)) do
    names[index] = shown.code(found.name)
  end
  return ("- %s: %s"):format(link("Options", anchors["class " .. class.name]),
    table.concat(names, ", "))
end

--- What an argument may be: its type, or the ways to name a resource.
local function write_argument(facts, parameter, anchors)
  local names = anchors["Names and links"]
  if parameter.type == "googlemeet.SpaceRef" then
    return ("%s, or its %s"):format(shown.type("googlemeet.Space", facts.types, anchors),
      link("name, id, meeting code or link", names))
  end
  local class = parameter.type:match "^(googlemeet%.%u%w+)|string$"
  if not class then return shown.type(parameter.type, facts.types, anchors) end
  return ("%s, or its %s"):format(shown.type(class, facts.types, anchors),
    class == "googlemeet.Connection" and "id" or link("name", names))
end

local function class_of_parameter(facts, parameter)
  return parameter.name:find "^opt" and facts.types.classes[parameter.type]
end

local function write_arguments(facts, method, anchors, lines)
  for _, parameter in ipairs(method.parameters) do
    local class = class_of_parameter(facts, parameter)
    lines[#lines + 1] = class and write_options(facts, class, anchors)
      or ("- `%s`%s: %s%s"):format(parameter.name, parameter.optional and " (optional)" or "",
        write_argument(facts, parameter, anchors),
        (parameter.text or "") ~= "" and "; " .. parameter.text or "")
  end
end

--- What a call returns: without the error, which all have.
local function write_result(facts, method, operation, anchors)
  local type = method.returns[1].type
  if operation and operation.items and operation.method == "list" then
    local class = "googlemeet." .. ("_" .. operation.resource):gsub("_(%l)", string.upper)
    return ("a %s of %s"):format(
      link("pager", anchors["class googlemeet.Pager"] or anchors.Lists),
      shown.type(class, facts.types, anchors))
  end
  return shown.type(type:gsub("%?$", ""), facts.types, anchors) .. ", or `nil, err`"
end

--- The facts of one method of a service.
local function write_operation(facts, id, anchors)
  local method, service, operation = find_method(facts, id)
  local names = {}
  for index, parameter in ipairs(method.parameters) do
    local name = class_of_parameter(facts, parameter) and "options" or parameter.name
    names[index] = name .. (parameter.optional and "?" or "")
  end
  local lines = { ("`client.%s:%s(%s)`\n"):format(service, method.name, table.concat(names, ", ")) }
  write_arguments(facts, method, anchors, lines)
  lines[#lines + 1] = "- Result: " .. write_result(facts, method, operation, anchors)
  if operation then
    lines[#lines + 1] = ("- Request: `%s %s`"):format(operation.verb, operation.path)
    lines[#lines + 1] = "- Sent again: " .. link(
      operation.verb == "GET" and "as a read" or "as a write",
      anchors["What is sent again"] or anchors["Pace and retries"])
    if QUOTAS[operation.quota] then
      lines[#lines + 1] = "- Pace: " .. link(QUOTAS[operation.quota],
        anchors["class googlemeet.Rate"])
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

local writers = {
  services = write_services, operation = write_operation, class = write_class,
  alias = write_alias, enum = write_enum,
}

--- Write a block by its subject, such as "class googlemeet.Options".
---@param facts table operations, types, enums
---@param what string
---@param anchors table<string, string>
---@return string
function blocks.write(facts, what, anchors)
  local kind, name = what:match "^(%l+) ?(.*)$"
  local writer = writers[kind] or error(("no generated block '%s'"):format(what), 0)
  return writer(facts, name, anchors)
end

return blocks
