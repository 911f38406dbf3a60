local compiled = require "spec.support.compiled"
local library = require "spec.support.library"
local spoken = require "spec.support.spoken"
local sqlite = require "googlemeet.archive.sqlite"
local tree = require "spec.support.tree"

local ids, sorted = spoken.ids, spoken.sorted
local folder, path

before_each(function()
  folder = tree.temporary()
  path = folder .. "/archive.db"
end)
after_each(function() tree.remove(folder) end)

-- Newer versions of SQLite's program refuse to change an index's own tables, unless this is said;
-- it answers with a line.
local OPEN = "-cmd '.output /dev/null' -cmd '.dbconfig defensive off' -cmd .output"

--- What SQLite's own program answers.
local function query(statement)
  return tree.lines(("sqlite3 %s %s %s"):format(OPEN, path, tree.quote(statement)))
end

local function store_of(texts) return spoken.store(path, texts) end

--- The seals of the index.
local function count_of_sealed()
  return query "SELECT count(*) FROM googlemeet_indexed WHERE seal <> ''"[1]
end

describe("the index of a search", function()
  it("is not there before the first search", function()
    local store <close> = store_of { c = { "budget" } }
    local function objects()
      return query "SELECT count(*) FROM sqlite_master WHERE name GLOB 'googlemeet_*'" [1]
    end
    assert.equal("0", objects())
    assert.same({}, store:search " \0 ")
    assert.equal("0", objects())
    assert.same({ "c/e1" }, ids(store, "budget"))
    assert.not_equal("0", objects())
    assert.same({ "ok" }, query "PRAGMA integrity_check")
  end)

  it("follows what is put", function()
    local store <close> = store_of { c1 = { "budget old" }, c2 = { "budget other" } }
    assert.same({ "c1/e1", "c2/e1" }, ids(store, "budget"))
    spoken.put(store, "c1", { { text = "new" }, { text = "budget new" } })
    assert.same({ "3" }, query "SELECT count(*) FROM googlemeet_texts") -- by the put itself
    assert.same({ "c1/e2" }, ids(store, "budget new"))
    assert.same({}, ids(store, "old"))
    spoken.note(store, "c1", "noted")
    assert.same({ "4" }, query "SELECT count(*) FROM googlemeet_texts")
    assert.same({ "c1/n" }, ids(store, "noted"))
    spoken.note(store, "c1", "ponds") -- no longer than before
    assert.same({ "c1/n" }, ids(store, "ponds"))
    assert.same({}, ids(store, "noted"))
    assert(store:put_files("conferenceRecords/c1", {}))
    assert.same({}, ids(store, "ponds"))
    spoken.put(store, "c3", { { text = "early" } })
    spoken.note(store, "c3", "early")
    assert.same({ "c3/n", "c3/e1" }, sorted(ids(store, "early"), function(one, other)
      return one > other
    end))
    assert.equal("3", count_of_sealed())
  end)

  it("follows notes though a search comes in between", function()
    local store <close> = store_of { c = {} }
    spoken.note(store, "c", "noted")
    assert.same({ "c/n" }, ids(store, "noted"))
    local other <close> = assert(sqlite.open(path))
    local connection = store.connection
    store.connection = setmetatable({}, { __index = { execute = function(_, statement)
      if statement == "BEGIN IMMEDIATE" then ids(other, "noted") end
      return connection:execute(statement)
    end } })
    spoken.note(store, "c", "ponds") -- no longer than before
    store.connection = connection
    assert.same({ "c/n" }, ids(store, "ponds"))
    assert.same({}, ids(store, "noted"))
  end)

  it("follows notes though the run is killed as soon as they are stored", function()
    local store <close> = store_of { c = {} }
    spoken.note(store, "c", "noted")
    assert.same({ "c/n" }, ids(store, "noted"))
    local connection = store.connection
    store.connection = setmetatable({}, { __index = { execute = function(_, statement)
      local done = connection:execute(statement)
      if statement == "COMMIT" then error("killed", 0) end
      return done
    end } })
    assert.has_error(function() spoken.note(store, "c", "ponds") end, "killed")
    store.connection = connection
    assert.same({ "c/n" }, ids(store, "ponds"))
  end)

  it("is undone with a put that fails", function()
    local store <close> = store_of { c = { "budget" } }
    assert.same({ "c/e1" }, ids(store, "budget"))
    local ok = pcall(spoken.put, store, "c", { { text = "new" }, { text = "\xff" } })
    assert.is_false(ok)
    assert.same({ "c/e1" }, ids(store, "budget"))
    assert.same({}, ids(store, "new"))
  end)

  it("is built in steps, between which others write", function()
    local texts = {}
    for number = 1, 45 do texts["c" .. number] = { "budget " .. number } end
    local store <close> = store_of(texts)
    local other <close> = assert(sqlite.open(path))
    local connection, steps = store.connection, 0
    store.connection = setmetatable({}, { __index = { execute = function(_, statement)
      if statement == "BEGIN IMMEDIATE" then
        steps = steps + 1
        spoken.put(other, "late" .. steps, { { text = "budget late" } })
      end
      return connection:execute(statement)
    end } })
    local found = assert(store:search("budget", { limit = 100 }))
    store.connection = connection
    assert.is_true(steps >= 3, steps)
    assert.is_true(#found >= 45)
    assert.equal(45 + steps, #assert(store:search("budget", { limit = 100 })))
  end)

  it("finds nothing that is no longer there, and what an older module has stored", function()
    local store <close> = store_of { c1 = { "budget", "talk" }, c2 = { "budget" } }
    assert.equal(2, #ids(store, "budget"))
    query "DELETE FROM transcript_entries WHERE record = 'conferenceRecords/c2'"
    assert.same({ "c1/e1" }, ids(store, "budget"))
    query [[DELETE FROM transcript_entries WHERE record GLOB '*/c1';
      INSERT OR REPLACE INTO conference_records (name, record, position, resource)
        VALUES ('conferenceRecords/c1', 'conferenceRecords/c1', 1, '{}');
      INSERT INTO transcript_entries (name, record, position, text, resource)
        VALUES ('a/c1/x', 'conferenceRecords/c1', 1, 'plan', '{}')]] -- its trigger unseals
    assert.same({}, ids(store, "budget"))
    assert.same({ "c1/x" }, ids(store, "plan"))
    query [[INSERT INTO conference_records (name, record, position, resource)
        VALUES ('a/e', 'a/e', 1, '{}'), (X'0102', X'0102', 1, '{}');
      INSERT INTO transcript_entries (name, record, position, text, resource) VALUES
      ('a/e/1', 'a/e', 1, X'627564676574', '{}'), ('a/e/2', 'a/e', 1, 5, '{}'),
      ('a/e/3', 'a/e', -1, NULL, '{}'), (X'00', X'0102', 1, 'budget', '{}')]]
    assert.same({ "e/1" }, ids(store, "budget", { record = "a/e" }))
    assert.same({ "e/2" }, ids(store, "5"))
    query "VACUUM"
    assert.same({ "e/2" }, ids(store, "5"))
  end)

  it("forgets conferences that are stored no more", function()
    local texts = {}
    for number = 1, 30 do texts["c" .. number] = { "budget" } end
    local store <close> = store_of(texts)
    assert.equal(30, #store:search("budget", { limit = 100 }))
    query [[DELETE FROM transcript_entries WHERE record NOT GLOB '*c30';
      DELETE FROM conference_records WHERE record NOT GLOB '*c30']]
    assert.same({ "c30/e1" }, ids(store, "budget", { limit = 5 }))
    assert.same({ "1" }, query "SELECT count(*) FROM googlemeet_texts")
  end)

  it("is built again when it is damaged, and takes no table of others away", function()
    local store <close> = store_of { c1 = { "budget", "talk" }, c2 = { "budget" } }
    query "CREATE TABLE words (mine); INSERT INTO words VALUES (1)"
    for _, damage in ipairs {
      "DROP TABLE googlemeet_texts", "DROP TABLE googlemeet_indexed",
      "DROP TABLE googlemeet_texts; DROP TABLE googlemeet_indexed",
      "DELETE FROM googlemeet_indexed", "ALTER TABLE googlemeet_indexed RENAME COLUMN seal TO s",
    } do
      assert.same({ "c1/e1", "c2/e1" }, sorted(ids(store, "budget")), "before " .. damage)
      query(damage)
      local other <close> = assert(sqlite.open(path))
      assert.same({ "c1/e1", "c2/e1" }, sorted(ids(other, "budget")), damage)
    end
    assert.same({ "1" }, query "SELECT mine FROM words")
  end)

  for _, damage in ipairs {
    "UPDATE googlemeet_texts_data SET block = X'00'; DELETE FROM googlemeet_texts_content",
    "DELETE FROM googlemeet_texts_docsize", "DROP TABLE googlemeet_texts",
    "DELETE FROM googlemeet_texts_data WHERE id > 10", "DROP TABLE googlemeet_texts_config",
    "UPDATE googlemeet_texts_data SET block = X'FFFFFFFFFFFFFFFF'",
    "DROP TABLE googlemeet_texts; DROP TABLE googlemeet_indexed",
    "ALTER TABLE googlemeet_indexed RENAME COLUMN seal TO s",
    "DROP TABLE googlemeet_indexed; CREATE VIEW googlemeet_indexed AS SELECT 1 AS id",
  } do
    it("never keeps a conference from being stored, after " .. damage, function()
      local texts = {}
      for number = 1, 300 do texts[number] = "budget " .. number end
      store_of({ c1 = texts, c3 = texts }):search "budget"
      query(damage)
      local store <close> = assert(sqlite.open(path))
      spoken.put(store, "c1", { { text = "budget new" } })
      spoken.put(store, "c2", { { text = "budget new" } })
      spoken.note(store, "c2", "noted")
      assert.same({ "2" }, query "SELECT count(*) FROM transcript_entries WHERE text GLOB '*new'")
    end)
  end

  it("is as it was when a search is killed while it builds it", function()
    store_of { c1 = { "budget" }, c2 = { "budget" } }:close()
    local kills = 0
    for step = 1, 100 do
      local output = tree.run(("%s -e %s; echo '|'$?"):format(tree.lua(), tree.quote(([[
        local killed = require "spec.support.killed"
        local sqlite = require "googlemeet.archive.sqlite"
        local store = assert(sqlite.open(%q))
        killed.at("store", %d)
        print(#assert(store:search "budget"))]]):format(path, step))))
      assert.same({ "ok" }, query "PRAGMA integrity_check")
      if not output:find "|137" then
        assert.matches("^2\n|0", output)
        break
      end
      kills = kills + 1
    end
    assert.is_true(kills > 20, kills)
    local store <close> = assert(sqlite.open(path))
    assert.same({ "c1/e1", "c2/e1" }, ids(store, "budget"))
  end)

  it("is right when what puts a conference is killed", function()
    store_of({ c = { "budget old" } }):search "budget"
    local kills, states = 0, {}
    repeat
      local output = tree.run(("%s -e %s; echo '|'$?"):format(tree.lua(), tree.quote(([[
        local killed, spoken = require "spec.support.killed", require "spec.support.spoken"
        local store = assert(require "googlemeet.archive.sqlite".open(%q))
        killed.at("store", %d)
        spoken.put(store, "c", { { text = "budget new" }, { text = "budget" } })]]):format(path,
        kills + 1))))
      local store <close> = assert(sqlite.open(path))
      local found = #ids(store, "budget")
      assert.equal(found == 1 and 1 or 0, #ids(store, "old"))
      states[found] = true
      kills = kills + 1
    until not output:find "|137"
    assert.same({ true, true }, states)
    assert.is_true(kills > 30, kills)
  end)

  it("is not needed to be written where it is whole", function()
    local store <close> = store_of { c = { "budget" } }
    assert.same({ "c/e1" }, ids(store, "budget"))
    assert(store.connection:execute "PRAGMA query_only = 1")
    assert.same({ "c/e1" }, ids(store, "budget"))
    query "DELETE FROM checksums"
    local _, err = store:search "budget"
    assert.equal("config", err.kind)
    assert.matches("attempt to write a readonly database$", err.message)
  end)

  it("waits for another program, and says that it holds the database", function()
    local store <close> = store_of { c = { "budget" } }
    local other <close> = assert(sqlite.open(path))
    assert(other.connection:execute "BEGIN IMMEDIATE")
    assert(store.connection:execute "PRAGMA busy_timeout = 1"):close()
    local _, err = store:search "budget"
    assert.equal("conflict", err.kind)
    assert(other.connection:execute "ROLLBACK")
    assert.same({ "c/e1" }, ids(store, "budget"))
    assert(other.connection:execute "BEGIN IMMEDIATE")
    assert.same({ "c/e1" }, ids(store, "budget")) -- it is whole: reading waits for nobody
    assert(other.connection:execute "ROLLBACK")
  end)

  it("says that a database is damaged", function()
    store_of { c = { "budget" } }:close()
    local text = tree.read(path)
    tree.write(path, text:sub(1, 4096) .. ("\xff"):rep(#text - 4096))
    local store <close> = assert(sqlite.open(path))
    local hits, err = store:search "budget"
    assert.is_nil(hits)
    assert.equal("config", err.kind)
    assert.matches("malformed", err.message)
  end)
end)

describe("an SQLite without FTS5", function()
  -- What spec/platforms/musl.sh builds cannot be preloaded: LuaSQL has an SQLite inside.
  if not library.is_glibc() then
    it("is tried with glibc", function() pending "LuaSQL has an SQLite inside" end)
    return
  end

  local shim, preload

  setup(function()
    shim = compiled.folder("no_fts5", "-Wl,--no-as-needed -l:libsqlite3.so.0")
    preload = ("LD_PRELOAD=%s/no_fts5.so ASAN_OPTIONS=${ASAN_OPTIONS:-}"
      .. ":verify_asan_link_order=0:detect_leaks=0"):format(shim)
  end)
  teardown(function() tree.remove(shim) end)

  --- Run Lua code with a store in a process of such an SQLite.
  local function without(code)
    return (tree.run(("%s %s -e %s"):format(preload, tree.lua(), tree.quote(([[
      local spoken = require "spec.support.spoken"
      local store <close> = assert(require "googlemeet.archive.sqlite".open(%q))
      ]]):format(path) .. code))))
  end

  local SEARCH = [[local hits, err = store:search "budget"
    print(hits, err.kind, err.message, err.hint)]]

  it("says what is missing", function()
    local output = without('spoken.put(store, "c", { { text = "budget" } })' .. SEARCH)
    assert.matches("^nil\tconfig\tarchive%.sqlite: .-: no such module: fts5\tuse an SQLite", output)
    local store <close> = assert(sqlite.open(path))
    assert.same({ "c/e1" }, ids(store, "budget"))
  end)

  it("writes an archive that has an index, and the next search is right", function()
    store_of { c1 = { "budget" }, c2 = { "budget" } }:search "budget"
    assert.equal("", without [[
      spoken.put(store, "c1", { { text = "plan" }, { text = "budget" } })
      spoken.put(store, "c3", { { text = "budget" } })
      spoken.note(store, "c2", "budget")]])
    local store <close> = assert(sqlite.open(path))
    assert.same({ "c1/e2", "c2/e1", "c2/n", "c3/e1" }, sorted(ids(store, "budget")))
    assert.same({ "c1/e1" }, ids(store, "plan"))
    assert.matches("no such module: fts5", without(SEARCH))
    assert.same({ "c1/e1" }, ids(store, "plan"))
  end)
end)
