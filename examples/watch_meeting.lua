-- Print who joins and leaves the conferences of a space, and which files come, until Ctrl-C.
--   lua5.4 watch_meeting.lua SPACE STATE
-- The next run with the same file STATE goes on where this one ended: no event is lost.
local json = require "cjson"
local meet = require "googlemeet"

local space, path = arg[1], assert(arg[2], "usage: lua5.4 watch_meeting.lua SPACE STATE")
local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY

local function load_state()
  local file <close> = io.open(path)
  return file and json.decode(file:read "a")
end

local function save_state(watcher)
  local file = assert(io.open(path .. ".new", "w"))
  assert(file:write(json.encode(watcher:state())))
  assert(file:close())
  assert(os.rename(path .. ".new", path)) -- the old state or the new one, never a half
end

local watcher = assert(meet.watch(client, {
  spaces = { space }, state = load_state(), on_poll = save_state,
}))
save_state(watcher)
for event in watcher do
  local name = event.participant and event.participant:display_name() or ""
  print(event.time:sub(1, 19), event.type, (name:gsub("%c", " "))) -- nothing to steer a terminal
  save_state(watcher) -- the event is done
end
