--- The odd answers of the gate `download`, and its judge: what it takes for a broken promise.

local answers = require "spec.download.answers"
local cases = require "spec.download.cases"
local judge = require "spec.download.judge"

local CONTENTS = { "0123456789", "abcdefgh" }

local function make(answer, request)
  local bytes, head, status = answers.make(answer, request or {}, CONTENTS)
  return bytes:sub(head + 1), status, bytes:sub(1, head)
end

describe("an odd answer", function()
  it("is the whole to a request for the whole", function()
    local body, status, head = make {}
    assert.equal("0123456789", body)
    assert.equal(200, status)
    assert.truthy(head:find("Content-Length: 10\r\n", 1, true))
  end)

  it("is the rest where the validator is the same", function()
    local body, status, head = make({}, { range = "bytes=4-", if_range = '"v1"' })
    assert.equal("456789", body)
    assert.equal(206, status)
    assert.truthy(head:find("Content-Range: bytes 4-9/10\r\n", 1, true))
  end)

  it("is the whole where the validator is another one", function()
    local body, status = make({ content = 2 }, { range = "bytes=4-", if_range = '"v1"' })
    assert.equal("abcdefgh", body)
    assert.equal(200, status)
  end)

  it("refuses what is behind the end", function()
    local body, status, head = make({}, { range = "bytes=10-" })
    assert.equal("", body)
    assert.equal(416, status)
    assert.truthy(head:find("Content-Range: bytes */10\r\n", 1, true))
  end)

  it("lies as its row says", function()
    local rest = { range = "bytes=4-" }
    assert.equal("6789", (make({ shift = 2 }, rest)))
    assert.equal("0123456789", (make({ ignores_range = true }, rest)))
    local _, _, head = make({ content_range = "lines LAST-FIRST/7", length_more = -3 }, rest)
    assert.truthy(head:find("Content-Range: lines 9-4/7\r\n", 1, true))
    assert.truthy(head:find("Content-Length: 3\r\n", 1, true))
    assert.is_nil(select(3, make({ content_range = false }, rest)):find "Content%-Range")
  end)

  it("breaks at a byte, or at a part of all", function()
    assert.equal(7, answers.point(7, 100, 30))
    assert.equal(50, answers.point(0.5, 100, 30))
    assert.equal(100, answers.point(math.maxinteger, 100, 30))
    assert.equal(0, answers.point(0, 100, 30))
    assert.equal(95, answers.point(-5, 100, 30))
    assert.equal(30, answers.point("head", 100, 30))
  end)
end)

--- A whole download of ten bytes, with some things different.
local function seen(changes)
  local here = {
    result = { bytes = 10, usable = true, seconds = 0.1, progress = { calls = 2, bytes = 10 } },
    content = "1", length = 10, left = 0, mode = 384, asked = { { sent = 10, status = 200 } },
  }
  for name, value in pairs(changes or {}) do here[name] = value end
  return here
end

local function failed(kind, changes)
  local here = seen(changes)
  here.result = { kind = kind, hint = "do this", error = "it failed", usable = true, seconds = 0.1 }
  return here
end

local WHOLE = { path = "1", sink = "1" }

local function problems(case, way, ...) return judge.problems(seen(...), case, way, 10) end

describe("the judge of the gate download", function()
  it("has nothing against a whole file", function()
    assert.same({}, problems(WHOLE, "path"))
    assert.same({}, problems(WHOLE, "sink"))
  end)

  it("wants the content that was to come, whole", function()
    assert.same({ "mixed, not 1" }, problems(WHOLE, "path", { content = "mixed" }))
    assert.same({ "short, not 1" }, problems(WHOLE, "path", { content = "start" }))
    assert.same({ "9 is there, 10 reported" },
      problems(WHOLE, "path", { length = 9 }))
    assert.same({ "2 files are left beside it" }, problems(WHOLE, "path", { left = 2 }))
    assert.same({ "its mode is 644" }, problems(WHOLE, "path", { mode = 420 }))
  end)

  it("wants an end", function()
    assert.same({ "no end, not 1" }, judge.problems({ asked = {}, left = 0 }, WHOLE, "path", 10))
  end)

  it("wants nothing under the name after an error", function()
    local case = { path = "timeout", sink = "timeout" }
    for content, is_well in pairs { none = true, old = true, start = false, ["1"] = false } do
      local here = failed("timeout", { content = content })
      local found = judge.problems(here, case, "path", 10)
      assert.same(is_well and {} or { "after an error the target has " .. content }, found)
    end
    local here = failed("timeout", { content = "start" })
    assert.same({}, judge.problems(here, case, "sink", 10))
    here.content = "mixed"
    assert.same({ "after an error the target has mixed" }, judge.problems(here, case, "sink", 10))
  end)

  it("wants the part kept or gone, as the case says", function()
    local kept = { path = "timeout", part = "kept" }
    local gone = { path = "timeout", part = "gone" }
    local here = failed("timeout", { content = "none" })
    assert.same({ "no part is left" }, judge.problems(here, kept, "path", 10))
    here.part, here.left = 5, 2
    assert.same({}, judge.problems(here, kept, "path", 10))
    assert.same({ "2 files are left" }, judge.problems(here, gone, "path", 10))
  end)

  it("looks at what was asked for", function()
    local function asking(entry, case)
      entry.sent, entry.status = 10, entry.status or 206
      return problems(case or WHOLE, "path", { asked = { entry } })
    end
    assert.same({ "bytes=4- without If-Range" }, asking { range = "bytes=4-" })
    assert.same({}, asking({ range = "bytes=4-" }, { path = "1", version = "1" }))
    assert.same({ 'If-Range with W/"a"' }, asking { range = "bytes=4-", if_range = 'W/"a"' })
    assert.same({ "Accept-Encoding: gzip" }, asking { encoding = "gzip" })
    assert.same({ "a strange range: bytes=-4" }, asking { range = "bytes=-4", if_range = '"a"' })
    assert.same({ "it did not go on, but began anew" },
      asking({ status = 200 }, { path = "1", resumes = true }))
    assert.same({ "1 requests" }, asking({}, { path = "1", most = 0 }))
    assert.same({ "10 bytes sent for 10" }, asking({}, { path = "1", served = 0.5 }))
  end)

  it("wants a client that goes on, a hint and one line", function()
    local here = failed("timeout", { content = "none" })
    here.result.usable, here.result.hint, here.result.error = false, "", "two\nlines"
    assert.equal(3, #judge.problems(here, { path = "timeout" }, "path", 10))
  end)

  it("has a row of cases for each name", function()
    for index, case in ipairs(cases.list) do
      assert(cases.named[case.name] == case, case.name)
      assert(case.path and case.sink and case.answers, index)
    end
  end)
end)
