-- The doctor: where each kind of trouble shows, and what it says to do.

local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"

local KEY, DAY = "made-up-key-4711", 86400
local CHECKS = { "key set", "base URL", "key good", "connections", "connection chosen",
  "connection age", "app segment", "read" }

local fake, client

--- A client on a fake with these connections: { id, status, days old }.
local function over(list, options)
  fake = meet.testing.gateway { api_key = KEY, connections = false }
  for _, row in ipairs(list or { { "c1", "ACTIVE", 3 } }) do
    fake:add_connection { id = row[1], status = row[2], app = row[4],
      creation_time = os.time() - row[3] * DAY - 60 }
  end
  options = options or {}
  options.api_key, options.clock = options.api_key or KEY, made_up_clock()
  options.transport = options.transport or fake.transport
  client = assert(meet.new(options))
  return client
end

--- The verdicts of all rows: + good, ! good with a warning, - failed, ? not tried.
local function verdicts(rows)
  local marks = {}
  for index, row in ipairs(rows) do
    assert.equal(CHECKS[index], row.check)
    assert.is_true(#row.detail > 0)
    marks[index] = row.ok == nil and "?" or not row.ok and "-" or row.advice and "!" or "+"
  end
  return table.concat(marks)
end

local function row_of(rows, check)
  for _, row in ipairs(rows) do
    if row.check == check then return row end
  end
end

--- All that a row shows, as one text.
local function text_of(rows)
  local lines = {}
  for _, row in ipairs(rows) do
    lines[#lines + 1] = table.concat({ row.check, row.detail, row.advice or "" }, " | ")
  end
  return table.concat(lines, "\n")
end

after_each(function() if client then client:close() end end)

describe("client:doctor", function()
  for status, word in pairs { [302] = "portal", [407] = "proxy", [511] = "portal" } do
    it("says who answers in the gateway's place: " .. status, function()
      local rows = over(nil, { retry = false, transport = function()
        return { status = status, headers = { Location = "https://portal.example/?s=1" } }
      end }):doctor()
      assert.equal("+-??????", verdicts(rows))
      assert.truthy(row_of(rows, "base URL").advice:find(word, 1, true))
    end)
  end

  it("finds everything in order, with two requests", function()
    local rows = over():doctor()
    assert.equal("++++++++", verdicts(rows))
    assert.equal(2, #fake.log)
    assert.matches("c1 %(ACTIVE, 3 days old%)", row_of(rows, "connections").detail)
  end)

  for _, case in ipairs {
    { "no connection", {}, "+++-??+-", "connections", "connections:connect" },
    { "a pending one only", { { "c1", "PENDING", 1 } }, "+++-??+-", "connections",
      "1 PENDING: a person has to open" },
    { "a failed one only", { { "c1", "FAILED", 1 } }, "+++-??+-", "connections",
      "connections:connect" },
    { "a pending one beside the good one", { { "c1", "ACTIVE", 1 }, { "c2", "PENDING", 1 } },
      "+++!++++", "connections", "1 PENDING" },
    { "several and none chosen", { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 2 } }, "++++!+++",
      "connection chosen", "option 'connection'" },
    { "one over a month old", { { "c1", "ACTIVE", 31 } }, "+++++!++", "connection age",
      "over a month: .*create a new connection.*wait until it is ACTIVE, then delete the old one" },
    { "the oldest of several over a month old", { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 99 } },
      "+++++!++", "connection age", "over a month", { connection = "c2" } },
    { "the oldest of several, none chosen", { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 99 } },
      "++++!!++", "connection age", "over a month" },
    { "the young one chosen", { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 99 } },
      "++++++++", "connection age", nil, { connection = "c1" } },
    { "one that is not there chosen", { { "c1", "ACTIVE", 1 } }, "++++-?+-",
      "connection chosen", "id of an ACTIVE one", { connection = "c9" } },
    { "a pending one chosen", { { "c1", "ACTIVE", 1 }, { "c2", "PENDING", 1 } }, "+++!-++-",
      "connection chosen", "id of an ACTIVE one", { connection = "c2" } },
    { "one of another app chosen", { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 1, "slack" } },
      "++++-?+-", "connection chosen", "id of an ACTIVE one", { connection = "c2" } },
    { '"only" of several', { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 2 } }, "++++-+?-",
      "connection chosen", "option 'connection'", { connection = "only" } },
    { '"only", and one', { { "c1", "ACTIVE", 1 } }, "++++++++", "connection chosen", nil,
      { connection = "only" } },
    { "a wrong key", nil, "++-?????", "key good", "Maton's settings", { api_key = "wrong" } },
    { "a key function that gives none", nil, "-???????", "key set", "MATON_API_KEY",
      { api_key = function() end } },
  } do
    it("tells of " .. case[1], function()
      local rows = over(case[2], case[6]):doctor()
      assert.equal(case[3], verdicts(rows))
      local advice = row_of(rows, case[4]).advice
      if case[5] then assert.matches(case[5], advice) else assert.is_nil(advice) end
    end)
  end

  for _, case in ipairs {
    { "a server that is not there", { drop = true }, "+-??????", "base URL" },
    { "another server's page", { status = 404, shape = "html" }, "+-??????", "base URL" },
    { "another server's page, in order", { status = 200, body = "<html>" }, "+-??????",
      "base URL" },
    { "a refused key", { status = 401, shape = "nested" }, "++-?????", "key good" },
    { "a forbidden key", { status = 403, shape = "nested" }, "++-?????", "key good" },
    { "a gateway in trouble", { status = 503, shape = "text" }, "++??????", "key good" },
    { "too many requests", { status = 429, shape = "nested" }, "++??????", "key good" },
  } do
    it("tells of " .. case[1] .. " at its first request", function()
      over()
      case[2].on, case[2].times = "connections.list", 1000
      fake:fail(case[2])
      local rows = client:doctor()
      assert.equal(case[3], verdicts(rows))
      assert.is_true(#row_of(rows, case[4]).advice > 10)
      assert.same({}, fake:requests "conferenceRecords.list")
    end)
  end

  for _, case in ipairs {
    { "a lapsed consent", 51, { status = 500, shape = "nested" }, "+++++-?-",
      "wait until it is ACTIVE, then" },
    { "a 500 on a young connection", 3, { status = 500, shape = "nested" }, "++++++?-",
      "wait until it is ACTIVE, then" },
    { "a 500 of Google", 51, { status = 500 }, "+++++!+-", "try again later" },
    { "a 403 of Google", 3, { status = 403 }, "+++++++-", "connected account" },
    { "a wrong segment", 3, { status = 404, shape = "flat" }, "++++++--", "check the name" },
    { "a lost socket", 3, { drop = true }, "++++++?-", "network" },
    { "an answer that is none", 3, { status = 200, body = "[]" }, "++++++?-", "base URL" },
  } do
    it("tells of " .. case[1] .. " at the read", function()
      over { { "c1", "ACTIVE", case[2] } }
      case[3].on, case[3].times = "conferenceRecords.list", 1000
      fake:fail(case[3])
      local rows = client:doctor()
      assert.equal(case[4], verdicts(rows))
      assert.matches(case[5], row_of(rows, "read").advice)
    end)
  end

  it("shows neither the key nor a session token", function()
    over { { "c1", "ACTIVE", 1 }, { "c2", "PENDING", 1 } }
    fake:fail { on = "conferenceRecords.list", status = 403,
      message = "the key " .. KEY .. " may not" }
    local text = text_of(client:doctor())
    assert.falsy(text:find(KEY, 1, true))
    assert.falsy(text:find("session_token", 1, true))
    assert.truthy(text:find("may not", 1, true))
  end)

  it("shows one plain line in each row, whatever a server writes", function()
    over({ { "c1", "ACTIVE", 1 } }, { transport = function(request)
      local is_list = request.url:find("/connections", 1, true)
      return { status = is_list and 200 or 403, body = is_list
        and '{"connections":[{"connection_id":"c\\u001b[2J1","status":"A\\nB\\u009b"}]}'
        or '{"error":{"message":"no\\u202e\\r\\u001b[1m ' .. KEY:gsub("-", "%%2D") .. '"}}' }
    end })
    local rows = client:doctor()
    assert.equal("c [2J1 (A B , age unknown)", row_of(rows, "connections").detail)
    assert.equal("conference_records:list: permission (403): no   [1m "
      .. ("*"):rep(#KEY + 2 * select(2, KEY:gsub("-", ""))), row_of(rows, "read").detail)
    local refused = meet.doctor.rows(nil, { kind = "config", message = "no\nkey\27" })
    assert.equal("config: no key ", row_of(refused, "key set").detail)
  end)

  it("takes no longer than its patience where nobody answers", function()
    local clock = made_up_clock()
    over()
    fake:fail { on = "connections.list", status = 503, times = 1000,
      headers = { ["Retry-After"] = "20" } }
    client = client:with { clock = clock }
    client:doctor()
    assert.is_true(clock.now() <= 30, clock.now())
  end)

  it("raises for a closed client", function()
    over():close()
    assert.error_matches(function() client:doctor() end, "the client is closed")
  end)
end)

describe("googlemeet.doctor.rows", function()
  it("takes what meet.new gave where there is no client", function()
    local err = require "googlemeet.core".error.new("config", "no API key")
    local rows = meet.doctor.rows(nil, err)
    assert.equal("-???????", verdicts(rows))
    assert.same({ "config: no API key" }, { rows[1].detail })
    assert.matches("MATON_API_KEY", rows[1].advice)
  end)

  it("refuses anything else, at the caller's line", function()
    local _, message = pcall(function() local _ = meet.doctor.rows() end)
    assert.matches("^.*doctor_spec%.lua:%d+: doctor%.rows: a client, or nil and err", message)
  end)
end)
