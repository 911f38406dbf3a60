-- Captions as SubRip: what a reader finds is what was said, by whom and when, and nothing in it
-- that players take for markup.
-- Normalised on the way as in vtt_fuzz.lua. The name is the first word of an entry. SubRip has no
-- escapes: angle brackets may be their look-alikes (U+2039, U+203A), braces are brackets, and
-- hyphens with a bracket behind them (an arrow) are U+2192.

local captions = require "spec.fuzz.captions"
local story = require "spec.fuzz.story"
local subrip = require "spec.support.subrip"

--- One look for what may look alike.
local ALIKE = { ["<"] = "\u{2039}", [">"] = "\u{203A}", ["{"] = "(", ["}"] = ")" }

local function fold(text)
  return (text:gsub("%-%-+>", "\u{2192}"):gsub("[<>{}]", ALIKE))
end

return function(bytes)
  local report, entries, pick = story.tell(bytes)
  for _, entry in ipairs(entries) do
    local name = table.concat(story.words(entry.speaker, true), " ")
    entry.words = #story.words(entry.text) > 0 and story.words(name .. ": " .. entry.text) or {}
    for index, word in ipairs(entry.words) do entry.words[index] = fold(word) end
  end
  local given, opts = captions.options(pick, story.ZERO)
  local cues = subrip.read(report:render("srt", given))
  for _, cue in ipairs(cues) do cue.text = fold(cue.text) end
  captions.check(cues, entries, opts)
end
