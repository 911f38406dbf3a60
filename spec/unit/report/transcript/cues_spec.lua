local cues = require "googlemeet.report.transcript.cues"
local time = require "googlemeet.time"

local ZERO = time.instant "2026-11-22T10:00:00Z"

--- Entries of rows { text, from, to }, the times as what follows "2026-11-22T".
local function entries_of(rows)
  local entries = {}
  for index, row in ipairs(rows) do
    entries[index] = {
      speaker = "Ada", text = row[1], start_time = row[2] and "2026-11-22T" .. row[2] .. "Z",
      end_time = row[3] and "2026-11-22T" .. row[3] .. "Z",
    }
  end
  return entries
end

--- Cues as "from-to text", one a line.
local function summary(list)
  local lines = {}
  for index, cue in ipairs(list) do
    lines[index] = ("%d-%d %s"):format(cue.from, cue.to,
      cue.lines and table.concat(cue.lines, "|") or cue.text)
  end
  return table.concat(lines, "\n")
end

describe("googlemeet.report.transcript.cues.place", function()
  for _, case in ipairs {
    { "counts milliseconds from the zero",
      { { "a", "10:00:01.5", "10:00:02.25" } }, "1500-2250 a" },
    { "cuts off what is less than a millisecond",
      { { "a", "10:00:01.000999999", "10:00:02.000999999" } }, "1000-2000 a" },
    { "leaves out an entry without a text", { { "", "10:00:01", "10:00:02" },
      { " \n\u{A0}", "10:00:01", "10:00:02" }, { "a", "10:00:03", "10:00:04" } }, "3000-4000 a" },
    { "makes one line of a text, which no blank line may cut",
      { { " one\n\n2\n\t\ntwo\255\n", "10:00:01", "10:00:02" } }, "1000-2000 one 2 two\u{FFFD}" },
    { "guesses a missing end from the text", { { "a", "10:00:01" },
      { ("x"):rep(100), "10:00:09" } }, "1000-2000 a\n9000-15500 " .. ("x"):rep(100) },
    { "ends a guess where the next one starts", { { "a", "10:00:01" },
      { "b", "10:00:01.4", "10:00:02" } }, "1000-1400 a\n1400-2000 b" },
    { "guesses anew where the end is not after the start",
      { { "a", "10:00:05", "10:00:05" }, { "b", "10:00:07", "10:00:06" } },
      "5000-6000 a\n7000-8000 b" },
    { "guesses anew where both are the same millisecond",
      { { "a", "10:00:05.0001", "10:00:05.0002" } }, "5000-6000 a" },
    { "puts an entry without a start before its end, behind the last one",
      { { "a", "10:00:01", "10:00:02" }, { "b", nil, "10:00:02.5" }, { "c", nil, "10:00:09" } },
      "1000-2000 a\n2000-2500 b\n8000-9000 c" },
    { "puts an entry without times behind the last one",
      { { "a", "10:00:01", "10:00:02" }, { "b" }, { "c", "10:00:02.7", "10:00:03" } },
      "1000-2000 a\n2000-2700 b\n2700-3000 c" },
    { "puts cues in order of start when that is guessed",
      { { "a", "10:00:05", "10:00:09" }, { ("y"):rep(40), nil, "10:00:06" } },
      "3400-6000 " .. ("y"):rep(40) .. "\n5000-9000 a" },
    { "lets a guess outlast one that started before",
      { { "a", "10:00:01", "10:00:09" }, { "b" }, { "c", "10:00:02", "10:00:03" } },
      "1000-9000 a\n2000-3000 c\n9000-10000 b" },
    { "begins at the zero where nothing has a time", { { "a" }, { "b" } },
      "0-1000 a\n1000-2000 b" },
    { "takes what is no time for none", { { "a", "10:61:00", "soon" } }, "0-1000 a" },
    { "shows at the zero what was before it", { { "a", "09:59:58", "10:00:01" },
      { "b", "09:59:57", "09:59:58" } }, "0-1000 a\n0-1000 b" },
    { "lets entries overlap, in order of start",
      { { "a", "10:00:01", "10:00:09" }, { "b", "10:00:02", "10:00:03" } },
      "1000-9000 a\n2000-3000 b" },
  } do
    it(case[1], function()
      assert.equal(case[3], summary(cues.place(entries_of(case[2]), ZERO, false)))
    end)
  end

  it("ignores a time after 2262, which says that there is no end", function()
    local entries = entries_of { { "a", "10:00:01" }, { "b", "10:00:03", "10:00:04" }, { "c" } }
    entries[1].end_time = "9999-12-31T23:59:59Z"
    assert.equal("1000-2000 a\n3000-4000 b\n4000-5000 c",
      summary(cues.place(entries, ZERO, false)))
  end)

  it("ignores a time before 1970, a timestamp that was never set", function()
    local entries = entries_of { { "a", "10:00:01", "10:00:05" } }
    entries[1].start_time = "0001-01-01T00:00:00Z"
    assert.equal("4000-5000 a", summary(cues.place(entries, ZERO, false)))
  end)

  it("leaves out what ended before the zero, if asked to", function()
    local entries = entries_of { { "a", "09:59:50", "10:00:00" }, { "b", "09:59:59", "10:00:01" },
      { "c", "09:59:58" } }
    assert.equal("0-1000 b", summary(cues.place(entries, ZERO, true)))
  end)
end)

describe("googlemeet.report.transcript.cues.split", function()
  local function split(text, from, to)
    return summary(cues.split({ { speaker = "Ada", text = text, from = from, to = to } }, 10, 2))
  end

  it("limits the lines of a cue, and divides its time by length", function()
    assert.equal("0-2100 aaaaaaaaaa|bbbbbbbbbb\n2100-2500 cccc",
      split("aaaaaaaaaa bbbbbbbbbb cccc", 0, 2500))
  end)

  it("gives every part a millisecond at least", function()
    assert.equal("7-8 aaaaaaaaaa|bbbbbbbbbb\n8-9 cccccccccc|dddddddddd\n9-10 e",
      split("aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd e", 7, 8))
  end)

  it("leaves time for short parts at the end", function()
    assert.equal("0-1 aaaaaaaaaa|bbbbbbbbbb\n1-2 cccccccccc|dddddddddd\n2-3 e|ffffffffff\n3-4 g",
      split("aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd e ffffffffff g", 0, 4))
  end)

  it("keeps starts in order where entries overlap", function()
    local list = cues.split({
      { speaker = "Ada", text = "aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd", from = 0, to = 10 },
      { speaker = "Bo", text = "x", from = 2, to = 4 },
    }, 10, 2)
    assert.equal("0-5 aaaaaaaaaa|bbbbbbbbbb\n2-4 x\n5-10 cccccccccc|dddddddddd", summary(list))
    assert.equal("Bo", list[2].speaker)
  end)
end)

describe("googlemeet.report.transcript.cues.time", function()
  for _, case in ipairs {
    { 0, ".", "00:00:00.000" }, { 3723004, ",", "01:02:03,004" }, { 3723999, nil, "01:02:03" },
    { 359999999, ".", "99:59:59.999" }, { 360000000, ".", "100:00:00.000" },
    { 4444444444, ",", "1234:34:04,444" },
  } do
    it("writes " .. case[3], function() assert.equal(case[3], cues.time(case[1], case[2])) end)
  end
end)
