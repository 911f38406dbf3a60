--- The limit that processes of one machine share through a file. Times are real, and short: a lease
--- of 50 ms, windows of 100 ms.

local compiled = require "spec.support.compiled"
local core = require "googlemeet.core"
local cqueues = require "cqueues"
local meet = require "googlemeet"
local tree = require "spec.support.tree"

local LEASE, SPAN = 0.05, 0.1
local LATE = 1 -- seconds that a busy machine may take
local TRIES = 5 -- load can only make a step slower
local HEAD = 16 -- bytes before the ledger: a word, the version, who changes it

local folder, path

before_each(function()
  folder = tree.temporary()
  path = folder .. "/limit"
end)
after_each(function() tree.remove(folder) end)

local function windows_of(limit, name)
  return { { name = name or "second", limit = limit, span = SPAN } }
end

--- Ask until there is a place; how long that took.
local function wait_for(limiter, windows, lease)
  local began = core.now()
  for _ = 1, 1000 do
    local id, wait, err = limiter.reserve(windows, lease or LEASE)
    if id then return core.now() - began, id end
    assert(wait, tostring(err))
    cqueues.sleep(wait)
  end
  error "no place in a thousand tries"
end

--- A limiter whose first use is over.
local function ready(windows)
  local limiter = core.limiter.file(path)
  local _, id = wait_for(limiter, windows or windows_of(1))
  limiter.release(id)
  return limiter
end

--- Call `act` with two limiters of one file. A place comes free after a lease and a span: where a
-- busy machine has taken longer than that, what failed is tried again.
local function while_held(windows, act)
  for number = 1, TRIES do
    path = ("%s/limit%d"):format(folder, number)
    local one, other = ready(windows), core.limiter.file(path)
    local began = core.now()
    local ok, problem = pcall(act, one, other)
    if ok then return end
    if core.now() - began < LEASE + SPAN or number == TRIES then error(problem, 0) end
  end
end

describe("the first use of a file", function()
  it("gives no place for a lease and a span, since nobody knows who has one", function()
    local waited = wait_for(core.limiter.file(path), windows_of(1))
    assert.is_true(waited >= LEASE + SPAN and waited < LEASE + SPAN + LATE, "after " .. waited)
  end)

  it("makes it for its owner alone", function()
    core.limiter.file(path).reserve(windows_of(1), LEASE)
    assert.equal("600", tree.lines("stat -c %a " .. path)[1])
  end)

  it("is not before the first place is asked for", function()
    core.limiter.file(path)
    assert.equal("", tree.run("ls " .. folder))
  end)
end)

describe("two limiters on one file", function()
  it("share its places", function()
    while_held(windows_of(2), function(one, other)
      assert(one.reserve(windows_of(2), LEASE))
      assert(other.reserve(windows_of(2), LEASE))
      local id, wait = other.reserve(windows_of(2), LEASE)
      assert.is_nil(id)
      assert.is_true(wait > 0 and wait <= SPAN)
    end)
  end)

  it("have a place back when the other releases it", function()
    while_held(windows_of(1), function(one, other)
      local id = assert(one.reserve(windows_of(1), LEASE))
      assert.is_nil(other.reserve(windows_of(1), LEASE))
      one.release(id)
      assert(other.reserve(windows_of(1), LEASE))
    end)
  end)

  it("have it back a span and the way after its request has left", function()
    local one, other = ready(), core.limiter.file(path)
    local _, id = wait_for(one, windows_of(1), LATE)
    one.commit(id, 0.05)
    local waited = wait_for(other, windows_of(1))
    assert.is_true(waited >= SPAN + 0.04 and waited < LATE, "after " .. waited)
  end)

  it("have it back a lease and a span after its holder has died", function()
    local one, other = ready(), core.limiter.file(path)
    one.reserve(windows_of(1), LEASE)
    local waited = wait_for(other, windows_of(1))
    assert.is_true(waited >= LEASE + SPAN - 0.01 and waited < LEASE + SPAN + LATE)
  end)

  it("share a pause of one window, which becomes no shorter", function()
    local one, other = ready(), core.limiter.file(path)
    one.pause("second", 3)
    one.pause("second", 1)
    local _, wait = other.reserve(windows_of(1), LEASE)
    assert.is_true(wait > 1 and wait <= 3, "waits " .. wait)
    assert(other.reserve(windows_of(1, "another"), LEASE))
  end)

  it("take lengths of any number, for a report may not raise", function()
    local one = ready()
    one.pause("reads", math.huge)
    one.pause("writes", 0 / 0)
    assert.is_near(3600, one.status().paused.reads, 1)
    assert.is_nil(one.status().paused.writes)
    for _, delay in ipairs { -1, 0 / 0, math.huge } do
      local _, id = wait_for(one, windows_of(1))
      one.commit(id, delay)
      wait_for(one, windows_of(1))
    end
  end)

  it("on different files share nothing", function()
    local one = ready()
    path = folder .. "/another"
    local other = ready()
    assert(one.reserve(windows_of(1), LEASE))
    assert(other.reserve(windows_of(1), LEASE))
  end)

  it("take all windows or none", function()
    while_held(windows_of(1), function(one, other)
      assert(one.reserve(windows_of(1, "b"), LEASE))
      local both = { windows_of(1, "a")[1], windows_of(1, "b")[1] }
      assert.is_nil(other.reserve(both, LEASE))
      assert(one.reserve(windows_of(1, "a"), LEASE))
    end)
  end)

  it("report who uses them, and what is paused", function()
    while_held(windows_of(1), function(one, other)
      one.reserve(windows_of(1), LEASE)
      one.pause("reads", 5)
      local status = other.status()
      assert.equal(1, status.taken.second)
      assert.is_near(5, status.paused.reads, LATE)
      assert.same({ tonumber((tree.read "/proc/self/stat":match "%d+")) }, status.users)
    end)
  end)
end)

describe("the places of a file", function()
  it("stay when its owner reboots, and time goes on", function()
    local limiter = ready()
    limiter.reserve({ { name = "second", limit = 1, span = 3 } }, LEASE)
    local text, hour = tree.read(path), 3600 * 10 ^ 9 // 1
    local function later(from) -- 64 bits
      local time = string.unpack("<i8", text, from)
      text = text:sub(1, from - 1) .. string.pack("<i8", time + hour) .. text:sub(from + 8)
    end
    later(HEAD + 9) -- the greatest time seen: the clock now shows an hour less
    later(HEAD + 17) -- the marker
    later(#text - 24 + 9) -- the last place
    tree.write(path, text)
    local _, wait = core.limiter.file(path).reserve(
      { { name = "second", limit = 1, span = 3 } }, LEASE)
    assert.is_true(wait > 2 and wait <= 3.05, "waits " .. tostring(wait))
  end)

  --- What spec/support/forked.lua prints in that mode.
  local function forked(mode)
    local made = compiled.folder "fork"
    local output = tree.run(("LUA_CPATH='%s/?.so;%s' ASAN_OPTIONS=detect_leaks=0 %s "
      .. "spec/support/forked.lua %s http://127.0.0.1:1 %s"):format(made, package.cpath,
      tree.lua(), mode, path))
    tree.remove(made)
    return output
  end

  it("are shared by processes that were forked, each with its own descriptor", function()
    assert.equal("a place\na place\na place\nstatus\t0\nnone for 60 s\nstatus\t0\nnone for 60 s\n",
      (forked("limiter"):gsub("none for 5%d s", "none for 60 s")))
  end)

  it("are one for a parent and one for its child that goes on with the same call", function()
    assert.equal("own\nown\nstatus\t0\n2\n", forked "place")
  end)

  it("are forgotten with the file, and nobody has one for a lease and a span", function()
    local one, other = ready(), core.limiter.file(path)
    assert(other.reserve(windows_of(1), LEASE))
    assert(os.remove(path))
    local waited = wait_for(one, windows_of(1))
    assert.is_true(waited >= LEASE + SPAN and waited < LEASE + SPAN + LATE, "after " .. waited)
    assert.is_nil(other.reserve(windows_of(1), LEASE))
  end)

  it("are forgotten when somebody died in the midst of a change", function()
    local limiter = ready()
    local text = tree.read(path)
    tree.write(path, text:sub(1, 12) .. string.pack("<I4", 12345) .. text:sub(17))
    assert.is_true(wait_for(limiter, windows_of(1)) >= LEASE + SPAN)
  end)

  it("are forgotten when the file is torn, at any length, or zeroed", function()
    local limiter = ready()
    limiter.reserve(windows_of(1), LEASE)
    local text = tree.read(path)
    for length = 0, #text - 1, #text // 40 do
      tree.write(path, text:sub(1, length))
      local id, wait, err = core.limiter.file(path).reserve(windows_of(1), LEASE)
      assert.is_nil(id)
      assert(wait and wait > SPAN, ("%d bytes: %s"):format(length, tostring(err)))
    end
    tree.write(path, ("\0"):rep(#text))
    local _, wait = limiter.reserve(windows_of(1), LEASE)
    assert.is_true(wait > SPAN)
  end)

  it("never hold anybody up for ever, whatever bytes are there", function()
    local limiter = ready()
    for index = 1, 5 do limiter.reserve(windows_of(5, "w" .. index), LEASE) end
    local text = tree.read(path)
    for seed = 1, 500 do
      math.randomseed(seed)
      local bytes = text
      for _ = 1, math.random(3) do
        local at = math.random(HEAD + 1, #bytes)
        bytes = bytes:sub(1, at - 1) .. string.char(math.random(0, 255)) .. bytes:sub(at + 1)
      end
      tree.write(path, bytes)
      local id, wait, err = core.limiter.file(path).reserve(windows_of(1), LEASE)
      assert(id or wait and wait <= 7200, ("seed %d: %s %s"):format(seed, wait, err))
    end
  end)
end)

describe("a file's lock", function()
  it("is waited for in short steps, then reported with the process that holds it", function()
    local limiter = ready()
    local text = tree.read(path)
    local lock = assert(core.file.lock(path))
    tree.write(path, text:sub(1, 12) .. string.pack("<I4", 12345) .. text:sub(17))
    local _, wait = limiter.reserve(windows_of(1), LEASE)
    assert.is_near(0.001, wait, 1e-9)
    local began = core.now()
    local took, err = math.huge
    repeat
      cqueues.sleep(wait)
      local asked = core.now()
      wait, err = select(2, limiter.reserve(windows_of(1), LEASE))
      took = math.min(took, core.now() - asked)
    until not wait
    assert.is_true(took < 0.05)
    assert.is_true(core.now() - began >= 0.09 and core.now() - began < 1 + LATE)
    assert.equal("transport", err.kind)
    assert.matches("locked by process 12345", err.message)
    assert.matches("kill %-CONT", err.hint)
    lock:close()
    wait_for(limiter, windows_of(1))
  end)

  it("that stays until the deadline ends the call with that error, and nothing is sent", function()
    ready()
    local lock <close> = assert(core.file.lock(path))
    local client <close> = assert(meet.new { api_key = "k", rate = {
      limiter = core.limiter.file(path) }, transport = function() error "sent" end })
    local began = core.now()
    -- Ten tries have to fit into it, on a busy machine, too.
    local space, err = client.spaces:get("x", { deadline = 2 })
    assert.is_nil(space)
    assert.equal("transport", err.kind)
    assert.matches("is locked by", err.message)
    assert.is_true(core.now() - began >= 2 and core.now() - began < 2 + LATE)
    lock:close()
  end)

  it("is not taken for a stopped one's after two tries that had bad luck", function()
    local limiter = ready()
    for _ = 1, 2 do
      local lock = assert(core.file.lock(path))
      local _, wait, err = limiter.reserve(windows_of(1), LEASE)
      assert.is_near(0.001, wait, 1e-9, tostring(err))
      lock:close()
      cqueues.sleep(0.15)
    end
  end)

  it("is waited for by a pause, which nobody would make up for", function()
    ready()
    local paused
    for _ = 1, TRIES do
      local held = io.popen(("%s -e \"local core = require 'googlemeet.core' "
        .. "local lock = core.file.lock('%s') print 'locked' io.stdout:flush() "
        .. "local t = core.now() while core.now() < t + 0.01 do end lock:close()\"")
        :format(tree.lua(), path))
      assert.equal("locked", held:read())
      core.limiter.file(path).pause("second", 30)
      held:close()
      paused = core.limiter.file(path).status().paused.second
      if paused then break end
    end
    assert.is_near(30, paused, 1)
  end)

  it("reports later what could not be reported meanwhile", function()
    local limiter = ready()
    local _, id = wait_for(limiter, windows_of(1), 0.5)
    local lock = assert(core.file.lock(path))
    limiter.release(id)
    lock:close()
    assert(limiter.reserve(windows_of(1), LEASE))
  end)
end)

--- Make `path` what it should not be.
local UNUSABLE = {
  { "a folder", "mkdir %s", "it is a folder" },
  { "a symbolic link", "ln -s /tmp/elsewhere %s", "symbolic link" },
  { "a FIFO", "mkfifo %s", "not a regular file" },
  { "in a folder that is not there", "true; P=%s/limit", nil, "/missing/limit" },
  { "everybody's to write", "touch %s; chmod 666 %s", "everybody may write to it" },
  { "another program's file", "echo something else >%s", "it is not a limiter's file" },
  { "of another version", "printf 'meetlim\\000\\007\\000\\000\\000\\000\\000\\000\\000' >%s",
    "another version" },
}

describe("a path", function()
  for _, case in ipairs(UNUSABLE) do
    it("that is " .. case[1] .. " is an error of kind config, and nothing is sent", function()
      tree.run(case[2]:gsub("%%s", path))
      local client <close> = assert(meet.new { api_key = "k", rate = {
        limiter = core.limiter.file(case[4] and folder .. case[4] or path) },
        transport = function() error "sent" end })
      local space, err = client.spaces:get "x"
      assert.is_nil(space)
      assert.equal("config", err.kind)
      assert.matches(case[3] or "No such file", err.message)
      assert.matches("path", err.hint .. " path", 1, true)
    end)
  end

  it("on a full disk is an error of kind config", function()
    local output = tree.run(("trap '' XFSZ; ulimit -f 0; %s -e \"print(require('googlemeet.core')"
      .. ".limiter.file('%s').reserve({ { name = 'a', limit = 1, span = 1 } }, 1))\"")
      :format(tree.lua(), path))
    assert.matches("nil\tnil\tconfig: the limiter's file .*: File too large", output)
  end)

  --- Run `script` where some call of the system fails.
  local function without(call, script)
    local made = compiled.folder "lacking"
    local output = tree.run(("timeout 20 env LACKS=%s LD_PRELOAD=%s/lacking.so "
      .. "ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0:detect_leaks=0 %s -e %s"):format(
      call, made, tree.lua(), tree.quote(script)))
    tree.remove(made)
    return output
  end

  local RESERVE = "print(require('googlemeet.core').limiter.file('%s')"
    .. ".reserve({ { name = 'a', limit = 1, span = 1 } }, 1))"

  it("where files cannot be locked is an error of kind config", function()
    assert.matches("config: the limiter's file .*: No locks available",
      without("flock", RESERVE:format(path)))
  end)

  it("is used where the system gives no random bytes", function()
    assert.equal("nil\t2.0\n", without("getentropy", RESERVE:format(path)))
  end)

  it("is never a closed standard output's, into which a host prints", function()
    tree.run(("%s -e %s >&-"):format(tree.lua(), tree.quote(RESERVE:format(path) .. "print 'x'")))
    assert.equal("meetlim", tree.read(path):sub(1, 7))
  end)

  it("is a text without NUL bytes, and not empty", function()
    for _, wrong in ipairs { "", "a\0b", 5, {}, true } do
      assert.error_matches(function() core.limiter.file(wrong) end, "limiter.file: a path")
    end
  end)
end)

describe("without a path", function()
  --- Run as a user that is nobody's; the folder of that user is removed before and after.
  local function as_user(script)
    local user = "/tmp/googlemeet-54321"
    tree.remove(user)
    local output = tree.run(("setpriv --reuid 54321 --regid 54321 --clear-groups %s -e %s"):format(
      tree.lua(), tree.quote(script)))
    local modes = tree.run("stat -c %a " .. user .. " " .. user .. "/limit")
    tree.remove(user)
    return output, modes
  end

  local RESERVE = "print(require('googlemeet.core').limiter.file()"
    .. ".reserve({ { name = 'a', limit = 1, span = 1 } }, 1))"

  local function needs_root()
    local _, is_possible = tree.run("setpriv --reuid 54321 --clear-groups " .. tree.lua()
      .. " -e \"require 'googlemeet.core'\"")
    if not is_possible then pending "only root can be another user, who has to see the tree" end
    return is_possible
  end

  it("it is the user's own in /tmp, which nobody else may enter", function()
    if not needs_root() then return end
    local output, modes = as_user(RESERVE)
    assert.matches("^nil\t[%d.]+\n", output)
    assert.equal("700\n600\n", modes)
  end)

  it("a folder of that name that others may enter is refused", function()
    if not needs_root() then return end
    local output = as_user("os.execute 'mkdir -m 755 /tmp/googlemeet-54321' " .. RESERVE)
    assert.matches("others may enter it", output)
  end)

  it("a folder of somebody else, or a link, is refused", function()
    if not needs_root() then return end
    tree.run "mkdir -m 700 /tmp/googlemeet-54322; ln -s /tmp/googlemeet-54322 /tmp/googlemeet-54323"
    for user = 54322, 54323 do
      local output = tree.run(("setpriv --reuid %d --clear-groups %s -e %s"):format(user,
        tree.lua(), tree.quote(RESERVE)))
      assert.matches("config: the limiter's file", output)
    end
    tree.run "rm -rf /tmp/googlemeet-54322 /tmp/googlemeet-54323"
  end)
end)

describe("the functions of a file's limiter", function()
  local limiter

  before_each(function() limiter = core.limiter.file(path) end)

  it("refuse what makes no sense, with the reason", function()
    local refused = {
      { "reserve", nil, 1 }, { "reserve", {}, 1 }, { "reserve", { "second" }, 1 },
      { "reserve", { { name = "a", limit = 0, span = 1 } }, 1 },
      { "reserve", { { name = "a", limit = 1.5, span = 1 } }, 1 },
      { "reserve", { { name = "a", limit = 1, span = 0 } }, 1 },
      { "reserve", { { name = "a", limit = 1, span = 0 / 0 } }, 1 },
      { "reserve", { { name = ("a"):rep(24), limit = 1, span = 1 } }, 1 },
      { "reserve", { { name = "a\0", limit = 1, span = 1 } }, 1 },
      { "reserve", windows_of(1), -1 }, { "reserve", windows_of(1), 1 / 0 },
      { "pause", ("a"):rep(24), 1 },
    }
    for _, call in ipairs(refused) do
      assert.is_false(pcall(limiter[call[1]], call[2], call[3]), call[1])
    end
  end)

  it("ignore what they do not know", function()
    for _, id in ipairs { 12345, "12345", 1.5, false } do
      limiter.commit(id, 0)
      limiter.release(id)
    end
    limiter.release(nil)
  end)

  it("keep the rules that a script's own have to keep", function()
    local good, rows
    for try = 1, TRIES do
      good, rows = meet.testing.check_limiter(function(number)
        return meet.limiter.file(("%s%d-%d"):format(path, try, number))
      end)
      if good then break end
    end
    for _, row in ipairs(rows) do assert(row.ok, row.check .. ": " .. row.detail) end
    assert.is_true(good)
  end)

  it("may be replaced by a script, which is then asked", function()
    local asked = 0
    local reserve = limiter.reserve
    function limiter.reserve(...)
      asked = asked + 1
      return reserve(...)
    end
    local client <close> = assert(meet.new { api_key = "k", rate = { limiter = limiter },
      transport = function() return { status = 200, body = '{"name":"spaces/x"}' } end })
    assert.equal("deadline", select(2, client.spaces:get("x", { deadline = 0.1 })).kind)
    assert.equal(1, asked)
  end)

  it("count real seconds: a client with a custom clock has to do without", function()
    assert.error_matches(function()
      meet.new { api_key = "k", rate = { limiter = limiter }, transport = function() end,
        clock = { now = os.time, sleep = function() end } }
    end, "counts real seconds")
  end)

  it("have the place of a call back that is cancelled before it is sent", function()
    limiter = ready(windows_of(1, "reads"))
    local client <close> = assert(meet.new { api_key = "k", rate = { limiter = limiter,
      per_second = 1 }, base_url = "http://127.0.0.1:1", retry = false })
    local _, err = client.spaces:get("x", { deadline = 5 })
    assert.equal("transport", err.kind)
    assert.equal(0, limiter.status().taken.second)
  end)

  it("have the place back of a call whose client is closed before it is sent", function()
    limiter = ready(windows_of(1, "reads"))
    local client
    client = assert(meet.new { api_key = "k", rate = { limiter = limiter },
      transport = function() error "sent" end,
      on_event = function(event) if event.type == "attempt" then client:close() end end })
    local _, err = client.spaces:get("x", { deadline = 5 })
    assert.equal("cancelled", err.kind)
    assert.equal(0, limiter.status().taken.second)
  end)

  it("end with the state, whatever is left", function()
    local script = ("local meet, core = require 'googlemeet', require 'googlemeet.core' "
      .. "kept = core.limiter.file('%s') client = meet.new { api_key = 'k', "
      .. "rate = { limiter = kept }, transport = function() end } "
      .. "print(client.spaces:get('x', { deadline = 0.05 }))"):format(path)
    local output = tree.run(("%s -e %s"):format(tree.lua(), tree.quote(script)))
    assert.matches("^nil\t.*deadline", output)
  end)
end)
