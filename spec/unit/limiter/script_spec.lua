-- The rules of a shared limit are written twice: in C for a file, and as the scripts that Redis
-- runs. Random schedules, in which clocks leap and data are lost, get the same answers of both.

local compiled = require "spec.support.compiled"
local random = require "googlemeet.testing.random"
local redis_commands = require "spec.support.redis_commands"
local script = require "googlemeet.limiter.script"
local tree = require "spec.support.tree"

local LEASE = 2000000 -- microseconds, as all times here
local WINDOWS = { { "second", 3, 1015000 }, { "reads", 8, 6015000 } }
local CHOICES = { { WINDOWS[1] }, { WINDOWS[2] }, WINDOWS }
local STEPS = 1500

local folder, ledger

setup(function()
  folder = compiled.folder("ledger", "-Isrc src/ledger.c")
  ledger = assert(package.loadlib(folder .. "/ledger.so", "luaopen_ledger"))()
end)
teardown(function() tree.remove(folder) end)

--- Return the keys of a step's windows, and the columns of their rows that it is sent.
local function words_of(windows, columns)
  local keys, words = { "hash" }, {}
  for _, window in ipairs(windows) do
    keys[#keys + 1] = "hash:" .. window[1]
    for _, column in ipairs(columns) do words[#words + 1] = tostring(window[column]) end
  end
  return keys, words
end

--- Both stores, and who uses them.
local function open(seed)
  ledger.empty()
  local run = { chance = random.new("script" .. seed), store = redis_commands.new(),
    now = 1000000000000, skew = 0, ids = 0, holders = {} }
  for index = 1, run.chance:between(2, 8) do run.holders[index] = { places = {} } end
  return run
end

--- Take a step in both; the time and what else both reply.
local function step(run, name, number, keys, words, ...)
  local holder, chance = run.holders[number], run.chance
  local sight = {}
  if holder.seen then
    local passed = run.now - holder.at
    sight = { holder.seen, passed + chance:below(30000),
      math.max(0, passed - chance:below(30000)) }
  end
  local arguments = { tostring(number), "word", tostring(sight[1] or ""), tostring(sight[2] or ""),
    tostring(sight[3] or ""), "86400000" }
  table.move(words, 1, #words, #arguments + 1, arguments)
  run.store.clock = run.now + run.skew
  local reply = run.store.run(script[name], keys, arguments)
  if not reply[2] then return nil end -- nothing is there
  local time, wait = ledger[name](run.store.clock, number, sight[1], sight[2], sight[3], ...)
  holder.seen, holder.at = time, run.now
  assert.same({ tostring(time), wait and tostring(wait) }, { reply[2], wait and reply[4] })
  return wait
end

local function reserve(run, number)
  run.ids = run.ids + 1
  local windows, more = CHOICES[run.chance:between(1, #CHOICES)], {}
  local keys, words = words_of(windows, { 1, 2, 3 })
  for _, window in ipairs(windows) do table.move(window, 1, 3, #more + 1, more) end
  local wait = step(run, "reserve", number, keys, { tostring(run.ids), tostring(LEASE),
    table.unpack(words) }, run.ids, LEASE, table.unpack(more))
  local places = run.holders[number].places
  if wait == 0 then places[#places + 1] = { id = run.ids, windows = windows } end
end

local function commit(run, number)
  local place = table.remove(run.holders[number].places, 1)
  if not place then return end
  local delay, keys, words = run.chance:below(120000), words_of(place.windows, { 3 })
  step(run, "commit", number, keys, { tostring(place.id), tostring(delay), table.unpack(words) },
    place.id, delay)
end

local function release(run, number)
  local place = table.remove(run.holders[number].places)
  if not place then return end
  step(run, "release", number, words_of(place.windows, {}), { tostring(place.id) }, place.id)
end

local function pause(run, number)
  local name, length = WINDOWS[run.chance:between(1, 2)][1], run.chance:below(3000000)
  step(run, "pause", number, { "hash" }, { name, tostring(length) }, name, length)
end

--- How often each is taken, of a hundred.
local STEPS_OF = { { 60, reserve }, { 88, commit }, { 98, release }, { 100, pause } }

local function take_step(run)
  local chance = run.chance
  run.now = run.now + chance:between(1, 250000)
  local trouble, number = chance:below(700), chance:between(1, #run.holders)
  if trouble == 0 then run.skew = run.skew - chance:below(4000000000) end
  if trouble == 1 then run.skew = run.skew + chance:below(400000000) end
  if trouble == 2 then
    run.store.keys = {}
    ledger.empty()
  end
  local drawn = chance:between(1, 100)
  for _, row in ipairs(STEPS_OF) do
    if drawn <= row[1] then return row[2](run, number) end
  end
end

describe("the scripts of a limiter in Redis", function()
  for seed = 1, 6 do
    it("answer as the ledger in C does, schedule " .. seed, function()
      local run = open(seed)
      for _ = 1, STEPS do take_step(run) end
      assert.is_true(run.ids > STEPS / 2)
    end)
  end
end)
