local contract = require "spec.support.contract"

local KEY = { Authorization = "Bearer k" }
local CALENDARS = "/google-calendar/calendar/v3/calendars/"
local BODY = { Authorization = "Bearer k", ["Content-Type"] = "application/json" }

local function check(method, target, body, headers)
  return contract.check {
    method = method, url = "https://api.example" .. target, body = body,
    headers = headers or (body and BODY or KEY),
  }
end

describe("contract.check", function()
  local good = {
    { "spaces.create", "POST", "/google-meet/v2/spaces", "{}" },
    { "spaces.create", "POST", "/google-meet/v2/spaces" },
    { "spaces.get", "GET", "/google-meet/v2/spaces/hpk-vtwd-ens?fields=name,config/accessType" },
    { "spaces.patch", "PATCH", "/google-meet/v2/spaces/Qm7x?updateMask=config.moderation",
      '{"config":{"moderation":"ON"}}' },
    { "spaces.endActiveConference", "POST", "/google-meet/v2/spaces/Q:endActiveConference", "{}" },
    { "spaces.members.batchUpdate", "POST", "/google-meet/v2/spaces/Q/members:batchUpdate",
      '{"requests":[{"member":{"name":"spaces/Q/members/1","role":"COHOST"}}]}' },
    { "conferenceRecords.list", "GET", "/google-meet/v2/conferenceRecords?pageSize=100&filter="
      .. "space.name%3D%22spaces%2FQ%22%20AND%20end_time%20IS%20NULL" },
    { "conferenceRecords.transcripts.entries.get", "GET",
      "/google-meet/v2/conferenceRecords/c-1/transcripts/t.1/entries/e~1%3D" },
    { "connections.list", "GET", "/connections?app=google-meet&status=ACTIVE" },
    { "connections.create", "POST", "/connections", '{"app":"google-meet"}' },
    { "connections.delete", "DELETE", "/connections/5b0f7c7e" },
    { "drive.files.get", "GET", "/google-drive/drive/v3/files/1A_b-c?supportsAllDrives=true"
      .. "&fields=id,name,size,capabilities/canDownload" },
    { "drive.files.get", "GET", "/google-drive/drive/v3/files/1A?alt=media&acknowledgeAbuse=true" },
    { "drive.files.export", "GET", "/google-drive/drive/v3/files/1A/export?mimeType=text%2Fplain" },
    { "docs.documents.get", "GET", "/google-docs/v1/documents/1A?includeTabsContent=true" },
    { "docs.documents.get", "GET",
      "/google-docs/v1/documents/1A?suggestionsViewMode=PREVIEW_WITHOUT_SUGGESTIONS" },
    { "calendar.events.list", "GET", CALENDARS .. "primary/events?singleEvents=true&"
      .. "timeMin=2026-11-21T00%3A00%3A00Z&timeMax=2026-11-22T01:00:00.5%2B01:00&maxResults=2500"
      .. "&fields=items(id,attendees/email),nextPageToken&pageToken=a" },
    { "calendar.events.list", "GET", CALENDARS .. "team%40group.calendar.google.com/events?"
      .. "singleEvents=true&orderBy=startTime&showDeleted=true" },
    { "calendar.events.get", "GET",
      CALENDARS .. "primary/events/_6p3_20261122T090000Z?timeZone=Europe%2FZurich" },
  }
  for _, case in ipairs(good) do
    it(("takes %s %s"):format(case[2], case[3]), function()
      assert.equal(case[1], assert(check(case[2], case[3], case[4])))
    end)
  end

  local bad = {
    { "no operation", "GET", "/v2/spaces/Q" },
    { "no operation", "PUT", "/google-meet/v2/spaces/Q" },
    { "no operation", "POST", "/google-meet/v2/spaces/Q%3AendActiveConference" },
    { "not an id", "GET", "/google-meet/v2/spaces/a%2Fb" },
    { "not an id", "GET", "/google-meet/v2/spaces//members" },
    { "meeting code", "PATCH", "/google-meet/v2/spaces/hpk-vtwd-ens", "{}" },
    { "not a parameter", "GET", "/google-meet/v2/spaces/Q?pageSize=5" },
    { "not a parameter", "GET", "/google-meet/v2/spaces/Q?page_size=5" },
    { "given twice", "GET", "/google-meet/v2/conferenceRecords?pageSize=5&pageSize=5" },
    { "int32", "GET", "/google-meet/v2/conferenceRecords?pageSize=-1" },
    { "int32", "GET", "/google-meet/v2/conferenceRecords?pageSize=25.0" },
    { "a bare %+", "GET", "/google-meet/v2/conferenceRecords?filter=end_time+IS+NULL" },
    { "no documented term", "GET", "/google-meet/v2/conferenceRecords?filter=endTime%20IS%20NULL" },
    { "no documented term", "GET", "/google-meet/v2/conferenceRecords?filter=x%20OR%20y" },
    { "is no time", "GET", "/google-meet/v2/conferenceRecords?filter=end_time%3E%3D%22now%22" },
    { "an empty one", "GET", "/google-meet/v2/conferenceRecords?" },
    { "takes none", "GET", "/google-meet/v2/spaces/Q", "{}" },
    { "body: missing", "PATCH", "/google-meet/v2/spaces/Q" },
    { "not a JSON object", "POST", "/google-meet/v2/spaces", "[]" },
    { "not a field", "POST", "/google-meet/v2/spaces", '{"meetingCode":"a-b-c"}' },
    { "no such field", "POST", "/google-meet/v2/spaces", '{"config":{"x":1}}' },
    { "not a choice", "POST", "/google-meet/v2/spaces", '{"config":{"accessType":"open"}}' },
    { "not a choice", "POST", "/google-meet/v2/spaces",
      '{"config":{"moderation":"MODERATION_UNSPECIFIED"}}' },
    { "not a string", "POST", "/google-meet/v2/spaces", '{"config":{"accessType":null}}' },
    { "email is missing", "POST", "/google-meet/v2/spaces/Q/members", "{}" },
    { "0 items", "POST", "/google-meet/v2/spaces/Q/members:batchUpdate", '{"requests":[]}' },
    { "cannot be written", "PATCH", "/google-meet/v2/spaces/Q?updateMask=meetingCode", "{}" },
    { "is no path", "PATCH", "/google-meet/v2/spaces/Q?updateMask=config.access_type", "{}" },
    { "not a choice", "GET", "/connections?status=active" },
    { "no operation", "GET", "/google-drive/v3/files/1A" },
    { "no operation", "POST", "/google-drive/drive/v3/files/1A" },
    { "no operation", "GET", "/google-drive/drive/v3/files/1A/download" },
    { "no operation", "GET", "/google-docs/drive/v3/files/1A" },
    { "no operation", "GET", "/google-docs/v1/documents" },
    { "not an id", "GET", "/google-drive/drive/v3/files/a%2Fb" },
    { "not an id", "GET", "/google-docs/v1/documents/" },
    { "not a parameter", "GET", "/google-drive/drive/v3/files/1A?includeTabsContent=true" },
    { "not a parameter", "GET", "/google-drive/drive/v3/files/1A?supportsTeamDrives=true" },
    { "not a parameter", "GET",
      "/google-drive/drive/v3/files/1A/export?mimeType=text%2Fplain&supportsAllDrives=true" },
    { "not a choice", "GET", "/google-drive/drive/v3/files/1A?supportsAllDrives=yes" },
    { "is not for", "GET", "/google-drive/drive/v3/files/1A?alt=proto" },
    { "is not for", "GET", "/google-docs/v1/documents/1A?alt=media" },
    { "is not for", "GET", "/google-meet/v2/spaces/Q?alt=media" },
    { "mimeType is missing", "GET", "/google-drive/drive/v3/files/1A/export" },
    { "empty or too long", "GET", "/google-drive/drive/v3/files/1A/export?mimeType=" },
    { "not a choice", "GET", "/google-docs/v1/documents/1A?includeTabsContent=1" },
    { "not a choice", "GET", "/google-docs/v1/documents/1A?suggestionsViewMode=INLINE" },
    { "takes none", "GET", "/google-docs/v1/documents/1A", "{}" },
    { "no operation", "GET", "/google-calendar/v3/calendars/primary/events" },
    { "no operation", "GET", CALENDARS .. "primary" },
    { "no operation", "POST", CALENDARS .. "primary/events", "{}" },
    { "no operation", "GET", CALENDARS .. "primary/events/a/instances" },
    { "not an id", "GET", CALENDARS .. "a%2Fb/events" },
    { "not an id", "GET", CALENDARS .. "primary/events/a%20b" },
    { "not a parameter", "GET", CALENDARS .. "primary/events?pageSize=5" },
    { "not a parameter", "GET", CALENDARS .. "primary/events/a?singleEvents=true" },
    { "not a parameter", "GET", CALENDARS .. "primary/events?userIp=127.0.0.1" },
    { "less than 1", "GET", CALENDARS .. "primary/events?maxResults=0" },
    { "is malformed", "GET", CALENDARS .. "primary/events?timeMin=2026-11-22T09:00:00" },
    { "is malformed", "GET", CALENDARS .. "primary/events?timeMax=2026-11-22" },
    { "not a choice", "GET", CALENDARS .. "primary/events?orderBy=start" },
    { "is not for", "GET", CALENDARS .. "primary/events?alt=media" },
    { "takes none", "GET", CALENDARS .. "primary/events", "{}" },
  }
  for _, case in ipairs(bad) do
    it(("refuses %s %s %s"):format(case[2], case[3], case[4] or ""), function()
      local id, problem = check(case[2], case[3], case[4])
      assert.is_nil(id)
      assert.matches(case[1], problem)
    end)
  end

  local headers = {
    { "must be Bearer", nil, {} },
    { "must be Bearer", nil, { Authorization = "k" } },
    { "without a body", nil, BODY },
    { "needs Content%-Type", "{}", KEY },
    { "given twice", nil, { Authorization = "Bearer k", authorization = "Bearer k" } },
    { "malformed", nil, { Authorization = "Bearer k", ["X-A"] = "a\r\nb" } },
    { "is no id", nil, { Authorization = "Bearer k", ["maton-connection"] = "a b" } },
  }
  for _, case in ipairs(headers) do
    it("refuses headers: " .. case[1], function()
      local id, problem = check("POST", "/google-meet/v2/spaces", case[2], case[3])
      assert.is_nil(id)
      assert.matches(case[1], problem)
    end)
  end
end)

describe("contract.response_ok", function()
  it("takes an answer of the schema, as text or table", function()
    assert(contract.response_ok("conferenceRecords.list", "{}"))
    assert(contract.response_ok("conferenceRecords.get", {
      name = "conferenceRecords/c", startTime = "2026-11-19T09:00:04.120388Z",
    }))
  end)

  it("refuses an unknown field and says where it is", function()
    local ok, problem = contract.response_ok("conferenceRecords.list",
      '{"conferenceRecords":[{"nam":"x"}]}')
    assert.is_false(ok)
    assert.equal("ListConferenceRecordsResponse.conferenceRecords[1].nam: no such field", problem)
  end)

  it("refuses a list without its needed field", function()
    assert.is_false((contract.response_ok("connections.list", "{}")))
  end)
end)

describe("contract.response_ok, of other apps", function()
  local function problem_of(id, body)
    return (select(2, contract.response_ok(id, body)))
  end

  it("takes what Drive and Docs answer", function()
    assert(contract.response_ok("drive.files.get", {
      kind = "drive#file", id = "1A", name = "a", mimeType = "video/mp4", size = "12",
      trashed = false, capabilities = { canDownload = true },
      modifiedTime = "2026-11-19T09:00:04.120Z",
    }))
    local run = { { textRun = { content = "a\n" } } }
    local body = { content = { { paragraph = { elements = run } } } }
    assert(contract.response_ok("docs.documents.get", {
      documentId = "1A", tabs = { { documentTab = { body = body },
        childTabs = { { tabProperties = { tabId = "t.1", index = 0 } } } } },
    }))
  end)

  it("takes what Calendar answers", function()
    local day = { date = "2026-11-22" }
    assert(contract.response_ok("calendar.events.list", { kind = "calendar#events", items = {
      { id = "a", start = day, ["end"] = { dateTime = "2026-11-22T10:00:00+01:00" },
        recurrence = { "RRULE:FREQ=DAILY" },
        attendees = { { email = "a@b.c", responseStatus = "needsAction" } },
        conferenceData = { entryPoints = { { entryPointType = "video" } } } },
    } }))
  end)

  it("refuses what Calendar does not", function()
    local id = "calendar.events.get"
    assert.equal('Event.start.date: "today" is no date',
      problem_of(id, { start = { date = "today" } }))
    assert.equal('Event.start.dateTime: "2026-11-22" is no time',
      problem_of(id, { start = { dateTime = "2026-11-22" } }))
    assert.equal("Event.recurrence[1]: not a string", problem_of(id, { recurrence = { {} } }))
    assert.equal('Event.attendees[1].responseStatus: "yes" is not a choice',
      problem_of(id, { attendees = { { responseStatus = "yes" } } }))
    assert.equal("Event.organiser: no such field", problem_of(id, { organiser = {} }))
  end)

  it("refuses what they do not", function()
    assert.equal("File.size: not a string", problem_of("drive.files.get", { size = 12 }))
    assert.equal('File.size: "12.5" is no int64', problem_of("drive.files.get", { size = "12.5" }))
    assert.equal("File.trashed: not a boolean", problem_of("drive.files.get", { trashed = "no" }))
    assert.equal("File.md5: no such field", problem_of("drive.files.get", { md5 = "" }))
    assert.equal("Document.tabs[1].childTabs[1].body: no such field",
      problem_of("docs.documents.get", { tabs = { { childTabs = { { body = {} } } } } }))
    assert.equal("drive.files.export answers no JSON", problem_of("drive.files.export", {}))
  end)
end)

describe("contract.operations", function()
  it("has the 24 operations of Meet and the 4 of the gateway", function()
    local counts = { meet = 0, gateway = 0 }
    for _, row in ipairs(contract.operations) do
      local side = row.path:find("^/google%-meet/v2/") and "meet" or "gateway"
      counts[side] = counts[side] + 1
    end
    assert.same({ meet = 24, gateway = 4 }, counts)
  end)

  it("names only schemas that are there", function()
    for _, row in ipairs(contract.operations) do
      assert(contract.schemas[row.response], "no schema of the response of " .. row.id)
      assert(row.request == nil or contract.schemas[row.request],
        "no schema of the request of " .. row.id)
    end
  end)
end)
