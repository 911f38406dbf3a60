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
    { "a name too long", folder .. "/" .. ("n"):rep(300) },
  } do
    local row = world:row(case[1])
    row:check_kind(world:work({ base_url = world.odd_server.url,
      jobs = { { path = "/odd/fast/refused", target = case[2] } } }, 20)[1], "config")
    local _, left = worlds.left(folder)
    row:check(left == 0, "%d files are left", left)
  end
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
end

return {
  { "disk", disk },
}
