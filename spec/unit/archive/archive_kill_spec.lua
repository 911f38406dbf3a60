-- An archive that is killed at random points and started again has in the end what an undisturbed
-- one has, and nothing twice; with files, too. KILL_POINTS of them for each store and either (10;
-- 50 in `make check`), a third each: anywhere in Lua, at a write or statement of the store, and
-- after some time. KILL_SEED repeats a run but for the last kind; a failure names the seed and the
-- points.

local core = require "googlemeet.core"
local rows = require "googlemeet.archive.file_rows"
local tree = require "spec.support.tree"

local POINTS = tonumber(os.getenv "KILL_POINTS" or 10)
local SEED = tonumber(os.getenv "KILL_SEED" or os.time())
local KILLED = "137" -- 128 + SIGKILL, as a shell gives it

local LARGEST = 4000 -- blocks of a file on a full disk, 512 or 1024 bytes: a recording has more

local MODES = { "any", "store", "time" }

local PARTS = {
  "participants", "participant_sessions", "recordings", "transcripts", "transcript_entries",
  "smart_notes",
}

--- What SQLite's own program answers, line by line.
local function query(path, commands)
  return tree.lines(("printf '%%s\\n' %s | sqlite3 %s"):format(
    tree.quote(table.concat(commands, "\n")), path))
end

local kinds = { sqlite = {}, directory = {} }

--- Read the files below a folder, by name.
local function read_files(path, pattern)
  local files = {}
  local command = ("test ! -d %s || find %s -type f -name '%s'"):format(path, path, pattern)
  for _, file in ipairs(tree.lines(command)) do files[file:sub(#path + 2)] = tree.read(file) end
  return files
end

--- See that each recording that has its name is whole.
local function check_recordings(path, expected)
  for name, bytes in pairs(read_files(path, "*.mp4")) do assert.is_true(bytes == expected[name]) end
end

--- Read a database, all rows of all tables by key, and the recordings beside it.
function kinds.sqlite.read(path, has_files)
  local commands = { "PRAGMA integrity_check;", ".mode quote" }
  local from = { "conference_records", "manifest", table.unpack(PARTS) }
  if has_files then from[#from + 1] = "files" end
  for _, name in ipairs(from) do
    commands[#commands + 1] = ("SELECT '%s', * FROM %s ORDER BY name;"):format(name, name)
  end
  local content = read_files(path .. "-files", "*")
  content.rows = query(path, commands)
  return content
end

--- See that a killed run left all or nothing of each conference: as many rows as the manifest says.
-- Looks at a copy, so that the next run finds what the killed one left.
function kinds.sqlite.check(path, expected)
  check_recordings(path .. "-files", expected)
  local copy = path .. "-copy"
  tree.lines(("mkdir %s && cp %s %s-* %s 2>/dev/null || true"):format(copy, path, path, copy))
  copy = copy .. path:match "/[^/]+$"
  if #query(copy, { "SELECT name FROM sqlite_master;" }) > 0 then
    local commands = { "PRAGMA integrity_check;" }
    for _, part in ipairs(PARTS) do
      commands[#commands + 1] = ("SELECT (SELECT count(*) FROM %s) - "
        .. "(SELECT coalesce(sum(%s), 0) FROM manifest);"):format(part, part)
    end
    assert.same({ "ok", "0", "0", "0", "0", "0", "0" }, query(copy, commands))
  end
  tree.remove(path .. "-copy")
end

--- Read a directory: its files, byte for byte.
function kinds.directory.read(path)
  return read_files(path, "*")
end

--- See that a killed run left whole files only, but for the one that had no name yet.
function kinds.directory.check(path, expected)
  check_recordings(path, expected)
  for name, text in pairs(read_files(path, "*.json*")) do
    if name:find "^files/" then
      assert.equal("\n", text:sub(-1))
      assert.equal(select(2, text:gsub("\n", "")), #rows.parse(text))
    elseif name:find "%.jsonl$" then
      assert.equal(expected[name], text)
    else
      assert.is_table((assert(core.decode(text))).conferences)
    end
  end
end

--- What specs are about: each store with and without files.
local function both()
  local cases = {}
  for kind, store in pairs(kinds) do
    for _, what in ipairs { "resources", "files" } do
      cases[#cases + 1] = { kind = kind, store = store, what = what }
    end
  end
  return ipairs(cases)
end

for _, case in both() do
  local kind, store, what = case.kind, case.store, case.what
  describe(("archive of %s into %s, killed and started again"):format(what, kind), function()
    local folder

    before_each(function() folder = tree.temporary() end)
    after_each(function() tree.remove(folder) end)

    --- Run the script; its status as text, and what it printed.
    local function run(path, mode, limit)
      local before = mode == "time" and ("timeout -s KILL %.3f "):format(limit) or ""
      local after = mode ~= "time" and limit and ("%s %d"):format(mode, limit) or ""
      local output = tree.run(('%s%s spec/support/archived.lua %s %s %s %s; echo "|$?"'):format(
        before, tree.lua(), kind, path, what, after))
      return output:match "|(%d+)%s*$", output
    end

    --- Kill runs, one after another over the same store, until one comes through.
    ---@return string[] points where it was killed
    local function disturb(path, limits, most, expected)
      local points = {}
      while #points < most do
        local mode = MODES[math.random(#MODES)]
        local limit = mode == "time" and limits.time * math.random()
          or math.random(limits[mode])
        local status, output = run(path, mode, limit)
        if status == "0" then return points end
        points[#points + 1] = ("%s %.6g"):format(mode, limit)
        assert(status == KILLED, output)
        store.check(path, expected)
      end
      local status, output = run(path)
      assert(status == "0", output)
      return points
    end

    it("ends with what an undisturbed run has", function()
      math.randomseed(SEED)
      local _, output = run(folder .. "/undisturbed")
      local anywhere, stored = output:match "^(%d+)%s+(%d+)"
      local limits = {
        any = assert(tonumber(anywhere), output), store = tonumber(stored), time = 0.3,
      }
      local expected = store.read(folder .. "/undisturbed", what == "files")
      local left, round = POINTS, 0
      while left > 0 do
        round = round + 1
        assert(round < 100 * POINTS, "nothing is ever killed")
        local path = ("%s/%d"):format(folder, round)
        local points = disturb(path, limits, left, expected)
        left = left - #points
        assert.same(expected, store.read(path, what == "files"),
          ("KILL_SEED=%d, killed at: %s"):format(SEED, table.concat(points, ", ")))
      end
    end)

    if what == "files" then
      it("ends with it after a full disk, too", function()
        assert.equal("0", (run(folder .. "/undisturbed")))
        -- What notes the lines that are run (LUA_INIT_5_x) would write more than it may.
        local output = tree.run(([[env -u LUA_INIT_5_4 -u LUA_INIT_5_5 sh -c '
          trap "" XFSZ; ulimit -f %d; exec %s spec/support/archived.lua %s %s files']]):format(
          LARGEST, tree.lua(), kind, folder .. "/full"))
        assert.matches("config: [^\n]*File too large %[free some disk space", output)
        store.check(folder .. "/full", store.read(folder .. "/undisturbed", true))
        assert.equal("0", (run(folder .. "/full")))
        assert.same(store.read(folder .. "/undisturbed", true), store.read(folder .. "/full", true))
      end)
    end
  end)
end
