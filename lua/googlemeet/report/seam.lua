--- Joins what one person said one after the other.
-- Pure. Sentences of scripts without blanks get none between them.

local script = require "googlemeet.report.script"

local seam = {}

--- Return the first thing that a function says of the characters of a text, from the start or from
-- the end.
local function search(text, step, ask)
  local at = step > 0 and 1 or utf8.offset(text, -1)
  while at and at >= 1 and at <= #text do
    local answer = ask(utf8.codepoint(text, at))
    if answer ~= nil then return answer end
    at = step > 0 and utf8.offset(text, 2, at) or at > 1 and utf8.offset(text, -1, at)
  end
  return nil
end

--- Say whether a blank parts two texts.
local function needs_blank(one, other, had_blanks, has_blanks)
  if one:find "[ \t-\r]$" or other:find "^[ \t-\r]" then return false end
  if script.is_full_stop(utf8.codepoint(one, utf8.offset(one, -1))) then return false end
  if had_blanks == nil then had_blanks = has_blanks end
  if has_blanks == nil then has_blanks = had_blanks end
  return had_blanks ~= false or has_blanks ~= false
end

--- Join texts. Whether a blank stands between two depends on the letters that are nearest to their
-- seam.
---@param texts string[] UTF-8
---@return string
function seam.join(texts)
  local parts, last, had_blanks = {}, nil, nil
  for _, text in ipairs(texts) do
    if text ~= "" then
      local has_blanks = search(text, 1, script.has_blanks)
      if last and needs_blank(last, text, had_blanks, has_blanks) then parts[#parts + 1] = " " end
      parts[#parts + 1], last = text, text
      if has_blanks ~= nil then had_blanks = search(text, -1, script.has_blanks) end
    end
  end
  return table.concat(parts)
end

return seam
