local conferences = require "spec.support.conferences"
local schema = require "googlemeet.archive.schema"
local sqlite = require "googlemeet.archive.sqlite"
local tree = require "spec.support.tree"

local entry, found = conferences.entry, conferences.found

local folder, path

before_each(function()
  folder = tree.temporary()
  path = folder .. "/archive.db"
end)
after_each(function() tree.remove(folder) end)

--- What SQLite's own program answers.
local function query(statement)
  return tree.lines(("sqlite3 %s %s"):format(path, tree.quote(statement)))
end

--- LuaSQL as of 2.8: a query without rows gives one empty row.
local function newer_luasql()
  local luasql = require "luasql.sqlite3"
  local function proxy(object, methods)
    return setmetatable({}, { __index = function(_, name)
      return methods[name] or function(_, ...) return object[name](object, ...) end
    end })
  end
  local function cursor_of(cursor)
    local has_row, is_over = false, false
    return proxy(cursor, { fetch = function(_, ...)
      if is_over then return nil end
      local row, message = cursor:fetch(...)
      is_over, has_row = not row, has_row or row ~= nil
      return row or not has_row and not message and {} or nil, message
    end })
  end
  return { sqlite3 = function()
    local environment = luasql.sqlite3()
    return proxy(environment, { connect = function(_, ...)
      local connection, reason = environment:connect(...)
      return connection and proxy(connection, { execute = function(_, statement)
        local cursor, message = connection:execute(statement)
        return type(cursor) == "userdata" and cursor_of(cursor) or cursor, message
      end }), reason
    end })
  end }
end

describe("an SQLite database as a store", function()
  it("has nothing where LuaSQL gives an empty row for none", function()
    local luasql = package.loaded["luasql.sqlite3"]
    package.loaded["luasql.sqlite3"] = newer_luasql()
    local ok, seen = pcall(function()
      local store <close> = assert(sqlite.open(path))
      local before = #assert(store:manifest())
      assert(store:put(entry(), found("conferenceRecords/c1", { "r1" })))
      query "DROP TABLE checksums" -- as in an archive of before
      local _ <close> = assert(store:lock())
      local kept = assert(store:read "conferenceRecords/c1")
      return { before, assert(store:manifest())[1].name, #kept.recordings, #kept.transcripts,
        #assert(store:search "none") }
    end)
    package.loaded["luasql.sqlite3"] = luasql
    assert.same({ true, { 0, "conferenceRecords/c1", 1, 0, 0 } }, { ok, seen })
  end)

  it("is a database that other programs read", function()
    local store <close> = assert(sqlite.open(path))
    assert(store:put(entry(), found("conferenceRecords/c1", { "r1", "O'r2" })))
    assert.same({ "ok" }, query "PRAGMA integrity_check")
    assert.same({
      "conferenceRecords/c1/recordings/r1|conferenceRecords/c1|1|FILE_GENERATED",
      "conferenceRecords/c1/recordings/O'r2|conferenceRecords/c1|2|FILE_GENERATED",
    }, query "SELECT name, record, position, state FROM recordings ORDER BY position")
    assert.same({ "conferenceRecords/c1/recordings/O'r2" },
      query "SELECT json_extract(resource, '$.name') FROM recordings WHERE position = 2")
  end)

  it("replaces the rows of a conference, and keeps all others", function()
    local store <close> = assert(sqlite.open(path))
    assert(store:put(entry { name = "conferenceRecords/c" }, found("conferenceRecords/c", { "x" })))
    assert(store:put(entry(), found("conferenceRecords/c1", { "r1", "r2" })))
    assert(store:put(entry(), found("conferenceRecords/c1", { "r2", "r3" })))
    assert.same({
      "conferenceRecords/c/recordings/x", "conferenceRecords/c1/recordings/r2",
      "conferenceRecords/c1/recordings/r3",
    }, query "SELECT name FROM recordings ORDER BY name")
  end)

  it("keeps the rows of a conference that is put without resources", function()
    local store <close> = assert(sqlite.open(path))
    assert(store:put(entry(), found("conferenceRecords/c1", { "r1" })))
    assert(store:put(entry { state = "gone" }))
    assert.same({ "conferenceRecords/c1/recordings/r1" }, query "SELECT name FROM recordings")
    assert.same({ "gone" }, query "SELECT state FROM manifest")
  end)

  it("changes nothing when a put fails", function()
    local store <close> = assert(sqlite.open(path))
    assert(store:put(entry { state = "due" }, found("conferenceRecords/c1", { "r1" })))
    local cut = found("conferenceRecords/c1", { "r2" })
    setmetatable(cut, { __index = function() error "interrupted" end }).smart_notes = nil
    assert.error_matches(function() store:put(entry(), cut) end, "interrupted")
    assert.same({ "conferenceRecords/c1/recordings/r1" }, query "SELECT name FROM recordings")
    assert.is_true(store:put(entry(), found("conferenceRecords/c1", { "r2" })))
  end)

  it("keeps a text with a NUL byte whole", function()
    local store <close> = assert(sqlite.open(path))
    assert(store:put(entry(), found("conferenceRecords/c1", { "a\0b" })))
    assert.matches("/a\0b$", (query "SELECT hex(name) FROM recordings"[1]:gsub("..",
      function(digits) return string.char(tonumber(digits, 16)) end)))
  end)

  it("refuses another database, and leaves it as it is", function()
    query "CREATE TABLE manifest (name TEXT)"
    local before = tree.read(path)
    local store, err = sqlite.open(path)
    assert.is_nil(store)
    assert.equal("config", err.kind)
    assert.equal(("archive.sqlite: %s: it is not an archive but another database"):format(path),
      err.message)
    assert.equal(before, tree.read(path))
  end)

  it("refuses an empty database that another program has marked as its own", function()
    query "PRAGMA user_version = 3"
    local _, err = sqlite.open(path)
    assert.matches("another database", err.message)
  end)

  it("refuses an archive of another version", function()
    sqlite.open(path):close()
    query "PRAGMA user_version = 2"
    local _, err = sqlite.open(path)
    assert.matches("it is an archive of version 2; this module supports version 1", err.message)
  end)

  it("refuses a file that is not a database", function()
    local file <close> = assert(io.open(path, "wb"))
    file:write(("no database\n"):rep(100))
    file:flush()
    local _, err = sqlite.open(path)
    assert.equal("config", err.kind)
    assert.equal(("archive.sqlite: %s: file is not a database"):format(path), err.message)
  end)

  it("refuses a directory, which may be an archive", function()
    for _, given in ipairs { folder, folder .. "/" } do
      local _, err = sqlite.open(given)
      assert.equal("config", err.kind)
      assert.equal(("archive.sqlite: %s: unable to open database file: it is a directory"):format(
        given), err.message)
      assert.equal("give the path of a file, or open it as a directory's archive", err.hint)
    end
  end)

  it("says why a database cannot be opened", function()
    local _, err = sqlite.open(folder .. "/none/archive.db")
    assert.matches("none/archive%.db: unable to open database file$", err.message)
  end)

  it("names the package and the rock where the module is missing", function()
    local output = tree.run(("%s -e %s"):format(tree.lua(), tree.quote [[
      local meet = require "googlemeet"
      package.cpath = ""
      local store, err = meet.archive.sqlite "/nowhere/archive.db"
      print(store, err.kind, err.message)]]))
    assert.matches("^nil\tconfig\tarchive%.sqlite: the Lua module luasql%.sqlite3 is required "
      .. "%(Debian's package lua%-sql%-sqlite3, the rock luasql%-sqlite3%): ", output)
  end)

  it("is looked at while another program reads or writes it", function()
    local store <close> = assert(sqlite.open(path))
    assert(store:put(entry(), found("conferenceRecords/c1", { "r1" })))
    local environment = require "luasql.sqlite3".sqlite3()
    local other = environment:connect(path)
    for _, begin in ipairs { "BEGIN; SELECT count(*) FROM recordings", "BEGIN IMMEDIATE" } do
      for statement in begin:gmatch "[^;]+" do
        local cursor = assert(other:execute(statement))
        if type(cursor) == "userdata" then
          cursor:fetch()
          cursor:close()
        end
      end
      local began = os.clock()
      local looking <close> = assert(sqlite.open(path))
      assert.equal(1, #looking:manifest())
      assert.is_true(os.clock() - began < 1)
      other:execute "ROLLBACK"
    end
    other:close()
    environment:close()
  end)

  it("is for its owner alone, and is not made through a link", function()
    local store <close> = assert(sqlite.open(path))
    assert.same({ "600" }, tree.lines("stat -c %a " .. path))
    tree.lines(("ln -s %s/elsewhere %s/link.db"):format(folder, folder))
    local _, err = sqlite.open(folder .. "/link.db")
    assert.equal("config", err.kind)
    assert.matches("link%.db: it is a symbolic link, which is not followed$", err.message)
    assert.same({ "archive.db", "link.db" }, tree.lines("ls " .. folder))
    assert(store)
  end)

  for title, row in pairs {
    ["a full disk"] = { "PRAGMA max_page_count = 1", "config", "database or disk is full",
      "^free some disk space" },
    ["a database that cannot be written"] = { "PRAGMA query_only = 1", "config",
      "attempt to write a readonly database", "^let this user write to the file and its folder" },
  } do
    it("says of " .. title .. " just that", function()
      local store <close> = assert(sqlite.open(path))
      assert(store:put(entry(), found("conferenceRecords/c1", { "r1" })))
      for statement in row[1]:gmatch "[^;]+" do
        local cursor = assert(store.connection:execute(statement))
        if type(cursor) == "userdata" then cursor:close() end
      end
      local ok, err = store:put(entry { state = "due" },
        found("conferenceRecords/c1", { ("r"):rep(100000) }))
      assert.is_nil(ok)
      assert.equal(row[2], err.kind)
      assert.equal(("archive.sqlite: %s: %s"):format(path, row[3]), err.message)
      assert.matches(row[4], err.hint)
    end)
  end

  it("says that a database is damaged", function()
    local store = assert(sqlite.open(path))
    assert(store:put(entry(), found "conferenceRecords/c1"))
    store:close()
    local text = tree.read(path)
    local file <close> = assert(io.open(path, "wb"))
    file:write(text:sub(1, 4096), ("\xff"):rep(#text - 4096))
    file:flush()
    local again <close> = assert(sqlite.open(path))
    local listed, err = again:manifest()
    assert.is_nil(listed)
    assert.equal("config", err.kind)
    assert.matches("database disk image is malformed$", err.message)
    assert.matches("^move the file away", err.hint)
  end)

  it("says that another program holds the database", function()
    local store <close> = assert(sqlite.open(path))
    local other <close> = assert(sqlite.open(path))
    assert(other.connection:execute "BEGIN IMMEDIATE")
    assert(store.connection:execute "PRAGMA busy_timeout = 1"):close()
    local _, err = store:put(entry(), found "conferenceRecords/c1")
    assert.equal("conflict", err.kind)
    assert.matches("archive%.db: database is locked$", err.message)
    assert.matches("^run it again when the other run, or the program", err.hint)
    assert(other.connection:execute "ROLLBACK")
    assert.is_true(store:put(entry(), found "conferenceRecords/c1"))
  end)

  it("notices, within a run, resources that are not those that were stored", function()
    local store <close> = assert(sqlite.open(path))
    for _, id in ipairs { "c1", "c2" } do
      local name = "conferenceRecords/" .. id
      assert(store:put(entry { name = name }, found(name, { "r1", "r2" })))
    end
    query "UPDATE recordings SET position = 3 - position WHERE record = 'conferenceRecords/c2'"
    local function states()
      local listed = assert(store:manifest())
      return listed[1].state .. " " .. listed[2].state
    end
    assert.equal("complete complete", states())
    do
      local _ <close> = assert(store:lock())
      assert.equal("complete due", states())
      query "DELETE FROM checksums WHERE record = 'conferenceRecords/c2'"
      assert.equal("complete complete", states())
      query "DROP TABLE checksums" -- an older archive has none
      assert.equal("complete complete", states())
      assert(store:put(entry(), found("conferenceRecords/c1", { "r1" })))
      query "DELETE FROM recordings"
      assert.equal("due complete", states())
    end
    assert.equal("complete complete", states())
  end)

  it("takes no checksum for that of what an older module has stored since", function()
    local store <close> = assert(sqlite.open(path))
    assert(store:put(entry { state = "due" }, found "conferenceRecords/c1"))
    for _, statement in ipairs { -- as it stored a conference
      schema.clear("conference_records", "conferenceRecords/c1"),
      schema.keep("conference_records", "conferenceRecords/c1", 1,
        { name = "conferenceRecords/c1", endTime = "2026-11-01T10:00:00Z" }),
      schema.note(entry()),
    } do query(statement) end
    local _ <close> = assert(store:lock())
    assert.equal("complete", store:manifest()[1].state)
    assert(store:put(entry(), found("conferenceRecords/c1", { "r1" })))
    query "DELETE FROM recordings"
    assert.equal("due", store:manifest()[1].state)
  end)

  it("has the rows of files in a table that the first of them makes", function()
    local store <close> = assert(sqlite.open(path))
    assert.same({}, store:files "conferenceRecords/c1")
    assert.same({}, query "SELECT name FROM sqlite_master WHERE name LIKE 'files%'")
    assert(store:put_files("conferenceRecords/c1", {
      { name = "conferenceRecords/c1/recordings/r", file = "id", state = "complete", bytes = 3,
        sha256 = "aa" },
      { name = "conferenceRecords/c1/smartNotes/n", state = "unavailable", kind = "not_found",
        message = "It's gone" },
      { name = "conferenceRecords/c1/transcripts/t", file = "id", state = "complete", bytes = 4,
        format = "text", text = "It's" },
    }))
    assert.same({
      "conferenceRecords/c1/recordings/r|conferenceRecords/c1|1|id|complete|||3|aa|c1.r.mp4||",
      "conferenceRecords/c1/smartNotes/n|conferenceRecords/c1|2||unavailable|not_found|It's gone"
        .. "|||||",
      "conferenceRecords/c1/transcripts/t|conferenceRecords/c1|3|id|complete|||4|||text|It's",
    }, query [[SELECT name, record, position, file, state, kind, message, bytes, sha256, path,
      format, text FROM files ORDER BY position]])
    assert.equal("due", store:files("conferenceRecords/c1")[1].state)
    tree.write(assert(store:folder()) .. "/c1.r.mp4", "abc")
    assert.equal("complete", store:files("conferenceRecords/c1")[1].state)
    query "UPDATE files SET checksum = '' WHERE position = 3"
    assert.equal(2, #store:files "conferenceRecords/c1")
    assert.same({ "ok" }, query "PRAGMA integrity_check")
  end)

  it("says what keeps rows of files from being read or written", function()
    local store <close> = assert(sqlite.open(path))
    assert(store:put_files("conferenceRecords/c1", {}))
    assert(store.connection:execute "PRAGMA query_only = 1")
    local _, err = store:put_files("conferenceRecords/c1", {})
    assert.equal("config", err.kind)
    query "ALTER TABLE files RENAME COLUMN checksum TO sum"
    _, err = store:files "conferenceRecords/c1"
    assert.equal("config", err.kind)
    assert.matches("no such column: checksum$", err.message)
  end)

  it("refuses a path that SQLite takes for something else, which keeps nothing", function()
    for _, odd in ipairs { "/a:memory:", "x:memory:y.db", "file:" .. path .. "?mode=memory" } do
      assert.error_matches(function() sqlite.open(odd) end,
        "^archive%.sqlite: the path of a database expected, not ")
    end
  end)

  it("has no folder for recordings in memory", function()
    local store <close> = assert(sqlite.open ":memory:")
    local path_of_folder, err = store:folder()
    assert.is_nil(path_of_folder)
    assert.equal("config", err.kind)
    assert.same({}, store:files "conferenceRecords/c1")
  end)

  it("survives a manifest that somebody has changed", function()
    local store <close> = assert(sqlite.open(path))
    assert(store:put(entry(), found "conferenceRecords/c1"))
    query "UPDATE manifest SET state = 'lost', participants = 'many', recordings = -1, end_time = 5"
    query "INSERT INTO manifest VALUES (X'00FF', 1, 2, 3, 'complete', 1.5, '', 0, 0, 0, 0)"
    local listed = assert(store:manifest())
    assert.equal(2, #listed)
    for _, one in ipairs(listed) do
      for _, count in pairs(one.counts) do assert.equal(0, count) end
    end
    assert.equal("due", listed[1].name == "conferenceRecords/c1" and listed[1].state
      or listed[2].state)
  end)

  it("keeps of a value that is no JSON nothing at all", function()
    local store <close> = assert(sqlite.open(path))
    local _, err = store:put(entry(), found("conferenceRecords/c1", { "r", "\xff" }))
    assert.equal("decode", err.kind)
    assert.same({}, query "SELECT name FROM recordings")
  end)

  it("refuses a value that is not a path", function()
    for _, value in ipairs { false, "", "a\0b", 1 } do
      local _, message = pcall(function() assert(sqlite.open(value)) end)
      assert.matches(
        "sqlite_spec%.lua:%d+: archive%.sqlite: the path of a database expected$", message)
    end
  end)
end)
