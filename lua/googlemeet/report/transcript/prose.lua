--- A transcript to read: cues as plain text and as Markdown.

local cues = require "googlemeet.report.transcript.cues"
local escape = require "googlemeet.report.escape"
local wrap = require "googlemeet.report.wrap"

local prose = {}

local INDENT = 10 -- columns of "00:00:00  "

--- Write time, speaker and text of each cue, wrapped. Lines after the first are indented.
---@param placed googlemeet.Cue[]
---@param columns integer of a line
---@return string
function prose.text(placed, columns)
  local lines = {}
  for _, cue in ipairs(placed) do
    local margin = cues.time(cue.from) .. "  "
    for _, line in ipairs(wrap.lines(cue.speaker .. ": " .. cue.text, columns - INDENT)) do
      lines[#lines + 1] = margin .. line .. "\n"
      margin = (" "):rep(INDENT)
    end
  end
  return table.concat(lines)
end

--- Write a paragraph for each cue: speaker, time, text.
---@param placed googlemeet.Cue[]
---@return string
function prose.markdown(placed)
  local paragraphs = {}
  for index, cue in ipairs(placed) do
    paragraphs[index] = ("**%s** (%s): %s\n"):format(escape.markdown(cue.speaker),
      cues.time(cue.from), escape.markdown(cue.text))
  end
  return table.concat(paragraphs, "\n")
end

return prose
