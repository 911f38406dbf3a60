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

function daemon.write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

--- An example's script, changed at one place.
function daemon.example(path, what, instead)
  local text, count = tree.read(path):gsub(what, instead)
  assert(count == 1, path)
  return text
end

--- Start it and wait until it answers. `command` is one program, `%s` in it the path of `config`.
---@param folder string its own, which the caller removes
---@param url string of the gateway
function daemon.start(folder, url, port, command, config)
  local path = folder .. "/config.cfg.lua" -- Prosody goes by the name
  daemon.write(path, config .. "\n")
  local self = setmetatable({ folder = folder, port = port }, daemon)
  self.pid = tree.lines(([[
    cd %s
    export MATON_API_KEY=host-key MATON_API_URL=%s
    export LUA_PATH='%s/lua/?.lua;%s/lua/?/init.lua;;' LUA_CPATH='%s/build/?.so;;'
    (( %s >log 2>&1 & echo $! >pid; wait $!; echo $? >status ) &) </dev/null >/dev/null 2>&1
    until [ -s pid ]; do sleep 0.01; done
    cat pid]]):format(folder, url, HERE, HERE, HERE, command:format(path)))[1]
  for _ = 1, PATIENCE do
    local status = self:get("/none", 1)[1]
    if status and status > 0 then return self end
    if tree.run("cat " .. folder .. "/status"):find "^%d" then break end
    os.execute "sleep 0.1"
  end
  error(command .. " does not start: " .. self:log())
end

function daemon:log() return tree.read(self.folder .. "/log") end

--- The shell's words for a curl that asks for a path `count` times; it writes the bodies, and for
-- each answer a line of its status and its seconds to `file`, unbuffered, since it may be killed.
function daemon:asking(path, count, file, options)
  return ("curl -s -m %d %s -H 'Host: localhost' -w '%%{stderr}%%{http_code} %%{time_total}\\n' "
    .. "'http://127.0.0.1:%d%s#[1-%d]' 2>%s/%s"):format(LONGEST, options, self.port, path, count,
    self.folder, file)
end

function daemon:read_answers(file)
  local answers = { slowest = 0 }
  for status, seconds in tree.read(self.folder .. "/" .. file):gmatch "(%d+) ([%d.]+)\n" do
    answers[#answers + 1] = math.tointeger(status)
    answers.slowest = math.max(answers.slowest, tonumber(seconds))
  end
  return answers
end

--- Ask for a path, `count` times and as many at once, while `beside` is asked for again and again
-- over another socket.
---@return table answers their statuses, `bodies` an array of lines, `slowest` in seconds
---@return table others the same of `beside`, without bodies
function daemon:get(path, count, beside)
  local probing = beside and self:asking(beside, 100000, "probes",
    ("-o /dev/null --rate %d/s"):format(PROBES))
  local bodies = tree.lines(("%s\n%s\n%s"):format(
    probing and probing .. " & probe=$!; sleep 0.1" or "",
    self:asking(path, count or 1, "answers",
      "-Z --parallel-immediate --parallel-max " .. (count or 1)),
    probing and "sleep 0.1; kill $probe; wait $probe; true" or "true"))
  local answers = self:read_answers "answers"
  answers.bodies = bodies
  return answers, beside and self:read_answers "probes" or nil
end

--- Send a signal.
function daemon:signal(name) tree.lines(("kill -%s %s"):format(name, self.pid)) end

--- End it, and return its status and the seconds that took.
function daemon:stop(name)
  if not self.pid then return nil end
  local text = tree.lines(([[
    from=$(date +%%s%%N); kill -%s %s
    for _ in $(seq %d); do [ -s %s/status ] && break; sleep 0.02; done
    echo $(($(date +%%s%%N) - from)); cat %s/status || kill -9 %s]]):format(name or "TERM",
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
