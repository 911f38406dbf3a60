--- Targets that cannot take the file, or not all of it, and then can.

local tree = require "spec.support.tree"
local uv = require "luv"
local worlds = require "spec.download.world"

local SIZE = 1 << 22
local ROOM = 1 << 21

--- Download where there is no room, then where there is.
local function fill(world, title, folder, without_room, make_room)
  local odd = world.odd_server
  local row, target = world:row(title), folder .. "/copy"
  local path = "/odd/fast/" .. title:gsub("%A", "")
  local job = { path = path, target = target, timeout = 10 }
  local options = { base_url = odd.url, jobs = { job }, prefix = without_room }
  row:check_kind(world:work(options, 20)[1], "config")
  row:check(not uv.fs_stat(target), "there is a file")
  local part = worlds.left(folder)
  local kept = part and worlds.size(part) or 0
  row:check(kept > 0, "no part is left")
  make_room()
  options.prefix = nil
  row:check_whole(world:work(options, 20)[1], target, odd)
  local asked = world:asked(odd, path)
  local last = asked[#asked] or {}
  row:check(last.range == ("bytes=%d-"):format(kept), "the last request was for %s", last.range)
  row:note("the part has %d of %d bytes, and the next call went on from there", kept, SIZE)
end

local function mount(folder, size)
  return select(2, tree.run(("mount -t tmpfs -o size=%d googlemeet %s"):format(size,
    tree.quote(folder))))
end

local function full(world)
  local row = world:row "a full disk"
  local folder = world.folder .. "/disk"
  assert(uv.fs_mkdir(folder, 448)) -- 0700
  if not mount(folder, ROOM) then
    row:note "not tried: nothing may be mounted here"
    return
  end
  world:defer(function() tree.run("umount " .. tree.quote(folder)) end)
  table.remove(world.rows)
  fill(world, "a full disk", folder, nil, function()
    tree.lines(("mount -o remount,size=%d %s"):format(2 * SIZE, tree.quote(folder)))
  end)
end

--- Targets that cannot be written to at all.
local function refuse(world)
  local folder = world.folder .. "/refusing"
  assert(uv.fs_mkdir(folder, 448))
  assert(uv.fs_mkdir(folder .. "/folder", 448))
  for _, case in ipairs {
    { "no folder", folder .. "/none/copy" },
    { "a folder in its place", folder .. "/folder" },
    { "a file for a folder", world.odd_server.contents[1] .. "/copy" },
    { "a device", "/dev/null" },
    { "a name too long", folder .. "/" .. ("n"):rep(300) },
  } do
    local row = world:row(case[1])
    row:check_kind(world:work({ base_url = world.odd_server.url,
      jobs = { { path = "/odd/fast/refused", target = case[2] } } }, 20)[1], "config")
    local _, left = worlds.left(folder)
    row:check(left == 0, "%d files are left", left)
  end
end

--- Something else stands where the part is to be, or the file: none of it is written to.
local function plant(world)
  local folder, odd = world.folder .. "/planted", world.odd_server
  assert(uv.fs_mkdir(folder, 448))
  local target, victim = folder .. "/copy", folder .. "/victim"
  local function download(more)
    local job = { path = "/odd/fast/planted", target = target, timeout = 10 }
    for name, value in pairs(more or {}) do job[name] = value end
    return world:work({ base_url = odd.url, jobs = { job } }, 20)[1]
  end
  download { cancel_at = 1 } -- shows where the part is
  local part = assert(worlds.left(folder), "no part")
  for _, case in ipairs {
    { "a link in place of the part", uv.fs_symlink, part },
    { "a second name of the part", uv.fs_link, part },
    { "a link in place of the file", uv.fs_symlink, target },
  } do
    uv.fs_unlink(part)
    tree.write(victim, "not yours")
    assert(case[2](victim, case[3]))
    local row = world:row(case[1])
    row:check_kind(download(), "config")
    row:check(tree.read(victim) == "not yours", "what it leads to was written to")
    uv.fs_unlink(case[3])
  end
  local row = world:row "then"
  row:check_whole(download(), target, odd)
  row:note "the file comes"
end

local function disk(world)
  world.odd_server = world:odd(SIZE)
  full(world)
  local folder = world.folder .. "/limited"
  assert(uv.fs_mkdir(folder, 448))
  fill(world, "a limit of file sizes", folder,
    { "sh", "-c", 'trap "" XFSZ; exec prlimit --fsize=' .. ROOM .. ' "$@"', "sh" },
    function() end)
  refuse(world)
  plant(world)
end

return {
  { "disk", disk },
}
