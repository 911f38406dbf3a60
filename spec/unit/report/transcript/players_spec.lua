-- Captions as the readers and players of others find them: each sentence when it was said, no
-- letter cut, the text unchanged. CAPTIONS is the number of random transcripts (one in each script
-- without it); with it the seeded organisation's are read, too.

local captions_of = require "spec.support.subtitles"
local cluster = require "googlemeet.unicode.cluster"
local dialogue = require "googlemeet.report.transcript.dialogue"
local escape = require "googlemeet.report.escape"
local meet = require "googlemeet"
local speech = require "spec.support.speech"
local subrip = require "spec.support.subrip"
local time = require "googlemeet.time"

local GIVEN = math.tointeger(os.getenv "CAPTIONS")
local COUNT = GIVEN or #speech.SCRIPTS
local START = "2026-11-22T10:00:00Z"
local GAPS = { 5, 10, 20 } -- seconds

--- Reports on random transcripts in each script, merged and not.
local function random_reports()
  math.randomseed(1)
  local reports = {}
  for index = 1, COUNT do
    local entries, names = speech.transcript(speech.SCRIPTS[index % #speech.SCRIPTS + 1])
    reports[index] = dialogue.new({ { start_time = START, entries = entries } }, names,
      GAPS[index % (#GAPS + 1)])
  end
  return reports
end

--- Reports on all conferences of the seeded organisation, merged by each gap.
local function seeded_reports()
  local gateway = meet.testing.gateway { now = 1795341600 }
  gateway:seed()
  local client <close> = assert(meet.new {
    api_key = "test-key", rate = false, transport = gateway.transport,
  })
  local reports = {}
  for record in client.conference_records:list() do
    for _, gap in ipairs(GAPS) do
      local report = assert(record:transcript { merge = gap })
      if report:entries()() then reports[#reports + 1] = report end
    end
  end
  return reports
end

--- What was said, in order: when (milliseconds), and the text.
local function sentences_of(report)
  local list = {}
  for entry in report:entries() do
    for index, part in ipairs(entry.parts or { entry }) do
      list[#list + 1] = {
        from = (time.instant(part.start_time) - report.zero) // 1000000,
        speaker = escape.clean(part.speaker), is_named = index == 1,
        text = escape.clean(part.text), lines = {},
      }
    end
  end
  return list
end

--- Take the cues for the sentences that they show; no cue may come before its sentence.
-- Times of a player are hundredths of a second.
local function match(cues, sentences, text_of, plain)
  local number, left = 0, ""
  for _, cue in ipairs(cues) do
    for line in plain(cue.text):gmatch "[^\n]+" do
      local solid = speech.solid(line)
      if left == "" then
        number = number + 1
        left = speech.solid(text_of(assert(sentences[number], "more than was said: " .. line)))
      end
      assert.equal(left:sub(1, #solid), solid)
      left = left:sub(#solid + 1)
      assert(cue.from // 10 >= sentences[number].from // 10, "too early: " .. line)
      table.insert(sentences[number].lines, line)
    end
  end
  assert.equal("", left)
  assert.equal(#sentences, number)
end

local function with_name(sentence)
  return (sentence.is_named and sentence.speaker .. ":" or "") .. sentence.text
end

local function without_name(sentence) return sentence.text end

--- Leave out `\N`: ffmpeg breaks a line of WebVTT there, though by the standard it is text.
local function without_line_end(sentence) return (sentence.text:gsub("\\N", "")) end

local function same(text) return text end

--- Undo the backslash that ffmpeg puts before a brace.
local function without_escapes(text) return (text:gsub("\\([{}])", "%1")) end

--- Blocks of characters that a word is made of, with joiners and marks among them.
local BLOCKS = {
  { 0x21, 0x7E }, { 0xA1, 0x24F }, { 0x300, 0x52F }, { 0x5D0, 0x6FF }, { 0x900, 0xDFF },
  { 0xE01, 0xEFF }, { 0xF00, 0x109F }, { 0x1100, 0x11FF }, { 0x1780, 0x17FF }, { 0x1B00, 0x1B7F },
  { 0x200B, 0x200D }, { 0x2190, 0x27BF }, { 0x3000, 0x30FF }, { 0x4E00, 0x4E20 },
  { 0xA960, 0xAAFF }, { 0xABC0, 0xAC40 }, { 0xD7A0, 0xD7FF }, { 0xFE00, 0xFE2F },
  { 0xFF01, 0xFFDC }, { 0x11000, 0x110FF }, { 0x1F1E6, 0x1F1FF }, { 0x1F300, 0x1F6FF },
  { 0xE0020, 0xE007F },
}

--- A word of characters of few blocks, so that what belongs together meets.
local function random_word()
  local blocks, characters = {}, {}
  for index = 1, 3 do blocks[index] = BLOCKS[math.random(#BLOCKS)] end
  for index = 1, 40 do
    local block = blocks[math.random(#blocks)]
    characters[index] = utf8.char(math.random(block[1], block[2]))
  end
  return table.concat(characters)
end

describe("the pieces of a word", function()
  local segment, no_segmenter = captions_of.segmenter()
  it("are whole clusters by Unicode's rules, whatever the characters", segment and function()
    math.randomseed(1)
    local words = {}
    for index = 1, 10 * COUNT do
      local word = random_word()
      words[index] = { text = word, lines = cluster.pieces(word).texts }
    end
    for index, cut in ipairs(segment(words)) do assert.same({}, cut, words[index].text) end
  end or function() pending(no_segmenter) end)
end)

for name, reports_of in pairs {
  ["random transcripts"] = random_reports,
  ["the seeded organisation"] = GIVEN and seeded_reports or nil,
} do
  describe("captions of " .. name, function()
    local reports

    local function write(format)
      reports = reports or reports_of()
      local texts = {}
      for index, report in ipairs(reports) do texts[index] = report:render(format) end
      return texts
    end

    local parse_vtt, no_parser = captions_of.vtt_parser()
    local segment, no_segmenter = captions_of.segmenter()
    it("in WebVTT are in time for the parser of W3C, and no letter is cut", parse_vtt and segment
      and function()
        local cut = {}
        for index, found in ipairs(parse_vtt(write "vtt")) do
          assert.same({}, found.errors)
          local sentences = sentences_of(reports[index])
          match(found.cues, sentences, without_name, same)
          for _, sentence in ipairs(sentences) do
            cut[#cut + 1] = { text = sentence.text, lines = sentence.lines }
          end
        end
        for index, lines in ipairs(segment(cut)) do assert.same({}, lines, cut[index].text) end
      end or function() pending(no_parser or no_segmenter) end)

    local parse_srt, no_srt = captions_of.srt_parser()
    it("in SubRip are in time for Python's srt", parse_srt and function()
      for index, cues in ipairs(parse_srt(write "srt")) do
        match(cues, sentences_of(reports[index]), with_name, subrip.plain)
      end
    end or function() pending(no_srt) end)

    local play, no_player = captions_of.player()
    it("in SubRip are in time for ffmpeg, with no markup in them", play and function()
      for index, cues in ipairs(play(write "srt", "srt")) do
        for _, cue in ipairs(cues) do assert.is_nil(cue.text:find "{") end
        match(cues, sentences_of(reports[index]), with_name, subrip.plain)
      end
    end or function() pending(no_player) end)

    it("in WebVTT are in time for ffmpeg", play and function()
      for index, cues in ipairs(play(write "vtt", "vtt")) do
        match(cues, sentences_of(reports[index]), without_line_end, without_escapes)
      end
    end or function() pending(no_player) end)
  end)
end
