--- A server in the background that has the module of this tree inside: started, asked by many at
-- once, stopped.

local socket = require "cqueues.socket"
local tree = require "spec.support.tree"

local PATIENCE = 200 -- tenths of a second for one to start, or to end
local LONGEST = 30 -- seconds of a request
local PROBES = 50 -- in a second

local HERE = tree.lines("pwd")[1]

local daemon = {}
daemon.__index = daemon

function daemon.free_port()
  local listener = socket.listen { host = "127.0.0.1", port = 0 }
  local _, _, port = listener:localname()
  listener:close()
  return math.tointeger(port)
end

--- An example's script, changed at one place.
function daemon.example(path, what, instead)
  local text, count = tree.read(path):gsub(what, instead)
  assert(count == 1, path)
  return text
end

--- The shell's words that give a host the module of this tree, and the key and address of a fake.
function daemon.environment(url)
  return ("MATON_API_KEY=host-key MATON_API_URL=%s " ..
    "LUA_PATH='%s/lua/?.lua;%s/lua/?/init.lua;;' LUA_CPATH='%s/build/?.so;;'"):format(url, HERE,
    HERE, HERE)
end

--- Start it and wait until it answers. `command` is one program, `%s` in it the path of `config`.
---@param folder string its own, which the caller removes
---@param url string of the gateway
function daemon.start(folder, url, port, command, config)
  local path = folder .. "/config.cfg.lua" -- Prosody goes by the name
  tree.write(path, config .. "\n")
  local self = setmetatable({ folder = folder, port = port }, daemon)
  self.pid = tree.lines(([[
    cd %s
    export %s
    (( %s >log 2>&1 & echo $! >pid; wait $!; echo $? >status ) &) </dev/null >/dev/null 2>&1
    until [ -s pid ]; do sleep 0.01; done
    cat pid]]):format(folder, daemon.environment(url), command:format(path)))[1]
  for _ = 1, PATIENCE do
    local status = self:get("/none", 1)[1]
    if status and status > 0 then return self end
    if tree.run("cat " .. folder .. "/status"):find "^%d" then break end
    os.execute "sleep 0.1"
  end
  error(command .. " does not start: " .. self:log())
end

function daemon:log() return tree.read(self.folder .. "/log") end

--- Begin to ask for a path, `count` times, by its own curl in the background. It writes status
-- and seconds of each answer at once, since it may be ended.
---@param name string of what is asked, for `answers`
---@param options string of curl
function daemon:ask(name, path, count, options)
  tree.lines(([[
    cd %s; rm -f %s.*
    (( curl -s %s -H 'Host: localhost' -w '%%{stderr}%%{http_code} %%{time_total}\n' \
        'http://127.0.0.1:%d%s#[1-%d]' >%s.bodies 2>%s.log & echo $! >%s.pid; wait $!
       : >%s.done ) &) </dev/null >/dev/null 2>&1
    until [ -s %s.pid ]; do sleep 0.01; done]]):format(self.folder, name, options, self.port, path,
    count, name, name, name, name, name))
end

--- Wait until curl has ended.
---@return table answers the statuses, as they came; `slowest` in seconds; `bodies`, lines
function daemon:answers(name)
  local path = ("%s/%s."):format(self.folder, name)
  local answers = { slowest = 0, bodies = tree.lines(([[
    for _ in $(seq %d); do [ -e %sdone ] && break; sleep 0.02; done
    cat %sbodies]]):format(PATIENCE * 5, path, path)) }
  for status, seconds in tree.read(path .. "log"):gmatch "(%d+) ([%d.]+)\n" do
    answers[#answers + 1] = math.tointeger(status)
    answers.slowest = math.max(answers.slowest, tonumber(seconds))
  end
  return answers
end

--- Begin to ask, as many at once; who has waited for `patience` seconds goes away.
function daemon:ask_at_once(path, count, patience)
  self:ask("at_once", path, count, ("-m %s -Z --parallel-immediate --parallel-max %d"):format(
    patience or LONGEST, count))
end

--- Ask for a path, as many at once.
function daemon:get(path, count, patience)
  self:ask_at_once(path, count, patience)
  return self:answers "at_once"
end

--- The same, while `beside` is asked for again and again over another socket.
---@return table answers
---@return table others
function daemon:get_beside(beside, path, count)
  self:ask("beside", beside, 100000, ("-m %d -o /dev/null --rate %d/s"):format(LONGEST, PROBES))
  os.execute "sleep 0.1"
  local answers = self:get(path, count)
  os.execute "sleep 0.1"
  tree.lines(("kill $(cat %s/beside.pid)"):format(self.folder))
  return answers, self:answers "beside"
end

--- Send a signal.
function daemon:signal(name) tree.lines(("kill -%s %s"):format(name, self.pid)) end

--- End it, and return its status and the seconds that took.
function daemon:stop(name)
  if not self.pid then return nil end
  local text = tree.lines(([[
    from=$(date +%%s%%N); kill -%s %s 2>/dev/null
    for _ in $(seq %d); do [ -s %s/status ] && break; sleep 0.02; done
    echo $(($(date +%%s%%N) - from)); cat %s/status || kill -9 %s; true]]):format(name or "TERM",
    self.pid, PATIENCE * 5, self.folder, self.folder, self.pid))
  self.pid = nil
  return math.tointeger(text[2]), text[1] / 1e9
end

--- The descriptors of it, or of its newest child, and the resident memory in MiB.
function daemon:size()
  local children = tree.read(("/proc/%s/task/%s/children"):format(self.pid, self.pid))
  local pid = children:match "(%d+) *$" or self.pid
  local status = tree.read(("/proc/%s/status"):format(pid))
  return #tree.lines(("ls /proc/%s/fd"):format(pid)),
    math.tointeger(status:match "VmRSS:%s*(%d+)") / 1024
end

return daemon
