-- An archive that is run each day, while one conference in ten fails for ever, has all others in
-- the end, as the server had them, and what could be read of those, although each day a second run
-- begins while the first is under way, and some runs are killed. ARCHIVE_DAYS, ARCHIVE_CONFERENCES
-- and ARCHIVE_KILLS for each store (3, 30 and 3; 40, 200 and 50 in `make archive`); ARCHIVE_SEED
-- repeats a run.

local core = require "googlemeet.core"
local days = require "spec.support.days"
local lines = require "googlemeet.archive.lines"
local meet = require "googlemeet"
local tree = require "spec.support.tree"

local function number(name, default)
  return math.tointeger(tonumber(os.getenv("ARCHIVE_" .. name)) or default)
end

local LAST, COUNT, KILLS = number("DAYS", 3), number("CONFERENCES", 30), number("KILLS", 3)
local SEED = number("SEED", os.time())
local KILLED = "137" -- 128 + SIGKILL, as a shell gives it

--- The checksums of a store's conferences, as it has them.
local checksums = {}

function checksums.directory(path)
  local sums = {}
  for _, entry in ipairs(core.decode(tree.read(path .. "/manifest.json")).conferences) do
    sums[entry.name] = entry.checksum
  end
  return sums
end

function checksums.sqlite(path)
  assert.same({ "ok" }, tree.lines("sqlite3 " .. path .. " 'PRAGMA integrity_check'"))
  local sums = {}
  local rows = tree.lines("sqlite3 " .. path .. " 'SELECT record, checksum FROM checksums'")
  for _, line in ipairs(rows) do
    local name, sum = line:match "^(.*)|(%x+)$"
    sums[name] = sum
  end
  return sums
end

for kind, read_checksums in pairs(checksums) do
  describe("archive with the store " .. kind .. ", run each day", function()
    local folder, path

    before_each(function()
      folder = tree.temporary()
      path = folder .. "/archive"
    end)
    after_each(function() tree.remove(folder) end)

    local function command(day)
      return ("%s spec/support/archived_day.lua %s %s %d %d %d"):format(tree.lua(), kind, path,
        COUNT, LAST, day)
    end

    --- Run the script; its status as text, and what it printed.
    local function run(day, more)
      local output = tree.run(("%s %s; echo '|'$?"):format(command(day), more or ""))
      return output:match "|(%d+)%s*$", output
    end

    --- Kill so many runs of a day at random. One that survives shows how long they are.
    local function disturb(day, most, limits)
      local killed, runs = 0, 0
      while killed < most do
        local mode = math.random(2) == 1 and "any" or "store"
        local status, output = run(day, ("%s %d"):format(mode, math.random(limits[mode])))
        killed, runs = killed + (status == KILLED and 1 or 0), runs + 1
        if status ~= KILLED then
          assert(status == "0", output)
          limits[mode] = tonumber(output:match "steps (%d+)")
        end
        assert(runs < 100 * most, "nothing is ever killed")
      end
      return killed
    end

    --- Make the runs of all days; give the names that failed, and how many runs were killed.
    local function live()
      local failed, killed, limits = {}, 0, { any = 20000, store = 40 }
      for day = 1, LAST do
        local due = math.ceil((KILLS - killed) / (LAST - day + 1))
        killed = killed + disturb(day, due, limits)
        local status, output = run(day, "while " .. tree.quote(command(day)))
        assert(status == "0", output)
        assert.equal("ended conflict", output:match "meanwhile ([^\n]*)")
        assert.is_nil(output:find "\nended")
        for name in output:gmatch "gone ([^\n]+)" do assert.is_true(failed[name], name) end
        for name in output:gmatch "failed ([^\n]+)" do failed[name] = true end
      end
      return failed, killed
    end

    it("has all that the server gave, as it was", function()
      math.randomseed(SEED)
      local failed, killed = live()
      local expected, expected_failed = {}, {}
      for index = 1, COUNT do
        local name = days.name(index)
        if days.fails(index) then expected_failed[name] = true end
        expected[name] = core.file.checksum(lines.write(days.readable(index, COUNT, LAST, LAST)))
      end
      assert.same(expected_failed, failed, "ARCHIVE_SEED=" .. SEED)
      assert.same(expected, read_checksums(path), "ARCHIVE_SEED=" .. SEED)
      local store <close> = assert(meet.archive[kind](path))
      local _ <close> = assert(store:lock())
      local entries = assert(store:manifest())
      for _, entry in ipairs(entries) do
        assert.equal(failed[entry.name] ~= nil, entry.state ~= "complete")
      end
      assert.equal(COUNT, #entries)
      if os.getenv "ARCHIVE_DAYS" then
        print(("%s: %d days, %d runs killed, %d of %d conferences complete, %d failed"):format(kind,
          LAST, killed, COUNT - COUNT // 10, COUNT, COUNT // 10))
      end
      assert.equal(KILLS, killed)
    end)
  end)
end
