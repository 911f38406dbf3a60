-- Whatever happens to the bytes of a directory's files, nothing raises, and one run mends it. What
-- happens to a database is reported, or mended. TORN_ROUNDS (12) and TORN_SEED choose the faults.

local core = require "googlemeet.core"
local days = require "spec.support.days"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local tree = require "spec.support.tree"

local ROUNDS = math.tointeger(tonumber(os.getenv "TORN_ROUNDS") or 12)
local SEED = math.tointeger(tonumber(os.getenv "TORN_SEED") or os.time())
local COUNT, LAST = 9, 3 -- conferences, of which none fails, and days

local VALUES = { "5", "null", "[]", "{}", '"x"', "-1", "1e400", "true" }

--- The ways in which a text is changed between two places of it.
local ways = {
  function(text, from) return text:sub(1, from) end,
  function(text, from, to) return text:sub(1, from) .. text:sub(to + 1) end,
  function(text, from)
    return text:sub(1, from) .. string.char(math.random(0, 255)) .. text:sub(from + 2)
  end,
  function(text, from, to) return text:sub(1, to) .. text:sub(from + 1) end,
  function(text, from, to)
    return text:sub(1, from) .. ("\0"):rep(to - from) .. text:sub(to + 1)
  end,
  function(text)
    return (text:gsub('("[%w_]+":)("?[%w:%-/%.]+"?)', function(name)
      if math.random(20) == 1 then return name .. VALUES[math.random(#VALUES)] end
    end))
  end,
}

local function change(text)
  local from, to = math.random(0, #text), math.random(0, #text)
  return ways[math.random(#ways)](text, math.min(from, to), math.max(from, to))
end

local function archive(store)
  local client <close> = assert(meet.new {
    api_key = "test-key", rate = false, retry = false, transport = days.server(COUNT, LAST, LAST),
  })
  return meet.archive(client, store, { now = days.now(LAST) })
end

--- A client of a fake that has a few conferences with their files.
local function client_with_files()
  local gateway = meet.testing.gateway { clock = function() return 0 end, now = days.now(LAST) }
  gateway:add_connection { app = "google-drive", status = "ACTIVE" }
  local space = gateway:add_space {}
  for index = 1, COUNT do
    local record = gateway:add_record {
      space = space, id = "c" .. index, start_time = days.now(1) - 7200, end_time = days.now(1),
    }
    gateway:add_recording(record, { id = "r", file = "1r" .. index })
    gateway:add_file { id = "1r" .. index, content = ("bytes "):rep(index) }
    gateway:add_smart_note(record, { id = "n", file = "1n" .. index })
    gateway:add_file { id = "1n" .. index, text = "notes " .. index }
  end
  return assert(meet.new {
    api_key = "test-key", transport = gateway.transport, clock = made_up_clock(),
  })
end

--- The rows of all files in a store, in order.
local function all_files(store)
  local files = {}
  for index = 1, COUNT do
    for _, row in ipairs(store:files("conferenceRecords/c" .. index)) do files[#files + 1] = row end
  end
  return files
end

--- The states in a manifest, by name.
local function states(store)
  local by_name = {}
  for _, entry in ipairs(assert(store:manifest())) do by_name[entry.name] = entry.state end
  return by_name
end

describe("an archive whose files somebody has changed", function()
  local folder

  before_each(function() folder = tree.temporary() end)
  after_each(function() tree.remove(folder) end)

  --- The files of a whole archive, by path.
  local function whole(kind, act)
    local store <close> = assert(meet.archive[kind](folder .. "/archive"))
    assert((act or archive)(store))
    local files = {}
    for _, path in ipairs(tree.find(folder, "*")) do
      files[#files + 1] = { path = path, text = tree.read(path) }
    end
    return files
  end

  --- Write the files again, up to three of them changed or removed.
  local function tear(files)
    for _, file in ipairs(files) do assert(core.file.replace(file.path, file.text)) end
    for _ = 1, math.random(3) do
      local file = files[math.random(#files)]
      if math.random(8) == 1 then
        os.remove(file.path)
      else
        assert(core.file.replace(file.path, change(core.file.read(file.path) or file.text)))
      end
    end
  end

  it("is mended by one run, in a directory", function()
    math.randomseed(SEED)
    local files = whole "directory"
    for round = 1, ROUNDS do
      tear(files)
      local store, err = meet.archive.directory(folder .. "/archive")
      if store then
        assert(archive(store))
        local found = states(store)
        for index = 1, COUNT do
          assert.equal("complete", found[days.name(index)],
            ("TORN_SEED=%d, round %d: %s"):format(SEED, round, days.name(index)))
        end
        store:close()
      else -- a manifest that has become one of another version
        assert.equal("config", err.kind)
      end
    end
  end)

  it("is mended or reported, in a database", function()
    math.randomseed(SEED)
    local files = whole "sqlite"
    for _ = 1, ROUNDS do
      tear(files)
      local store, err = meet.archive.sqlite(folder .. "/archive")
      if store then
        local summary
        summary, err = archive(store)
        store:close()
        if summary then err = nil end
      end
      if err then assert.equal("config", err.kind) end
    end
  end)

  for _, kind in ipairs { "directory", "sqlite" } do
    it("has its files again after one run, or it is reported, in " .. kind, function()
      math.randomseed(SEED)
      local client <close> = client_with_files()
      local function archive_files(store)
        return meet.archive(client, store, { now = days.now(LAST), files = true })
      end
      local files, expected = whole(kind, archive_files), nil
      for round = 0, ROUNDS do -- the first one tears nothing
        if round > 0 then tear(files) end
        local store, err = meet.archive[kind](folder .. "/archive")
        local summary
        if store then
          summary, err = archive_files(store)
          if summary then
            local found = all_files(store)
            expected = expected or found
            assert.equal(2 * COUNT, #found)
            assert.same(expected, found, ("TORN_SEED=%d, round %d"):format(SEED, round))
          end
          store:close()
        end
        assert(summary or err.kind == "config", err)
      end
    end)
  end
end)
