local talk_time = require "googlemeet.report.transcript.talk_time"

--- Entries of rows { speaker, from, to }, the times as what follows "2026-11-22T10:00:".
local function entries_of(rows)
  local entries = {}
  for index, row in ipairs(rows) do
    entries[index] = {
      speaker = row[1], participant = row.id or "p/" .. row[1], text = "…",
      start_time = row[2] and "2026-11-22T10:00:" .. row[2] .. "Z",
      end_time = row[3] and "2026-11-22T10:00:" .. row[3] .. "Z",
    }
  end
  return entries
end

--- Rows as "speaker seconds share turns longest", one a line.
local function summary(entries)
  local lines = {}
  for index, row in ipairs(talk_time.of(entries)) do
    lines[index] = ("%s %s %.14g %d %s"):format(row.speaker, row.seconds, row.share, row.turns,
      row.longest)
  end
  return table.concat(lines, "\n")
end

describe("googlemeet.report.transcript.talk_time.of", function()
  for _, case in ipairs {
    { "gives nothing for nothing", {}, "" },
    { "adds up what a speaker said", { { "Ada", "00", "02" }, { "Bo", "02", "03" },
      { "Ada", "03", "06" } }, "Ada 5 0.83333333333333 2 3\nBo 1 0.16666666666667 1 1" },
    { "puts the longest first", { { "Ada", "00", "01" }, { "Bo", "01", "04" } },
      "Bo 3 0.75 1 3\nAda 1 0.25 1 1" },
    { "keeps the order of speaking among equals", { { "Cy", "00", "01" }, { "Ada", "01", "02" },
      { "Bo", "02", "04" } }, "Bo 2 0.5 1 2\nCy 1 0.25 1 1\nAda 1 0.25 1 1" },
    { "takes entries without another one between them for one turn",
      { { "Ada", "00", "02" }, { "Ada", "10", "13" }, { "Bo", "13", "14" }, { "Ada", "14", "15" } },
      "Ada 6 0.85714285714286 2 5\nBo 1 0.14285714285714 1 1" },
    { "counts an overlap for each", { { "Ada", "00", "10" }, { "Bo", "05", "15" } },
      "Ada 10 0.5 1 10\nBo 10 0.5 1 10" },
    { "counts a speaker's own overlap once", { { "Ada", "00", "10" }, { "Ada", "05", "12" },
      { "Ada", "06", "07" } }, "Ada 12 1 1 12" },
    { "counts it once across turns, too", { { "Ada", "00", "10" }, { "Bo", "04", "05" },
      { "Ada", "08", "12" } }, "Ada 12 0.92307692307692 2 10\nBo 1 0.076923076923077 1 1" },
    { "keeps two of one name apart", { { "Ada", "00", "01", id = "p/1" },
      { "Ada", "01", "03", id = "p/2" } },
      "Ada 2 0.66666666666667 1 2\nAda 1 0.33333333333333 1 1" },
    { "is exact to the nanosecond", { { "Ada", "00.000000001", "00.750000001" },
      { "Bo", "01.000000000", "01.250000000" } }, "Ada 0.75 0.75 1 0.75\nBo 0.25 0.25 1 0.25" },
    { "adds nothing where the end is before the start", { { "Ada", "05", "01" },
      { "Bo", "06", "07" } }, "Bo 1 1 1 1\nAda 0 0 1 0" },
    { "adds nothing where a time is missing", { { "Ada", "05" }, { "Ada", nil, "07" },
      { "Bo", "08", "09" } }, "Bo 1 1 1 1\nAda 0 0 1 0" },
    { "adds nothing where a time is none", { { "Ada", "05", "99" } }, "Ada 0 0 1 0" },
    { "has shares of 0 where nobody spoke measurably", { { "Ada", "05", "05" },
      { "Bo", "05", "05" } }, "Ada 0 0 1 0\nBo 0 0 1 0" },
  } do
    it(case[1], function() assert.equal(case[3], summary(entries_of(case[2]))) end)
  end

  it("ignores an end after 2262, which says that there is none", function()
    local entries = entries_of { { "Ada", "00", "01" }, { "Ada", "01", "05" } }
    entries[1].end_time = "9999-12-31T23:59:59Z"
    assert.equal("Ada 4 1 1 4", summary(entries))
  end)

  it("ignores a start before 1970, a timestamp that was never set", function()
    local entries = entries_of { { "Ada", "00", "02" } }
    entries[1].start_time = "0001-01-01T00:00:00Z"
    assert.equal("Ada 0 0 1 0", summary(entries))
  end)

  it("names the participant, and counts entries without one together", function()
    local entries = entries_of { { "Ada", "00", "01" }, { "?", "01", "02" }, { "?", "02", "04" } }
    entries[2].participant, entries[3].participant = nil, nil
    assert.same({
      { speaker = "?", seconds = 3, share = 0.75, turns = 1, longest = 3 },
      { speaker = "Ada", participant = "p/Ada", seconds = 1, share = 0.25, turns = 1, longest = 1 },
    }, talk_time.of(entries))
  end)

  it("has the users of those who are signed in", function()
    local rows = talk_time.of(entries_of { { "Ada", "00", "02" }, { "Bo", "02", "03" } },
      { ["p/Ada"] = "users/1" })
    assert.same({ "users/1", nil }, { rows[1].user, rows[2].user })
  end)

  it("adds up to the union of a speaker's time, whatever the server cuts", function()
    local seed = 1 -- a gate fails for a change, not for the day
    math.randomseed(seed)
    for _ = 1, 200 do
      local rows, seen, total = {}, {}, 0
      for index = 1, 20 do
        local from = math.random(0, 50)
        rows[index] = { "Ada", from, math.random(from, 59) }
        for second = from, rows[index][3] - 1 do
          total, seen[second] = total + (seen[second] and 0 or 1), true
        end
      end
      table.sort(rows, function(one, other) return one[2] < other[2] end)
      for _, row in ipairs(rows) do
        row[2], row[3] = ("%02d"):format(row[2]), ("%02d"):format(row[3])
      end
      assert.equal(total, talk_time.of(entries_of(rows))[1].seconds, "seed " .. seed)
    end
  end)
end)
