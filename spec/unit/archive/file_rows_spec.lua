local core = require "googlemeet.core"
local rows = require "googlemeet.archive.file_rows"

local RECORDING = {
  name = "conferenceRecords/c/recordings/r", file = "id", state = "complete", bytes = 5,
  sha256 = "aa", path = "c.r.mp4",
}
local NOTE = {
  name = "conferenceRecords/c/smartNotes/n", file = "id", state = "complete", bytes = 2,
  format = "text", text = "It",
}

describe("googlemeet.archive.file_rows", function()
  it("are lines with a checksum each, which are read again", function()
    local text = assert(rows.write { RECORDING, NOTE })
    local json = [[{"bytes":5,"file":"id","name":"conferenceRecords/c/recordings/r",]]
      .. [["path":"c.r.mp4","sha256":"aa","state":"complete"}]]
    assert.equal(('{"checksum":"%s","file":%s}'):format(core.file.checksum(json), json),
      text:match "^[^\n]+")
    assert.same({ RECORDING, NOTE }, rows.parse(text))
  end)

  it("are left out where they are torn, and no others", function()
    local text = assert(rows.write { RECORDING, NOTE })
    for length = 0, #text do
      local read = rows.parse(text:sub(1, length))
      for index, row in ipairs(read) do assert.same(({ RECORDING, NOTE })[index], row) end
    end
    assert.same({ NOTE }, rows.parse((text:gsub('"bytes":5', '"bytes":6'))))
    assert.same({ RECORDING }, rows.parse((text:gsub('"It"', '"at"'))))
    assert.same({}, rows.parse "5\nnull\n{}\n")
  end)

  it("say why they cannot be written", function()
    local text, message = rows.write { { name = "a", state = "complete", text = "\xff" } }
    assert.is_nil(text)
    assert.equal("the value cannot be written as JSON: a string is not UTF-8", message)
  end)

  for title, row in pairs {
    ["of no state"] = { { name = "a" }, { name = "a", state = "due" } },
    ["of a state that is unknown"] = { { name = "a", state = "lost" },
      { name = "a", state = "due" } },
    ["without its text"] = { { name = "a", state = "complete", text = 5 },
      { name = "a", state = "due" } },
    ["of a recording without its size"] = {
      { name = "conferenceRecords/c/recordings/r", state = "complete", bytes = -1 },
      { name = "conferenceRecords/c/recordings/r", state = "due", path = "c.r.mp4" } },
    ["with its own path"] = {
      { name = "conferenceRecords/c/recordings/r", state = "complete", bytes = 1, path = "/etc" },
      { name = "conferenceRecords/c/recordings/r", state = "complete", bytes = 1,
        path = "c.r.mp4" } },
    ["without a name"] = { { state = "complete" } },
    ["that is none"] = { "row" },
  } do
    it("are read with care: one " .. title, function()
      assert.same(row[2], rows.read(row[1]))
    end)
  end

  it("are settled when nothing is to be got for them", function()
    assert.is_true(rows.is_settled { state = "complete" })
    assert.is_true(rows.is_settled { state = "unavailable" })
    assert.is_false(rows.is_settled { state = "due" })
  end)
end)
