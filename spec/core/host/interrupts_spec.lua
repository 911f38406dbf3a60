-- Ctrl-C, as the stand-alone interpreter hands it on: a signal handler sets a hook on the main
-- thread, and the hook raises. (Its second Ctrl-C ends the process, hence one for each script.)

local compiled = require "spec.support.compiled"
local meet = require "googlemeet"
local cqueues = require "cqueues"
local server = require "spec.support.server"
local tree = require "spec.support.tree"

local monotime = cqueues.monotime
local LIMIT = os.getenv "ASAN_OPTIONS" and 1 or 0.2 -- seconds
local TRIES = 3 -- load can only make it slower: the best one counts
local SPACE = '{"name":"spaces/x"}'
local STALLED = { stall = true }

local stub

setup(function() stub = server.start() end)
teardown(function() stub:close() end)

--- Start a script that prints its process id first. The environment is not for the shell: what is
-- preloaded may be built for another C library than the shell's.
local function start(words, environment)
  local pipe = assert(io.popen(("exec sh -c 'echo $$; exec \"$@\"' sh env %s %s %s 2>&1"):format(
    environment or "", tree.lua(), words)))
  return pipe, assert(pipe:read "n")
end

--- Interrupt a script of spec/support/blocked.lua when `is_blocked` returns; give the seconds until
-- its call ended and what it printed after that.
local function interrupt(mode, is_blocked, urls, environment)
  local pipe, id = start(("spec/support/blocked.lua %s %s"):format(tree.quote(mode),
    urls or stub.url), environment)
  local ok, why = pcall(is_blocked)
  if not ok then
    tree.run("kill -KILL " .. id)
    error(why .. "; the script said: " .. pipe:read "a", 0)
  end
  local from = monotime()
  tree.lines("kill -INT " .. id)
  local till, rest = pipe:read("n", "a")
  assert(pipe:close(), rest)
  return assert(till, rest) - from, rest
end

--- The best of some tries, each on its own script of answers.
local function best_of(try)
  local best = math.huge
  for _ = 1, TRIES do
    best = math.min(best, try())
    if best < LIMIT then break end
  end
  print(("interrupted after %.3f s"):format(best))
  assert(best < LIMIT, best .. " s")
end

describe("Ctrl-C", function()
  for mode, count in pairs {
    ["call"] = 1, ["coroutine that catches it"] = 1, ["coroutine that dies of it"] = 1,
    ["coroutine in a coroutine"] = 1, ["gather"] = 3, ["gather in a coroutine"] = 3,
    ["task that cannot yield"] = 1, ["result"] = 1, ["sleep"] = 1,
  } do
    it("ends what it finds blocked at once, and the client goes on: " .. mode, function()
      best_of(function()
        local answers = {}
        for index = 1, count do answers[index] = STALLED end
        for _ = 1, 3 do answers[#answers + 1] = { body = SPACE } end
        stub:script(answers)
        local seconds, rest = interrupt(mode, function() stub:wait_for(count) end)
        assert.equal("\nspaces/x\n", rest)
        return seconds
      end)
    end)
  end

  it("ends a pager's wait, and the same page can be asked for again", function()
    best_of(function()
      stub:script {
        { body = '{"conferenceRecords":[{"name":"conferenceRecords/1"}],"nextPageToken":"t"}' },
        STALLED, { body = '{"conferenceRecords":[{"name":"conferenceRecords/2"}]}' },
      }
      local seconds, rest = interrupt("pager", function() stub:wait_for(2) end)
      assert.equal("\nconferenceRecords/2\n", rest)
      assert.same({ "", "t", "t" }, stub:queries "pageToken")
      return seconds
    end)
  end)
end)

describe("Ctrl-C while a task runs", function()
  it("ends the call that drives it, and not the task", function()
    stub:script { { body = SPACE } }
    local output, ok = tree.run(("%s spec/support/blocked.lua 'end of a task' %s"):format(
      tree.lua(), stub.url))
    assert(ok, output)
    assert.equal("spaces/x\ntrue\n", output:gsub("^[%d.]+\n", "") .. "")
  end)
end)

describe("a coroutine's own hook", function()
  local function get_hook_after_a_call(hook)
    stub:script { { body = SPACE, delay = 0.15 } } -- some slices long
    local client <close> = assert(meet.new { api_key = "k", base_url = stub.url })
    local thread = coroutine.create(function() assert(client.spaces:get "x") end)
    if hook then debug.sethook(thread, hook, "", 1000000) end
    assert(coroutine.resume(thread))
    return debug.gethook(thread)
  end

  it("is still there after a call", function()
    local function hook() end
    assert.equal(hook, get_hook_after_a_call(hook))
  end)

  it("is not made out of the main thread's", function()
    debug.sethook(function() end, "", 1000000)
    local found = get_hook_after_a_call(nil)
    debug.sethook()
    assert.is_nil(found)
  end)
end)

describe("a hook that counts instructions", function()
  --- Call a server that never answers, in a coroutine with that hook; return the seconds it took
  -- and what was raised.
  local function get_with(hook, every, get)
    stub:script { STALLED }
    local client <close> = assert(meet.new {
      api_key = "k", base_url = stub.url, retry = false, timeout = 2,
    })
    local thread = coroutine.create(get or function() return client.spaces:get "x" end)
    debug.sethook(thread, hook, "", every)
    local from = monotime()
    local returned, raised = coroutine.resume(thread, client)
    assert.is_false(returned)
    return monotime() - from, raised
  end

  --- A watchdog that raises when 0.3 s are over.
  local function watchdog()
    local ends = monotime() + 0.3
    return function() if monotime() > ends then error("too long", 0) end end
  end

  for _, every in ipairs { 1, 7, 1000 } do
    it("ends a wait, as a watchdog that reads the clock does: every " .. every, function()
      best_of(function()
        local seconds, why = get_with(watchdog(), every)
        assert.equal("too long", why)
        return seconds - 0.3
      end)
    end)
  end

  it("ends the wait for tasks", function()
    best_of(function()
      local seconds, why = get_with(watchdog(), 100, function(client)
        return client:gather { function() return client.spaces:get "x" end }
      end)
      assert.equal("too long", why)
      return seconds - 0.3
    end)
  end)

  it("is not run by a wait where it counts many, as a script's budget does", function()
    local runs = 0
    stub:script { { body = SPACE, delay = 0.5 } }
    local client <close> = assert(meet.new { api_key = "k", base_url = stub.url })
    local thread = coroutine.create(function() return client.spaces:get "x" end)
    debug.sethook(thread, function() runs = runs + 1 end, "", 100000)
    local _, space = assert(coroutine.resume(thread))
    assert.equal("spaces/x", space.name)
    assert.equal(0, runs)
  end)
end)

describe("a slow name server", function()
  local folder, preload

  setup(function()
    folder = compiled.folder "slow_resolver"
    preload = ("LD_PRELOAD=%s/slow_resolver.so ASAN_OPTIONS=${ASAN_OPTIONS:-}" ..
      ":verify_asan_link_order=0:detect_leaks=0"):format(folder)
  end)
  teardown(function() tree.remove(folder) end)

  --- Run Lua code in a process with the slow resolver; give the numbers that it printed, and the
  -- seconds from then on until the process had ended.
  local function run(code)
    local pipe = assert(io.popen(("%s %s -e %s 2>&1"):format(preload, tree.lua(), tree.quote(
      'local meet, monotime = require "googlemeet", require "cqueues".monotime\n' ..
      'local client = meet.new { api_key = "k", base_url = "https://slow.example",\n' ..
      'retry = false }\n' ..
      "local from = monotime()\n" .. code ..
      "\nprint(err.kind, monotime() - from, monotime())"))))
    local kind, seconds, at = pipe:read("a"):match "^(%a+)\t(%S+)\t(%S+)\n$"
    local ended = monotime()
    assert(pipe:close())
    return kind, tonumber(seconds), ended - tonumber(at)
  end

  it("does not delay a timeout, nor the end of the process", function()
    local kind, seconds, to_end = run 'local _, err = client.spaces:get("x", { timeout = 0.3 })'
    print(("timeout of 0.3 s after %.3f s, exit after %.3f s more"):format(seconds, to_end))
    assert.equal("timeout", kind)
    assert(seconds > 0.25 and seconds < 1.5, seconds)
    assert(to_end < 1.5, to_end)
  end)

  it("is waited for by a host's loop without a descriptor that libcurl may close", function()
    local kind = run [[
      local task = client:submit(function() return client.spaces:get "x" end)
      for _ = 1, 5 do
        client:step(0.05)
        local sockets, wait = client:poll_set()
        assert(#sockets == 0 and wait <= 0.01, wait)
      end
      client:close()
      local _, err = task:result()]]
    assert.equal("cancelled", kind)
  end)

  it("does not delay cancel, close, nor the end of the process", function()
    local kind, seconds, to_end = run [[
      local task = client:submit(function() return client.spaces:get "x" end)
      local last = client:submit(function() return client.spaces:get "y" end)
      for _ = 1, 5 do client:step(0.02) end
      from = monotime()
      task:cancel()
      client:close()
      local _, err = last:result()]]
    print(("cancel and close after %.3f s, exit after %.3f s more"):format(seconds, to_end))
    assert.equal("cancelled", kind)
    assert(seconds < 1.5, seconds)
    assert(to_end < 1.5, to_end)
  end)

  it("does not delay Ctrl-C", function()
    local asked = folder .. "/asked" -- the resolver makes this file
    local function is_blocked()
      for _ = 1, 1000 do
        if os.remove(asked) then return end
        cqueues.sleep(0.01)
      end
      error "the resolver was not asked"
    end
    best_of(function()
      stub:script { { body = SPACE } }
      local seconds, rest = interrupt("name server", is_blocked,
        "https://slow.example " .. stub.url, ("%s RESOLVING=%s"):format(preload, asked))
      assert.equal("\nspaces/x\n", rest)
      return seconds
    end)
  end)
end)

