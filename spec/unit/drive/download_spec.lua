--- Recordings that are downloaded, from the fake.

local contract = require "spec.support.contract"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local tree = require "spec.support.tree"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z
local SIZE, HALF = 300000, 150000
local NAME = "conferenceRecords/cr/recordings/rec"
local MEDIA = "drive.files.get"

local gateway, client, record, recording, folder, clock, gives_way

--- Ask the fake for what Google's discovery documents allow.
local function ask(request, seconds)
  assert(contract.check(request))
  if gives_way then coroutine.yield() end
  return gateway.transport(request, seconds)
end

--- A recording whose file has these options.
local function begin(options)
  clock = made_up_clock()
  gateway = meet.testing.gateway { now = NOW, clock = clock }
  gateway:add_connection { app = "google-drive", status = "ACTIVE" }
  record = gateway:add_record {
    space = gateway:add_space(), id = "cr", start_time = "2026-11-22T09:00:00Z",
    end_time = "2026-11-22T09:50:00Z",
  }
  options = options or { id = "1Video", size = SIZE }
  options.mime_type = options.mime_type or not options.tabs and "video/mp4" or nil
  local file = gateway:add_file(options)
  gateway:add_recording(record, { id = "rec", file = file.name })
  client = assert(meet.new {
    api_key = "test-key", transport = ask, clock = clock, rate = false,
  })
  recording = assert(client.recordings:get(NAME))
  gateway:clear_log()
  return file
end

local function path_of(name) return folder .. "/" .. (name or "video.mp4") end

--- Say whether what was downloaded is the file, and nothing else is in the folder.
local function is_whole(file)
  return tree.read(path_of()) == gateway:read_file(file) and #tree.lines("ls -A " .. folder) == 1
end

--- The requests for bytes, each with the Range it asked for.
local function ranges()
  local found = {}
  for _, request in ipairs(gateway:requests(MEDIA)) do
    if request.query.alt == "media" then found[#found + 1] = request.headers.range or "all" end
  end
  return found
end

--- Kind, message and hint of the error that something ends with.
local function failure_of(value, err)
  assert.is_nil(value)
  return err.kind, err.message, err.hint
end

before_each(function() folder, gives_way = tree.temporary(), false end)

after_each(function()
  if client then client:close() end
  tree.remove(folder)
end)

describe("recording:download", function()
  it("gives the file, its size and the checksum that Drive has", function()
    local file = begin()
    local video = assert(recording:download(path_of()))
    assert.same({ path = path_of(), bytes = SIZE, sha256 = file.resource.sha256Checksum
      or gateway:file(file).content:sha256() }, video)
    assert.is_true(is_whole(file))
    assert.same({ "all" }, ranges())
    assert.equal(3, #gateway:requests())
  end)

  it("asks for files on shared drives, too", function()
    local file = begin { size = 1000, shared_drive = true }
    assert(recording:download(path_of()))
    assert.is_true(is_whole(file))
  end)

  it("reports how far it is, of how much, and at the end that it is whole", function()
    begin()
    local reports = {}
    assert(recording:download(path_of(), { on_progress = function(bytes, total)
      reports[#reports + 1] = { bytes, total }
    end }))
    assert.same({ SIZE, SIZE }, reports[#reports])
  end)

  it("ends where on_progress says so, and goes on there at the next call", function()
    local file = begin()
    local kind, _, hint = failure_of(recording:download(path_of(), {
      on_progress = function() return false end,
    }))
    assert.equal("cancelled", kind)
    assert.matches("to continue", hint)
    assert.is_nil(io.open(path_of()))
    assert(recording:download(path_of()))
    assert.is_true(is_whole(file))
    assert.matches("^bytes=%d+%-$", ranges()[2])
  end)

  it("goes on where the line breaks", function()
    local file = begin()
    gateway:fail { on = MEDIA, lost = true, after = HALF }
    assert.equal(SIZE, assert(recording:download(path_of())).bytes)
    assert.is_true(is_whole(file))
    assert.same({ "all", "bytes=150000-" }, ranges())
  end)

  it("goes on with a recording of the same version only", function()
    local file = begin()
    failure_of(recording:download(path_of(), { on_progress = function() return false end }))
    gateway:set_file(file, { size = 2 * HALF - 1 })
    assert.equal(2 * HALF - 1, assert(recording:download(path_of())).bytes)
    assert.is_true(is_whole(file))
    assert.same({ "all", "all" }, ranges())
  end)

  it("leaves nothing in its place where the file was replaced in the middle", function()
    local file = begin()
    gateway:fail { on = MEDIA, lost = true, after = HALF, changed = true }
    local kind, message, hint = failure_of(recording:download(path_of()))
    assert.equal("conflict", kind)
    assert.matches("recordings/rec: its file changed while it was downloaded", message)
    assert.matches("call download", hint)
    assert.is_nil(io.open(path_of()))
    assert(recording:download(path_of()))
    assert.is_true(is_whole(file))
    assert.same({ "all", "bytes=150000-", "all" }, ranges())
  end)

  it("begins anew there automatically, and notices it all the same, with an ETag", function()
    local file = begin { size = SIZE, etag = "strong" }
    gateway:fail { on = MEDIA, lost = true, after = HALF, changed = true }
    assert.equal("conflict", (failure_of(recording:download(path_of()))))
    assert.is_nil(io.open(path_of()))
    local video = assert(recording:download(path_of()))
    assert.is_true(is_whole(file))
    assert.equal(gateway:file(file).content:sha256(), video.sha256)
  end)

  it("keeps what has come where Drive cannot be asked at the end", function()
    local file, asked = begin(), 0
    gateway:fail { times = 20, status = 503, on = function(request)
      asked = asked + (request.url:find("fields=", 1, true) and 1 or 0)
      return asked > 1 and asked < 8
    end }
    assert.equal("server", (failure_of(recording:download(path_of()))))
    assert.is_nil(io.open(path_of()))
    asked = 8
    assert(recording:download(path_of()))
    assert.is_true(is_whole(file))
    assert.equal("bytes=299999-", ranges()[2])
  end)

  it("leaves what is in its place where more or fewer bytes come than Drive says", function()
    local file = begin()
    tree.write(path_of(), "an older one")
    gateway:fail { on = MEDIA, cut = 2 * HALF - 1 }
    local kind, message, hint = failure_of(recording:download(path_of()))
    assert.equal("decode", kind)
    assert.matches("recordings/rec: it has 300000 bytes, but 299999 were sent", message)
    assert.matches("call download", hint)
    assert.equal("an older one", tree.read(path_of()))
    assert(recording:download(path_of()))
    assert.is_true(is_whole(file))
  end)

  it("leaves nothing in its place where their number is not known before", function()
    begin()
    local plain <close> = assert(meet.new { api_key = "test-key", clock = clock,
      transport = function(request)
        local response = assert(gateway.transport(request))
        response.headers["Content-Length"] = nil
        if request.url:find("alt=media", 1, true) then response.body = "short" end
        return response
      end })
    local kind = failure_of(assert(plain.recordings:get(NAME)):download(path_of()))
    assert.equal("decode", kind)
    assert.same({}, tree.lines("ls -A " .. folder))
  end)

  it("says that a redirect is not followed, and why", function()
    begin()
    gateway:fail {
      on = function(request) return request.url:find("alt=media", 1, true) ~= nil end,
      status = 302, headers = { Location = "https://files.example.com/secret" }, shape = "empty",
    }
    local kind, message, hint = failure_of(recording:download(path_of()))
    assert.equal("transport", kind)
    assert.matches("302, a redirect to https://files%.example%.com$", message)
    assert.matches("the key would go with it", hint)
    assert.is_nil(io.open(path_of()))
  end)

  it("refuses what has no bytes", function()
    begin { tabs = { { title = "Notes", text = "x" } } }
    local kind, message = failure_of(recording:download(path_of()))
    assert.equal("invalid", kind)
    assert.matches("of type application/vnd%.google%-apps%.document", message)
    assert.same({}, ranges())
  end)

  it("follows a shortcut", function()
    local file = begin()
    local shortcut = gateway:add_file { shortcut = file.name }
    gateway:add_recording(record, { id = "held", file = shortcut.name })
    local held = assert(client.recordings:get "conferenceRecords/cr/recordings/held")
    assert(held:download(path_of()))
    assert.is_true(is_whole(file))
    gateway:delete_file(file)
    local kind, message = failure_of(held:download(path_of()))
    assert.equal("not_found", kind)
    assert.matches("^the target of a shortcut: ", message)
  end)

  it("may be seen, and not downloaded", function()
    local file = begin()
    gateway:set_file(file, { can_download = false })
    assert.equal("permission", (failure_of(recording:download(path_of()))))
    assert.same({}, ranges())
  end)

  it("comes after the wait for it", function()
    begin()
    gateway:set_state(NAME, "STARTED")
    local running = assert(client.recordings:get(NAME))
    local kind, _, hint = failure_of(running:download(path_of()))
    assert.equal("not_found", kind)
    assert.matches("wait_for_file", hint)
    local ready = assert(running:wait_for_file { on_wait = function()
      gateway:set_state(NAME, "FILE_GENERATED")
    end })
    assert.equal(SIZE, assert(ready:download(path_of())).bytes)
  end)

  it("needs a folder that is there, before anything comes", function()
    begin()
    local kind, message = failure_of(recording:download(path_of "none/video.mp4"))
    assert.equal("config", kind)
    assert.matches("none", message)
    assert.same({}, ranges())
  end)

  it("takes one download at a time into a path", function()
    local file, kinds = begin(), {}
    local function download()
      local _, err = recording:download(path_of())
      kinds[#kinds + 1] = err and err.kind or "whole"
    end
    gives_way = true
    assert(client:gather { download, download })
    assert.same({ "conflict", "whole" }, kinds)
    assert.is_true(is_whole(file))
  end)

  it("takes a file whose size Drive does not give, or gives as something else", function()
    for _, size in ipairs { "null", '"x"', "{}", "[1]", "true", '"300000"', "300000" } do
      local file = begin()
      gateway:fail { on = function(request)
        return not request.url:find("alt=media", 1, true)
      end, times = 2, status = 200, body = ('{"id":"1Video","mimeType":"video/mp4","size":%s,'
        .. '"sha256Checksum":7,"headRevisionId":[],"modifiedTime":{}}'):format(size) }
      local video = assert(recording:download(path_of()))
      assert.same({ path = path_of(), bytes = SIZE }, video)
      assert.is_true(is_whole(file))
    end
  end)

  it("ends with its deadline, and goes on at the next call", function()
    local file = begin()
    gateway:fail { on = MEDIA, timeout = true, after = HALF // 2, times = 2 }
    assert.equal("deadline", (failure_of(recording:download(path_of(), { deadline = 100 }))))
    assert.is_true(clock.now() <= 200)
    assert(recording:download(path_of()))
    assert.is_true(is_whole(file))
  end)

  it("refuses what it cannot use at the script's line", function()
    begin()
    for _, path in ipairs { "", "a\0b", 7, true, {} } do
      local _, raised = pcall(function()
        local video = recording:download(path)
        return video
      end)
      assert.matches("^spec/unit/drive/download_spec.lua:%d+: download: the path of a file", raised)
    end
    local _, raised = pcall(function()
      local video = recording:download(path_of(), { on_progres = print })
      return video
    end)
    assert.matches("^spec/unit/drive/download_spec.lua:%d+: unknown option 'on_progres'; "
      .. "did you mean 'on_progress'%?", raised)
    assert.equal(0, #gateway:requests())
  end)
end)
