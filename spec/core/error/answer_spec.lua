-- Names and times that a server sent are data: where a call builds upon a malformed one it gives an
-- error of kind decode, and raises nothing.

local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

--- A client whose answers depend on the last part of the path; all others are `{}`.
local function client_of(bodies)
  return assert(meet.new { api_key = "k", rate = false, retry = false, clock = manual_clock(),
    transport = function(request)
      return { status = 200, body = bodies[request.url:match("^[^?]*"):match "[^/]+$"] or "{}" }
    end })
end

local RECORD = '{"name":"conferenceRecords/r","startTime":"2026-11-19T09:00:00Z"}'
local BAD_RECORD = '{"name":"conferenceRecords/../r"}'
local BAD_PEOPLE = '{"participants":[{"name":"participants/../p"}]}'

describe("a malformed name in an answer", function()
  for title, row in pairs {
    ["is no participant for attendance"] = {
      { r = RECORD, participants = BAD_PEOPLE },
      function(client)
        return assert(client.conference_records:get "r"):attendance { strict = true }
      end,
    },
    ["is no record to report on"] = {
      { r = BAD_RECORD },
      function(client) return assert(client.conference_records:get "r"):attendance() end,
    },
    ["is no record to read the transcripts of"] = {
      { r = BAD_RECORD },
      function(client) return assert(client.conference_records:get "r"):transcript() end,
    },
    ["is no transcript that can be asked for"] = {
      { t = '{"name":"transcripts/t"}' },
      function(client)
        return assert(client.transcripts:get "conferenceRecords/r/transcripts/t"):read()
      end,
    },
    ["is no transcript to read"] = {
      { r = RECORD, transcripts = '{"transcripts":[{"name":"x y"}]}' },
      function(client) return assert(client.conference_records:get "r"):transcript() end,
    },
    ["is no space that a code stands for"] = {
      { ["hpk-vtwd-ens"] = '{"name":"spaces/a/b"}' },
      function(client)
        return client.spaces:patch("hpk-vtwd-ens", { config = { accessType = "OPEN" } })
      end,
    },
    ["nor is a missing one"] = {
      {}, function(client) return client.members:list("hpk-vtwd-ens"):all() end,
    },
    ["is no connection that was made"] = {
      { connections = '{"connection":{"connection_id":"a/b","status":"PENDING"}}' },
      function(client) return client.connections:create() end,
    },
    ["is no connection to wait for"] = {
      { connections = '{"connection":{"connection_id":"a/b","status":"PENDING","url":"x"}}' },
      function(client) return client.connections:connect { on_url = function() end } end,
    },
    ["is nobody to archive"] = {
      { r = RECORD, conferenceRecords = '{"conferenceRecords":[' .. RECORD .. "]}",
        participants = BAD_PEOPLE },
      function(client)
        local record = assert(client.conference_records:get "r")
        local found, err = require "googlemeet.archive.conference".fetch(client, record)
        return found and found.participants[1], err
      end,
    },
    ["is nobody to watch"] = {
      { r = RECORD, participants = BAD_PEOPLE },
      function(client)
        local ok, err = pcall(meet.watch(client, { records = { "conferenceRecords/r" } }))
        return ok or nil, err
      end,
    },
  } do
    it(title, function()
      local client <close> = client_of(row[1])
      local value, err = row[2](client)
      assert.same({ nil, "decode" }, { value, err.kind })
    end)
  end
end)

describe("a byte that is no UTF-8 in an answer", function()
  it("is U+FFFD, so that a report with it can be written", function()
    local client <close> = client_of {
      r = RECORD, participants = '{"participants":[{"name":"conferenceRecords/r/participants/p",'
        .. '"anonymousUser":{"displayName":"Andr\xE9"}}]}',
    }
    local report = assert(assert(client.conference_records:get "r"):attendance { now = 0 })
    assert.equal("Andr\u{FFFD}", report:rows()().display_name)
    for _, format in ipairs { "text", "csv", "markdown", "json", "html" } do
      assert.truthy(assert(report:render(format)):find("Andr\u{FFFD}", 1, true), format)
    end
  end)

  it("is so in an error's message, too", function()
    local client <close> = assert(meet.new { api_key = "k", clock = manual_clock(),
      transport = function()
        return { status = 403,
          body = '{"error":{"message":"Andr\xE9 \\ud83d","details":[{"a":"\xE9"}]}}' }
      end })
    local _, err = client.spaces:get "x"
    assert.same({ "Andr\u{FFFD} \u{FFFD}", "\u{FFFD}" }, { err.message, err.details[1].a })
  end)
end)

describe("a field that is no text in an answer", function()
  it("counts as absent: a name, a user, a time", function()
    local client <close> = client_of {
      r = '{"name":"conferenceRecords/r","startTime":{},"endTime":5}',
      participants = '{"participants":[{"name":"conferenceRecords/r/participants/p",'
        .. '"signedinUser":{"displayName":{},"user":7},"earliestStartTime":[]}]}',
    }
    local report = assert(assert(client.conference_records:get "r"):attendance { now = 0 })
    local row = report:rows()()
    assert.same({ "", "signed_in" }, { row.display_name, row.kind, row.user })
    for _, format in ipairs { "text", "csv", "markdown", "json", "html" } do
      assert.is_string(report:render(format))
    end
  end)
end)
