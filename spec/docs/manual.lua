--- The manual as text: its headings, their anchors, and the blocks that `make docs` fills. Pure.

local manual = {}

local BEGIN, END = "^<!%-%- generated: (.-) %-%->$", "^<!%-%- end %-%->$"

--- Return the lines of a text, and for each whether it is in a fenced block of code.
local function lines_of(text)
  local lines, is_code, fence = {}, {}, nil
  for line in text:gmatch "([^\n]*)\n" do
    local mark = line:match "^%s*(```+)" or line:match "^%s*(~~~+)"
    lines[#lines + 1] = line
    is_code[#lines] = fence ~= nil or mark ~= nil
    if mark then fence = not fence and mark or (fence ~= mark and fence) or nil end
  end
  return lines, is_code
end

--- Return the anchor that GitHub gives a heading, but for the number of a repeated one.
---@param title string
function manual.anchor(title)
  title = title:gsub("%[([^%]]*)%]%([^)]*%)", "%1")
  return (title:lower():gsub("[^%w_\x80-\xff -]", ""):gsub(" ", "-"))
end

--- Return the headings of a Markdown text: `level`, `title`, `anchor`, `line`.
---@param text string
---@return table[]
function manual.headings(text)
  local lines, is_code = lines_of(text)
  local found, times = {}, {}
  for number, line in ipairs(lines) do
    local marks, title = line:match "^(#+) (.-)%s*$"
    if marks and not is_code[number] then
      local anchor = manual.anchor(title)
      local seen = times[anchor] or 0
      times[anchor] = seen + 1
      if seen > 0 then anchor = ("%s-%d"):format(anchor, seen) end
      found[#found + 1] = { level = #marks, title = title, anchor = anchor, line = number }
    end
  end
  return found
end

--- Return where things are documented: headings and the `WHAT` of each generated block to anchors.
---@param text string
---@return table<string, string>
function manual.anchors(text)
  local found, headings = {}, manual.headings(text)
  for _, heading in ipairs(headings) do
    local title = heading.title:gsub("`", "")
    found[title] = found[title] or heading.anchor
  end
  local lines, is_code = lines_of(text)
  local current, next_one = nil, 1
  for number, line in ipairs(lines) do
    if headings[next_one] and headings[next_one].line == number then
      current, next_one = headings[next_one].anchor, next_one + 1
    end
    local what = not is_code[number] and line:match(BEGIN)
    if what and current then found[what] = found[what] or current end
  end
  return found
end

--- Return the blocks' subjects in order.
---@param text string
---@return string[]
function manual.subjects(text)
  local found = {}
  local lines, is_code = lines_of(text)
  for number, line in ipairs(lines) do
    local what = not is_code[number] and line:match(BEGIN)
    if what then found[#found + 1] = what end
  end
  return found
end

--- Fill the generated blocks of a text.
---@param text string
---@param write fun(what: string, anchors: table<string, string>): string lines, each ended
---@return string
function manual.fill(text, write)
  local anchors = manual.anchors(text)
  local lines, is_code = lines_of(text)
  local filled, open = {}, nil
  for number, line in ipairs(lines) do
    local what = not is_code[number] and line:match(BEGIN)
    if what then
      if open then error(("line %d: the block '%s' has no end"):format(number, open), 0) end
      open = what
      filled[#filled + 1] = line .. "\n" .. write(what, anchors)
    elseif open and line:find(END) then
      open = nil
      filled[#filled + 1] = line .. "\n"
    elseif not open then
      filled[#filled + 1] = line .. "\n"
    end
  end
  if open then error(("the block '%s' has no end"):format(open), 0) end
  return table.concat(filled)
end

return manual
