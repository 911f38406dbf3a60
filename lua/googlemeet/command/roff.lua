--- Text as roff, the language of manual pages, has it.

local roff = {}

local WIDTH = 72 -- columns of the source, without what escapes add

--- Signs that roff reads, or prints as others: an apostrophe as a closing quote.
local ESCAPES = {
  ["\\"] = "\\e", ["-"] = "\\-", ["'"] = "\\(aq", ["`"] = "\\(ga", ["^"] = "\\(ha", ["~"] = "\\(ti",
}

--- Escape a text so that it is printed as it is. A dot at the start of a line would be a request.
---@param text string
---@return string
function roff.escape(text)
  return (text:gsub("[\\'`^~-]", ESCAPES):gsub("%f[^\n\0]%.", "\\&%0"))
end

--- Write a paragraph in lines that are short in the source, too.
---@param paragraph string
---@return string
function roff.fill(paragraph)
  local lines, line = {}, ""
  for word in paragraph:gmatch "%S+" do
    if line ~= "" and #line + 1 + #word > WIDTH then
      lines[#lines + 1], line = line, ""
    end
    line = line == "" and word or line .. " " .. word
  end
  lines[#lines + 1] = line
  return roff.escape(table.concat(lines, "\n"))
end

--- Write paragraphs: lines that begin with blanks are shown as they are.
---@param text string
---@return string
function roff.prose(text)
  local parts = {}
  for paragraph in (text .. "\n"):gmatch "(.-\n)\n+" do
    local filled, shown = ("\n" .. paragraph):match "^(.-)(\n  .*)$"
    filled = filled or paragraph
    parts[#parts + 1] = ".PP\n"
    if filled:find "%S" then parts[#parts + 1] = roff.fill(filled) .. "\n" end
    if shown then parts[#parts + 1] = (".nf%s.fi\n"):format(roff.escape(shown)) end
  end
  return table.concat(parts)
end

return roff
