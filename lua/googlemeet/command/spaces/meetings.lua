--- The meetings to make, from one CSV file, and what became of them, in another one.

local core = require "googlemeet.core"
local csv = require "googlemeet.command.spaces.csv"
local output = require "googlemeet.command.output"

local meetings = {}

local GIVEN = { "title", "access", "moderation", "cohosts" }
local KEPT = { "title", "meeting_uri", "meeting_code", "name", "status", "reason" }
local NO_SUCH_FILE = 2 -- ENOENT
local CHOICES = { access = { "OPEN", "TRUSTED", "RESTRICTED" }, moderation = { "ON", "OFF" } }

local function has(list, wanted)
  for _, one in ipairs(list) do
    if one == wanted then return true end
  end
end

local function trim(text) return text:match "^%s*(.-)%s*$" end

--- What a row is known by: its title, without the apostrophes that keep it from being a formula.
local function key_of(row) return csv.original(row.title) end

local function read_titles(path, cells, known, needed)
  local found = {}
  for place, cell in ipairs(cells or {}) do
    cells[place] = trim(cell):lower()
    if not has(known, cells[place]) then
      output.fail(("%s: line 1: the column '%s' is not one of %s"):format(path, cell,
        table.concat(known, ", ")))
    elseif found[cells[place]] then
      output.fail(("%s: line 1: the column '%s' is there twice"):format(path, cells[place]))
    end
    found[cells[place]] = true
  end
  if not found[needed] then output.fail(("%s has no column '%s'"):format(path, needed)) end
  return cells
end

--- Read the rows of a file as tables by column. A missing cell is "".
local function read_rows(path, known, needed)
  local lines, problem = csv.read(output.contents(path))
  if not lines then output.fail(path .. ": " .. problem) end
  local titles = read_titles(path, table.remove(lines, 1), known, needed)
  local rows = { mark = lines.mark, separator = lines.separator, gone = {} }
  for index, cells in ipairs(lines) do
    if #cells > #titles then
      output.fail(("%s: line %d: more cells than columns"):format(path, cells.line))
    end
    local row = { line = cells.line }
    for _, column in ipairs(GIVEN) do row[column] = "" end
    for _, column in ipairs(KEPT) do row[column] = "" end
    for place, cell in ipairs(cells) do row[titles[place]] = cell end
    rows[index] = row
  end
  return rows
end

--- Read the list of meetings. A list that cannot be used ends the command.
---@param path string
---@return table rows
function meetings.read(path)
  local rows, lines = read_rows(path, GIVEN, "title"), {}
  for _, row in ipairs(rows) do
    local function refuse(message)
      output.fail(("%s: line %d: %s"):format(path, row.line, message))
    end
    for column, choices in pairs(CHOICES) do
      local choice = trim(row[column]):upper()
      if choice ~= "" and not has(choices, choice) then
        refuse(("%s: '%s' is not one of %s"):format(column, row[column],
          table.concat(choices, ", ")))
      end
      row[column] = choice
    end
    local key = key_of(row)
    if trim(key) == "" then refuse "it has no title" end
    if lines[key] then refuse(("line %d has the same title"):format(lines[key])) end
    lines[key] = row.line
  end
  return rows
end

--- Add what earlier runs wrote. The rows in `gone` are no longer listed; they are kept, since
-- nothing else has their links.
---@param rows table
---@param path string
function meetings.recall(rows, path)
  local size, problem, number = core.file.size(path)
  if number == NO_SUCH_FILE then return end
  if not size then output.fail(problem) end
  local by_key = {}
  for _, row in ipairs(rows) do by_key[key_of(row)] = row end
  for _, old in ipairs(read_rows(path, KEPT, "status")) do
    if old.status == "creating" then
      old.status, old.reason = "ambiguous", "an earlier run ended while it was made"
    end
    local row = by_key[key_of(old)]
    if row then
      for _, column in ipairs(KEPT) do
        if column ~= "title" then row[column] = old[column] end
      end
    elseif old.name ~= "" then
      rows.gone[#rows.gone + 1] = old
    end
  end
end

--- Write what became of the rows. The file changes whole or not at all.
---@param rows table
---@param path string
function meetings.save(rows, path)
  local lines = { rows.mark .. csv.line(KEPT, rows.separator) }
  local function add(row)
    local cells = {}
    for place, column in ipairs(KEPT) do cells[place] = row[column] end
    lines[#lines + 1] = csv.line(cells, rows.separator)
  end
  for _, row in ipairs(rows) do add(row) end
  for _, row in ipairs(rows.gone) do add(row) end
  output.replace(table.concat(lines), path)
end

--- Return what became of the rows, for JSON.
---@param rows table
---@return table[]
function meetings.outcomes(rows)
  local outcomes = {}
  for index, row in ipairs(rows) do
    outcomes[index] = {}
    for _, column in ipairs(KEPT) do outcomes[index][column] = row[column] end
  end
  return core.array(outcomes)
end

return meetings
