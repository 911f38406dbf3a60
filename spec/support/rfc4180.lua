--- A reader of CSV by the grammar of RFC 4180, with UTF-8 in its texts; raises where a text is not
-- by it.

local rfc4180 = {}

--- One field, and where it ends.
local function read_field(text, at)
  if text:sub(at, at) ~= '"' then return text:match('^([^%c",]*)()', at) end
  local from = at + 1
  repeat
    at = assert(text:find('"', at + 1, true), "an open quote")
    local is_doubled = text:sub(at + 1, at + 1) == '"'
    if is_doubled then at = at + 1 end
  until not is_doubled
  return text:sub(from, at - 1):gsub('""', '"'), at + 1
end

---@return string[][] rows
function rfc4180.read(text)
  assert(utf8.len(text), "no UTF-8")
  local rows, row, at = {}, {}, 1
  while at <= #text do
    local field, stop = read_field(text, at)
    row[#row + 1] = field
    if text:sub(stop, stop) == "," then
      at = stop + 1
    else
      assert(text:sub(stop, stop + 1) == "\r\n", "neither a comma nor a line end")
      assert(#rows == 0 or #row == #rows[1], "a row of another length")
      rows[#rows + 1], row, at = row, {}, stop + 2
    end
  end
  assert(#row == 0, "the last line has no end")
  return rows
end

return rfc4180
