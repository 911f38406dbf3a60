--- Looks for the key, and for what can be made from it, in all that a limiter leaves behind.

local loop = require "spec.limiter.loop"
local tree = require "spec.support.tree"
local uv = require "luv"

local secrets = {}

local LEAST = 8 -- bytes in a row that are no chance
local LEAST_OF_HEX = 16
local PATIENCE = 10 -- seconds

local Monitor = {}
local MONITOR = {
  __index = Monitor,
  __close = function(self) self.socket:close() end,
}

--- Take down every command that a Redis gets from now on.
function secrets.monitor(redis)
  local monitor = setmetatable({ redis = redis, pieces = {}, socket = uv.new_tcp() }, MONITOR)
  monitor.socket:connect("127.0.0.1", redis.port, function(problem)
    assert(not problem, problem)
    monitor.socket:write "MONITOR\r\n"
    monitor.socket:read_start(function(_, text)
      monitor.pieces[#monitor.pieces + 1] = text
    end)
  end)
  assert(loop.wait(PATIENCE, function() return monitor.pieces[1] end), "no answer to MONITOR")
  return monitor
end

local function hex(bytes)
  return (bytes:gsub(".", function(byte) return ("%02x"):format(byte:byte()) end))
end

--- What can be made from a text: form by form, with the length of a part that gives it away.
local function forms(text, folder)
  local path = folder .. "/key"
  tree.write(path, text)
  local found = {
    { text, LEAST }, { text:lower(), LEAST }, { text:reverse(), LEAST },
    { hex(text), LEAST_OF_HEX },
    { tree.lines("base64 -w 0 " .. path)[1]:gsub("=", ""), LEAST },
  }
  for _, program in ipairs { "md5sum", "sha1sum", "sha224sum", "sha256sum", "sha512sum" } do
    local digest = tree.lines(program .. " " .. path)[1]:match "^%x+"
    local bytes = digest:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end)
    found[#found + 1] = { digest, LEAST_OF_HEX }
    found[#found + 1] = { bytes, LEAST }
    tree.write(path, bytes)
    found[#found + 1] = { tree.lines("base64 -w 0 " .. path)[1]:gsub("=", ""), LEAST }
    tree.write(path, text)
  end
  os.remove(path)
  return found
end

--- The first part of a form that is in a text, if any.
local function part_in(text, list)
  local lower = text:lower()
  for _, form in ipairs(list) do
    local whole, length = form[1], form[2]
    for start = 1, #whole - length + 1 do
      local part = whole:sub(start, start + length - 1)
      if text:find(part, 1, true) or length == LEAST_OF_HEX and lower:find(part, 1, true) then
        return part
      end
    end
  end
end

--- Fail where something of the key is in a file, a file's name, a name in Redis or a command to it.
function secrets.look(world, monitor)
  local site, list = world.sites[1], forms(require "spec.limiter.world".KEY, world.folder)
  local redis, places, bytes = monitor.redis, {}, 0
  places["a command to Redis"] = table.concat(monitor.pieces)
  places["a name in Redis"] = table.concat(assert(redis.typed "KEYS *"), "\n")
  assert(redis.typed "SAVE")
  for _, path in ipairs(tree.find(world.folder, "*")) do
    places[path:sub(#world.folder + 2)] = path .. "\n" .. tree.read(path)
  end
  for place, text in pairs(places) do
    bytes = bytes + #text
    local part = part_in(text, list)
    if part then site:fail("%q, made from the key, is in %s", part, place) end
  end
  if not places["a command to Redis"]:find "EVAL" then site:fail "Redis was not watched" end
  site:note("nothing of the key in %d KiB", bytes // 1024)
end

return secrets
