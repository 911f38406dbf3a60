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

  local misuse = {
    { "unknown option", { onn = "x" } }, { "no operation", { on = "spaces.make" } },
    { "is not one of", { shape = "xml" } }, { "whole number", { status = 99 } },
    { "expected, got", { times = "2" } },
  }
  for _, case in ipairs(misuse) do
    it("raises: " .. case[1], function()
      assert.error_matches(function() gateway:fail(case[2]) end, case[1])
    end)
  end
end)
