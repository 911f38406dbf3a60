-- After meet.preload() a process may call chroot: in a folder that is empty but for a certificate,
-- everything works, and no module is looked for.

local compiled = require "spec.support.compiled"
local served = require "spec.support.served"
local tree = require "spec.support.tree"

--- Counts modules that are looked for, and uses all there is.
local SCRIPT = [[
  local meet = require "googlemeet"
  local chroot = require "chroot"
  meet.preload()
  chroot(arg[1])
  assert(not io.open "/etc/passwd")
  local late = {}
  package.searchers = { function(name) late[#late + 1] = name end }
  local client = assert(meet.new { api_key = "test-key", base_url = arg[2], ca_file = "/cert.pem",
    rate = false })

  local space = assert(client.spaces:create { config = { accessType = "OPEN" } })
  assert(space:patch { config = { accessType = "TRUSTED" } })
  assert(select(2, client.spaces:get "none").kind == "not_found")
  assert(select(2, client.spaces:create { config = { accessType = "NONE" } }).hint:find "TRUSTED")
  assert(#assert(client:doctor()) > 3)
  assert(meet.connections and client.connections:list())
  local filter = { start_time = { from = os.time() - 40 * 86400 }, ended = true }
  local record = assert(client.conference_records:list { filter = filter }:first())
  for _, format in ipairs { "text", "csv", "markdown", "json", "html" } do
    assert(#assert(record:attendance()):render(format) > 100)
  end
  local read
  for each in client.conference_records:list() do
    read = read or each:transcript()
  end
  for _, format in ipairs { "text", "markdown", "vtt", "srt", "csv", "json", "jsonl" } do
    assert(#assert(read):render(format) > 100)
  end
  assert(#read:talk_time() > 1)
  local recording = assert(record:recordings():first())
  assert(select(2, recording:wait_for_file { timeout = 0.2 }).kind == "deadline")
  assert(client:gather { function() return client.spaces:get(space.name) end })
  assert(client:map(client.conference_records:list(), function(each)
    return each:participants():all()
  end))

  for kind, path in pairs { directory = "/archive", sqlite = "/archive.db" } do
    local store <close> = assert(meet.archive[kind](path))
    assert(meet.archive(client, store, { since = os.time() - 5 * 86400 }))
  end
  local watcher = assert(meet.watch(client, { interval = 1, records = { record } }))
  local event = watcher()
  assert(event and watcher:state())
  watcher:close()

  local gateway = meet.testing.gateway {}
  gateway:seed { webinar = 200 }
  local own = assert(meet.new { api_key = "test-key", transport = gateway.transport, rate = false })
  assert(own.conference_records:list():first():attendance())
  gateway:fail { on = "spaces.create", status = 503, shape = "html" }
  assert(not own:with { retry = false }.spaces:create())

  local cqueues, seen = package.loaded.cqueues, nil
  local controller, loop = cqueues.new(), meet.loop.cqueues(client)
  controller:wrap(function() seen = loop:await(client.spaces.get, client.spaces, space.name) end)
  assert(controller:loop())
  assert(seen.name == space.name)
  seen, loop = nil, meet.loop.luv(client)
  coroutine.wrap(function() seen = loop:await(client.spaces.get, client.spaces, space.name) end)()
  package.loaded.luv.run()
  assert(seen.name == space.name)

  -- Its name server is unknown here. libcurl looks for it in a thread, which ends.
  local far = assert(meet.new { api_key = "k", base_url = "https://a.invalid", retry = false })
  print(select(2, far.spaces:get("x", { timeout = 2 })).kind)
  print(#late, table.concat(late, " "))
]]

local fake, folder

setup(function()
  fake = served.start { tls = true }
  folder = compiled.folder "chroot"
  tree.lines(("mkdir %s/new && cp %s %s/new/cert.pem"):format(folder, fake.cert, folder))
end)
teardown(function()
  fake:close()
  tree.remove(folder)
end)

local is_root = tree.run "id -u":match "^0"

it("after meet.preload() everything works in a chroot", is_root and function()
  tree.write(folder .. "/script.lua", SCRIPT)
  -- What looks for leaks at the end needs /proc.
  local printed, ok = tree.run(("ASAN_OPTIONS=\"$ASAN_OPTIONS:detect_leaks=0\" "
    .. "LUA_CPATH=\"%s/?.so;$LUA_CPATH\" %s %s/script.lua %s/new %s"):format(
    folder, tree.lua(), folder, folder, fake.url))
  assert(ok, printed)
  assert.matches("^%l+\n0\t\n$", printed)
end or function() pending "chroot is for root" end)
