--- What a scenario runs on: contents, servers, and processes that download. All of it ends with the
-- scenario.

local children = require "spec.limiter.children"
local cjson = require("cjson").new()
local loop = require "spec.limiter.loop"
local nginx = require "spec.download.nginx"
local random = require "googlemeet.testing.random"
local tree = require "spec.support.tree"
local uv = require "luv"

local world = {}

local LUA = os.getenv "LUA" or "lua5.4"
local MEMORY = "/dev/shm"
local PATIENCE = 10 -- seconds for a process to end after a signal

local World = {}
local WORLD = {
  __index = World,
  __close = function(self) self:close() end,
}
local Row = {}
local ROW = { __index = Row }

--- Free bytes of a folder; 0 where there is none.
function world.free(folder)
  local stat = uv.fs_statfs(folder)
  return stat and stat.bavail * stat.bsize or 0
end

--- A folder in memory if `bytes` fit into it, else where temporary files are.
local function make_folder(bytes)
  if world.free(MEMORY) < bytes then return tree.temporary() end
  return assert(uv.fs_mkdtemp(MEMORY .. "/download-XXXXXX"))
end

---@param name string of the scenario
---@param settings table `short`, `seed`
---@param bytes? integer that it needs in its folder, 64 MiB if not given
function world.open(name, settings, bytes)
  return setmetatable({
    name = name, short = settings.short, chance = random.new(name .. settings.seed), rows = {},
    children = children.new(), folder = make_folder(bytes or 1 << 26), closing = {},
    servers = 0,
  }, WORLD)
end

--- Do this when the scenario ends, the last one first.
function World:defer(f) table.insert(self.closing, 1, f) end

local function clean(self)
  for _, f in ipairs(self.closing) do f() end
  tree.remove(self.folder)
end

function World:close()
  self.children:close()
  clean(self)
end

--- End everything without waiting, for a process that has to end.
function World:abandon()
  self.children:kill()
  clean(self)
end

--- A promise, or a figure: a line of what the gate prints.
function World:row(title)
  local row = setmetatable({ title = self.name .. ": " .. title, notes = {}, problems = {} }, ROW)
  self.rows[#self.rows + 1] = row
  return row
end

function Row:note(text, ...) self.notes[#self.notes + 1] = text:format(...) end

--- Say what is wrong, once.
function Row:fail(text, ...)
  local problem = text:format(...)
  if not self.problems[problem] then self.problems[#self.problems + 1] = problem end
  self.problems[problem] = true
end

--- Fail unless it is so.
function Row:check(is_so, text, ...)
  if not is_so then self:fail(text, ...) end
  return is_so
end

--- What a call came to, in words.
---@param result? table of worker.lua
function world.words(result)
  if not result then return "no end" end
  return tostring(result.raised or result.error or result.bytes)
end

--- Fail unless a download has come whole and right.
---@param source table `size`, `digest`
function Row:check_whole(result, target, source)
  self:check(result and result.bytes == source.size, "%s, not %d", world.words(result), source.size)
  self:check(world.digest(target) == source.digest, "other bytes have come")
  self:check(result and result.usable, "the client is of no use any more")
end

--- Fail unless a call has ended with an error of a kind.
function Row:check_kind(result, kind)
  self:check(result and result.kind == kind, "%s, not %s", world.words(result), kind)
  self:check(result and (result.hint or "") ~= "", "no hint")
  self:note("%s", world.words(result))
end

--- Numbers that are whole, as integers: JSON knows one sort.
local function with_integers(value)
  if type(value) ~= "table" then return math.type(value) == "float" and
    math.tointeger(value) or value end
  for key, item in pairs(value) do value[key] = with_integers(item) end
  return value
end

--- Write so many random bytes to a file of the folder.
---@return string path
function World:content(name, bytes)
  local path = self.folder .. "/" .. name
  tree.lines(("head -c %d /dev/urandom >%s"):format(bytes, tree.quote(path)))
  return path
end

--- An odd server, with contents of these sizes.
---@return table odd `url`, `journal`, `contents`: paths, `size` and `digest` of the first one
function World:odd(...)
  self.servers = self.servers + 1
  local name = "odd" .. self.servers
  local odd = { journal = ("%s/%s-journal"):format(self.folder, name), contents = {} }
  local words = { "spec/download/server.lua", odd.journal }
  for index, bytes in ipairs { ... } do
    odd.contents[index] = self:content(("%s-%d"):format(name, index), bytes)
    words[index + 2] = odd.contents[index]
  end
  odd.child = self.children:start_server(LUA, words)
  odd.url = "http://127.0.0.1:" .. odd.child.port
  odd.size, odd.digest = ..., world.digest(odd.contents[1])
  return odd
end

--- What the odd server was asked for at a target, in order.
---@return table[]
function World:asked(odd, target) -- luacheck: no self
  local asked = {}
  for line in tree.read(odd.journal):gmatch "([^\n]*)\n" do
    local entry = with_integers(cjson.decode(line))
    if entry.target == target then asked[entry.number] = entry end -- the last one counts
  end
  return asked
end

--- nginx with the files of the folder, over TLS.
function World:nginx() return nginx.start(self) end

--- Start a process that downloads.
---@param options table of worker.lua; `prefix`: words of a command that runs it; `environment`;
--- `program` in place of worker.lua
function World:worker(options)
  local words = { LUA, options.program or "spec/download/worker.lua" }
  for index, word in ipairs(options.prefix or {}) do table.insert(words, index, word) end
  local environment = options.environment or {}
  environment.MATON_API_KEY = "download-gate-key"
  options.prefix, options.environment = nil, nil
  words[#words + 1] = cjson.encode(options)
  local program = table.remove(words, 1)
  return self.children:start(program, words, environment)
end

--- What a worker has reported: one table for each job that has ended.
function World:results(worker) -- luacheck: no self
  local results = {}
  for _, line in ipairs(worker.lines) do
    if line:find "^{" then results[#results + 1] = with_integers(cjson.decode(line)) end
  end
  return results
end

--- Start a process, and wait for its end.
---@return table[] results empty where it did not end in time, or alone
function World:work(options, seconds)
  local worker = self:worker(options)
  if not worker:wait(seconds or 60) then
    worker:signal "sigkill"
    worker:wait(PATIENCE)
    return {}
  end
  if worker.status ~= 0 or worker.ended_by ~= 0 then return {} end
  return self:results(worker)
end

--- Wait until a worker has begun to call, `count` times.
function World:wait_for_begin(worker, count) -- luacheck: no self
  return loop.wait(PATIENCE, function()
    local begun = 0
    for _, line in ipairs(worker.lines) do
      if line == "begun" then begun = begun + 1 end
    end
    return begun >= (count or 1) or not worker:is_running()
  end) and worker:is_running()
end

--- The digest of a file; nil where there is none.
function world.digest(path)
  if not uv.fs_stat(path) then return nil end
  return tree.lines("sha256sum " .. tree.quote(path))[1]:match "^\\?(%x+)"
end

--- Say whether two files have the same bytes.
function world.are_equal(path, other)
  return select(2, tree.run(("cmp -s %s %s"):format(tree.quote(path), tree.quote(other))))
end

--- The size of a file; nil where there is none.
function world.size(path)
  local stat = uv.fs_stat(path)
  return stat and stat.size
end

--- What a download has left beside its path: the part's path or nil, and how many files there are.
function world.left(folder)
  local part, count = nil, 0
  local list = assert(uv.fs_scandir(folder))
  for name in uv.fs_scandir_next, list do
    if name:find "^%.googlemeet%-" then count = count + 1 end
    if name:find "%.partial$" then part = folder .. "/" .. name end
  end
  return part, count
end

return world
