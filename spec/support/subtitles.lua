--- Readers of captions that others wrote, where they are there.

local core = require "googlemeet.core"
local tree = require "spec.support.tree"

local subtitles = {}

local FOLDER = "build/captions" -- where `make captions` puts what npm has

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
