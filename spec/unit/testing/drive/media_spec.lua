local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

local FILES = "/google-drive/drive/v3/files/"

describe("the bytes of a file in the fake", function()
  local gateway, file, whole

  before_each(function()
    gateway = testing.gateway { now = 1795341600, clock = function() return 0 end }
    gateway:add_connection { app = "google-drive", status = "ACTIVE" }
    file = gateway:add_file { id = "a", mime_type = "video/mp4", size = 1000 }
    whole = gateway:read_file(file)
  end)

  local function get(range, headers, id)
    headers = headers or {}
    headers.Range = range
    local _, response = ask(gateway, "GET", FILES .. (id or "a") .. "?alt=media", nil, headers)
    return response
  end

  it("come whole, with their length and type", function()
    local response = get()
    assert.equal(whole, response.body)
    assert.equal(200, response.status)
    assert.same({ ["Content-Type"] = "video/mp4", ["Content-Length"] = "1000",
      ["Accept-Ranges"] = "bytes" }, response.headers)
  end)

  local ranges = {
    { "bytes=0-0", 0, 0 }, { "bytes=10-19", 10, 19 }, { "bytes=990-", 990, 999 },
    { "bytes=990-5000", 990, 999 }, { "bytes=-1", 999, 999 }, { "bytes=-5000", 0, 999 },
    { "bytes=5-99999999999999999999999", 5, 999 },
  }
  for _, case in ipairs(ranges) do
    it("come as a part: " .. case[1], function()
      local response = get(case[1])
      assert.equal(206, response.status)
      assert.equal(whole:sub(case[2] + 1, case[3] + 1), response.body)
      assert.equal(("bytes %d-%d/1000"):format(case[2], case[3]),
        response.headers["Content-Range"])
      assert.equal(tostring(#response.body), response.headers["Content-Length"])
    end)
  end

  for _, range in ipairs { "bytes=1000-", "bytes=99999999999999999999999-", "bytes=-0" } do
    it("are not there: " .. range, function()
      local response = get(range)
      assert.equal(416, response.status)
      assert.equal("bytes */1000", response.headers["Content-Range"])
      assert.matches("requestedRangeNotSatisfiable", response.body)
    end)
  end

  for _, range in ipairs { "bytes=9-1", "bytes=-", "items=0-1", "bytes=0-1,4-5", "bytes=x-1" } do
    it("come whole when a range is none: " .. range, function()
      assert.equal(200, get(range).status)
    end)
  end

  it("come whole to whoever asks for a range, where a file takes none", function()
    gateway:set_file(file, { ranges = false })
    local response = get "bytes=10-19"
    assert.same({ 200, whole }, { response.status, response.body })
    assert.is_nil(response.headers["Accept-Ranges"])
  end)

  it("come as a part of what is meant, by a strong validator only", function()
    local function status(validator)
      return get("bytes=10-19", { ["If-Range"] = validator }).status
    end
    assert.equal(200, status '"x"')
    gateway:set_file(file, { etag = "strong" })
    local etag = get().headers.ETag
    assert.matches('^"[%w_-]+"$', etag)
    assert.same({ 206, 200 }, { status(etag), status '"x"' })
    gateway:set_file(file, { seed = "other" })
    assert.equal(200, status(etag))
    gateway:set_file(file, { etag = "weak" })
    etag = get().headers.ETag
    assert.matches('^W/"', etag)
    assert.equal(200, status(etag))
  end)

  it("are none of an empty file", function()
    gateway:add_file { id = "empty", content = "" }
    local response = get(nil, nil, "empty")
    assert.same({ 200, "", "0" },
      { response.status, response.body, response.headers["Content-Length"] })
    assert.same({ 416, 416 }, { get("bytes=0-", nil, "empty").status,
      get("bytes=-5", nil, "empty").status })
  end)

  it("come chunk by chunk where they are many, and are counted", function()
    gateway:add_file { id = "big", size = 1 << 30 }
    local response = get("bytes=1000-", nil, "big")
    assert.equal(tostring((1 << 30) - 1000), response.headers["Content-Length"])
    local first = response.body()
    assert.equal(gateway:read_file("big", 1000, #first), first)
    assert.equal(#first, gateway:requests "files.get"[1].sent)
    local last = get("bytes=-1100000", nil, "big")
    local size = 0
    for chunk in last.body do size = size + #chunk end
    assert.equal(1100000, size)
  end)

  it("are refused where there are none, and where the owner refuses them", function()
    local function reason_of(id)
      local response = get(nil, nil, id)
      return response.status, response.body:match '"reason":"(%a+)"'
    end
    gateway:add_file { id = "d", text = "x" }
    gateway:add_file { id = "s", shortcut = file }
    gateway:add_file { id = "n", can_download = false }
    assert.same({ 403, "fileNotDownloadable" }, { reason_of "d" })
    assert.same({ 403, "fileNotDownloadable" }, { reason_of "s" })
    assert.same({ 403, "cannotDownloadFile" }, { reason_of "n" })
    assert.same({ 404, "notFound" }, { reason_of "none" })
  end)
end)

describe("a fault amid the bytes of a file", function()
  local now, gateway, whole

  before_each(function()
    now = 0
    gateway = testing.gateway { now = 1795341600, clock = {
      now = function() return now end, sleep = function(seconds) now = now + seconds end,
    } }
    gateway:add_connection { app = "google-drive", status = "ACTIVE" }
    gateway:add_file { id = "a", size = 200000 }
    whole = gateway:read_file "a"
  end)

  --- Return the response to a download, its bytes, and what its body says where it breaks off.
  local function get(seconds)
    local response = gateway.transport({
      method = "GET", url = FILES .. "a?alt=media",
      headers = { Authorization = "Bearer test-key" },
    }, seconds)
    if type(response.body) == "string" then return response, response.body end
    local parts = {}
    while true do
      local chunk, problem = response.body()
      if not chunk then return response, table.concat(parts), problem end
      parts[#parts + 1] = chunk
    end
  end

  for _, count in ipairs { 0, 1, 65536, 199999 } do
    it(("loses the line after %d"):format(count), function()
      gateway:fail { on = "files.get", lost = true, after = count }
      local response, bytes, problem = get()
      assert.equal(whole:sub(1, count), bytes)
      assert.equal("the connection was lost amid the answer: by a fault", problem)
      assert.same({ 200, "200000" }, { response.status, response.headers["Content-Length"] })
      assert.same({ nil, problem }, { response.body() })
      local entry = gateway.log[1]
      assert.same({ 200, true, count }, { entry.status, entry.lost, entry.sent })
      assert.equal(whole, select(2, get()))
    end)
  end

  it("is none when the bytes end before it", function()
    for _, count in ipairs { 200000, 200001 } do
      gateway:fail { on = "files.get", lost = true, after = count }
      local _, bytes, problem = get()
      assert.equal(whole, bytes)
      assert.is_nil(problem)
    end
  end)

  it("falls silent for as long as the sender waits, or a minute", function()
    gateway:fail { timeout = true, after = 10, times = 2, message = "quiet" }
    local _, bytes, problem = get(7)
    assert.same({ whole:sub(1, 10), "quiet", 7 }, { bytes, problem, now })
    get()
    assert.equal(67, now)
  end)

  it("leaves metadata alone, and Meet", function()
    gateway:fail { lost = true, after = 5, times = math.huge }
    local _, response = ask(gateway, "GET", FILES .. "a")
    assert.equal(200, response.status)
    assert.equal(200, select(2, ask(gateway, "GET", "conferenceRecords")).status)
    assert.equal(5, #select(2, get()))
  end)

  it("breaks an export off as well, and leaves a refusal alone", function()
    gateway:add_file { id = "d", text = "0123456789" }
    gateway:fail { on = "files.export", lost = true, after = 5, times = 2 }
    local _, response = ask(gateway, "GET", FILES .. "d/export?mimeType=text%2Fmarkdown")
    assert.same({ "01234", nil }, { response.body(), (response.body()) })
    _, response = ask(gateway, "GET", FILES .. "a/export?mimeType=text%2Fmarkdown")
    assert.equal(403, response.status)
    assert.matches("fileNotExportable", response.body)
  end)

  it("cuts the answer off as if that were all", function()
    gateway:fail { on = "files.get", cut = 100 }
    local response, bytes, problem = get()
    assert.same({ whole:sub(1, 100), "100" }, { bytes, response.headers["Content-Length"] })
    assert.is_nil(problem)
    assert.equal(whole, select(2, get()))
  end)

  it("changes the file meanwhile: those who are served get the rest of what was", function()
    gateway:fail { on = "files.get", lost = true, after = 150000, changed = true }
    local before = gateway:file("a").resource.headRevisionId
    local _, bytes = get()
    assert.equal(whole:sub(1, 150000), bytes)
    local _, other = get()
    assert.equal(#whole, #other)
    assert.is_true(other ~= whole)
    assert.equal(gateway:read_file "a", other)
    assert.is_true(gateway:file("a").resource.headRevisionId ~= before)
  end)

  it("changes given bytes as well, and a document's revision", function()
    gateway:add_file { id = "g", content = "abc" }
    gateway:add_file { id = "d", text = "x" }
    gateway:fail { lost = true, after = 1, changed = true, times = 2 }
    ask(gateway, "GET", FILES .. "g?alt=media")
    ask(gateway, "GET", FILES .. "d/export?mimeType=text%2Fplain")
    assert.equal("cba", gateway:read_file "g")
    assert.equal(2, gateway:file("d").revision)
  end)

  local misuse = {
    { "after: a whole number from 0", { lost = true, after = 1.5 } },
    { "after: with 'lost' or 'timeout'", { after = 5 } },
    { "after: with 'lost' or 'timeout'", { drop = true, after = 5 } },
    { "cut: a whole number from 0", { cut = -1 } },
    { "lost: with 'cut' the answer comes", { cut = 1, lost = true } },
    { "body: with 'cut' the answer comes", { cut = 1, body = "x" } },
    { "changed: only with 'after' or 'cut'", { changed = true } },
    { "perform: with 'after' and 'cut'", { lost = true, after = 5, perform = false } },
  }
  for _, case in ipairs(misuse) do
    it("raises: " .. case[1], function()
      local ok, message = pcall(function() gateway:fail(case[2]) end)
      assert.is_false(ok)
      assert.is_truthy(message:find("fail: " .. case[1], 1, true), message)
    end)
  end
end)
