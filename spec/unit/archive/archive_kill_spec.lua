-- An archive that is killed at random points and started again has in the end what an undisturbed
-- one has, and nothing twice. KILL_POINTS of them for each store (10; 50 in `make check`), a third
-- each: anywhere in Lua, at a write or statement of the store, and after some time. KILL_SEED
-- repeats a run but for the last kind; a failure names the seed and the points.

local core = require "googlemeet.core"
local tree = require "spec.support.tree"

local POINTS = tonumber(os.getenv "KILL_POINTS" or 10)
local SEED = tonumber(os.getenv "KILL_SEED" or os.time())
local KILLED = "137" -- 128 + SIGKILL, as a shell gives it

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

--- Read a database: all rows of all tables, by key.
function kinds.sqlite.read(path)
  local commands = { "PRAGMA integrity_check;", ".mode quote" }
  local from = { "conference_records", "manifest", table.unpack(PARTS) }
  for _, name in ipairs(from) do
    commands[#commands + 1] = ("SELECT '%s', * FROM %s ORDER BY name;"):format(name, name)
  end
  return query(path, commands)
end

--- See that a killed run left all or nothing of each conference: as many rows as the manifest says.
-- Looks at a copy, so that the next run finds what the killed one left.
function kinds.sqlite.check(path)
  local copy = path .. "-copy"
  tree.lines(("mkdir %s && cp %s* %s 2>/dev/null || true"):format(copy, path, copy))
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
  local files = {}
  for _, file in ipairs(tree.find(path, "*")) do files[file:sub(#path + 2)] = tree.read(file) end
  return files
end

--- See that a killed run left whole files only, but for the one that had no name yet.
function kinds.directory.check(path, expected)
  local command = ("test ! -d %s || find %s -name '*.json*' -type f"):format(path, path)
  for _, file in ipairs(tree.lines(command)) do
    local text = tree.read(file)
    if file:find "%.jsonl$" then
      assert.equal(expected[file:sub(#path + 2)], text)
    else
      assert.is_table((assert(core.decode(text))).conferences)
    end
  end
end

for kind, store in pairs(kinds) do
  describe("archive with the store " .. kind .. ", killed and started again", function()
    local folder

    before_each(function() folder = tree.temporary() end)
    after_each(function() tree.remove(folder) end)

    --- Run the script; its status as text, and what it printed.
    local function run(path, mode, limit)
      local before = mode == "time" and ("timeout -s KILL %.3f "):format(limit) or ""
      local after = mode ~= "time" and limit and ("%s %d"):format(mode, limit) or ""
      local output = tree.run(('%s%s spec/support/archived.lua %s %s %s; echo "|$?"'):format(
        before, tree.lua(), kind, path, after))
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
      local expected = store.read(folder .. "/undisturbed")
      local left, round = POINTS, 0
      while left > 0 do
        round = round + 1
        assert(round < 100 * POINTS, "nothing is ever killed")
        local path = ("%s/%d"):format(folder, round)
        local points = disturb(path, limits, left, expected)
        left = left - #points
        assert.same(expected, store.read(path),
          ("KILL_SEED=%d, killed at: %s"):format(SEED, table.concat(points, ", ")))
      end
    end)
  end)
end
