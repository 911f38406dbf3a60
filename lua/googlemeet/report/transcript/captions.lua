--- Captions: cues as WebVTT and as SubRip (SRT).

local cues = require "googlemeet.report.transcript.cues"

local captions = {}

local IN_TEXT = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }

--- Many readers do not decode references in a voice. The characters that would end it or begin
-- another tag become look-alikes (U+2039, U+203A).
local IN_VOICE = { ["&"] = "&amp;", ["<"] = "\u{2039}", [">"] = "\u{203A}" }

local function escape(text, entities)
  return (text:gsub("[&<>]", entities))
end

--- Return the tag of a voice. Two hyphens at its end must not form an arrow with the `>`.
local function voice_of(speaker)
  return "<v " .. escape(speaker, IN_VOICE):gsub("%-%-$", "%0 ") .. ">"
end

--- Write cues as WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format"), each in the voice of its
-- speaker.
---@param placed googlemeet.Cue[]
---@param columns integer of a line
---@param most integer lines of a cue
---@return string
function captions.vtt(placed, columns, most)
  local blocks = { "WEBVTT\n" }
  for _, cue in ipairs(cues.split(placed, columns, most)) do
    blocks[#blocks + 1] = ("%s --> %s\n%s%s\n"):format(cues.time(cue.from, "."),
      cues.time(cue.to, "."), voice_of(cue.speaker), escape(table.concat(cue.lines, "\n"), IN_TEXT))
  end
  return table.concat(blocks, "\n")
end

--- Replace what players take for markup by look-alikes: SubRip has no escapes. Tags get the angle
-- quotation marks U+2039 and U+203A, braces become parentheses, an arrow becomes U+2192.
local function disarm(text)
  return (text:gsub("%-%-+>", "\u{2192}")
    :gsub("<([%a/!?][^<>]*)>", "\u{2039}%1\u{203A}")
    :gsub("<%f[%a/!?]", "\u{2039}")
    :gsub("[{}]", { ["{"] = "(", ["}"] = ")" }))
end

--- Write cues as SubRip, which has no standard. The first cue of each entry starts with the
-- speaker's name.
---@param placed googlemeet.Cue[]
---@param columns integer of a line
---@param most integer lines of a cue
---@return string
function captions.srt(placed, columns, most)
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

return captions
