--- A reader of SubRip (SRT) as players read it: a number, a line of times, text up to a line with
-- nothing but blanks; raises where it is not so, and at what players take for markup.

local subrip = {}

--- Unicode's White_Space beyond ASCII: there are readers that strip these, too.
local BLANKS = { "\u{85}", "\u{A0}", "\u{1680}", "\u{2028}", "\u{2029}", "\u{202F}", "\u{205F}",
  "\u{3000}" }
for code = 0x2000, 0x200A do BLANKS[#BLANKS + 1] = utf8.char(code) end

local function is_blank(line)
  if line:find "[!-~]" then return false end
  for _, blank in ipairs(BLANKS) do line = line:gsub(blank, "") end
  return not line:find "%S"
end

--- Milliseconds of a time.
local function time_of(text)
  local hours, minutes, seconds, rest = text:match "^(%d%d+):([0-5]%d):([0-5]%d),(%d%d%d)$"
  assert(hours, "no time: " .. text)
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest // 1
end

local function read_cue(lines, number, earliest)
  assert(lines[1] == tostring(number), "not number " .. number .. ": " .. lines[1])
  local from, to = (lines[2] or ""):match "^(%S+) %-%-> (%S+)$"
  assert(from, "no line of times in cue " .. number)
  local cue = { number = number, from = time_of(from), to = time_of(to) }
  cue.text = table.concat(lines, "\n", 3)
  assert(cue.text ~= "", "a cue without text")
  assert(not cue.text:find("-->", 1, true), "an arrow in the text")
  assert(not cue.text:find "[<{}]" and not cue.text:find "\\[Nnh]"
    and not cue.text:find "&#?%w+;", "markup: " .. cue.text)
  assert(cue.to > cue.from, "a cue of no length")
  assert(cue.from >= earliest, "starts out of order")
  return cue
end

--- What looks like another character, and what is not seen, undone.
local ALIKE = { ["‹"] = "<", ["›"] = ">", ["❴"] = "{", ["❵"] = "}", ["\u{2060}"] = "" }

--- Give the text that somebody who reads a caption takes it for.
function subrip.plain(text)
  return (text:gsub(utf8.charpattern, ALIKE))
end

---@return { number: integer, from: integer, to: integer, text: string }[] times in milliseconds
function subrip.read(text)
  assert(utf8.len(text) and not text:find "\0", "no UTF-8, or a NUL")
  assert(text == "" or text:find "\n$", "the last line has no end")
  local cues, lines, earliest = {}, {}, 0
  for line in (text:gsub("\r\n?", "\n") .. "\n"):gmatch "([^\n]*)\n" do
    if not is_blank(line) then
      lines[#lines + 1] = line
    elseif #lines > 0 then
      local cue = read_cue(lines, #cues + 1, earliest)
      cues[#cues + 1], lines, earliest = cue, {}, cue.from
    end
  end
  return cues
end

return subrip
