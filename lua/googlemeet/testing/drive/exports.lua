--- What `files.export` makes of a document.

local blocks = require "googlemeet.testing.drive.blocks"
local documents = require "googlemeet.testing.drive.documents"

local exports = {}

--- Most bytes of an export.
exports.LIMIT = 10 << 20

local BOM = "\xEF\xBB\xBF"
local WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

--- Return the mark of an item: what counts goes on as long as no other kind comes between.
local function mark_of(block, numbers)
  for level in pairs(numbers) do
    if level > block.level then numbers[level] = nil end
  end
  numbers[block.level] = block.numbered and (numbers[block.level] or 0) + 1 or 0
  return block.numbered and numbers[block.level] .. ". " or "* "
end

--- Write the blocks of a text, each with the function of its kind; `gap` comes after a list.
local function write(text, kinds)
  local parts, numbers = {}, {}
  for _, block in ipairs(blocks.read(text)) do
    if block.kind ~= "item" then
      if next(numbers) then parts[#parts + 1] = kinds.gap end
      numbers = {}
    end
    parts[#parts + 1] = kinds[block.kind](block, numbers)
  end
  return parts
end

local PLAIN = {
  heading = function(block) return blocks.plain(block.text) end,
  paragraph = function(block) return blocks.plain(block.text) end,
  item = function(block, numbers)
    return ("   "):rep(block.level) .. mark_of(block, numbers) .. blocks.plain(block.text)
  end,
  table = function(block)
    local lines = {}
    for i, cells in ipairs(block.rows) do lines[i] = blocks.plain(table.concat(cells, "\t")) end
    return table.concat(lines, "\r\n")
  end,
}

local MARKDOWN = {
  gap = "\n",
  heading = function(block) return ("#"):rep(block.level) .. " " .. block.text .. "\n\n" end,
  paragraph = function(block) return block.text ~= "" and block.text .. "\n\n" or "" end,
  item = function(block, numbers)
    return ("  "):rep(block.level) .. mark_of(block, numbers) .. block.text .. "\n"
  end,
  table = function(block)
    local lines = {}
    for i, cells in ipairs(block.rows) do
      lines[#lines + 1] = "| " .. table.concat(cells, " | ") .. " |\n"
      if i == 1 then lines[#lines + 1] = ("| --- "):rep(#cells) .. "|\n" end
    end
    return table.concat(lines) .. "\n"
  end,
}

--- Return the tabs that an export holds. Several come with their titles.
local function tabs_of(file)
  local tabs = documents.all(file.tabs)
  return file.export_tabs == "first" and { tabs[1] } or tabs
end

local FORMATS = {}

FORMATS["text/plain"] = { name = "text", write = function(file)
  local lines, tabs = {}, tabs_of(file)
  for _, tab in ipairs(tabs) do
    if #tabs > 1 then lines[#lines + 1] = tab.title end
    for _, line in ipairs(write(tab.text, PLAIN)) do lines[#lines + 1] = line end
  end
  return BOM .. table.concat(lines, "\r\n")
end }

FORMATS["text/markdown"] = { name = "markdown", write = function(file)
  local parts, tabs = {}, tabs_of(file)
  for _, tab in ipairs(tabs) do
    if #tabs > 1 then parts[#parts + 1] = ("# %s\n\n"):format(tab.title) end
    parts[#parts + 1] = table.concat(write(tab.text, MARKDOWN))
  end
  return table.concat(parts)
end }

--- Make the start and end of a file of a kind, with the text between them: enough to recognise it.
local function sketch(name, start, stop)
  return { name = name, write = function(file)
    return start .. FORMATS["text/plain"].write(file) .. stop
  end }
end

FORMATS["application/pdf"] = sketch("pdf", "%PDF-1.4\n", "\n%%EOF\n")
FORMATS[WORD] = sketch("docx", "PK\3\4", "PK\5\6" .. ("\0"):rep(18))

--- Say whether there is such a format.
---@param mime_type string
function exports.knows(mime_type)
  return FORMATS[mime_type] ~= nil
end

--- Export a document.
---@param file table
---@param mime_type string
---@return string? bytes nil when they are too many
function exports.write(file, mime_type)
  local format, size = FORMATS[mime_type], file.export_size
  if type(size) == "table" then size = size[format.name] end
  if size and size > exports.LIMIT then return nil end
  local bytes = format.write(file)
  return #bytes <= exports.LIMIT and bytes or nil
end

return exports
