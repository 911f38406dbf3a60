--- Readers of captions that others wrote, where they are there.

local core = require "googlemeet.core"
local tree = require "spec.support.tree"

local subtitles = {}

local FOLDER = "build/captions" -- where `make captions` puts what npm has

--- Run a program on a file with the texts as JSON; give what it prints, decoded.
local function ask(command, texts)
  local folder = tree.temporary()
  local file = assert(io.open(folder .. "/texts.json", "wb"))
  file:write(assert(core.encode(texts)))
  file:close()
  local output, ok = tree.run(command .. " " .. folder .. "/texts.json")
  tree.remove(folder)
  assert(ok, output)
  return assert(core.decode(output))
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

--- A function from texts and the lines that they were divided into to the number of cuts inside a
-- grapheme cluster, by Unicode's rules as Node has them; or nil and why there is none.
function subtitles.segmenter()
  local _, is_there = tree.run "node -e 'new Intl.Segmenter'"
  if not is_there then return nil, "node is not there: `make captions` gets it" end
  return function(texts) return ask("node spec/support/clusters.js", texts) end
end

local BATCH = 50 -- files that one process reads

--- The cues of a file in the format of SSA, which is what players make of captions.
local function read_shown(path)
  local cues = {}
  for line in io.lines(path) do
    local hours, minutes, seconds, rest, text =
      line:match "^Dialogue: %d+,(%d+):(%d+):(%d+)%.(%d+),[^,]*,[^,]*,[^,]*,%d+,%d+,%d+,[^,]*,(.*)$"
    if hours then
      cues[#cues + 1] = {
        from = ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest * 10,
        text = text:gsub("\r$", ""):gsub("\\N", "\n"),
      }
    end
  end
  return cues
end

--- A function from texts in a format to what ffmpeg shows of each, times in hundredths of a second;
-- or nil and why there is none.
function subtitles.player()
  local _, is_there = tree.run "ffmpeg -version"
  if not is_there then return nil, "ffmpeg is not there: `make captions` gets it" end
  return function(texts, format)
    local folder, shown = tree.temporary(), {}
    for first = 1, #texts, BATCH do
      local inputs, outputs = {}, {}
      for index = first, math.min(first + BATCH - 1, #texts) do
        local path = ("%s/%d.%s"):format(folder, index, format)
        local file <close> = assert(io.open(path, "wb"))
        file:write(texts[index])
        inputs[#inputs + 1] = "-i " .. path
        outputs[#outputs + 1] = ("-map %d -f ass %s.ass"):format(index - first, path)
      end
      local output, ok = tree.run("ffmpeg -v error -nostdin " .. table.concat(inputs, " ") .. " "
        .. table.concat(outputs, " "))
      assert(ok and output == "", output)
    end
    for index = 1, #texts do
      shown[index] = read_shown(("%s/%d.%s.ass"):format(folder, index, format))
    end
    tree.remove(folder)
    return shown
  end
end

return subtitles
