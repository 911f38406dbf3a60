-- The doctor: where each kind of trouble shows, and what it says to do.

local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

local KEY, DAY = "some-key-4711", 86400
local CHECKS = { "key set", "proxy", "base URL", "clock", "key good", "connections",
  "connection chosen", "connection age", "app segment", "read" }

local fake, client

--- A client on a fake with these connections: { id, status, days old }.
local function over(list, options)
  fake = meet.testing.gateway { api_key = KEY, connections = false }
  for _, row in ipairs(list or { { "c1", "ACTIVE", 3 } }) do
    fake:add_connection { id = row[1], status = row[2], app = row[4],
      creation_time = os.time() - row[3] * DAY - 60 }
  end
  options = options or {}
  options.api_key, options.clock = options.api_key or KEY, manual_clock()
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
      assert.equal("++-???????", verdicts(rows))
      assert.truthy(row_of(rows, "base URL").advice:find(word, 1, true))
    end)
  end

  it("finds everything in order, with three requests", function()
    local rows = over():doctor()
    assert.equal("+++?++++++", verdicts(rows))
    assert.equal(3, #fake.log)
    assert.matches("c1 %(ACTIVE, 3 days old%)", row_of(rows, "connections").detail)
  end)

  for _, case in ipairs {
    { "no connection", {}, "+++?+-??+-", "connections", "connections:connect" },
    { "a pending one only", { { "c1", "PENDING", 1 } }, "+++?+-??+-", "connections",
      "1 PENDING: a person has to open" },
    { "a failed one only", { { "c1", "FAILED", 1 } }, "+++?+-??+-", "connections",
      "connections:connect" },
    { "a pending one beside the good one", { { "c1", "ACTIVE", 1 }, { "c2", "PENDING", 1 } },
      "+++?+!++++", "connections", "1 PENDING" },
    { "several and none chosen", { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 2 } }, "+++?++!+++",
      "connection chosen", "option 'connection'" },
    { "one over a month old", { { "c1", "ACTIVE", 31 } }, "+++?+++!++", "connection age",
      "over a month: .*create a new connection.*wait until it is ACTIVE, then delete the old one" },
    { "the oldest of several over a month old", { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 99 } },
      "+++?+++!++", "connection age", "over a month", { connection = "c2" } },
    { "the oldest of several, none chosen", { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 99 } },
      "+++?++!!++", "connection age", "over a month" },
    { "the young one chosen", { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 99 } },
      "+++?++++++", "connection age", nil, { connection = "c1" } },
    { "one that is not there chosen", { { "c1", "ACTIVE", 1 } }, "+++?++-?+-",
      "connection chosen", "id of an ACTIVE one", { connection = "c9" } },
    { "a pending one chosen", { { "c1", "ACTIVE", 1 }, { "c2", "PENDING", 1 } }, "+++?+!-++-",
      "connection chosen", "id of an ACTIVE one", { connection = "c2" } },
    { "one of another app chosen", { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 1, "slack" } },
      "+++?++-?+-", "connection chosen", "id of an ACTIVE one", { connection = "c2" } },
    { '"only" of several', { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 2 } }, "+++?++-+?-",
      "connection chosen", "option 'connection'", { connection = "only" } },
    { '"only", and one', { { "c1", "ACTIVE", 1 } }, "+++?++++++", "connection chosen", nil,
      { connection = "only" } },
    { "a wrong key", nil, "+++?-?????", "key good", "Maton's settings", { api_key = "wrong" } },
    { "a key function that gives none", nil, "-+????????", "key set", "MATON_API_KEY",
      { api_key = function() end } },
  } do
    it("reports " .. case[1], function()
      local rows = over(case[2], case[6]):doctor()
      assert.equal(case[3], verdicts(rows))
      local advice = row_of(rows, case[4]).advice
      if case[5] then assert.matches(case[5], advice) else assert.is_nil(advice) end
    end)
  end

  it("says of which app a wrong connection is, and that one is not there", function()
    local list = { { "c1", "ACTIVE", 1 }, { "c2", "ACTIVE", 1, "slack" } }
    local row = row_of(over(list, { connection = "c2" }):doctor(), "connection chosen")
    assert.equal("c2 is a connection of the app slack, not of google-meet", row.detail)
    assert.matches("option 'connection', or in MATON_CONNECTION", row.advice)
    row = row_of(over(list, { connection = "c9" }):doctor(), "connection chosen")
    assert.matches("^c9 is not a google%-meet connection; [%l_]+ %(404%): ", row.detail)
  end)

  for _, case in ipairs {
    { "agrees", 0, nil }, { "agrees", 59, nil }, { "agrees", -30, nil },
    { "is 7200 s behind", 7200, "set it: filters by time" },
    { "is 90 s ahead of", -90, "set it: filters by time" },
  } do
    it(("finds that the clock %s the server's, which is %d s later"):format(case[1], case[2]),
      function()
        local at = os.time()
        over(nil, { transport = function(request)
          local answer = fake.transport(request)
          answer.headers.Date = os.date("!%a, %d %b %Y %H:%M:%S GMT", at + case[2])
          return answer
        end })
        local row = row_of(client:doctor(), "clock")
        assert.is_true(row.ok)
        if case[3] then assert.matches(case[3], row.advice) else assert.is_nil(row.advice) end
        local seconds = tonumber(row.detail:match "%d+")
        if seconds then -- a second may have passed
          local off = math.abs(seconds - math.abs(case[2]))
          assert.is_true(off <= 5, row.detail)
          assert.matches(case[1]:gsub("%d+", "%%d+") .. " the server's$", row.detail)
        else
          assert.equal("this machine's clock agrees with the server's", row.detail)
        end
      end)
  end

  for _, date in ipairs { "", "yesterday", "Sun, 32 Nov 2026 10:00:00 GMT",
    "Sun, 22 Foo 2026 10:00:00 GMT", "Sun, 22 tNo 2026 10:00:00 GMT" } do
    it(("has nothing to say of the clock where the server's date is '%s'"):format(date), function()
      over(nil, { transport = function(request)
        local answer = fake.transport(request)
        answer.headers.Date = date
        return answer
      end })
      assert.is_nil(row_of(client:doctor(), "clock").ok)
    end)
  end

  for proxy, shown in pairs {
    ["http://127.0.0.1:9"] = "http://127.0.0.1:9",
    ["http://ada:pass%40word@127.0.0.1:9/"] = "http://127.0.0.1:9/",
    ["ada:secret@127.0.0.1:9"] = "127.0.0.1:9",
    ["socks5h://127.0.0.1:9"] = "socks5h://127.0.0.1:9",
  } do
    it("names the proxy " .. shown .. " without user and password", function()
      local behind <close> = assert(meet.new { api_key = KEY, proxy = proxy, rate = false,
        base_url = "https://127.0.0.1:9", retry = false })
      local rows = behind:doctor()
      assert.equal(shown .. ", unless no_proxy names the gateway's host",
        row_of(rows, "proxy").detail)
      assert.is_nil(row_of(rows, "proxy").ok) -- nothing can be said: the first read failed
      assert.matches("the proxy may have caused the failure", row_of(rows, "proxy").advice)
      assert.is_false(row_of(rows, "base URL").ok)
    end)
  end

  it("says that a proxy is none, and shows no password", function()
    local behind <close> = assert(meet.new { api_key = KEY, base_url = "https://127.0.0.1:9",
      proxy = "gopher://ada:secret@127.0.0.1:9" })
    local rows = behind:doctor()
    assert.is_false(row_of(rows, "proxy").ok)
    assert.matches("^config: the proxy %(the option 'proxy', or https_proxy or all_proxy in ",
      row_of(rows, "proxy").detail)
    assert.not_matches("secret", text_of(rows))
  end)

  it("has no proxy where calls take none", function()
    local plain <close> = assert(meet.new { api_key = KEY, proxy = "http://proxy.example:3128",
      base_url = "http://127.0.0.1:9", retry = false })
    assert.same({ true, "none is used" },
      { row_of(plain:doctor(), "proxy").ok, row_of(plain:doctor(), "proxy").detail })
    over(nil, { proxy = "http://proxy.example:3128" }) -- and a custom transport
    assert.equal("none is used", row_of(client:doctor(), "proxy").detail)
  end)

  for _, case in ipairs {
    { "a server that is not there", { drop = true }, "++-???????", "base URL" },
    { "another server's page", { status = 404, shape = "html" }, "++-???????", "base URL" },
    { "another server's page, in order", { status = 200, body = "<html>" }, "++-???????",
      "base URL" },
    { "a refused key", { status = 401, shape = "nested" }, "+++?-?????", "key good" },
    { "a forbidden key", { status = 403, shape = "nested" }, "+++?-?????", "key good" },
    { "a gateway in trouble", { status = 503, shape = "text" }, "+++???????", "key good" },
    { "too many requests", { status = 429, shape = "nested" }, "+++???????", "key good" },
  } do
    it("reports " .. case[1] .. " at its first request", function()
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
    { "a lapsed consent", 51, { status = 500, shape = "nested" }, "+++?+++-?-",
      "wait until it is ACTIVE, then" },
    { "a 500 on a young connection", 3, { status = 500, shape = "nested" }, "+++?++++?-",
      "wait until it is ACTIVE, then" },
    { "a 500 of Google", 51, { status = 500 }, "+++?+++!+-", "try again later" },
    { "a 403 of Google", 3, { status = 403 }, "+++?+++++-", "connected account" },
    { "a wrong segment", 3, { status = 404, shape = "flat" }, "+++?++++--", "check the name" },
    { "a lost socket", 3, { drop = true }, "+++?++++?-", "network" },
    { "an answer that is none", 3, { status = 200, body = "[]" }, "+++?++++?-", "base URL" },
  } do
    it("reports " .. case[1] .. " at the read", function()
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
    local clock = manual_clock()
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
    assert.equal("-?????????", verdicts(rows))
    assert.same({ "config: no API key" }, { rows[1].detail })
    assert.matches("MATON_API_KEY", rows[1].advice)
  end)

  for message, row in pairs {
    ["MATON_API_KEY: the API key has a blank, control or non-ASCII byte at position 7"] =
      { "key set", "MATON_API_KEY in this shell" },
    ["MATON_API_URL: base URL must begin with https://"] =
      { "base URL", "https://api.maton.ai, without /google%-meet" },
    ["MATON_CONNECTION: the connection has a blank, control or non-ASCII byte at position 2"] =
      { "connection chosen", "correct what the message names" },
    ["the proxy (the option 'proxy', or https_proxy or all_proxy in the environment) is not a "
      .. "proxy URL"] = { "proxy", "correct what the message names" },
  } do
    it("shows at '" .. row[1] .. "' that a setting of the environment cannot be used", function()
      local err = require "googlemeet.core".error.new("config", message)
      local found = row_of(meet.doctor.rows(nil, err), row[1])
      assert.is_false(found.ok)
      assert.equal("config: " .. message, found.detail)
      assert.matches(row[2], found.advice)
    end)
  end

  it("refuses anything else, at the caller's line", function()
    for _, given in ipairs { { n = 1 }, { "key", n = 1 }, { {}, n = 1 }, { false, {}, n = 2 } } do
      local _, message = pcall(function()
        local _ = meet.doctor.rows(table.unpack(given, 1, given.n))
      end)
      assert.matches("^.*doctor_spec%.lua:%d+: doctor%.rows: a client, or nil and err", message)
    end
  end)
end)

describe("client:doctor of a client with a limiter", function()
  --- A limiter that gives a place to everybody.
  local function limiter_of(status)
    return { reserve = function() return 1 end, commit = function() end, release = function() end,
      pause = function() end, status = status }
  end

  local function row_with(status)
    local rows = over(nil, { rate = { limiter = limiter_of(status) } }):doctor()
    assert.equal(#CHECKS + 1, #rows)
    return row_of(rows, "limiter"), rows
  end

  it("has a row that says who uses it, and who is paused for how long", function()
    local row = row_with(function()
      return { users = { 12, 34 }, taken = { second = 3, reads = 17 }, paused = { reads = 4.6 } }
    end)
    assert.is_true(row.ok)
    assert.equal("processes with a place now or in the last minute: 2: 12, 34; "
      .. "places taken: reads 17, second 3; paused after a 429: reads for 5 s", row.detail)
  end)

  it("counts users where they have no numbers", function()
    local row = row_with(function() return { users = 3, taken = {}, paused = {} } end)
    assert.equal("users in the last minute: 3", row.detail)
  end)

  it("asks nothing more where the limiter cannot be asked, and says what to do", function()
    local row, rows = row_with(function()
      return nil, { kind = "config", message = "it is a folder", hint = "give it a file" }
    end)
    assert.same({ false, "config: it is a folder", "give it a file" },
      { row.ok, row.detail, row.advice })
    assert.is_nil(row_of(rows, "read").ok)
    assert.equal(0, #fake.log)
  end)

  it("believes one that reports nothing", function()
    assert.is_true(row_with(nil).ok)
  end)
end)

describe("client:doctor of a client with connections of other apps", function()
  --- A client with these, on a fake with an ACTIVE connection of google-meet, and with `list`.
  local function with(list, given)
    table.insert(list, 1, { "c1", "ACTIVE", 3 })
    return over(list, { connections = given })
  end

  local function row_with(list, what)
    return row_of(with(list, { drive = what }):doctor(), "connection for drive")
  end

  it("has a row for each of them behind the others, and none for other apps", function()
    local rows = with({ { "d1", "ACTIVE", 2, "google-drive" } },
      { calendar = "k1", drive = "d1" }):doctor()
    assert.equal(#CHECKS + 2, #rows)
    assert.equal("connection for drive", rows[#rows - 1].check)
    assert.equal("connection for calendar", rows[#rows].check)
    assert.equal("+++?++++++", verdicts(table.move(rows, 1, #CHECKS, 1, {})))
  end)

  for _, case in ipairs {
    { "an ACTIVE one", { { "d1", "ACTIVE", 2, "google-drive" } }, "d1", true,
      "^d1 %(ACTIVE, 2 days old%)$" },
    { '"only", and one', { { "d1", "ACTIVE", 2, "google-drive" } }, "only", true, "^d1 %(ACTIVE" },
    { "a function, and one", { { "d1", "ACTIVE", 2, "google-drive" } },
      function(all) return all[1] end, true, "^d1 %(ACTIVE" },
    { "one over a month old", { { "d1", "ACTIVE", 40, "google-drive" } }, "d1", true,
      "40 days old", "^over a month: .*create a new connection" },
    { "a PENDING one", { { "d1", "PENDING", 2, "google-drive" } }, "d1", false, "^d1 %(PENDING",
      "'connections%.drive'.*connect { app = \"google%-drive\"" },
    { "one that a function chose, PENDING", { { "d1", "PENDING", 2, "google-drive" } },
      function(all) return all[1] end, false, "^d1 %(PENDING", "'connections%.drive'" },
    { "that of another app", {}, "c1", false,
      "^c1 is a connection of the app google%-meet, not of google%-drive$",
      "'connections%.drive'.*connect { app = \"google%-drive\"" },
    { "one that is not there", {}, "d9", false, "^d9 is not a google%-drive connection; ",
      "'connections%.drive'" },
    { '"only" of none', { { "d1", "PENDING", 2, "google-drive" } }, "only", false,
      "^connection: no ACTIVE google%-drive connection: d1 %(PENDING", "'connections%.drive'" },
    { '"only" of several', { { "d1", "ACTIVE", 2, "google-drive" },
      { "d2", "ACTIVE", 2, "google-drive" } }, "only", false,
      "^connection: several ACTIVE google%-drive connections: d1 .*; d2 ",
      "^pass the id of one of them as the option 'connections%.drive'$" },
    { "a function that chose none", { { "d1", "ACTIVE", 2, "google-drive" } }, function() end,
      false, "chose none of the google%-drive connections: d1", "'connections%.drive'" },
  } do
    it("reports " .. case[1], function()
      local row = row_with(case[2], case[3])
      assert.equal(case[4], row.ok)
      assert.matches(case[5], row.detail)
      if case[6] then assert.matches(case[6], row.advice) else assert.is_nil(row.advice) end
    end)
  end

  it("reads only, and sends nothing to the app", function()
    row_with({ { "d1", "ACTIVE", 2, "google-drive" } }, "only")
    for _, entry in ipairs(fake.log) do
      assert.equal("GET", entry.method)
      assert.not_matches("^/google%-drive", entry.path)
    end
  end)

  it("leaves open what could not be asked for, and what was not reached", function()
    with({}, { drive = "d1" })
    fake:fail { on = function(request) return request.url:find "google%-drive" ~= nil end,
      status = 503, times = 1000 }
    local row = row_of(client:doctor(), "connection for drive")
    assert.same({ nil, "server (503)" }, { row.ok, row.detail:match "^[^:]*" })
    row = row_of(over({}, { api_key = "wrong", connections = { drive = "d1" } }):doctor(),
      "connection for drive")
    assert.same({ check = "connection for drive", detail = "not checked" }, row)
  end)
end)
