--- Each row of spec/download/cases.lua, with a path and with a function.

local cases = require "spec.download.cases"
local judge = require "spec.download.judge"
local loop = require "spec.limiter.loop"
local tree = require "spec.support.tree"
local uv = require "luv"
local worlds = require "spec.download.world"

local SIZE = (1 << 20) + 4321
local SIZES = { SIZE, SIZE - 1234, 60, 0, SIZE } -- of the contents
local AT_ONCE = 6
local RANDOM_POINTS = 25 -- downloads for each way to break, half of them with a path
local OLD = "what was there before"
local RETRY = { max_attempts = 3, initial = 0.01, multiplier = 1, max = 0.05 }

--- Name what is in a file, and its length.
local function recognize(path, contents)
  if not uv.fs_stat(path) then return "none" end
  local text = tree.read(path)
  if text == OLD then return "old", #text end
  for index, content in ipairs(contents) do
    if text == content then return tostring(index), #text end
  end
  for index = 1, 2 do
    if contents[index]:sub(1, #text) == text then return "start", #text end
  end
  return "mixed", #text
end

local function look(world, odd, target, job, contents)
  local folder = job.target:match "^(.*)/"
  local part, left = worlds.left(folder)
  local content, length = recognize(job.target, contents)
  local stat = uv.fs_stat(job.target)
  return {
    mode = stat and stat.mode & 511, -- 0777
    content = content, length = length, left = left, part = part and worlds.size(part),
    asked = world:asked(odd, target),
  }
end

--- What has to come, as far as it is known before.
local function expected_size(words)
  return SIZES[tonumber(words:match "%d")] or SIZES[1]
end

local function call(world, odd, case, job, contents)
  local seen_result = world:work({ base_url = odd.url, retry = RETRY, jobs = { job } }, 30)[1]
  loop.sleep(0.02) -- until the server has noticed the end of the process
  local seen = look(world, odd, job.path, job, contents)
  seen.result = seen_result
  return seen, case
end

local function report(row, seen, case, way)
  for _, problem in ipairs(judge.problems(seen, case, way, expected_size(case[way]))) do
    row:fail("%s: %s", way, problem)
  end
  local note = way .. " " .. judge.outcome(seen)
  if note ~= row.notes[#row.notes] then row:note("%s", note) end
end

--- One case, one way.
local function run(world, odd, case, way, seed, row, contents)
  local folder = ("%s/%s-%s"):format(world.folder, case.name, seed)
  assert(uv.fs_mkdir(folder, 448)) -- 0700
  local job = {
    path = ("/odd/%s/%s"):format(case.name, seed), target = folder .. "/file",
    sink = way == "sink" and "plain" or nil, timeout = case.timeout or 5,
    version = case.version or case.versions and case.versions[1],
  }
  -- What was there before stays there until the whole is.
  if way == "path" and world.chance:below(2) == 0 then tree.write(job.target, OLD) end
  report(row, call(world, odd, case, job, contents), case, way)
  if way == "path" and case.again then
    job.version = case.version or case.versions and case.versions[2]
    report(row, call(world, odd, case, job, contents), case, "again")
  end
  tree.remove(folder)
end

--- How often a case is tried each way: many times where it is random.
local function times(case, is_short)
  if not case.name:find "^random" then return 1 end
  return is_short and 3 or (RANDOM_POINTS + 1) // 2
end

local function odd(world)
  local server, functions = world:odd(table.unpack(SIZES)), {}
  local contents = {}
  for index, path in ipairs(server.contents) do contents[index] = tree.read(path) end
  local wanted = os.getenv "DOWNLOAD_CASE"
  for _, case in ipairs(cases.list) do
    if not wanted or case.name == wanted then
      local row = world:row(case.name)
      functions[#functions + 1] = function()
        for _, way in ipairs { "path", "sink" } do
          for number = 1, times(case, world.short) do
            local seed = ("%s-%d-%d"):format(way, number, world.chance:below(1000000))
            run(world, server, case, way, seed, row, contents)
          end
        end
      end
    end
  end
  loop.all(functions, AT_ONCE)
  assert(server.child:is_running(), "the server has ended")
end

return {
  { "odd", odd },
}
