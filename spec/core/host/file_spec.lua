local compiled = require "spec.support.compiled"
local file = require "googlemeet.core".file
local tree = require "spec.support.tree"

local folder

before_each(function() folder = tree.temporary() end)
after_each(function() tree.remove(folder) end)

--- Names of what is in the folder.
local function names() return tree.lines("LC_ALL=C ls -A " .. folder) end

describe("core.file.replace", function()
  it("writes a file for its owner alone, whatever bytes it has", function()
    for _, text in ipairs { "a\0b\xff\n", "", ("x"):rep(100000) } do
      assert.is_true(file.replace(folder .. "/f", text))
      assert.equal(text, tree.read(folder .. "/f"))
    end
    assert.same({ "600" }, tree.lines("stat -c %a " .. folder .. "/f"))
    assert.same({ "f" }, names())
  end)

  it("puts a new file in place of the old one, which a reader keeps", function()
    file.replace(folder .. "/f", "old")
    local reader <close> = assert(io.open(folder .. "/f"))
    file.replace(folder .. "/f", "new")
    assert.equal("old", reader:read "a")
  end)

  it("follows no symbolic link, and replaces nothing but regular files", function()
    tree.lines(("cd %s && echo old >target && ln -s target link && mkfifo fifo"):format(folder))
    for name, reason in pairs {
      link = "it is a symbolic link, which is not followed", fifo = "it is not a regular file",
    } do
      local ok, message, number = file.replace(folder .. "/" .. name, "new")
      assert.is_nil(ok)
      assert.equal(("%s/%s: %s"):format(folder, name, reason), message)
      assert.equal("integer", math.type(number))
    end
    assert.equal("old\n", tree.read(folder .. "/target"))
    assert.same({ "fifo", "link", "target" }, names())
    assert.matches("not a regular file", (select(2, file.replace("/dev/null", ""))))
    assert.matches("Is a directory", (select(2, file.replace(folder, ""))))
  end)

  it("says what the system says, and leaves nothing", function()
    local ok, message, number = file.replace(folder .. "/none/f", "")
    assert.same({ nil, folder .. "/none/f: No such file or directory", 2 },
      { ok, message, number })
    for _, long in ipairs { folder .. "/" .. ("x"):rep(256), ("x/"):rep(5000) .. "f" } do
      local said = select(2, io.open(long)):match ": [^:]+$" -- each C library has its own words
      assert.matches("name too long", said)
      assert.matches(said .. "$", (select(2, file.replace(long, ""))))
    end
    assert.same({}, names())
    assert.is_nil((file.replace("/proc/none", ""))) -- a folder that takes no file
  end)

  it("finds its folder without a slash", function()
    local output = tree.run(("root=$PWD; cd %s && LUA_CPATH=$root/${LUA_CPATH} %s -e '%s'"):format(
      folder, tree.lua(), [[assert(require "googlemeet.core".file.replace("f", "text"))]]))
    assert.equal("", output)
    assert.equal("text", tree.read(folder .. "/f"))
  end)
end)

describe("core.file.read", function()
  it("gives the bytes of a regular file", function()
    for _, text in ipairs { "", "a\0b\xff", ("y"):rep(70001) } do
      file.replace(folder .. "/f", text)
      assert.equal(text, file.read(folder .. "/f"))
    end
  end)

  it("reads nothing else, and waits for nobody", function()
    tree.lines(("cd %s && ln -s /etc/passwd link && mkfifo fifo"):format(folder))
    assert.matches("symbolic link", (select(2, file.read(folder .. "/link"))))
    assert.matches("not a regular file", (select(2, file.read(folder .. "/fifo"))))
    assert.matches("Is a directory", (select(2, file.read(folder))))
    assert.same({ nil, folder .. "/none: No such file or directory", 2 },
      { file.read(folder .. "/none") })
  end)
end)

describe("core.file.read, where the disk fails,", function()
  it("gives the error", function()
    local bad <close> = io.open "/proc/self/mem"
    if not bad then return pending "there is no file that cannot be read" end
    local _, said = bad:read(1)
    assert.equal("/proc/self/mem: " .. said, (select(2, file.read "/proc/self/mem")))
  end)
end)

describe("core.file.touch", function()
  it("makes an empty file for its owner alone, once", function()
    assert.is_true(file.touch(folder .. "/f"))
    assert.same({ "600 0" }, tree.lines("stat -c '%a %s' " .. folder .. "/f"))
    file.replace(folder .. "/f", "text")
    assert.is_true(file.touch(folder .. "/f"))
    assert.equal("text", file.read(folder .. "/f"))
  end)

  it("makes none through a link", function()
    tree.lines(("ln -s %s/target %s/link"):format(folder, folder))
    assert.matches("symbolic link", (select(2, file.touch(folder .. "/link"))))
    assert.same({ "link" }, names())
  end)
end)

describe("core.file.size", function()
  it("is that of a regular file, and of nothing else; it never waits", function()
    tree.lines(("cd %s && printf abc >f && ln -s f link && mkfifo fifo"):format(folder))
    assert.equal(3, file.size(folder .. "/f"))
    for _, name in ipairs { "link", "fifo", "none", "" } do
      local size, message, number = file.size(folder .. "/" .. name)
      assert.is_nil(size)
      assert.same({ "string", "integer" }, { type(message), math.type(number) })
    end
  end)
end)

describe("core.file.list", function()
  it("gives the names in a folder", function()
    assert.same({}, file.list(folder))
    tree.lines(("cd %s && touch a .b 'c d'"):format(folder))
    local found = file.list(folder)
    table.sort(found)
    assert.same({ ".b", "a", "c d" }, found)
    assert.matches("none: No such file", (select(2, file.list(folder .. "/none"))))
  end)
end)

describe("core.file.lock", function()
  --- What another process gets for the same lock.
  local function elsewhere()
    return tree.run(("%s -e '%s'"):format(tree.lua(), ([[
      print(require "googlemeet.core".file.lock "%s/lock" and "free" or "held")]]):format(folder)))
  end

  it("keeps this process and others out until it is closed", function()
    local lock = assert(file.lock(folder .. "/lock"))
    local again, message, number = file.lock(folder .. "/lock")
    assert.is_nil(again)
    assert.equal(folder .. "/lock: it is locked by another process or by this one", message)
    assert.equal("integer", math.type(number))
    assert.equal("held\n", elsewhere())
    lock:close()
    lock:close()
    assert.same({}, names())
    assert.equal("free\n", elsewhere())
    assert(file.lock(folder .. "/lock")):close()
  end)

  it("ends with its scope, and with the process", function()
    do
      local lock <close> = assert(file.lock(folder .. "/lock"))
      assert.equal("held\n", elsewhere())
      assert(lock)
    end
    assert.equal("free\n", elsewhere())
    tree.run(([[%s -e 'require "googlemeet.core".file.lock "%s/lock"
      os.execute "kill -KILL $PPID"']]):format(tree.lua(), folder))
    assert.equal("free\n", elsewhere())
  end)

  it("stays with the process that has it when a forked child ends", function()
    local library = compiled.folder "fork"
    local script = ([[
      local file, fork = require "googlemeet.core".file, require "fork"
      local lock = file.lock "%s/lock"
      local child = fork.fork()
      if child == 0 then os.exit(true, true) end -- collects the lock
      fork.wait(child)
      print(file.lock "%s/lock")
      lock:close()
      print(file.lock "%s/lock" ~= nil)]]):format(folder, folder, folder)
    local output = tree.run(("LUA_CPATH='%s/?.so;%s' ASAN_OPTIONS=detect_leaks=0 %s -e %s"):format(
      library, package.cpath, tree.lua(), tree.quote(script)))
    tree.remove(library)
    assert.matches("^nil\t[^\n]*locked by another process or by this one\t%d+\ntrue\n$", output)
  end)

  it("is refused where there can be none", function()
    tree.lines(("ln -s /nowhere %s/link"):format(folder))
    assert.matches("symbolic link", (select(2, file.lock(folder .. "/link"))))
    assert.matches("No such file", (select(2, file.lock(folder .. "/none/lock"))))
  end)
end)

describe("core.file.reason", function()
  --- The reason of what a function has returned.
  local function reason(_, _, number) return file.reason(number) end

  it("is a word for the numbers that differ between systems", function()
    tree.lines(("cd %s && mkfifo fifo && touch file"):format(folder))
    local _ <close> = assert(file.lock(folder .. "/lock"))
    for word, number in pairs {
      absent = { file.read(folder .. "/none") }, type = { file.read(folder .. "/fifo") },
      locked = { file.lock(folder .. "/lock") },
      name = { file.replace(folder .. "/" .. ("x"):rep(300), "") },
    } do
      assert.equal(word, reason(table.unpack(number, 1, 3)))
    end
    assert.is_nil(reason(file.read(folder .. "/file/below")))
    assert.is_nil(file.reason(nil))
  end)
end)

describe("core.file.checksum", function()
  for text, sum in pairs {
    [""] = "cbf29ce484222325", ["a"] = "af63dc4c8601ec8c", ["foobar"] = "85944171f73967e8",
    ["\0"] = "af63bd4c8601b7df",
  } do
    it(("of %q is %s"):format(text, sum), function() assert.equal(sum, file.checksum(text)) end)
  end
end)

describe("core.file", function()
  it("refuses a path with a NUL byte, which would be another one", function()
    for _, name in ipairs { "replace", "read", "touch", "list", "lock" } do
      assert.error_matches(function() file[name]("/tmp\0x", "") end, "a path has no NUL byte")
    end
  end)
end)
