-- The behaviour of every archive store.

local conferences = require "spec.support.conferences"
local directory = require "googlemeet.archive.directory"
local sqlite = require "googlemeet.archive.sqlite"
local tree = require "spec.support.tree"

local entry, found = conferences.entry, conferences.found

--- The manifest of a store, without fields of the store itself.
local function manifest(store)
  local entries = assert(store:manifest())
  for _, listed in ipairs(entries) do listed.bytes = nil end
  return entries
end

for title, open_at in pairs { ["a directory"] = directory.open, ["a database"] = sqlite.open } do
  describe(title .. " as a store", function()
    local folder

    before_each(function() folder = tree.temporary() end)
    after_each(function() tree.remove(folder) end)

    --- Open the same, at first empty, store each time.
    local function open() return assert(open_at(folder .. "/archive")) end

    it("is empty at first", function()
      local store <close> = open()
      assert.same({}, store:manifest())
    end)

    it("keeps its content when it is opened again", function()
      open():put(entry(), found "conferenceRecords/c1")
      local store <close> = open()
      assert.same({ entry() }, manifest(store))
    end)

    it("lists the next to expire first", function()
      local store <close> = open()
      for name, expires in pairs {
        a = "2026-12-03T00:00:00Z", b = "2026-12-01T00:00:00.5Z", c = "2026-12-01T00:00:00.25Z",
      } do
        store:put(entry { name = name, expire_time = expires, state = "due" }, found(name))
      end
      local names = {}
      for index, listed in ipairs(store:manifest()) do names[index] = listed.name end
      assert.same({ "c", "b", "a" }, names)
    end)

    it("replaces an entry", function()
      local store <close> = open()
      local running = entry { state = "due" }
      running.end_time, running.expire_time = nil, nil
      assert(store:put(running, found "conferenceRecords/c1"))
      assert.same({ running }, manifest(store))
      assert(store:put(entry(), found "conferenceRecords/c1"))
      assert.same({ entry() }, manifest(store))
    end)

    it("returns a copy of the manifest", function()
      local store <close> = open()
      store:put(entry(), found "conferenceRecords/c1")
      local listed = store:manifest()[1]
      listed.state, listed.counts.recordings = "due", 99
      assert.same({ entry() }, manifest(store))
    end)

    it("keeps an entry whose table is changed later", function()
      local store <close> = open()
      local given = entry()
      store:put(given, found "conferenceRecords/c1")
      given.state, given.counts.recordings = "due", 99
      assert.same({ entry() }, manifest(store))
    end)

    it("says what cannot be written, and keeps its content", function()
      local store <close> = open()
      assert(store:put(entry { state = "due" }, found "conferenceRecords/c1"))
      local ok, err = store:put(entry(), found("conferenceRecords/c1", { "\xff" }))
      assert.is_nil(ok)
      assert.matches("not UTF%-8", err.message)
      assert.equal("decode", err.kind) -- of this conference alone
      assert.matches("^the server sent a malformed resource", err.hint)
      assert.same({ entry { state = "due" } }, manifest(store))
      assert.is_true(store:put(entry(), found("conferenceRecords/c1", { "r" })))
    end)

    it("is locked by one run at a time, of this process too", function()
      local store <close> = open()
      local other <close> = open()
      local lock = assert(store:lock())
      for _, second in ipairs { store, other } do
        local held, err = second:lock()
        assert.is_nil(held)
        assert.equal("conflict", err.kind)
        assert.matches("^archive: another run holds the store", err.message)
        assert.matches("^run it again when the other run", err.hint)
      end
      assert(store:put(entry(), found "conferenceRecords/c1"))
      lock:close()
      lock:close()
      local _ <close> = assert(other:lock())
      assert.same({ entry() }, manifest(other))
    end)

    it("is free again when a run that nobody goes on with is collected", function()
      local store <close> = open()
      coroutine.wrap(function()
        local _ <close> = assert(store:lock())
        coroutine.yield()
      end)()
      collectgarbage()
      assert(store:lock()):close()
    end)

    it("leaves no lock behind", function()
      do
        local store <close> = open()
        local _ <close> = assert(store:lock())
      end
      assert.same({}, tree.lines(("find %s -name '*lock'"):format(folder)))
    end)

    it("keeps what two of them store in turn", function()
      local store <close> = open()
      local other <close> = open()
      for number = 1, 6 do
        local name = "conferenceRecords/c" .. number
        assert((number % 2 == 0 and store or other):put(entry { name = name }, found(name)))
      end
      local again <close> = open()
      assert.equal(6, #again:manifest())
    end)

    it("raises for what is no entry, at the caller's line", function()
      local store <close>, resources = open(), found "conferenceRecords/c1"
      for _, given in ipairs { false, "conferenceRecords/c1", {}, { name = 5 } } do
        local raised = select(2, pcall(function() store:put(given, resources) end))
        assert.matches("store_spec%.lua:%d+: store:put: an entry with a name expected$", raised)
      end
      assert.same({}, store:manifest())
    end)

    it("keeps an entry as it reads it from a manifest", function()
      local store <close> = open()
      assert(store:put({ name = "conferenceRecords/c1", start_time = 5 }))
      local kept = manifest(store)[1]
      assert.same({ "due" }, { kept.state, kept.start_time })
      assert.equal(0, kept.counts.participants)
    end)

    it("keeps rows of files, all of a conference or none", function()
      local store <close> = open()
      local name = "conferenceRecords/c1"
      local function row(id, text)
        return { name = name .. "/smartNotes/" .. id, state = "complete", text = text }
      end
      assert.same({}, store:files(name))
      assert(store:put_files(name, { row("a", "A"), row("b", "B") }))
      assert(store:put_files("conferenceRecords/c2", {}))
      local ok, err = store:put_files(name, { row("a", "C"), row("b", "\xff") })
      assert.is_nil(ok)
      assert.equal("decode", err.kind)
      assert.same({ row("a", "A"), row("b", "B") }, store:files(name))
      assert(store:put_files(name, { row("b", "B2") }))
      assert.same({ row("b", "B2") }, store:files(name))
      assert(store:put(entry(), found(name)))
      assert.same({ row("b", "B2") }, store:files(name))
      for _, method in ipairs { "files", "put_files" } do
        local raised = select(2, pcall(function() store[method](store, 5, {}) end))
        assert.matches(("store_spec%%.lua:%%d+: store:%s: the name of a record expected$"):format(
          method), raised)
      end
    end)

    it("stays closed", function()
      local store = open()
      assert.is_true(store:close())
      assert.is_true(store:close())
      for _, act in ipairs {
        function() store:manifest() end, function() store:put(entry()) end,
        function() store:lock() end, function() store:files "c" end,
        function() store:put_files("c", {}) end, function() store:folder() end,
        function() store:search "word" end,
      } do
        assert.matches("store_spec%.lua:%d+: the store is closed$", select(2, pcall(act)))
      end
    end)
  end)
end
