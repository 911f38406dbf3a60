-- An archive that is killed at random points and started again has in the end what an undisturbed
-- one has, and nothing twice. KILL_POINTS of them for each store (12; 50 in `make check`), a third
-- each: anywhere in Lua, at a write or statement of the store, and after some time. KILL_SEED
-- repeats a run but for the last kind; a failure names the seed and the points.

local tree = require "spec.support.tree"

local POINTS = tonumber(os.getenv "KILL_POINTS" or 12)
local SEED = tonumber(os.getenv "KILL_SEED" or os.time())
local KILLED = "137" -- 128 + SIGKILL, as a shell gives it

local MODES = { "any", "store", "time" }

--- Read a database with SQLite's own program: all rows of all tables, by key.
local function rows_of(path)
  local commands = { "PRAGMA integrity_check;", ".mode quote" }
  local tables = tree.lines(("sqlite3 %s 'SELECT name FROM sqlite_master WHERE type = \"table\" "
    .. "ORDER BY name'"):format(path))
  for _, name in ipairs(tables) do
    commands[#commands + 1] = ("SELECT '%s', * FROM %s ORDER BY name;"):format(name, name)
  end
  return tree.lines(("printf '%%s\\n' %s | sqlite3 %s"):format(
    tree.quote(table.concat(commands, "\n")), path))
end

--- Read a directory: its files, byte for byte.
local function files_of(path)
  local files = {}
  for _, file in ipairs(tree.find(path, "*")) do files[file:sub(#path + 2)] = tree.read(file) end
  return files
end

for kind, read in pairs { sqlite = rows_of, directory = files_of } do
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
    local function disturb(path, limits, most)
      local points = {}
      while #points < most do
        local mode = MODES[math.random(#MODES)]
        local limit = mode == "time" and limits.time * math.random()
          or math.random(limits[mode])
        local status, output = run(path, mode, limit)
        if status == "0" then return points end
        points[#points + 1] = ("%s %.6g"):format(mode, limit)
        assert(status == KILLED, output)
      end
      local status, output = run(path)
      assert(status == "0", output)
      return points
    end

    it("ends with what an undisturbed run has", function()
      math.randomseed(SEED)
      local _, output = run(folder .. "/undisturbed")
      local any, store = output:match "^(%d+)%s+(%d+)"
      local limits = { any = assert(tonumber(any), output), store = tonumber(store), time = 0.3 }
      local expected = read(folder .. "/undisturbed")
      local left, round = POINTS, 0
      while left > 0 do
        round = round + 1
        assert(round < 100 * POINTS, "nothing is ever killed")
        local path = ("%s/%d"):format(folder, round)
        local points = disturb(path, limits, left)
        left = left - #points
        assert.same(expected, read(path),
          ("KILL_SEED=%d, killed at: %s"):format(SEED, table.concat(points, ", ")))
      end
    end)
  end)
end
