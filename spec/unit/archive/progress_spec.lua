local progress = require "googlemeet.archive.progress"
local tree = require "spec.support.tree"

local AT = {
  done = 3, total = 17, record = "conferenceRecords/c1", state = "due",
  counts = { participants = 12, transcript_entries = 320 },
}

local SCRIPT = tree.quote [[
  local draw = require "googlemeet.archive.progress".new()
  for done = 1, 2 do
    draw { done = done, total = 2, record = "c", state = "due",
      counts = { participants = 1, transcript_entries = 0 } }
  end]]

describe("googlemeet.archive.progress.line", function()
  it("describes the progress of a run", function()
    assert.equal("3 of 17  conferenceRecords/c1  due, 12 participants, 320 transcript entries",
      progress.line(AT))
  end)

  for expected, more in pairs {
    ["3 of 17  12.5 of 800.0 MB  c/recordings/r"] = { bytes = 12500000, size = 800000000 },
    ["3 of 17  12.5 MB  c/recordings/r"] = { bytes = 12500000 },
    ["3 of 17  c/recordings/r"] = {},
  } do
    it("describes how far a file is: " .. expected, function()
      more.file = "c/recordings/r"
      assert.equal(expected, progress.line(setmetatable(more, { __index = AT })))
    end)
  end

  it("fits a line of a terminal", function()
    local long = setmetatable({ record = ("x"):rep(100) }, { __index = AT })
    local line = progress.line(long)
    assert.equal(79, #line)
    assert.matches("^3 of 17  x+%.%.%.$", line)
  end)
end)

describe("googlemeet.archive.progress.new", function()
  it("redraws one line of a terminal", function()
    local output = tree.run_on_terminal(tree.lua() .. " -e " .. SCRIPT)
    if not output then return pending "there are no pseudo-terminals" end
    local shown = output:gsub(" +\r", "\r"):gsub(" +\n", "\n")
    assert.equal("\r1 of 2  c  due, 1 participants, 0 transcript entries"
      .. "\r2 of 2  c  due, 1 participants, 0 transcript entries", (shown:gsub("%s+$", "")))
    assert.matches("\n$", output)
  end)

  it("writes nothing into a pipe", function()
    assert.equal("", (tree.run(tree.lua() .. " -e " .. SCRIPT)))
  end)

  it("does not take any other file for a terminal", function()
    local file <close> = assert(io.tmpfile())
    progress.new(file)(AT)
    assert.equal(0, file:seek "end")
  end)

  it("refuses a value that is not an open file", function()
    local _, message = pcall(function() assert(progress.new "stderr") end)
    assert.matches("progress_spec%.lua:%d+: archive%.progress: an open file expected, got string$",
      message)
  end)
end)
