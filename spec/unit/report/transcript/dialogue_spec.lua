local core = require "googlemeet.core"
local dialogue = require "googlemeet.report.transcript.dialogue"
local speech = require "spec.support.speech"

local ADA, BO = "conferenceRecords/1/participants/a", "conferenceRecords/1/participants/b"
local NAMES = { [ADA] = "Ada", [BO] = "Bo" }

local function at(seconds)
  return seconds and ("2026-11-22T10:00:%sZ"):format(seconds)
end

--- An entry as the server has it; times are what follows "2026-11-22T10:00:".
local function entry(participant, text, from, to)
  return {
    name = "conferenceRecords/1/transcripts/t/entries/" .. text, participant = participant,
    text = text, languageCode = "en-US", startTime = at(from), endTime = at(to),
  }
end

--- A report on one transcript that began at 10:00:00.
local function report_of(entries, longest_gap, names)
  return dialogue.new({ { start_time = at "00", entries = entries } }, names or NAMES, longest_gap)
end

local function collect(report, field)
  local values = {}
  for one in report:entries() do values[#values + 1] = one[field] end
  return values
end

local TWO = { entry(ADA, "Shall we start?", "01.5", "03"), entry(BO, "Yes, \"now\".", "04", "05") }

describe("googlemeet.report.transcript.dialogue.new", function()
  it("gives entries with the names of their speakers", function()
    local report = report_of { TWO[1] }
    assert.same({
      speaker = "Ada", participant = ADA, text = "Shall we start?", language = "en-US",
      start_time = "2026-11-22T10:00:01.5Z", end_time = "2026-11-22T10:00:03Z",
    }, report:entries()())
  end)

  it("is empty without transcripts", function()
    local report = dialogue.new({}, {}, nil)
    assert.is_nil(report:entries()())
    assert.same({}, report:talk_time())
  end)

  it("numbers speakers without a name", function()
    local report = report_of({ entry("p/1", "a", "01"), entry("p/2", "b", "02"),
      entry("p/1", "c", "03"), entry(nil, "d", "04"), entry(ADA, "e", "05") }, nil,
      { [ADA] = "Ada", ["p/2"] = " \n\u{200B}\u{3164}" })
    assert.same({ "Unknown speaker", "Unknown speaker 2", "Unknown speaker", "Unknown speaker 3",
      "Ada" }, collect(report, "speaker"))
  end)

  it("puts entries in order of start across transcripts; one without stays where it is", function()
    local report = dialogue.new({
      { start_time = at "00", entries = { entry(ADA, "a", "01"), entry(ADA, "d", "30"),
        entry(ADA, "e") } },
      { start_time = at "10", entries = { entry(BO, "b", "11"), entry(BO, "c", "30"),
        entry(BO, "f", "31") } },
    }, NAMES)
    assert.same({ "a", "b", "d", "e", "c", "f" }, collect(report, "text"))
  end)

  it("ignores fields of another type, and repairs broken text", function()
    local report = report_of { { text = 7, participant = {}, startTime = 5, endTime = false },
      { text = "a\255", participant = ADA } }
    assert.same({ "", "a\u{FFFD}" }, collect(report, "text"))
    assert.same({ "Unknown speaker", "Ada" }, collect(report, "speaker"))
  end)

  it("leaves the server's entries as they are", function()
    local given = { entry(BO, "b", "02"), entry(ADA, "a", "01") }
    report_of(given, 9)
    assert.same({ entry(BO, "b", "02"), entry(ADA, "a", "01") }, given)
  end)
end)

describe("a transcript report that is merged", function()
  local ROWS = {
    entry(ADA, "a", "01", "02"), entry(ADA, "b", "04", "05"), entry(ADA, "c", "08", "09"),
    entry(BO, "d", "09", "10"), entry(ADA, "e", "10", "11"),
  }

  for _, case in ipairs {
    { math.huge, { "a b c", "d", "e" } }, { 3, { "a b c", "d", "e" } },
    { 2.5, { "a b", "c", "d", "e" } }, { 0, { "a", "b", "c", "d", "e" } },
  } do
    it(("joins neighbours no more than %s s apart"):format(case[1]), function()
      assert.same(case[2], collect(report_of(ROWS, case[1]), "text"))
    end)
  end

  it("keeps its parts, and nothing else that an entry has not", function()
    local report = report_of(ROWS, math.huge)
    local parts, alone = report:entries()().parts, nil
    assert.same({ "a", "b", "c" }, { parts[1].text, parts[2].text, parts[3].text })
    assert.equal("2026-11-22T10:00:08Z", parts[3].start_time)
    for one in report:entries() do alone = one end
    assert.is_nil(alone.parts)
    assert.is_nil(next(parts, #parts))
  end)

  it("has no blank between sentences of a script without blanks", function()
    local rows = { entry(ADA, "放松一下。", "01", "02"), entry(ADA, "今天天气很好。", "02", "03") }
    assert.same({ "放松一下。今天天气很好。" }, collect(report_of(rows, math.huge), "text"))
  end)

  it("is joined in memory that grows as the text does", function()
    local function allocated_for(count)
      local rows = {}
      for index = 1, count do rows[index] = entry(ADA, "word", "01", "02") end
      collectgarbage()
      collectgarbage "stop"
      local before = collectgarbage "count"
      report_of(rows, math.huge)
      local allocated = collectgarbage "count" - before
      collectgarbage "restart"
      return allocated
    end
    local few, many = allocated_for(1000), allocated_for(4000)
    assert(many < 6 * few, ("%.0f kB, then %.0f kB"):format(few, many))
  end)

  it("lasts from the first start to the latest end", function()
    local report = report_of({ entry(ADA, "a", "01", "09"), entry(ADA, "b", "02", "05") }, 0)
    assert.same({ "2026-11-22T10:00:01Z" }, collect(report, "start_time"))
    assert.same({ "2026-11-22T10:00:09Z" }, collect(report, "end_time"))
  end)

  it("starts at the first start that can be read", function()
    local report = report_of({ { participant = ADA, text = "a", startTime = "soon" },
      entry(ADA, "b", "02", "05") }, math.huge)
    assert.same({ "2026-11-22T10:00:02Z" }, collect(report, "start_time"))
  end)

  it("has a language only if all its entries share it", function()
    local swedish = entry(ADA, "b", "02", "03")
    swedish.languageCode = "sv-SE"
    local first = report_of({ entry(ADA, "a", "01", "02"), swedish }, 9):entries()()
    assert.is_nil(first.language)
  end)

  it("joins over an unknown gap only if any will do", function()
    local rows = { entry(ADA, "a", "01"), entry(ADA, "b", "02", "03") }
    assert.same({ "a", "b" }, collect(report_of(rows, 3600), "text"))
    assert.same({ "a b" }, collect(report_of(rows, math.huge), "text"))
  end)

  it("does not join unknown speakers, nor two speakers with one name", function()
    assert.same({ "a", "b" }, collect(report_of({ entry(nil, "a", "01", "02"),
      entry(nil, "b", "02", "03") }, math.huge), "text"))
    assert.same({ "a", "b" }, collect(report_of({ entry(ADA, "a", "01", "02"),
      entry(BO, "b", "02", "03") }, math.huge, { [ADA] = "Ada", [BO] = "Ada" }), "text"))
  end)

  it("has the talk time of the unmerged entries", function()
    assert.same(report_of(ROWS):talk_time(), report_of(ROWS, math.huge):talk_time())
    assert.equal(4, report_of(ROWS, math.huge):talk_time()[1].seconds)
  end)
end)

describe("a transcript report's render", function()
  for _, case in ipairs {
    { "text", "00:00:01  Ada: Shall we start?\n00:00:04  Bo: Yes, \"now\".\n", "" },
    { "markdown", "**Ada** (00:00:01): Shall we start?\n\n**Bo** (00:00:04): Yes, \"now\".\n",
      "" },
    { "vtt", "WEBVTT\n\n00:00:01.500 --> 00:00:03.000\n<v Ada>Shall we start?\n\n"
      .. "00:00:04.000 --> 00:00:05.000\n<v Bo>Yes, \"now\".\n", "WEBVTT\n" },
    { "srt", "1\n00:00:01,500 --> 00:00:03,000\nAda: Shall we start?\n\n"
      .. "2\n00:00:04,000 --> 00:00:05,000\nBo: Yes, \"now\".\n", "" },
    { "csv", "start_time,end_time,speaker,text,language,participant\r\n"
      .. "2026-11-22T10:00:01.5Z,2026-11-22T10:00:03Z,Ada,Shall we start?,en-US,"
      .. ADA .. "\r\n"
      .. "2026-11-22T10:00:04Z,2026-11-22T10:00:05Z,Bo,\"Yes, \"\"now\"\".\",en-US,"
      .. BO .. "\r\n",
      "start_time,end_time,speaker,text,language,participant\r\n" },
  } do
    it("as " .. case[1] .. " is as it says", function()
      assert.equal(case[2], report_of(TWO):render(case[1]))
      assert.equal(case[3], dialogue.new({}, {}):render(case[1]))
    end)
  end

  it("is text by default", function()
    assert.equal(report_of(TWO):render "text", report_of(TWO):render())
  end)

  it("as json is an array, as jsonl one object per line", function()
    local report, expected = report_of(TWO), {}
    for one in report:entries() do expected[#expected + 1] = one end
    assert.same(expected, core.decode(report:render "json"))
    local lines = {}
    for line in report:render("jsonl"):gmatch "([^\n]*)\n" do
      lines[#lines + 1] = core.decode(line)
    end
    assert.same(expected, lines)
    assert.same({}, core.decode(dialogue.new({}, {}):render "json"))
    assert.equal("", dialogue.new({}, {}):render "jsonl")
  end)

  describe("of merged entries", function()
    local report = report_of({ entry(ADA, "Yes.", "00", "01"),
      entry(ADA, "Now the second point.", "10.5", "15"), entry(BO, "No.", "15", "16") }, math.huge)

    it("as captions shows what was said when it was said", function()
      assert.equal("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n<v Ada>Yes.\n\n"
        .. "00:00:10.500 --> 00:00:15.000\n<v Ada>Now the second point.\n\n"
        .. "00:00:15.000 --> 00:00:16.000\n<v Bo>No.\n", report:render "vtt")
    end)

    it("as srt names the speaker once", function()
      assert.equal("1\n00:00:00,000 --> 00:00:01,000\nAda: Yes.\n\n"
        .. "2\n00:00:10,500 --> 00:00:15,000\nNow the second point.\n\n"
        .. "3\n00:00:15,000 --> 00:00:16,000\nBo: No.\n", report:render "srt")
    end)

    it("as srt names the speaker where the turn's first entry is cut off", function()
      assert.equal("1\n00:00:05,500 --> 00:00:10,000\nAda: Now the second point.\n\n"
        .. "2\n00:00:10,000 --> 00:00:11,000\nBo: No.\n",
        report:render("srt", { start_time = at "05" }))
    end)

    it("as text puts them in one paragraph", function()
      assert.equal("00:00:00  Ada: Yes. Now the second point.\n00:00:15  Bo: No.\n",
        report:render "text")
    end)
  end)

  it("as csv takes what Excel wants", function()
    local text = report_of(TWO):render("csv", { bom = true, separator = ";" })
    assert.equal("\u{FEFF}start_time;end_time;speaker;text;language;participant\r\n"
      .. "2026-11-22T10:00:01.5Z;2026-11-22T10:00:03Z;Ada;Shall we start?;en-US;" .. ADA .. "\r\n",
      text:match "^.-\n.-\n")
  end)

  it("counts from the first transcript, else from the first entry", function()
    local function first_line(parts) return dialogue.new(parts, NAMES):render("text"):sub(1, 8) end
    assert.equal("00:00:07", first_line { { start_time = at "03", entries = {} },
      { start_time = at "09", entries = { entry(ADA, "a", "10", "11") } } })
    local late = { entry(ADA, "a", "10") }
    assert.equal("00:00:00", first_line { { start_time = "?", entries = late } })
    assert.equal("00:00:00", first_line { { start_time = "0001-01-01T00:00:00Z", entries = late } })
    assert.equal("00:00:00", first_line { { entries = { entry(ADA, "a") } } })
  end)

  it("counts from the option start_time, and leaves out what ended before", function()
    local expected = "00:00:00  Bo: Yes, \"now\".\n"
    assert.equal(expected, report_of(TWO):render("text", { start_time = "2026-11-22T10:00:03.5Z" }))
    assert.equal(expected, report_of(TWO):render("text", { start_time = 1795341603.5 }))
  end)

  it("counts from a fraction of a second to the nanosecond", function()
    local rows = { entry(ADA, "a", "02.75", "03.75") }
    assert.equal("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Ada>a\n",
      report_of(rows):render("vtt", { start_time = 1795341601.75 }))
  end)

  it("has the line length and the lines per cue that were asked for", function()
    local rows = { entry(ADA, "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii", "00", "09") }
    assert.equal("WEBVTT\n\n00:00:00.000 --> 00:00:03.000\n<v Ada>aaaa bbbb cccc\n\n"
      .. "00:00:03.000 --> 00:00:06.000\n<v Ada>dddd eeee ffff\n\n"
      .. "00:00:06.000 --> 00:00:09.000\n<v Ada>gggg hhhh iiii\n",
      report_of(rows):render("vtt", { width = 20, lines = 1 }))
  end)

  it("cuts nothing where the lines may have any length", function()
    local report = report_of { entry(ADA, "It costs 5 € now.", "00", "09") }
    for format, expected in pairs {
      vtt = "WEBVTT\n\n00:00:00.000 --> 00:00:09.000\n<v Ada>It costs 5 € now.\n",
      text = "00:00:00  Ada: It costs 5 € now.\n",
    } do
      assert.equal(expected, report:render(format, { width = math.maxinteger }))
    end
  end)

  for _, case in ipairs {
    { "unknown format 'html'", "html" }, { "unknown format 'false'", false },
    { "did you mean 'width'", "text", { widht = 40 } },
    { "unknown option 'lines'; known: start_time, width", "text", { lines = 2 } },
    { "unknown option 'start_time'", "csv", { start_time = 0 } },
    { "option 'width': a whole number from 20", "vtt", { width = 19 } },
    { "option 'lines': a whole number from 1", "vtt", { lines = 0 } },
    { "option 'separator': ',', ';' or a tab", "csv", { separator = "|" } },
    { "option 'bom': boolean expected", "csv", { bom = 1 } },
    { "unknown option 'bom'", "json", { bom = true } },
    { "option 'lines': a whole number from 1", "srt", { lines = 1.5 } },
    { "option 'start_time': an RFC 3339 time", "vtt", { start_time = "noon" } },
    { "option 'start_time': an RFC 3339 time", "vtt", { start_time = -1 } },
  } do
    it("blames its caller: " .. case[1], function()
      local report = report_of(TWO)
      local ok, message = pcall(function()
        local text = report:render(case[2], case[3])
        return text
      end)
      assert.is_false(ok)
      assert.matches("^spec/unit/report/transcript/dialogue_spec%.lua:%d+: ", message)
      assert(message:find(case[1], 1, true), message)
    end)
  end

  local seed = 1 -- a gate fails for a change, not for the day
  it(("as json can be read back, whatever is said (seed %d)"):format(seed), function()
    math.randomseed(seed)
    local rows = {}
    for index = 1, 400 do rows[index] = entry(ADA, speech.text(8).raw, "01", "02") end
    local report = report_of(rows)
    local objects = core.decode(report:render "json")
    for index, text in ipairs(collect(report, "text")) do
      assert.equal(text, objects[index].text)
    end
  end)
end)
