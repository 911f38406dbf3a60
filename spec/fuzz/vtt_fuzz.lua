-- Captions as WebVTT: what a reader of the standard finds is what was said, by whom and when.
-- Normalised on the way, and nothing else: control characters and broken UTF-8 become U+FFFD, runs
-- of blanks and line ends one blank or a line end, marks that turn the direction of writing and
-- words of which nothing would be seen are left out; words wider than a line are cut. In names
-- angle brackets become their look-alikes, and one wider than 1000 columns is cut. Times are cut to
-- milliseconds; of an entry without a start or an end (or with one that is no time, or the end not
-- after the start) what is missing is a guess: one second at least, or up to another's start. What
-- was over at the zero is shown there, or left out where the zero was given.
-- Merged entries are shown in parts.
-- The bytes choose people, entries, times, merging and options: see story.lua, captions.lua.

local captions = require "spec.fuzz.captions"
local story = require "spec.fuzz.story"
local webvtt = require "spec.support.webvtt"

local MOST_WIDE = 1000 -- columns of a name; a letter has two at most, one of ASCII has one

--- Return a voice as the cues have it: a wider one is cut, everywhere at the same place.
local function shown(voice, cues)
  if not voice:gsub("[‹›]", "<"):find "[^ -~]" then
    local last = #voice > MOST_WIDE and utf8.offset(voice, MOST_WIDE)
    return last and voice:sub(1, last - 1) .. "…" or voice
  end
  if utf8.len(voice) <= MOST_WIDE // 2 then return voice end
  for _, cue in ipairs(cues) do
    local kept = cue.speaker:match "^(.+)…$"
    if kept and voice:sub(1, #kept) == kept then return cue.speaker end
  end
  return voice
end

return function(bytes)
  local report, entries, pick = story.tell(bytes)
  local given, opts = captions.options(pick, story.ZERO)
  local cues = webvtt.read(report:render("vtt", given))
  entries = captions.parts(entries)
  for _, entry in ipairs(entries) do
    entry.words = story.words(entry.text)
    entry.voice = shown(table.concat(story.words(entry.speaker, true), " "):gsub("[<>]",
      { ["<"] = "\u{2039}", [">"] = "\u{203A}" }), cues)
  end
  captions.check(cues, entries, opts)
end
