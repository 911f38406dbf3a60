-- A script that forks, for spec/core/host/fork_spec.lua:
--   lua5.4 spec/support/forked.lua MODE URL [CERTIFICATE]
-- What parent and child see is printed, the child's lines first.

local fork = require "fork"
local meet = require "googlemeet"

local mode, url, certificate = ...
local client = assert(meet.new { api_key = "k", base_url = url, ca_file = certificate,
  retry = false })

local function get(id) return assert(client.spaces:get(id)).name end

--- Run `act` in a child until it has ended, state closed.
local function in_child(act)
  local child = fork.fork()
  if child == 0 then
    local ok, why = pcall(act)
    if not ok then print(why) end
    os.exit(ok, true)
  end
  print("status", fork.wait(child))
end

local modes = {}

function modes.idle()
  print(get "first")
  in_child(function() end)
  print(get "last")
end

function modes.calls()
  print(get "first")
  in_child(function() print(get "child", client:stats().sockets_opened) end)
  print(get "last")
end

function modes.closes()
  print(get "first")
  in_child(function() client:close() end)
  print(get "last")
end

--- The child of the child is as far from its sockets as the child is.
function modes.generations()
  print(get "first")
  in_child(function()
    print(get "child")
    in_child(function() print(get "grandchild") end)
    print(get "child")
  end)
  print(get "last")
end

--- A call under way is the parent's to finish; the child's copy of it is cancelled.
function modes.busy()
  local task = client:submit(function() return client.spaces:get "first" end)
  for _ = 1, 20 do client:step(0.02) end
  in_child(function()
    local _, err = task:result()
    print(err.kind, err.message)
    print(get "child")
  end)
  print(task:result().name)
  print(get "last")
end

--- A script's own transport is no business of the core's: what it sends goes on in the child, too.
function modes.transport()
  local own = client:with { transport = function()
    in_child(function() print(get "child") end)
    return { status = 200, body = '{"name":"own"}' }
  end }
  print(get "first")
  print(own.spaces:get("x").name)
end

--- A page sent for ahead is asked for again.
function modes.pager()
  local pager = client.conference_records:list()
  pager()
  print(pager().name) -- the next page is on its way now
  client:step(0.1)
  in_child(function() print(pager().name) end)
  print(pager().name)
end

--- Children of one process draw their own jitter.
function modes.jitter()
  local now = 0
  local function sleep(seconds) now = now + seconds end
  local own = client:with {
    retry = { max_attempts = 3 }, clock = { now = function() return now end, sleep = sleep },
    transport = function() return { status = 503 } end,
  }
  assert(not own.spaces:get "x")
  for _ = 1, 3 do
    in_child(function()
      local before = now
      assert(not own.spaces:get "x")
      print("waited", now - before)
    end)
  end
end

--- A program that is started inherits no socket to a server. It does inherit the two by which
--- libcurl wakes itself; those are there after a call, even of a server that is not there.
function modes.program()
  client:with { base_url = "http://127.0.0.1:1" }.spaces:get "x"
  local function count()
    local pipe <close> = io.popen "ls -l /proc/self/fd | grep -c socket:"
    return pipe:read "n"
  end
  local before = count()
  print(get "first", get "last", count() - before)
end

--- A child opens a limiter's file anew, for a lock is shared through the parent's descriptor; the
--- places are those of both.
function modes.limiter()
  local limiter = require "googlemeet.core".limiter.file(certificate)
  local short = { name = "y", limit = 100, span = 0.01 }
  local windows = { { name = "x", limit = 3, span = 60 }, short }
  local function reserve()
    local id, wait = limiter.reserve(windows, 0.05)
    return id and "a place" or ("none for %.0f s"):format(wait)
  end
  local _, wait = limiter.reserve({ short }, 0.05)
  require "cqueues".sleep(wait)
  print(reserve())
  in_child(function()
    print(reserve())
    in_child(function() print(reserve()) end)
    print(reserve())
  end)
  print(reserve())
end

--- A child that continues a call of a custom transport sends in a separate place.
function modes.place()
  local file = require "googlemeet.core".limiter.file
  local child
  local own = client:with {
    rate = { limiter = file(certificate) },
    on_event = function(event)
      if event.type == "attempt" then child = child or fork.fork() end
    end,
    transport = function() return { status = 200, body = '{"name":"own"}' } end,
  }
  print(own.spaces:get("x").name)
  if child == 0 then os.exit(true, true) end
  print("status", fork.wait(child))
  print(file(certificate).status().taken.second)
end

--- The words by which a limiter in Redis knows the replies to its commands.
function modes.words()
  local limiter = meet.limiter.redis(function(_, _, _, _, _, _, word)
    if word then print(word) end
    return nil, "ERR unknown command"
  end, "account")
  local function reserve()
    limiter.reserve({ { name = "second", limit = 1, span = 1 } }, 1)
  end
  in_child(reserve)
  reserve()
end

modes[mode]()
