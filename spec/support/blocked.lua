-- A script that is interrupted in a call, for spec/core/host/interrupts_spec.lua:
--   lua5.4 spec/support/blocked.lua MODE URL
-- Ctrl-C must end the call; the time when it did is the first line, what a call after it gave the
-- second.

local meet = require "googlemeet"
local monotime = require "cqueues".monotime

local mode, url = ...
local client <close> = assert(meet.new { api_key = "k", base_url = url, retry = false,
  connect_timeout = 60, timeout = 60, deadline = 60 })

local function get() return assert(client.spaces:get "x") end

--- `act` is ended by Ctrl-C; `again` runs after that.
local function interrupted(act, again)
  local ok, why = pcall(act)
  print(monotime())
  assert(not ok and tostring(why):find "interrupted!", why)
  print((again or get)().name)
end

local function in_coroutine(act)
  local ok, why = coroutine.resume(coroutine.create(act))
  return assert(ok, why)
end

local modes = {}

function modes.call() interrupted(get) end

modes["coroutine that catches it"] = function()
  in_coroutine(function() interrupted(get) end)
  assert(get())
end

modes["coroutine that dies of it"] = function()
  interrupted(function()
    local _, why = coroutine.resume(coroutine.create(get))
    error(why, 0)
  end)
end

modes["coroutine in a coroutine"] = function()
  in_coroutine(function() in_coroutine(function() interrupted(get) end) end)
end

function modes.gather()
  interrupted(function() client:gather { get, get, get } end, function()
    return assert(client:gather { get, get })[2]
  end)
end

modes["gather in a coroutine"] = function()
  in_coroutine(function()
    interrupted(function() client:gather { get, get, get } end)
  end)
end

--- What blocks inside a task: the callback of a sort cannot yield.
modes["task that cannot yield"] = function()
  interrupted(function()
    client:gather { function() table.sort({ 1, 2 }, get) end }
  end)
end

--- The request of a task reports that the sleep is on.
function modes.sleep()
  local first = client:submit(get)
  interrupted(function()
    client:sleep(60)
  end)
  first:cancel()
end

function modes.result()
  local first = client:submit(get)
  interrupted(function() first:result() end)
  first:cancel()
end

--- The signal comes while a task runs: the main thread's hook fires where the task has ended.
modes["end of a task"] = function()
  local task = client:submit(function()
    io.popen("kill -INT $PPID"):close()
    return true
  end)
  interrupted(function() task:result() end)
  print(task:result())
end

function modes.pager()
  local pager = client.conference_records:list()
  assert(pager().name == "conferenceRecords/1")
  interrupted(function() pager() end, pager)
end

--- A slow name server: the host's name is not known before three seconds have passed.
modes["name server"] = function()
  local fast <close> = assert(meet.new { api_key = "k", base_url = arg[3], retry = false })
  interrupted(get, function() return assert(fast.spaces:get "x") end)
end

modes[mode]()
