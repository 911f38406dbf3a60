--- A reader of WebVTT by the standard (W3C, "WebVTT", 4.1 to 4.3 for what may stand where, 6 for
-- what it means); raises where a text is not by it. What it knows beside cues in voices (settings,
-- notes, styles, regions, other tags) is refused, too.

local webvtt = {}

local REFERENCES = {
  ["&amp;"] = "&", ["&lt;"] = "<", ["&gt;"] = ">", ["&nbsp;"] = "\u{A0}", ["&lrm;"] = "\u{200E}",
  ["&rlm;"] = "\u{200F}",
}

local function resolve(text)
  return (text:gsub("&[^;]*;?", function(reference)
    return REFERENCES[reference] or error("no reference: " .. reference)
  end))
end

--- Milliseconds of a time.
local function time_of(text)
  local hours, minutes, seconds, rest = text:match "^(%d%d+):([0-5]%d):([0-5]%d)%.(%d%d%d)$"
  assert(hours, "no time: " .. text)
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest // 1
end

local function read_cue(block, earliest)
  local times, payload = block:match "^([^\n]+)\n(.+)$"
  assert(times, "a cue without text: " .. block)
  local from, to = times:match "^(%S+)[ \t]+%-%->[ \t]+(%S+)$"
  assert(from, "no line of times: " .. times)
  assert(not payload:find("-->", 1, true), "an arrow in the text")
  local voice, said = payload:match "^<v[ \t]([^>\n]*)>(.*)$"
  assert(voice, "no voice: " .. payload)
  assert(not said:find "<", "a tag in the text")
  local cue = { from = time_of(from), to = time_of(to), text = resolve(said) }
  cue.speaker = resolve(voice):gsub("[ \t\f]+", " "):gsub("^ ", ""):gsub(" $", "")
  assert(cue.speaker ~= "" and cue.text ~= "")
  assert(cue.to > cue.from, "a cue of no length")
  assert(cue.from >= earliest, "starts out of order")
  return cue
end

---@return { from: integer, to: integer, speaker: string, text: string }[] times in milliseconds
function webvtt.read(text)
  assert(utf8.len(text) and not text:find "\0", "no UTF-8, or a NUL")
  text = text:gsub("\r\n?", "\n")
  local body = assert(text:match "^WEBVTT\n(.*)$", "not its first line")
  assert(body == "" or body:find "^\n", "no empty line behind the first one")
  local cues, earliest = {}, 0
  for block in (body:gsub("\n\n+", "\0") .. "\0"):gmatch "%Z+" do
    local cue = read_cue(block:gsub("^\n+", ""):gsub("\n+$", ""), earliest)
    cues[#cues + 1], earliest = cue, cue.from
  end
  return cues
end

return webvtt
