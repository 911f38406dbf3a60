local program = require "spec.support.program"

describe("googlemeet transcript", function()
  local programs

  setup(function() programs = program.serve() end)
  teardown(function() programs:close() end)
  before_each(function() programs:clear() end)

  it("says in one line what a server returned that cannot be used", function()
    for _, case in ipairs {
      { "spaces.get", '{"name":5}', "a space without a usable name" },
      { "spaces.get", "{}", "a space without a usable name" },
      { "conferenceRecords.list", '{"conferenceRecords":[{"endTime":"2026-01-01T00:00:00Z"}]}',
        "a conference record without a usable name" },
    } do
      programs:fail { on = case[1], status = 200, body = case[2] }
      assert.same({ "googlemeet transcript: the server returned " .. case[3] .. "\n", 1 },
        { programs:run "transcript hpk-vtwd-ens" })
    end
    programs:fail { on = "conferenceRecords.get", status = 200, body = '{"name":"x/y/z"}' }
    assert.same({ "googlemeet transcript: the server returned a conference record without a usable "
      .. "name\n", 1 }, { programs:run "transcript cr-planning-7f3a" })
    local body = '{"recordings":[{"startTime":"x"}]}'
    programs:fail { on = "recordings.list", status = 200, body = body }
    assert.same({ "googlemeet transcript: conferenceRecords/cr-planning-7f3a has a recording "
      .. "without the time of its start\n", 1 },
      { programs:run "transcript cr-planning-7f3a --recording --format vtt" })
  end)

  it("writes every format", function()
    for format, start in pairs {
      text = "^00:00:01  Ada Bergqvist: Let me share my screen, one moment%.\n",
      markdown = "^%*%*Ada Bergqvist%*%* %(00:00:01%): Let me share my screen, one moment%.\n",
      vtt = "^WEBVTT\n\n00:00:01%.204 %-%-> 00:00:04%.037\n<v Ada Bergqvist>Let me share",
      srt = "^1\n00:00:01,204 %-%-> 00:00:04,037\nAda Bergqvist: Let me share",
      csv = "^start_time,end_time,speaker,text,language,participant\r\n",
      json = '^%[\n{"start_time":"%d+%-%d%d%-%d%dT09:03:01%.604Z",',
      jsonl = '^{"start_time":"%d+%-%d%d%-%d%dT09:03:01%.604Z",',
    } do
      local output, status = programs:run(("transcript --format %s cr-planning-7f3a"):format(
        format))
      assert.matches(start, output)
      assert.equal(0, status)
    end
  end)

  it("writes JSON by its short name, into a file, too", function()
    local output = programs:run "transcript --format json cr-planning-7f3a"
    assert.same({ output, 0 }, { programs:run "transcript --json cr-planning-7f3a" })
    assert.same({ "", 0 }, { programs:run "transcript --json --output FOLDER/x cr-planning-7f3a" })
    assert.equal(output, programs:read "x")
  end)

  it("writes text into a file, merged", function()
    local output = programs:run "transcript --merge 20 --output FOLDER/said cr-planning-7f3a"
    assert.equal("", output)
    assert.matches("\n00:00:08  Farid Dubois: Tack, det var allt från mig%. Nej, ",
      programs:read "said")
  end)

  it("counts from the start of the recording", function()
    local output = programs:run "transcript --recording --format vtt cr-planning-7f3a"
    assert.matches("^WEBVTT\n\n00:00:01%.299 ", output) -- the recording began 95 ms earlier
  end)

  it("shows a conference worth it in the demo account", function()
    local output = programs:run_demo "transcript"
    assert.matches("^00:00:01  Ada Bergqvist: Let me share", output)
  end)

  it("says what is not there", function()
    for command, message in pairs {
      ["transcript cr-empty-0e0e"] = "cr%-empty%-0e0e has no transcript, or none yet\n$",
      ["transcript --recording cr-customer-5d02"] = "cr%-customer%-5d02 has no recording\n$",
      ["transcript ruj-mzpa-wce"] = "days has ended and has a transcript; one that runs is given "
        .. "by the name of its record %(googlemeet get conferenceRecords%)\n$",
      ["transcript no-such-record"] = "not_found %(404 NOT_FOUND%)",
    } do
      local output, status = programs:run(command)
      assert.matches("^googlemeet transcript: [^\n]*" .. message, output)
      assert.equal(1, status)
    end
  end)
end)
