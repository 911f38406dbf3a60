--- One process that downloads. Use: MATON_API_KEY=KEY lua5.4 spec/download/worker.lua JOBS
--
-- JOBS is JSON: `base_url`, `ca_file`, `retry`, and `jobs`, which it does one after the other:
--   path       what it asks for
--   target     where it goes; with `sink`, the function writes there what it gets
--   sink       how the function behaves: a name of spec/download/sinks.lua
--   pace       bytes a second that the function takes
--   version, timeout, deadline, headers
--   cancel_at  on_progress returns false from so many bytes on
--   raise_at   on_progress raises, where the sink is a path
--   warm       a path that is asked for before
--
-- Prints "begun", then a line of JSON when the job has ended.

local cjson = require("cjson").new()
local core = require "googlemeet.core"
local meet = require "googlemeet"
local sinks = require "spec.download.sinks"

local options = cjson.decode(arg[1])
io.stdout:setvbuf "line"

--- Bytes that are resident now, and the most since the mark was set.
local function resident()
  local file <close> = assert(io.open "/proc/self/status")
  local text = file:read "a"
  return 1024 * tonumber(text:match "VmRSS:%s*(%d+)"), 1024 * tonumber(text:match "VmHWM:%s*(%d+)")
end

local function set_mark()
  local file <close> = io.open("/proc/self/clear_refs", "w")
  if file then file:write "5" end
end

local function open()
  return assert(meet.new {
    base_url = options.base_url, ca_file = options.ca_file, rate = false, retry = options.retry,
  })
end

--- Take down what on_progress gets.
local function watch(job, seen)
  return function(bytes, total)
    seen.calls = seen.calls + 1
    if bytes < seen.bytes then seen.fell = true end
    seen.bytes, seen.total = bytes, total
    if job.cancel_at and bytes >= job.cancel_at then return false end
    if not job.sink and job.raise_at and bytes >= job.raise_at then error("no progress", 0) end
  end
end

local function report(seen, results)
  local is_whole, bytes, answer = table.unpack(results, 1, 3)
  local line = { progress = seen, seconds = seen.seconds, cpu = seen.cpu, grown = seen.grown }
  if not is_whole then
    line.raised = tostring(bytes)
  elseif bytes then
    line.bytes, line.status = bytes, answer.status
  else
    line.kind, line.hint, line.error = answer.kind, answer.hint, tostring(answer)
    line.attempts = answer.attempts
  end
  return line
end

local function do_job(client, job)
  if job.warm then assert(client:request("GET", job.warm)) end
  local sink <close> = sinks.open(job, client)
  local seen = { calls = 0, bytes = 0 }
  collectgarbage()
  collectgarbage()
  local before = resident()
  set_mark()
  print "begun"
  local start, cpu = core.now(), os.clock()
  local results = table.pack(sink:run(function(target)
    return client:request("GET", job.path, {
      sink = target, on_progress = watch(job, seen), version = job.version,
      timeout = job.timeout, deadline = job.deadline, headers = job.headers,
    })
  end))
  seen.seconds, seen.cpu = core.now() - start, os.clock() - cpu
  seen.grown = select(2, resident()) - before
  local line = report(seen, results)
  line.sink = sink:seen()
  if not line.sink.closed then line.usable = client:request("GET", "/small") ~= nil end
  print(cjson.encode(line))
end

for _, job in ipairs(options.jobs) do
  local client <close> = open()
  do_job(client, job)
end
