--- Captions for the specs of both formats, and readers of them that others wrote, if installed.

local core = require "googlemeet.core"
local cues = require "googlemeet.report.cues"
local instant = require "googlemeet.report.instant"
local speech = require "spec.support.speech"
local tree = require "spec.support.tree"

local subtitles = {}

local FOLDER = "build/captions" -- where `make captions` puts what npm has
local ZERO = instant.of "2026-11-22T10:00:00Z"

--- A cue, of the first second if no times are given.
function subtitles.cue(speaker, text, from, to)
  return { speaker = speaker, text = text, from = from or 0, to = to or 1000 }
end

--- A function from entries to the text of their captions; `format` is the module of one.
function subtitles.writer(format)
  return function(entries)
    return format.write(cues.place(entries, ZERO, false), 42, 2)
  end
end

--- Draw 300 texts of captions, the first without a cue, the second with one 120 hours after zero;
--- give them with what each has to show, `late` for the second.
function subtitles.draw(write, late)
  local entry = { speaker = "Ada", text = "x", start_time = "2026-11-27T10:00:00Z" }
  local texts, shown, bytes = { write {}, write { entry } }, { {}, { late } }, 0
  for index = 3, 300 do
    local entries, expected = speech.entries(6)
    texts[index], shown[index] = write(entries), expected
    bytes = bytes + #texts[index]
  end
  assert(bytes > 100000)
  return texts, shown
end

--- Run a program on a file with the texts as JSON; give what it prints, decoded.
local function ask(command, texts)
  local folder = tree.temporary()
  local file = assert(io.open(folder .. "/texts.json", "wb"))
  file:write(assert(core.text.encode(texts)))
  file:close()
  local output, ok = tree.run(command .. " " .. folder .. "/texts.json")
  tree.remove(folder)
  assert(ok, output)
  return assert(core.text.decode(output))
end

--- A function from WebVTT texts to arrays of `{ errors =, cues = }`, or nil and why there is none.
function subtitles.vtt_parser()
  local _, is_there = tree.run("node --version && test -d " .. FOLDER
    .. "/node_modules/webvtt-parser")
  if not is_there then
    return nil, "node or the package webvtt-parser is not there: `make captions` gets them"
  end
  return function(texts) return ask("node spec/support/subtitles.js " .. FOLDER, texts) end
end

--- A function from SRT texts to arrays of cues, or nil and why there is none.
function subtitles.srt_parser()
  for _, python in ipairs { "python3", "/usr/bin/python3" } do
    local _, is_there = tree.run(python .. " -c 'import srt; srt.parse'")
    if is_there then
      return function(texts) return ask(python .. " spec/support/subtitles.py", texts) end
    end
  end
  return nil, "python3 or its module srt is not there: `make captions` gets them"
end

return subtitles
