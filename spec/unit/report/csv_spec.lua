local csv = require "googlemeet.report.csv"
local rfc4180 = require "spec.support.rfc4180"

--- The cells of a line as a reader of another separator finds them: it sees a quote at the start of
-- a cell only.
local function split(text, separator)
  local cells, at = {}, 1
  while at <= #text do
    local cell = ""
    if text:sub(at, at) == '"' then
      local stop = at
      repeat
        stop = text:find('"', stop + 1, true) or #text + 1
        local is_doubled = text:sub(stop + 1, stop + 1) == '"'
        if is_doubled then stop = stop + 1 end
      until not is_doubled
      cell, at = text:sub(at + 1, stop - 1):gsub('""', '"'), math.min(stop, #text) + 1
    end
    local rest, after = text:match("^([^\r\n" .. separator .. "]*)()", at)
    cells[#cells + 1], at = cell .. rest, after + 1
  end
  return cells
end

--- Write one line of a date and a text; give the cells of readers of all separators.
local function read_by_others(text, opts)
  local written, cells = csv.write({ { "2026-11-20", text, "en" } }, opts), {}
  for _, separator in ipairs { ",", ";", "\t" } do
    for _, cell in ipairs(split(written, separator)) do cells[#cells + 1] = cell end
  end
  return cells
end

describe("googlemeet.report.csv.write", function()
  for _, case in ipairs {
    { "well;=1;bye", "well;'=1;bye" }, { "well\t@A1", "well\t'@A1" }, { "a\n=1", "a\n'=1" },
    { "a\r\n+1", "a\r\n'+1" }, { 'a;"=1;b', "a;'\"=1;b" }, { "a;＝1", "a;'＝1" }, { ";=1", ";'=1" },
    { "a;;=1", "a;;'=1" }, { "=1;=2", "'=1;'=2" }, { "a,=1", "a,=1" }, { "a; =1;b", "a; =1;b" },
    { "1;-2;3", "1;-2;3" }, { "1;-2+3", "1;'-2+3" }, { "a;b", "a;b" }, { "a;", "a;" },
    { "-1.5e+3", "-1.5e+3" }, { "-1.5e", "'-1.5e" }, { "-.5", "'-.5" }, { "-1e5", "'-1e5" },
  } do
    it(("writes %q so that no cell of it is a formula"):format(case[1]), function()
      local written = csv.write { { "2026-11-20", case[1], "en" } }
      assert.equal(case[2], rfc4180.read(written)[1][2])
    end)
  end

  it("leaves no formula for a reader of any separator", function()
    local pieces = { "=", "+", "-", "@", ";", ",", "\t", "\n", "\r", '"', "'", "a", "1", "＝", " " }
    math.randomseed(1)
    for _ = 1, 500 do
      local parts = {}
      for index = 1, math.random(8) do parts[index] = pieces[math.random(#pieces)] end
      local text = table.concat(parts)
      for _, separator in ipairs { ",", ";", "\t" } do
        for _, cell in ipairs(read_by_others(text, { separator = separator })) do
          assert(not cell:find "^[=+@]" and not cell:find "^-%D" and not cell:find "^＝",
            ("%q gives %q"):format(text, cell))
        end
      end
    end
  end)

  it("takes another separator, and a byte order mark", function()
    assert.equal('\u{FEFF}a;"b;c"\r\n"d,e";\r\n',
      csv.write({ { "a", "b;c" }, { "d,e", "" } }, { bom = true, separator = ";" }))
    assert.equal('a\t"b\tc"\r\n', csv.write({ { "a", "b\tc" } }, { separator = "\t" }))
  end)

  it("puts an apostrophe behind a comma where that does not part cells", function()
    assert.equal("\"a,'=1\"\r\n", csv.write({ { "a,=1" } }, { separator = ";" }))
    assert.equal("\"a;=1\"\r\n", csv.write({ { "a;=1" } }, { separator = ";" }))
  end)

  it("takes no long time for long texts", function()
    local before = os.clock()
    csv.write { { "-" .. ("1"):rep(100000) .. "x", (";"):rep(50000), (";-1"):rep(30000) .. "x" } }
    assert.is_true(os.clock() - before < 5)
  end)
end)

describe("googlemeet.report.csv.problem", function()
  it("names what a separator may be", function()
    assert.is_nil(csv.problem { separator = ";" })
    assert.equal("option 'separator': ',', ';' or a tab expected", csv.problem { separator = "|" })
  end)
end)
