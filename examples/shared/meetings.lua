-- The meetings to make, as one CSV file lists them, and what became of them, as another keeps it.
local command = require "shared.command"
local csv = require "shared.csv"

local meetings = {}

meetings.usage = [[
Columns of MEETINGS, named in its first row, with commas, semicolons or tabs between them:
  title       needed, and each only once: a later run knows the row by it
  access      OPEN, TRUSTED or RESTRICTED; empty: as the account has it
  moderation  ON or OFF; empty: as the account has it
  cohosts     addresses with semicolons, commas or blanks between them

Columns of LINKS: title, meeting_uri, meeting_code, name, status, reason. The status is
  created     all is done
  failed      the reason tells why; the next run tries again
  ambiguous   the space may have been made or not; only --again tries again
  made up     all is done, in an account that is made up
  (empty)     not tried yet
]]

local GIVEN = { "title", "access", "moderation", "cohosts" }
local KEPT = { "title", "meeting_uri", "meeting_code", "name", "status", "reason" }
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
      command.fail(("%s: line 1: the column '%s' is none of %s"):format(path, cell,
        table.concat(known, ", ")))
    end
    found[cells[place]] = true
  end
  if not found[needed] then command.fail(("%s has no column '%s'"):format(path, needed)) end
  return cells
end

--- Give the rows of a file as tables by column; what is not there is empty.
local function read_rows(path, known, needed)
  local lines, problem = csv.read(command.contents(path))
  if not lines then command.fail(path .. ": " .. problem) end
  local titles = read_titles(path, table.remove(lines, 1), known, needed)
  local rows = { mark = lines.mark, separator = lines.separator, gone = {} }
  for index, cells in ipairs(lines) do
    if #cells > #titles then
      command.fail(("%s: line %d: more cells than columns"):format(path, cells.line))
    end
    local row = { line = cells.line }
    for _, column in ipairs(GIVEN) do row[column] = "" end
    for _, column in ipairs(KEPT) do row[column] = "" end
    for place, cell in ipairs(cells) do row[titles[place]] = cell end
    rows[index] = row
  end
  return rows
end

--- Read the list of meetings; one that cannot be used as it stands ends the script.
function meetings.read(path)
  local rows, lines = read_rows(path, GIVEN, "title"), {}
  for _, row in ipairs(rows) do
    local function refuse(message)
      command.fail(("%s: line %d: %s"):format(path, row.line, message))
    end
    for column, choices in pairs(CHOICES) do
      local choice = trim(row[column]):upper()
      if choice ~= "" and not has(choices, choice) then
        refuse(("%s: '%s' is none of %s"):format(column, row[column], table.concat(choices, ", ")))
      end
      row[column] = choice
    end
    local key = key_of(row)
    if trim(key) == "" then refuse "it has no title" end
    if lines[key] then refuse(("its title is that of line %d, too"):format(lines[key])) end
    lines[key] = row.line
  end
  return rows
end

--- Add what earlier runs wrote. The rows `gone` are no longer listed, but nothing else has their
-- links.
function meetings.recall(rows, path)
  local file = io.open(path, "rb")
  if not file then return end
  file:close()
  local by_key = {}
  for _, row in ipairs(rows) do by_key[key_of(row)] = row end
  for _, old in ipairs(read_rows(path, KEPT, "status")) do
    if old.status == "creating" then
      old.status, old.reason = "ambiguous", "an earlier run was cut short while it was made"
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

--- Write what became of the rows: the file changes as a whole or not at all.
function meetings.save(rows, path)
  local lines = { rows.mark .. csv.line(KEPT, rows.separator) }
  local function add(row)
    local cells = {}
    for place, column in ipairs(KEPT) do cells[place] = row[column] end
    lines[#lines + 1] = csv.line(cells, rows.separator)
  end
  for _, row in ipairs(rows) do add(row) end
  for _, row in ipairs(rows.gone) do add(row) end
  command.replace(table.concat(lines), path)
end

return meetings
