--- Captions: cues as WebVTT and as SubRip (SRT).

local cluster = require "googlemeet.unicode.cluster"
local cues = require "googlemeet.report.transcript.cues"

local captions = {}

local IN_TEXT = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }

--- Many readers do not decode references in a voice. The characters that would end it or begin
-- another tag become similar ones (U+2039, U+203A).
local IN_VOICE = { ["&"] = "&amp;", ["<"] = "\u{2039}", [">"] = "\u{203A}" }

local function escape(text, entities)
  if not text:find "[&<>]" then return text end
  return (text:gsub("[&<>]", entities))
end

local MOST_WIDE = 1000 -- columns of a voice: each cue of a long speech repeats it

--- Return the tag of a voice. Two hyphens at its end must not form an arrow with the `>`.
local function voice_of(speaker)
  return "<v " .. escape(cluster.cut(speaker, MOST_WIDE), IN_VOICE):gsub("%-%-$", "%0 ") .. ">"
end

--- Write cues as WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format"), each in the voice of its
-- speaker.
---@param placed googlemeet.Cue[]
---@param columns integer of a line
---@param most integer lines of a cue
---@return string
function captions.vtt(placed, columns, most)
  local blocks, voices = { "WEBVTT\n" }, {}
  for _, cue in ipairs(cues.split(placed, columns, most)) do
    local voice = voices[cue.speaker] or voice_of(cue.speaker)
    voices[cue.speaker] = voice
    blocks[#blocks + 1] = ("%s --> %s\n%s%s\n"):format(cues.time(cue.from, "."),
      cues.time(cue.to, "."), voice, escape(table.concat(cue.lines, "\n"), IN_TEXT))
  end
  return table.concat(blocks, "\n")
end

--- Replace markup by characters that look similar: SubRip has no escapes. An angle
-- bracket that opens or closes a tag or ends an arrow becomes a quotation mark (U+2039, U+203A), a
-- brace an ornament (U+2774, U+2775). A word joiner (U+2060), which is not seen, follows a
-- backslash before a letter that makes it a line break or a blank, and an ampersand that begins a
-- reference.
local function disarm(text)
  if not text:find "[<>{}\\&]" then return text end
  return (text:gsub("<([^<>]*)>", "\u{2039}%1\u{203A}")
    :gsub("<", "\u{2039}")
    :gsub("%-%->", "--\u{203A}")
    :gsub("[{}]", { ["{"] = "\u{2774}", ["}"] = "\u{2775}" })
    :gsub("\\%f[Nnh]", "\\\u{2060}")
    :gsub("&(#?%w+;)", "&\u{2060}%1"))
end

--- Write cues as SubRip, which has no standard. What somebody says in one go, merged entries
-- included, starts with the speaker's name.
---@param placed googlemeet.Cue[]
---@param columns integer of a line
---@param most integer lines of a cue
---@return string
function captions.srt(placed, columns, most)
  local blocks, is_named = {}, {}
  for _, cue in ipairs(placed) do
    local name = is_named[cue.turn or cue] and "" or cue.speaker .. ": "
    is_named[cue.turn or cue] = true
    cue.text = disarm(name .. cue.text)
  end
  for number, cue in ipairs(cues.split(placed, columns, most)) do
    blocks[number] = ("%d\n%s --> %s\n%s\n"):format(number, cues.time(cue.from, ","),
      cues.time(cue.to, ","), table.concat(cue.lines, "\n"))
  end
  return table.concat(blocks, "\n")
end

return captions
