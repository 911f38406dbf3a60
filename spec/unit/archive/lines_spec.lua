local conferences = require "spec.support.conferences"
local lines = require "googlemeet.archive.lines"

local found = conferences.found("conferenceRecords/c1", { "r1" })
local TEXT = [[
{"resource":{"name":"conferenceRecords/c1"},"table":"conference_records"}
]]
  .. '{"resource":{"name":"conferenceRecords/c1/recordings/r1","state":"FILE_GENERATED"},'
  .. '"table":"recordings"}\n'

describe("googlemeet.archive.lines", function()
  it("writes a line for each resource, and reads them", function()
    assert.equal(TEXT, lines.write(found))
    assert.same(found, lines.read(TEXT))
  end)

  it("says why a resource cannot be written", function()
    local text, message = lines.write(conferences.found("conferenceRecords/c1", { "\xff" }))
    assert.is_nil(text)
    assert.equal("the value cannot be written as JSON: a string is not UTF-8", message)
  end)

  for title, text in pairs {
    ["nothing"] = "", ["a text that was cut at a line"] = TEXT:match "^[^\n]+",
    ["a text that was cut in a line"] = TEXT:sub(1, -10), ["what is no JSON"] = TEXT .. "{\n",
    ["an unknown table"] = TEXT .. '{"resource":{},"table":"manifest"}\n',
    ["a resource that is none"] = TEXT .. '{"resource":5,"table":"recordings"}\n',
    ["two records"] = TEXT .. TEXT, ["no record"] = TEXT:match "\n(.*)$",
    ["a record without a name"] = '{"resource":{},"table":"conference_records"}\n',
  } do
    it("takes " .. title .. " for no whole conference", function()
      assert.is_nil(lines.read(text))
    end)
  end
end)
