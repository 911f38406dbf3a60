local cues = require "googlemeet.report.cues"
local speech = require "spec.support.speech"
local subtitles = require "spec.support.subtitles"
local time = require "googlemeet.time"
local vtt = require "googlemeet.report.vtt"
local webvtt = require "spec.support.webvtt"

local ZERO = time.instant "2026-11-22T10:00:00Z"

local function write(entries)
  return vtt.write(cues.place(entries, ZERO, false), 42, 2)
end

local function cue(speaker, text, from, to)
  return { speaker = speaker, text = text, from = from or 0, to = to or 1000 }
end

--- What follows the line of times of a single cue.
local function payload(speaker, text)
  local text_of_file = vtt.write({ cue(speaker, text) }, 42, 2)
  return text_of_file:match "^WEBVTT\n\n00:00:00%.000 %-%-> 00:00:01%.000\n(.*)$"
end

describe("googlemeet.report.vtt.write", function()
  it("is a file without cues when nobody spoke", function()
    assert.equal("WEBVTT\n", vtt.write({}, 42, 2))
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
]], vtt.write({
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
    { "Ada", "one\n\n\ntwo", "<v Ada>one two\n" },
  } do
    it(("escapes %q of %q"):format(case[2], case[1]), function()
      assert.equal(case[3], payload(case[1], case[2]))
    end)
  end

  local seed = os.time()
  local round = ("whatever is said (seed %d)"):format(seed)

  --- A voice with the look-alikes that it may have.
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
      wanted[index] = speech.solid(row.vtt)
      assert(voices[plain(row.speaker)], context .. row.speaker)
    end
    assert.equal(table.concat(wanted), table.concat(shown), context)
  end

  it("can be read back, " .. round, function()
    math.randomseed(seed)
    for _ = 1, 150 do
      local entries, expected = speech.entries(6)
      check(webvtt.read(write(entries)), expected, "")
    end
  end)

  local parse, reason = subtitles.vtt_parser()
  it("is read without complaint by the parser of W3C, " .. round, parse and function()
    math.randomseed(seed)
    local days = { speaker = "Ada", text = "x", start_time = "2026-11-27T10:00:00Z" }
    local texts, all = { write {}, write { days } }, { {}, { { vtt = "x", speaker = "Ada" } } }
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
