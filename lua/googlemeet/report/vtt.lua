--- Captions as WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format").

local cues = require "googlemeet.report.cues"

local vtt = {}

local IN_TEXT = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }

--- A voice may have references, too, but many readers take it as it stands: what would end it, or
-- begin another tag, gets a look-alike (U+2039, U+203A).
local IN_VOICE = { ["&"] = "&amp;", ["<"] = "\u{2039}", [">"] = "\u{203A}" }

local function escape(text, entities)
  return (text:gsub("[&<>]", entities))
end

--- Give the tag of a voice; two hyphens at its end must not make an arrow of it.
local function voice_of(speaker)
  return "<v " .. escape(speaker, IN_VOICE):gsub("%-%-$", "%0 ") .. ">"
end

--- Write cues, each in the voice of its speaker.
---@param placed googlemeet.Cue[]
---@param columns integer of a line
---@param most integer lines of a cue
---@return string
function vtt.write(placed, columns, most)
  local blocks = { "WEBVTT\n" }
  for _, cue in ipairs(cues.split(placed, columns, most)) do
    blocks[#blocks + 1] = ("%s --> %s\n%s%s\n"):format(cues.time(cue.from, "."),
      cues.time(cue.to, "."), voice_of(cue.speaker), escape(table.concat(cue.lines, "\n"), IN_TEXT))
  end
  return table.concat(blocks, "\n")
end

return vtt
