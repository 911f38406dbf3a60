--- Captions as SubRip (SRT).
-- It has neither a standard nor a way to escape. What players take for markup gets look-alikes:
-- tags get the angle quotation marks U+2039 and U+203A, braces become brackets, the arrow of a line
-- of times becomes U+2192.

local cues = require "googlemeet.report.cues"

local srt = {}

local function disarm(text)
  return (text:gsub("%-%-+>", "\u{2192}")
    :gsub("<([%a/!?][^<>]*)>", "\u{2039}%1\u{203A}")
    :gsub("<%f[%a/!?]", "\u{2039}")
    :gsub("[{}]", { ["{"] = "(", ["}"] = ")" }))
end

--- Write cues; the first one of each entry begins with the speaker's name.
---@param placed googlemeet.Cue[]
---@param columns integer of a line
---@param most integer lines of a cue
---@return string
function srt.write(placed, columns, most)
  local named = {}
  for index, cue in ipairs(placed) do
    named[index] = {
      from = cue.from, to = cue.to, text = disarm(cue.speaker .. ": " .. cue.text),
    }
  end
  local blocks = {}
  for number, cue in ipairs(cues.split(named, columns, most)) do
    blocks[number] = ("%d\n%s --> %s\n%s\n"):format(number, cues.time(cue.from, ","),
      cues.time(cue.to, ","), table.concat(cue.lines, "\n"))
  end
  return table.concat(blocks, "\n")
end

return srt
