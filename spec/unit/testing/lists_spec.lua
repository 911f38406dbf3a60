local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

describe("the fake's lists", function()
  local gateway, space, record

  before_each(function()
    gateway = testing.gateway { now = 1795341600 }
    space = gateway:add_space {}
    record = gateway:add_record { space = space, start_time = 1795330000, end_time = 1795333600 }
  end)

  local function names(items)
    local ids = {}
    for i, item in ipairs(items or {}) do
      ids[i] = item.name:match("[^/]+$")
    end
    return table.concat(ids, " ")
  end

  local function walk(target, items)
    local pages, token = {}, nil
    repeat
      local mark = target:find("?", 1, true) and "&" or "?"
      local page = ask(gateway, "GET", target .. (token and mark .. "pageToken=" .. token or ""))
      pages[#pages + 1] = names(page[items])
      token = page.nextPageToken
    until not token
    return pages
  end

  local function refused(target)
    local answer, response = ask.loosely(gateway, "GET", target)
    assert.equal(400, response.status, target)
    assert.equal("INVALID_ARGUMENT", answer.error.status)
    return answer.error.details[1].fieldViolations[1].field
  end

  it("are {} when empty", function()
    local _, response = ask(gateway, "GET", record.name .. "/participants?prettyPrint=false")
    assert.equal("{}", response.body)
  end)

  it("give records newest first and entries oldest first", function()
    gateway:add_record { id = "old", space = space, start_time = 1795320000,
      end_time = 1795320060 }
    gateway:add_record { id = "new", space = space, start_time = 1795340000,
      end_time = 1795340060 }
    assert.same({ ("new %s old"):format(record.id) }, walk("conferenceRecords",
      "conferenceRecords"))
    local transcript = gateway:add_transcript(record, {})
    for i = 3, 1, -1 do
      gateway:add_entry(transcript, { id = "e" .. i, start_time = 1795330000 + i })
    end
    assert.same({ "e1 e2 e3" }, walk(transcript.name .. "/entries", "transcriptEntries"))
  end)

  it("give participants by their first join, last to join first", function()
    gateway:add_participant(record, { id = "a", start_time = 1795330100 })
    local late = gateway:add_participant(record, { id = "b", start_time = 1795330200 })
    gateway:add_session(late, { start_time = 1795330050, end_time = 1795330060 })
    assert.same({ "a b" }, walk(record.name .. "/participants", "participants"))
  end)

  it("come in pages of the default, the size asked for, and the maximum", function()
    local transcript = gateway:add_transcript(record, {})
    for i = 1, 230 do
      gateway:add_entry(transcript, { start_time = 1795330000 + i })
    end
    local function first_page(query)
      return #ask(gateway, "GET", transcript.name .. "/entries" .. query).transcriptEntries
    end
    assert.same({ 10, 10, 7, 100, 100 }, {
      first_page(""), first_page("?pageSize=0"), first_page("?pageSize=7"),
      first_page("?pageSize=100"), first_page("?pageSize=5000"),
    })
    assert.equal(3, #walk(transcript.name .. "/entries?pageSize=100", "transcriptEntries"))
  end)

  it("refuse page sizes that are negative or no number", function()
    for _, size in ipairs { "-1", "ten", "2.0", "99999999999" } do
      refused("conferenceRecords?pageSize=" .. size)
    end
  end)

  describe("with page tokens", function()
    local target, token

    before_each(function()
      for i = 1, 5 do
        gateway:add_participant(record, { id = "p" .. i, start_time = 1795330000 + i })
      end
      target = record.name .. "/participants"
      token = ask(gateway, "GET", target .. "?pageSize=2").nextPageToken
    end)

    it("give every item once", function()
      assert.same({ "p5 p4", "p3 p2", "p1" }, walk(target .. "?pageSize=2", "participants"))
    end)

    it("take another page size on the way", function()
      assert.equal("p3 p2 p1", names(ask(gateway, "GET", target .. "?pageToken=" .. token)
        .participants))
    end)

    it("refuse a token that is invented, changed, or of another list or filter", function()
      local other = gateway:add_record { space = space, end_time = 1795341600 }
      assert.equal("page_token", refused(target .. "?pageToken=x"))
      assert.equal("page_token", refused(target .. "?pageToken=" .. token .. "0"))
      assert.equal("page_token", refused(other.name .. "/participants?pageToken=" .. token))
      assert.equal("page_token",
        refused(target .. "?filter=latest_end_time%20IS%20NULL&pageToken=" .. token))
    end)

    it("refuse a token after a day", function()
      local seconds = 0
      gateway = testing.gateway { clock = function() return seconds end }
      gateway:seed()
      local page = ask(gateway, "GET", "conferenceRecords?pageSize=1")
      seconds = 86401
      assert.equal("page_token", refused("conferenceRecords?pageToken=" .. page.nextPageToken))
    end)
  end)

  it("filter on the server", function()
    local live = gateway:add_record { id = "live", space = space, start_time = 1795341000 }
    gateway:add_participant(live, { id = "here" })
    gateway:add_participant(live, { id = "gone", start_time = 1795341000,
      end_time = 1795341100 })
    assert.same({ "live" }, walk("conferenceRecords?filter=end_time%20IS%20NULL",
      "conferenceRecords"))
    assert.same({ record.id }, walk("conferenceRecords?filter=start_time%3C%3D%22"
      .. "2026-11-22T08:00:00Z%22", "conferenceRecords"))
    assert.same({ "here" }, walk(live.name .. "/participants?filter=latest_end_time%20IS%20NULL",
      "participants"))
    assert.same({ "" }, walk("conferenceRecords?filter=space.name%3D%22spaces%2Fx%22",
      "conferenceRecords"))
  end)

  it("count all items only where fields asks for it", function()
    for i = 1, 5 do
      gateway:add_participant(record, { id = "p" .. i })
    end
    local target = record.name .. "/participants?pageSize=2"
    assert.is_nil(ask(gateway, "GET", target).totalSize)
    local page = ask(gateway, "GET", target .. "&fields=participants(name),total_size")
    assert.equal(5, math.tointeger(page.totalSize))
    assert.is_nil(page.nextPageToken)
  end)

  it("hide expired records and those of spaces that are not the caller's", function()
    local expired = gateway:add_record { space = space, start_time = 1792000000,
      end_time = 1792000600 }
    local foreign = gateway:add_record { space = gateway:add_space { role = "other" },
      start_time = 1795330000, end_time = 1795330600 }
    local attended = gateway:add_record { space = gateway:add_space { role = "participant" },
      start_time = 1795330000, end_time = 1795330600 }
    local answer = ask(gateway, "GET", "conferenceRecords")
    assert.equal(attended.id .. " " .. record.id, names(answer.conferenceRecords))
    assert.equal(404, select(2, ask(gateway, "GET", expired.name)).status)
    assert.equal(404, select(2, ask(gateway, "GET", expired.name .. "/participants")).status)
    assert.equal(403, select(2, ask(gateway, "GET", foreign.name)).status)
    assert.equal(200, select(2, ask(gateway, "GET", attended.name)).status)
  end)
end)
