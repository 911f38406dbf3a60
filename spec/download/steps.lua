--- Downloads that are killed at each of their steps, before and after each call that changes
-- files, and what the next one makes of that, whether or not the thing has changed meanwhile.

local loop = require "spec.limiter.loop"
local tree = require "spec.support.tree"
local uv = require "luv"
local worlds = require "spec.download.world"

local AT_ONCE = 4
local SIZES = { 40000, 50000, 40000 } -- of contents: three versions, two of them of one size
local TESTED = 13 -- steps of a short run

--- A download of a version of the thing, which is killed at a step.
local function download(world, odd, target, version, more)
  local job = { path = "/odd/chosen/" .. target:match "[^/]*$", target = target .. "/file",
    timeout = 5, headers = { ["X-Content"] = tostring(version) }, cancel_at = more.cancel_at }
  local environment = { LD_PRELOAD = tree.build() .. "/download/kill_at.so",
    KILL_AT = tostring(more.step or 0), KILL_COUNT = more.count }
  return world:work({ base_url = odd.url, jobs = { job }, environment = environment }, 20)[1]
end

--- What is done: versions of downloads, the last of which has to come. The one before it is killed,
--- others break off in the middle. Below 0: without a validator.
local PLANS = {
  { "a new one", { 1, 1 } },
  { "a new one, then changed", { 1, 2 } },
  { "a new one, then changed to the same size", { 1, 3 } },
  { "going on", { 1, 1, 1 } },
  { "a changed one", { 1, 2, 2 } },
  { "a changed one, then as before", { 1, 2, 1 } },
  { "a changed one of the same size, then as before", { 1, 3, 1 } },
  { "one without a validator, then as before", { 1, -3, 1 } },
}

--- How many steps the one that is to be killed has.
local function count_steps(world, odd, plan)
  local folder = ("%s/count-%s"):format(world.folder, plan[1]:gsub("%W", ""))
  assert(uv.fs_mkdir(folder, 448)) -- 0700
  local versions, count = plan[2], folder .. "/steps"
  for index = 1, #versions - 2 do
    download(world, odd, folder, versions[index], { cancel_at = 1 })
  end
  download(world, odd, folder, versions[#versions - 1], { count = count })
  return math.tointeger(tonumber(tree.read(count)))
end

local function try(world, odd, plan, step, row)
  local folder = ("%s/step-%s-%d"):format(world.folder, plan[1]:gsub("%W", ""), step)
  assert(uv.fs_mkdir(folder, 448)) -- 0700
  local versions, target = plan[2], folder .. "/file"
  for index = 1, #versions - 2 do
    download(world, odd, folder, versions[index], { cancel_at = 1 })
  end
  local killed = versions[#versions - 1]
  download(world, odd, folder, killed, { step = step })
  local there = uv.fs_stat(target)
  row:check(not there or worlds.are_equal(target, odd.contents[math.abs(killed)]),
    "step %d: another file is there", step)
  local wanted = versions[#versions]
  local result = download(world, odd, folder, wanted, {})
  row:check(result and result.bytes == SIZES[wanted], "step %d: %s", step, worlds.words(result))
  row:check(worlds.are_equal(target, odd.contents[wanted]), "step %d: another file then", step)
  local _, left = worlds.left(folder)
  row.left = (row.left or 0) + left
  tree.remove(folder)
  return there
end

local function steps(world)
  local odd = world:odd(table.unpack(SIZES))
  for _, plan in ipairs(PLANS) do
    local row, count = world:row(plan[1]), count_steps(world, odd, plan)
    local stride = world.short and math.max(1, count // (TESTED // 2)) or 1
    local functions, complete = {}, 0
    for step = 1, count, stride do
      functions[#functions + 1] = function()
        if try(world, odd, plan, step, row) then complete = complete + 1 end
      end
    end
    loop.all(functions, AT_ONCE)
    row:note("killed at %d of %d steps, %d times with the file in its place; %d files left beside",
      #functions, count, complete, row.left)
    row:check(count > 10 and complete < #functions, "nothing was killed")
  end
end

return {
  { "steps", steps },
}
