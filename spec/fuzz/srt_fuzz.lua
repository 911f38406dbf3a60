-- Captions as SubRip: what a reader finds is what was said, by whom and when, and nothing in it
-- that players take for markup.
-- Normalised on the way as in vtt_fuzz.lua. The name is the first word of what somebody says in one
-- go. SubRip has no escapes: brackets, braces and the end of an arrow may be their look-alikes, and
-- a word joiner may part what would be markup.

local captions = require "spec.fuzz.captions"
local story = require "spec.fuzz.story"
local subrip = require "spec.support.subrip"

--- One form for what may look alike.
local ALIKE = { ["<"] = "\u{2039}", [">"] = "\u{203A}", ["{"] = "\u{2774}", ["}"] = "\u{2775}" }

local function fold(text)
  return (text:gsub("[<>{}]", ALIKE):gsub("\u{2060}", ""))
end

local function fold_all(words)
  for index, word in ipairs(words) do words[index] = fold(word) end
  return words
end

return function(bytes)
  local report, entries, pick = story.tell(bytes)
  entries = captions.parts(entries)
  for _, entry in ipairs(entries) do
    local name = table.concat(story.words(entry.speaker, true), " ")
    entry.words = fold_all(story.words(entry.text))
    entry.named_words = fold_all(story.words(name .. ": " .. entry.text))
  end
  local given, opts = captions.options(pick, story.ZERO)
  local cues = subrip.read(report:render("srt", given))
  for _, cue in ipairs(cues) do cue.text = fold(cue.text) end
  captions.check(cues, entries, opts)
end
