--- Joins what one person said one after the other.
-- Pure. Scripts that have no blanks between words get none between sentences.

local script = require "googlemeet.unicode.script"

local join = {}

--- Call `ask` with the characters of a text, from its start or its end; return its first answer.
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

--- Join texts. The last letters of one text and the first letters of the next decide whether a
-- blank goes between them.
---@param texts string[] UTF-8
---@return string
function join.texts(texts)
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

return join
