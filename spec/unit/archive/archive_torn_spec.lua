-- Whatever happens to the bytes of a directory's files, nothing raises, and one run mends it. What
-- happens to a database is told, or mended. TORN_ROUNDS (12) and TORN_SEED choose the faults.

local core = require "googlemeet.core"
local days = require "spec.support.days"
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
  local function whole(kind)
    local store <close> = assert(meet.archive[kind](folder .. "/archive"))
    assert(archive(store))
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

  it("is mended or told of, in a database", function()
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
end)
