local facts = require "spec.docs.facts"
local json = require "googlemeet.testing.json"
local program = require "spec.support.program"

local RECORD = "conferenceRecords/cr-planning-7f3a"

describe("googlemeet get", function()
  local programs

  setup(function() programs = program.serve() end)
  teardown(function() programs:close() end)
  before_each(function() programs:clear() end)

  --- Run it; what it prints is one line of JSON.
  local function get(arguments)
    local output, status = programs:run("get " .. arguments)
    assert.equal(0, status, output)
    return json.decode(assert(output:match "^[^\n]+\n$"))
  end

  it("takes --json, which changes nothing", function()
    assert.same(get "hpk-vtwd-ens", get "--json hpk-vtwd-ens")
  end)

  it("prints a space by any of its names", function()
    for _, name in ipairs {
      "hpk-vtwd-ens", "https://meet.google.com/hpk-vtwd-ens?authuser=1", "spaces/Qm7xT2kLw9Za",
      "' spaces/hpk-vtwd-ens/ '",
    } do
      local space = get(name)
      assert.equal("spaces/Qm7xT2kLw9Za", space.name)
      assert.equal("TRUSTED", space.config.accessType)
    end
  end)

  it("takes a code for one, whatever word it resembles", function()
    local output, status = programs:run "get con-nect-ions"
    assert.equal(1, status)
    assert.matches("^googlemeet get: [^\n]*not_found", output)
  end)

  it("prints what has a name, or an id", function()
    assert.equal(RECORD, get("cr-planning-7f3a").name)
    for _, list in ipairs { "participants", "recordings", "transcripts", "smartNotes" } do
      local first = get(RECORD .. "/" .. list .. " --limit 1")[1]
      if first then assert.same(first, get(first.name)) end
    end
    local transcript = get(RECORD .. "/transcripts")[1].name
    local entry = get(transcript .. "/entries --limit 1")[1]
    assert.same(entry, get(entry.name))
    local session = get(RECORD .. "/participants/p-1005/participantSessions")[1]
    assert.same(session, get(session.name))
    local member = get("spaces/hpk-vtwd-ens/members")[1]
    assert.same(member, get(member.name))
  end)

  it("prints all items of a list, over all pages, as an array", function()
    assert.equal(8, #get(RECORD .. "/participants"))
    assert.equal(2, #get("conferenceRecords --limit 2"))
    assert.equal("[]\n", (programs:run "get conferenceRecords/cr-empty-0e0e/recordings"))
    local live = get "conferenceRecords --filter 'end_time IS NULL'"
    assert.same({ "conferenceRecords/cr-live-41c0", 1 }, { live[1].name, #live })
  end)

  it("requests every resource and every list that the API has", function()
    for _, row in ipairs(facts.read().operations) do
      if row.verb == "GET" then
        local name = row.path:gsub("^/google%-meet/v2", ""):sub(2):gsub("[{}]", ""):gsub("%*", "x")
        programs:run("get " .. name)
        local log = programs:stats().log
        assert.equal(row.id, log[#log] and log[#log].operation, name)
      end
    end
  end)

  it("prints connections of all apps, each with the url that a person has to open", function()
    local list, apps = get "connections", {}
    for _, connection in ipairs(list) do apps[connection.app] = true end
    assert.is_true(apps["google-meet"] and apps["google-calendar"])
    local one = get("connections/" .. list[1].connection_id)
    assert.equal(list[1].connection_id, one.connection_id)
    assert.matches("^https://connect%.maton%.ai/", one.url)
  end)

  it("works on the demo account", function()
    local space = json.decode((programs:run_demo "get hpk-vtwd-ens"))
    assert.equal("hpk-vtwd-ens", space.meetingCode)
    assert.equal(0, #programs:stats().log)
  end)

  it("ends with status 1 when there is no such resource", function()
    local output, status = programs:run "get conferenceRecords/none"
    assert.equal(1, status)
    assert.matches("^googlemeet get: [^\n]*not_found %(404 NOT_FOUND%)[^\n]*\n$", output)
    programs:fail { on = "participants.list", status = 403 }
    output, status = programs:run("get " .. RECORD .. "/participants")
    assert.matches("^googlemeet get: [^\n]*permission %(403[^\n]*\n$", output)
    assert.equal(1, status)
  end)

  it("refuses names and options that cannot be used, and asks for nothing", function()
    for arguments, message in pairs {
      [""] = "an argument is missing",
      ["spaces"] = "Meet has no list of spaces: give the link, the code or the name of one",
      ["conferenceRecord"] =
        "there is no list 'conferenceRecord'; did you mean 'conferenceRecords'?",
      ["space/x"] = "there is no list 'space'; did you mean 'spaces'?",
      ["spaces/a/membres"] = "there is no list 'membres'; did you mean 'members'?",
      ["conferenceRecords/a/transcripts/b/entires"] =
        "there is no list 'entires'; did you mean 'entries'?",
      ["connections/a/b"] = "malformed resource name 'connections/a/b'",
      ["'connections/a b'"] = "malformed resource name 'connections/a b'",
      ["'conferenceRecords/a b/participants'"] = "malformed resource name 'conferenceRecords/a b'",
      ["conferenceRecords//participants"] = "malformed resource name 'conferenceRecords/'",
      ["/"] = "malformed resource name ''",
      ["records/a"] = "malformed resource name 'records/a'",
      ["spaces/a --limit 5"] = "--limit and --filter are for lists",
      ["connections --filter x"] = "--filter: the API has no filter for this list",
      ["conferenceRecords --limit 0"] = "--limit: a positive integer expected, not '0'",
      ["conferenceRecords --limit 9007199254740993"] = "--limit: at most 1000000000 expected, not "
        .. "'9007199254740993'",
      ["conferenceRecords --filter 'a\nb'"] = "conference_records:list: query value must not "
        .. "have a control byte",
      ["conferenceRecords/a/participants --filter " .. ("x"):rep(70000)] =
        "participants:list: over the limit of 65536 bytes",
    } do
      local output, status = programs:run("get " .. arguments)
      assert.equal(2, status, arguments)
      assert.equal("googlemeet get: " .. message, output:sub(1, #message + 16))
      assert.matches(" %(see googlemeet get %-%-help%)\n$", output)
    end
    assert.equal(0, #programs:stats().log)
  end)
end)
