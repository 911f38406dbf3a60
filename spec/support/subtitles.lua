--- Readers of captions: strict ones of our own, and those of others where they are there.

local core = require "googlemeet.core"
local tree = require "spec.support.tree"

local subtitles = {}

local FOLDER = "build/captions" -- where `make captions` puts what npm has

--- Milliseconds of a time such as 01:02:03.004.
local function time_of(text, mark)
  local hours, minutes, seconds, rest =
    text:match("^(%d%d+):([0-5]%d):([0-5]%d)" .. mark .. "(%d%d%d)$")
  assert(hours, "no time: " .. text)
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest // 1
end

--- Lines of each block; blocks are parted by one empty line.
local function blocks_of(text)
  assert(utf8.len(text), "no UTF-8")
  assert(not text:find "[\0-\9\11-\31\127]", "control characters")
  assert(text == "" or text:find "[^\n]\n$", "does not end with one line end")
  assert(not text:find "^\n" and not text:find "\n\n\n", "more than one empty line")
  local blocks = {}
  for block in (text .. "\n"):gmatch "(.-)\n\n" do
    local lines = {}
    for line in (block .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line end
    blocks[#blocks + 1] = lines
  end
  return blocks
end

local function read_cue(lines, first, mark, previous)
  local from, to = lines[first]:match "^(%S+) %-%-> (%S+)$"
  local cue = { from = time_of(from, mark), to = time_of(to, mark) }
  cue.text = table.concat(lines, "\n", first + 1)
  assert(cue.to > cue.from, "a cue of no length")
  assert(not previous or cue.from >= previous.from, "starts out of order")
  assert(cue.text ~= "", "a cue without text")
  assert(not cue.text:find("-->", 1, true), "an arrow in the text")
  return cue
end

local CHARACTERS = { amp = "&", lt = "<", gt = ">" }

local function unescape(text)
  assert(not text:find "[<>]", "markup in the text")
  return (text:gsub("&(%w*);", CHARACTERS))
end

--- Cues of a WebVTT text as this module may write it; raises where it is another.
function subtitles.read_vtt(text)
  local cues, blocks = {}, blocks_of(text)
  assert(table.remove(blocks, 1)[1] == "WEBVTT")
  for index, lines in ipairs(blocks) do
    local cue = read_cue(lines, 1, "%.", cues[index - 1])
    local voice, said = cue.text:match "^<v ([^<>\n]+)>(.+)$"
    cue.speaker, cue.text = unescape(voice), unescape(said)
    cues[index] = cue
  end
  return cues
end

--- Cues of an SRT text; raises where it is none.
function subtitles.read_srt(text)
  local cues = {}
  for index, lines in ipairs(blocks_of(text)) do
    assert(lines[1] == tostring(index), "number " .. lines[1])
    cues[index] = read_cue(lines, 2, ",", cues[index - 1])
    cues[index].number = index
  end
  return cues
end

--- Rows of a CSV text, RFC 4180 to the letter.
function subtitles.read_csv(text)
  local rows, row, at = {}, {}, 1
  while at <= #text do
    local cell, stop = text:match('^"([^"]*)"()', at)
    while cell and text:sub(stop, stop) == '"' do
      local more, next_stop = text:match('^("[^"]*)"()', stop)
      cell, stop = cell .. assert(more, "an open quote"), next_stop
    end
    if not cell then cell, stop = text:match('^([^",\r\n]*)()', at) end
    row[#row + 1] = cell
    if text:sub(stop, stop) == "," then
      at = stop + 1
    else
      assert(text:sub(stop, stop + 1) == "\r\n", "neither a comma nor a line end")
      rows[#rows + 1], row, at = row, {}, stop + 2
    end
  end
  return rows
end

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

return subtitles
