--- Captions as WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format").

local cues = require "googlemeet.report.cues"

local vtt = {}

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }

local function escape(text)
  return (text:gsub("[&<>]", ENTITIES))
end

--- Write cues, each in the voice of its speaker.
---@param placed googlemeet.Cue[]
---@param columns integer of a line
---@param most integer lines of a cue
---@return string
function vtt.write(placed, columns, most)
  local blocks = { "WEBVTT\n" }
  for _, cue in ipairs(cues.split(placed, columns, most)) do
    blocks[#blocks + 1] = ("%s --> %s\n<v %s>%s\n"):format(cues.time(cue.from, "."),
      cues.time(cue.to, "."), escape(cue.speaker), escape(table.concat(cue.lines, "\n")))
  end
  return table.concat(blocks, "\n")
end

return vtt
