-- The tables of src/README.md whose last column is "may include" have one sentence for each file of
-- src/, and the same rows as spec/fixtures/layers.lua.

local layers = require "spec.fixtures.layers"
local tree = require "spec.support.tree"

--- Split a row of a table into its cells.
local function cells_of(line)
  local cells = {}
  for cell in line:gmatch "|%s*([^|]-)%s*%f[|]" do cells[#cells + 1] = cell end
  return cells
end

--- The rows: { name, sentence, what it may include }.
local function rows_of(text)
  local rows, within = {}, false
  for line in text:gmatch "([^\n]*)\n" do
    local cells = cells_of(line)
    local name = (cells[1] or ""):match "^`([%w_]+)`$"
    if (cells[#cells] or ""):find "may include$" then
      within = true
    elseif not cells[1] then
      within = false
    elseif within and name then
      rows[#rows + 1] = { name, cells[2], cells[3] }
    end
  end
  return rows
end

--- The names in a cell, sorted. "lua_{error,event}" is two; a dash is none.
local function names_in(cell)
  local names = {}
  cell = cell:gsub("([%w_]+){([^}]*)}", function(start, ends)
    return (ends:gsub("[^,%s]+", start .. "%0"))
  end)
  for name in cell:gmatch "[%w_<>*]+" do names[#names + 1] = name end
  table.sort(names)
  return names
end

--- The names of a row of layers.lua, sorted. That the binding may include Lua goes without saying.
local function names_allowed(row)
  local names = {}
  for index = 2, #row do
    if row[index] ~= "<lua>" then names[#names + 1] = row[index] end
  end
  table.sort(names)
  return names
end

describe("src/README.md", function()
  local rows = rows_of(tree.read "src/README.md")
  local by_name = {}
  for _, row in ipairs(rows) do by_name[row[1]] = row end

  it("has a sentence for every file of src/", function()
    for _, path in ipairs(tree.find("src", "*.[ch]")) do
      local row = by_name[path:match "^src/(.*)%.[ch]$"]
      assert(row and row[2]:find "%a", path .. " has no sentence in src/README.md")
    end
  end)

  it("names no file twice, and none that does not exist", function()
    local allowed = {}
    for _, row in ipairs(layers.src) do allowed[row[1]] = true end
    for _, row in ipairs(rows) do
      assert(allowed[row[1]], row[1] .. " has a second row, or none in layers.lua")
      allowed[row[1]] = nil
    end
  end)

  it("allows each file to include what spec/fixtures/layers.lua allows", function()
    for _, row in ipairs(layers.src) do
      local stated = by_name[row[1]] or { nil, nil, "" }
      assert.same(names_allowed(row), names_in(stated[3]), row[1])
    end
  end)
end)
