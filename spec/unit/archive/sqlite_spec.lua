local conferences = require "spec.support.conferences"
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

describe("an SQLite database as a store", function()
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

  it("refuses a value that is not a path", function()
    for _, value in ipairs { false, "", "a\0b", 1 } do
      local _, message = pcall(function() assert(sqlite.open(value)) end)
      assert.matches(
        "sqlite_spec%.lua:%d+: archive%.sqlite: the path of a database expected$", message)
    end
  end)
end)
