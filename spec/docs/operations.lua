--- Facts of C tables, read from their source: the operations and the options of calls. Pure.

local operations = {}

--- Return the macros of a source: name to its body, or to a function from the arguments to it.
local function macros_of(source)
  local macros = {}
  for name, rest in ("\n" .. source):gmatch "\n#define ([%u%d_]+)([^\n]*)" do
    local parameter, body = rest:match "^%((%l*)[.]*%)%s*(.*)$"
    if not parameter then
      macros[name] = rest:match "^%s*(.*)$"
    else
      local word = parameter == "" and "__VA_ARGS__" or "%f[%w_]" .. parameter .. "%f[^%w_]"
      macros[name] = function(arguments)
        return (body:gsub(word, (arguments:gsub("%%", "%%%%"))))
      end
    end
  end
  return macros
end

--- Replace each macro in `text`, and what it stands for likewise.
local function expanded(text, macros)
  for name, body in pairs(macros) do
    local word = "%f[%w_]" .. name
    if type(body) == "string" then
      text = text:gsub(word .. "%f[^%w_]", function() return expanded(body, macros) end)
    else
      text = text:gsub(word .. "(%b())", function(arguments)
        return expanded(body(arguments:sub(2, -2)), macros)
      end)
    end
  end
  return text
end

local function value_of(text)
  local parts = {}
  for part in text:gmatch '"([^"]*)"' do parts[#parts + 1] = part end
  if #parts > 0 then return table.concat(parts) end
  return tonumber(text) or text:match "^%s*(.-)%s*$"
end

--- Return the rows of the operation table in order: `id`, `service`, `method`, `verb`, `path`,
-- `resource`, `items`, `page_size`, `timeout`, `quota` ("READ"), `flags` (set of "TAKES_BODY").
---@param source string src/operation.c
---@return table[]
function operations.read(source)
  local macros = macros_of(source)
  local rows = {}
  for text in source:match("meet_operations%[%] = (%b{})"):sub(2, -2):gmatch "%b{}" do
    local row, flags = {}, {}
    local code = expanded(text:sub(2, -2):gsub("%s*/%*.-%*/", ""), macros)
    for name, value in code:gmatch "%.([%l_]+) = ([^,]*)" do row[name] = value_of(value) end
    for flag in tostring(row.flags):gmatch "MEET_([%u_]+)" do flags[flag] = true end
    row.flags, row.quota = flags, (row.quota or "NONE"):match "[%u]+$"
    if row.id then rows[#rows + 1] = row end
  end
  return rows
end

return operations
