local captions = require "googlemeet.report.transcript.captions"
local cues = require "googlemeet.report.transcript.cues"
local speech = require "spec.support.speech"
local subrip = require "spec.support.subrip"
local subtitles = require "spec.support.subtitles"
local time = require "googlemeet.time"
local webvtt = require "spec.support.webvtt"

local ZERO = time.instant "2026-11-22T10:00:00Z"

local function place(entries) return cues.place(entries, ZERO, false) end

local seed = 1 -- a gate fails for a change, not for the day
local round = ("whatever is said (seed %d)"):format(seed)

local function cue(speaker, text, from, to)
  return { speaker = speaker, text = text, from = from or 0, to = to or 1000 }
end

--- What follows the line of times of a single cue.
local function payload(speaker, text)
  local text_of_file = captions.vtt({ cue(speaker, text) }, 42, 2)
  return text_of_file:match "^WEBVTT\n\n00:00:00%.000 %-%-> 00:00:01%.000\n(.*)$"
end

describe("googlemeet.report.transcript.captions.vtt", function()
  it("is a file without cues when nobody spoke", function()
    assert.equal("WEBVTT\n", captions.vtt({}, 42, 2))
  end)

  it("has no cue in which there is nothing to see", function()
    local entries = {}
    for index, text in ipairs { "\u{200B}", "\u{2800}\u{FE0F}", " \u{FFA0}", "\u{206F}" } do
      entries[index] = {
        speaker = "Ada", text = text,
        start_time = "2026-11-22T10:00:00Z", end_time = "2026-11-22T10:00:01Z",
      }
    end
    assert.same({}, place(entries))
  end)

  it("writes cues in the voices of their speakers, two lines at a time", function()
    assert.equal([[
WEBVTT

00:00:01.500 --> 00:00:04.000
<v Ada Bergqvist>Good morning, shall we start
with the release notes?

00:00:03.000 --> 00:00:04.979
<v Bo>I would rather wait until the end
of the month before we decide,

00:00:04.979 --> 00:00:06.000
<v Bo>and show it to the customer then.

100:00:00.000 --> 100:00:01.000
<v Ada Bergqvist>Yes.
]], captions.vtt({
      cue("Ada Bergqvist", "Good morning, shall we start with the release notes?", 1500, 4000),
      cue("Bo", "I would rather wait until the end of the month before we decide, and show it to "
        .. "the customer then.", 3000, 6000),
      cue("Ada Bergqvist", "Yes.", 360000000, 360001000),
    }, 42, 2))
  end)

  for _, case in ipairs {
    { "Ada", "a < b && c > d", "<v Ada>a &lt; b &amp;&amp; c &gt; d\n" },
    { "Ada", "00:01.000 --> 00:02.000", "<v Ada>00:01.000 --&gt; 00:02.000\n" },
    { "Ada", "</v><c.red>&amp;", "<v Ada>&lt;/v&gt;&lt;c.red&gt;&amp;amp;\n" },
    { "A > B <b> & C", "x", "<v A › B ‹b› &amp; C>x\n" },
    { "Ada --", "x", "<v Ada -- >x\n" },
  } do
    it(("escapes %q of %q"):format(case[2], case[1]), function()
      assert.equal(case[3], payload(case[1], case[2]))
    end)
  end

  --- A voice with the similar letters that it may have.
  local function plain(voice)
    return (speech.solid(voice):gsub("[<>]", { ["<"] = "‹", [">"] = "›" }))
  end

  --- Check cues that were read back against what was to be shown.
  local function check(read, expected, context)
    local shown, wanted, voices = {}, {}, {}
    for index, found in ipairs(read) do
      shown[index] = speech.solid(found.text)
      voices[plain(found.speaker)] = true
    end
    for index, row in ipairs(expected) do
      wanted[index] = speech.solid(row.text)
      assert(voices[plain(row.speaker)], context .. row.speaker)
    end
    assert.equal(table.concat(wanted), table.concat(shown), context)
  end

  it("can be read back, " .. round, function()
    math.randomseed(seed)
    for _ = 1, 150 do
      local entries, expected = speech.entries(6)
      check(webvtt.read(captions.vtt(place(entries), 42, 2)), expected, "")
    end
  end)

  local parse, reason = subtitles.vtt_parser()
  it("is read without complaint by the parser of W3C, " .. round, parse and function()
    math.randomseed(seed)
    local days = { speaker = "Ada", text = "x", start_time = "2026-11-27T10:00:00Z" }
    local function write(entries) return captions.vtt(place(entries), 42, 2) end
    local texts, all = { write {}, write { days } }, { {}, { { text = "x", speaker = "Ada" } } }
    local bytes = 0
    for index = 3, 300 do
      local entries, expected = speech.entries(6)
      texts[index], all[index] = write(entries), expected
      bytes = bytes + #texts[index]
    end
    local results = parse(texts)
    assert.equal(120 * 3600000, results[2].cues[1].from)
    for index, result in ipairs(results) do
      assert.same({}, result.errors, texts[index])
      check(result.cues, all[index], texts[index])
    end
    assert.is_true(bytes > 100000)
  end or function() pending(reason) end)
end)

describe("googlemeet.report.transcript.captions.srt", function()
  it("is empty when nobody spoke", function()
    assert.equal("", captions.srt({}, 42, 2))
  end)

  it("writes numbered cues, the speaker where an entry begins", function()
    assert.equal([[
1
00:00:01,500 --> 00:00:04,000
Ada Bergqvist: Good morning, shall
we start with the release notes?

2
00:00:03,000 --> 00:00:05,081
Bo: I would rather wait until the end
of the month before we decide, and show

3
00:00:05,081 --> 00:00:06,000
it to the customer on Monday then.

4
100:00:00,000 --> 100:00:01,000
Ada Bergqvist: Yes.
]], captions.srt({
      cue("Ada Bergqvist", "Good morning, shall we start with the release notes?", 1500, 4000),
      cue("Bo", "I would rather wait until the end of the month before we decide, and show it to "
        .. "the customer on Monday then.", 3000, 6000),
      cue("Ada Bergqvist", "Yes.", 360000000, 360001000),
    }, 42, 2))
  end)

  for _, case in ipairs {
    { "a --> b", "a --› b" }, { "a ----> b", "a ----› b" }, { "a -> b", "a -> b" },
    { "<b>loud</b>", "‹b›loud‹/b›" }, { "<font color=red>x", "‹font color=red›x" },
    { "< font color=red>x", "‹ font color=red›x" }, { "<!-- x -->", "‹!-- x --›" },
    { "a <b", "a ‹b" }, { "a < b > c", "a ‹ b › c" }, { "1<2>1", "1‹2›1" },
    { "I <3 you", "I ‹3 you" }, { "<_x>q", "‹_x›q" }, { "<<b>>", "‹‹b›>" },
    { "{\\an8}up", "❴\\an8❵up" },
    { "{y:i} {x}", "❴y:i❵ ❴x❵" },
    { "C:\\New\\hosts\\now", "C:\\\u{2060}New\\\u{2060}hosts\\\u{2060}now" },
    { "a\\b \\ n", "a\\b \\ n" }, { "\\\\N", "\\\\\u{2060}N" },
    { "&lt;b&gt; R&D", "&\u{2060}lt;b&\u{2060}gt; R&D" }, { "&#60;", "&\u{2060}#60;" },
  } do
    it(("disarms %q, and it looks the same"):format(case[1]), function()
      local text = captions.srt({ cue("Ada", case[1]) }, 42, 2)
      assert.equal("1\n00:00:00,000 --> 00:00:01,000\nAda: " .. case[2] .. "\n", text)
      local read = subrip.plain(subrip.read(text)[1].text)
      assert.equal("Ada: " .. case[1], read)
    end)
  end

  it("disarms names, too", function()
    assert.matches("\nAl \\\u{2060}h ‹b›: x\n",
      captions.srt({ cue("Al \\h <b>", "x") }, 42, 2))
  end)

  it("names the speaker once for all parts of a turn", function()
    local first, second, third = cue("Ada", "a", 0, 1000), cue("Ada", "b", 1000, 2000),
      cue("Ada", "c", 2000, 3000)
    first.turn, second.turn, third.turn = first, first, third
    local texts = {}
    for index, found in ipairs(subrip.read(captions.srt({ first, second, third }, 42, 2))) do
      texts[index] = found.text
    end
    assert.same({ "Ada: a", "b", "Ada: c" }, texts)
  end)

  --- Check cues that were read back against what was to be shown.
  local function check(read, expected, context)
    local shown, wanted = {}, {}
    for index, found in ipairs(read) do shown[index] = speech.solid(subrip.plain(found.text)) end
    for index, row in ipairs(expected) do
      wanted[index] = speech.solid(row.speaker .. ":" .. row.text)
    end
    assert.equal(table.concat(wanted), table.concat(shown), context)
  end

  it("can be read back, " .. round, function()
    math.randomseed(seed)
    for _ = 1, 150 do
      local entries, expected = speech.entries(6)
      check(subrip.read(captions.srt(place(entries), 42, 2)), expected, "")
    end
  end)

  local parse, reason = subtitles.srt_parser()
  it("is read by Python's srt, " .. round, parse and function()
    math.randomseed(seed)
    local days = { speaker = "Ada", text = "x", start_time = "2026-11-27T10:00:00Z" }
    local function write(entries) return captions.srt(place(entries), 42, 2) end
    local texts, bytes = { write {}, write { days } }, 0
    local all = { {}, { { speaker = "Ada", text = "x" } } }
    for index = 3, 300 do
      local entries, expected = speech.entries(6)
      texts[index], all[index] = write(entries), expected
      bytes = bytes + #texts[index]
    end
    local results = parse(texts)
    assert.equal(120 * 3600000, results[2][1].from)
    for index, found in ipairs(results) do
      check(found, all[index], texts[index])
      for number, one in ipairs(found) do assert.equal(number, one.number) end
    end
    assert.is_true(bytes > 100000)
  end or function() pending(reason) end)
end)

describe("a name as long as a speech", function()
  it("is cut in WebVTT, where each cue has it", function()
    local said = { speaker = ("n"):rep(20000), text = ("word "):rep(4000) }
    local text = captions.vtt(place { said }, 42, 2)
    assert.is_true(#text < 400000, #text)
    assert.is_nil(text:find(("n"):rep(1000)))
    assert.truthy(text:find("<v " .. ("n"):rep(999) .. "…>", 1, true))
  end)
end)
