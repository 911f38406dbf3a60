local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"
local time = require "googlemeet.time"

local function all(gateway, target, items)
  local found, token = {}, nil
  repeat
    local page = ask(gateway, "GET", target .. "?pageSize=100"
      .. (token and "&pageToken=" .. token or ""))
    table.move(page[items] or {}, 1, #(page[items] or {}), #found + 1, found)
    token = page.nextPageToken
  until not token
  return found
end

describe("gateway:seed", function()
  local gateway, seeded

  setup(function()
    gateway = testing.gateway { now = 1795341600, clock = function() return 0 end }
    seeded = gateway:seed()
  end)

  it("is the same in every run", function()
    local function texts()
      local fake = testing.gateway { now = 1795341600, clock = function() return 0 end }
      local transcript = fake:seed().records.planning.transcripts[1]
      local found = {}
      for i, entry in ipairs(transcript.entries) do
        found[i] = entry.resource.text
      end
      return table.concat(found, "\n")
    end
    assert.equal(texts(), texts())
  end)

  it("has one live conference, and past ones that have not expired", function()
    local live, past = 0, 0
    for _, record in ipairs(all(gateway, "conferenceRecords", "conferenceRecords")) do
      live = live + (record.endTime and 0 or 1)
      past = past + (record.endTime and 1 or 0)
    end
    assert.same({ 1, 8 }, { live, past })
  end)

  it("has participants of all kinds, who rejoin, and on two devices at once", function()
    local kinds, most, overlapping = {}, 0, false
    for _, node in ipairs(seeded.records.planning.participants) do
      for _, kind in ipairs { "signedinUser", "anonymousUser", "phoneUser" } do
        kinds[kind] = kinds[kind] or node.resource[kind] ~= nil
      end
      local sessions = node.participantSessions
      most = math.max(most, #sessions)
      overlapping = overlapping
        or #sessions == 2 and sessions[2].resource.startTime < sessions[1].resource.endTime
    end
    assert.same({ signedinUser = true, anonymousUser = true, phoneUser = true }, kinds)
    assert.equal(3, most)
    assert.is_true(overlapping)
  end)

  it("has a webinar of more than one page of 250", function()
    local page = ask(gateway, "GET", seeded.records.webinar.name .. "/participants?pageSize=250")
    assert.equal(250, #page.participants)
    assert.is_string(page.nextPageToken)
  end)

  it("has artifacts in all states, and a conference without anything", function()
    local function state(record, kind)
      return seeded.records[record][kind][1].resource.state
    end
    assert.same({ "FILE_GENERATED", "ENDED", "STARTED" }, { state("planning", "recordings"),
      state("fresh", "recordings"), state("live", "recordings") })
    assert.equal("FILE_GENERATED", state("planning", "smartNotes"))
    assert.same({}, (ask(gateway, "GET", seeded.records.empty.name .. "/participants")))
  end)

  it("has transcripts in two languages, in order, spoken by those present", function()
    local name = seeded.records.planning.transcripts[1].name
    local languages, last, texts, distinct = {}, 0, {}, 0
    for _, entry in ipairs(all(gateway, name .. "/entries", "transcriptEntries")) do
      local seconds, nanoseconds = time.parse(entry.startTime)
      assert.is_true(seconds + nanoseconds / 1e9 >= last)
      last = seconds + nanoseconds / 1e9
      assert.is_true(entry.startTime < entry.endTime)
      local speaker = gateway:find(entry.participant).resource
      assert.is_true(speaker.earliestStartTime <= entry.startTime
        and entry.endTime <= speaker.latestEndTime)
      languages[entry.languageCode] = true
      distinct = distinct + (texts[entry.text] and 0 or 1)
      texts[entry.text] = true
    end
    assert.same({ ["en-US"] = true, ["sv-SE"] = true }, languages)
    assert.is_true(distinct > 150)
  end)

  it("has unusable connections beside the usable one, and those of other apps", function()
    local statuses = {}
    for _, connection in ipairs(ask(gateway, "GET", "/connections").connections) do
      table.insert(statuses, connection.app .. " " .. connection.status)
    end
    assert.same({ "google-meet ACTIVE", "google-calendar ACTIVE", "google-meet PENDING",
      "google-meet FAILED", "google-drive ACTIVE", "google-docs ACTIVE" }, statuses)
  end)

  it("makes as many accounts, and as big a webinar, as asked for", function()
    local fake = testing.gateway { now = 1795341600, clock = function() return 0 end }
    local made = fake:seed { accounts = 2, webinar = 10 }
    assert.equal(10, #made.records.webinar.participants)
    assert.equal(2, #ask(fake, "GET", "/connections?app=google-meet&status=ACTIVE").connections)
  end)
end)

describe("the seeded fake, seen through the contract", function()
  local gateway = testing.gateway { now = 1795341600, clock = function() return 0 end }
  local records = gateway:seed().records

  local lists = {
    "participants", "recordings", "transcripts", "smartNotes",
  }
  for _, list in ipairs(lists) do
    it("gives good " .. list .. ", each one by its name too", function()
      for _, record in ipairs { records.planning, records.live, records.fresh } do
        for _, resource in ipairs(all(gateway, record.name .. "/" .. list, list)) do
          assert.same(resource, (ask(gateway, "GET", resource.name)))
        end
      end
    end)
  end

  it("gives good sessions and entries", function()
    local participant = records.planning.participants[1]
    local target = participant.name .. "/participantSessions"
    for _, session in ipairs(all(gateway, target, "participantSessions")) do
      assert.same(session, (ask(gateway, "GET", session.name)))
    end
    local entry = records.planning.transcripts[1].entries[1]
    assert.same(entry.resource, (ask(gateway, "GET", entry.name)))
  end)
end)
