local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

describe("gateway:fail", function()
  local gateway

  before_each(function()
    gateway = testing.gateway { now = 1795341600 }
  end)

  local function status(method, target, body)
    local _, response = ask(gateway, method or "GET", target or "conferenceRecords", body)
    return response.status
  end

  it("applies once, with 503 of Google, by default", function()
    gateway:fail {}
    local answer = ask(gateway, "GET", "conferenceRecords")
    assert.equal("UNAVAILABLE", answer.error.status)
    assert.equal(200, status())
  end)

  it("applies as often as ordered, in the order of creation", function()
    gateway:fail { status = 500, times = 2 }
    gateway:fail { status = 429 }
    assert.same({ 500, 500, 429, 200 }, { status(), status(), status(), status() })
  end)

  local targets = {
    "conferenceRecords.list", "GET /google-meet/v2/conferenceRecords", "/conferenceRecords",
    "GET /.*Records", function(request) return request.method == "GET" end,
  }
  for _, on in ipairs(targets) do
    it("applies only to `on`: " .. tostring(on):gsub(": 0x%x+", ""), function()
      gateway:fail { on = on }
      assert.equal(200, status("POST", "spaces", {}))
      assert.equal(503, status())
    end)
  end

  it("applies only to an address as it was sent, with escapes that are no pattern", function()
    gateway:fail { on = "/spaces/a%20b" }
    for id, expected in pairs { ["a%20c"] = 404, ["a%20b"] = 503 } do
      local _, response = ask.loosely(gateway, "GET", "spaces/" .. id)
      assert.equal(expected, response.status)
    end
  end)

  it("knows an operation by its last words", function()
    gateway:fail { on = "participants.list" }
    assert.equal(200, status())
    assert.equal(503, status("GET", "conferenceRecords/x/participants"))
  end)

  it("asks a function once for each request, and waits for an admitted one", function()
    local asked = 0
    gateway:fail { on = function()
      asked = asked + 1
      return true
    end }
    ask.loosely(gateway, "GET", "conferenceRecords", nil, { Authorization = "Bearer other" })
    assert.same({ 503, 200, 2 }, { status(), status(), asked })
  end)

  local shapes = {
    { "google", '^{"error":{"code":502,"message":"Bad Gateway","status":"UNKNOWN"}}$' },
    { "nested", '^{"error":{"code":502,"message":"Bad Gateway"}}$' },
    { "flat", '^{"code":502,"message":"Bad Gateway","type":"Bad Gateway"}$' },
    { "text", "^Bad Gateway$" },
    { "html", "^<!DOCTYPE html>.*<h1>Bad Gateway</h1>" },
    { "empty", "^$" },
  }
  for _, case in ipairs(shapes) do
    it("answers in the shape " .. case[1], function()
      gateway:fail { status = 502, shape = case[1] }
      local _, response = ask(gateway, "GET", "conferenceRecords")
      assert.equal(502, response.status)
      assert.matches(case[2], response.body)
    end)
  end

  it("answers with the body and headers given", function()
    gateway:fail { status = 429, body = { reason = "x" }, headers = { ["Retry-After"] = 7 } }
    local answer, response = ask(gateway, "GET", "conferenceRecords")
    assert.same({ reason = "x" }, answer)
    assert.equal("7", response.headers["Retry-After"])
  end)

  it("answers as Drive does, for a reason", function()
    gateway:fail { shape = "drive", status = 403, reason = "userRateLimitExceeded" }
    local answer = ask(gateway, "GET", "conferenceRecords")
    assert.same({ {
      domain = "usageLimits", reason = "userRateLimitExceeded", message = "Forbidden",
    } }, answer.error.errors)
    for code, reason in pairs { [404] = "notFound", [503] = "backendError" } do
      gateway:fail { shape = "drive", status = code }
      assert.equal(reason, ask(gateway, "GET", "conferenceRecords").error.errors[1].reason)
    end
  end)

  it("drops a request: nil and a message, nothing done", function()
    gateway:fail { on = "spaces.create", drop = true }
    local answer, message = ask(gateway, "POST", "spaces", {})
    assert.is_nil(answer)
    assert.matches("not sent", message)
    assert.equal(0, #gateway:organisation().spaces)
    assert.is_true(gateway.log[1].dropped)
  end)

  it("can apply after the operation was performed", function()
    gateway:fail { on = "spaces.create", status = 502, perform = true }
    assert.equal(502, status("POST", "spaces", {}))
    assert.equal(1, #gateway:organisation().spaces)
  end)

  it("answers with a success only where a body says what is wrong with it", function()
    gateway:fail { status = 200, body = "<html>Log in</html>" }
    local answer, response = ask.loosely(gateway, "GET", "conferenceRecords")
    assert.same({ 200, "<html>Log in</html>" }, { response.status, answer })
  end)

  it("goes on for ever where it is asked to", function()
    gateway:fail { times = math.huge }
    for _ = 1, 20 do assert.equal(503, status()) end
  end)

  local misuse = {
    { "unknown option 'onn'", { onn = "x" } },
    { "no operation 'space.get'; did you mean 'spaces.get'?", { on = "space.get" } },
    { "no operation 'make'; known: spaces.create, spaces.get, ", { on = "make" } },
    { "on: 'GET /[': malformed pattern", { on = "GET /[" } },
    { "is not one of drive, empty, flat, google, html, nested, text", { shape = "xml" } },
    { "whole number from 300", { status = 99 } }, { "whole number from 300", { status = 600 } },
    { "status: 200 is not a failure", { status = 200 } },
    { "status: 204 is not a failure", { status = 204, shape = "empty" } },
    { "'times': number expected, got string", { times = "2" } },
    { "times must be a whole number from 1", { times = 0 } },
    { "times must be a whole number from 1", { times = -1 } },
    { "times must be a whole number from 1", { times = 1.5 } },
    { "times must be a whole number from 1", { times = 0 / 0 } },
    { "only one of drop, lost and timeout", { drop = true, lost = true } },
    { "status: with 'lost' no answer comes", { lost = true, status = 503 } },
    { "reason: only with the shape 'drive'", { reason = "x" } },
    { "reason: with 'lost' no answer comes", { lost = true, reason = "x" } },
    { "body: with 'drop' no answer comes", { drop = true, body = "x" } },
    { "with 'drop' nothing is sent", { drop = true, perform = true } },
    { "headers: names with strings of one line", { headers = { "Retry-After: 3" } } },
    { "headers: names with strings of one line", { headers = { Via = "x\r\nRetry-After: 3" } } },
    { "headers: names with strings of one line", { headers = { ["Via: x\n"] = 3 } } },
    { "body: it cannot be written as JSON", { body = { print } } },
    { "timeout: the gateway needs clock = { now =, sleep = }", { timeout = true } },
  }
  for _, case in ipairs(misuse) do
    it("raises: " .. case[1], function()
      local ok, message = pcall(function() gateway:fail(case[2]) end)
      assert.is_false(ok)
      assert.is_truthy(message:find(case[1], 1, true), message)
      assert.matches("faults_spec.lua:%d+: fail: ", message)
    end)
  end

  it("says what it takes when it does not take an option", function()
    for _, name in ipairs { "kind", "delay", "seconds", "retry_after", "error" } do
      local _, message = pcall(gateway.fail, gateway, { [name] = 1 })
      assert.matches("unknown option '" .. name .. "'; known: after, body, changed, cut, drop, "
        .. "headers, lost, message, on, perform, reason, shape, status, timeout, times$", message)
    end
  end)
end)

describe("an answer of the fake that is late or lost", function()
  local now, gateway

  local function open(options)
    now = 0
    options.clock = {
      now = function() return now end, sleep = function(seconds) now = now + seconds end,
    }
    gateway = testing.gateway(options)
  end

  --- Create a space; the sender waits for so many seconds.
  local function create(seconds)
    local response, message, fate, kind = gateway.transport({
      method = "POST", url = "/google-meet/v2/spaces", body = "{}",
      headers = { Authorization = "Bearer test-key", ["Content-Type"] = "application/json" },
    }, seconds)
    return response and response.status, message, fate, kind
  end

  local function spaces() return #gateway:organisation().spaces end

  before_each(function() open {} end)

  it("was sent, and the operation is performed, unless the fault says no", function()
    gateway:fail { lost = true }
    gateway:fail { lost = true, perform = false, message = "reset" }
    assert.same({ nil, "the connection was lost after the request was sent: by a fault", "sent" },
      { create() })
    assert.equal(1, spaces())
    assert.same({ nil, "reset", "sent" }, { create() })
    assert.equal(1, spaces())
    assert.equal(200, create())
    assert.same({ true, true, nil },
      { gateway.log[1].lost, gateway.log[2].lost, gateway.log[3].lost })
    assert.equal(0, now)
  end)

  it("takes as long as the sender waits, or a minute, when it never comes", function()
    gateway:fail { timeout = true, times = 2 }
    assert.same({ nil, "no answer came in time: by a fault", "sent", "timeout" }, { create(7) })
    assert.same({ 7, 1 }, { now, spaces() })
    create()
    assert.same({ 67, 2 }, { now, spaces() })
  end)

  it("is not used up by a request that is not admitted", function()
    gateway:fail { lost = true }
    local response = gateway.transport { method = "GET", url = "/connections" }
    assert.equal(401, response.status)
    assert.equal("sent", select(3, create()))
  end)

  it("comes after the latency, a number or what a function says", function()
    open { latency = 0.5 }
    create()
    assert.equal(0.5, now)
    open { latency = function(request) return request.method == "POST" and 3 or 0 end }
    assert.same({ 200, 3 }, { create(), now })
    gateway.transport { method = "GET", url = "/connections" }
    assert.equal(3, now)
  end)

  it("does not come when the latency is longer than the sender waits", function()
    open { latency = 5 }
    assert.same({ nil, "no answer came in time", "sent", "timeout" }, { create(2) })
    assert.same({ 2, 1 }, { now, spaces() })
  end)

  it("is late, not lost, when the sender does not wait until it is lost", function()
    open { latency = 5 }
    gateway:fail { lost = true, message = "the line was cut", times = 2 }
    assert.same({ nil, "no answer came in time", "sent", "timeout" }, { create(2) })
    assert.same({ nil, "the line was cut", "sent" }, { create(6) })
  end)

  it("needs a clock that sleeps, and a latency that is one", function()
    for _, case in ipairs {
      { { latency = 1 }, "latency: it needs clock = { now =, sleep = }" },
      { { latency = 1, clock = os.time }, "latency: it needs clock = { now =, sleep = }" },
      { { latency = -1, clock = { now = os.time, sleep = print } }, "from 0 expected, got -1" },
      { { latency = math.huge, clock = { now = os.time, sleep = print } }, "expected, got inf" },
      { { clock = { now = os.time } }, "clock: a function, or { now =, sleep = } expected" },
    } do
      local _, message = pcall(testing.gateway, case[1])
      assert.is_truthy(message:find(case[2], 1, true), message)
    end
    open { latency = function() return "soon" end }
    assert.error_matches(create, "latency returned soon, not a number of seconds")
  end)
end)
