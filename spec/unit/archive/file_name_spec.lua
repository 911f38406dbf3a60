local file_name = require "googlemeet.archive.file_name"

describe("googlemeet.archive.file_name.of_recording", function()
  for name, expected in pairs {
    ["conferenceRecords/c-1/recordings/r_2"] = "c-1.r_2.mp4",
    ["conferenceRecords/c.1/recordings/r"] = "c%2E1.r.mp4",
    ["conferenceRecords/../recordings/.."] = "%2E%2E.%2E%2E.mp4",
    ["conferenceRecords/recordings/recordings/r"] = "recordings.r.mp4",
  } do
    it("of " .. name .. " is " .. expected, function()
      assert.equal(expected, file_name.of_recording(name))
    end)
  end

  it("is another one for each recording, however long the ids are", function()
    local seen = {}
    for _, ids in ipairs { { ("x"):rep(200), "a" }, { ("x"):rep(200), "b" },
      { ("x"):rep(199), "a" }, { ("é"):rep(60), "a" }, { "a", ("x"):rep(139) } } do
      local name = file_name.of_recording(("conferenceRecords/%s/recordings/%s"):format(
        table.unpack(ids)))
      assert.is_nil(seen[name])
      assert.is_true(#name <= 143)
      assert.matches("^[0-9A-Za-z_%%~.-]+%.mp4$", name)
      seen[name] = true
    end
  end)
end)
