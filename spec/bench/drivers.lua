--- The two programs that do the same work: made, run, and their instructions counted.

local shell = require "spec.bench.shell"

local HERE = "spec/bench/"
local LONGEST = 300 -- seconds for one run

-- A proxy of the caller's would be measured too.
local ENVIRONMENT = "env -u http_proxy -u HTTP_PROXY -u https_proxy -u HTTPS_PROXY"
  .. " -u all_proxy -u ALL_PROXY"

local drivers = { environment = ENVIRONMENT }

local methods = {}

local function lua_package()
  local version = _VERSION:sub(5)
  for _, name in ipairs { "lua" .. version, "lua-" .. version, "lua" .. version:gsub("%.", ""),
    "lua" } do
    if shell.has("pkg-config --exists " .. name) then return name end
  end
  error("pkg-config knows no " .. _VERSION)
end

local function compile(folder, name, packages)
  shell.output(("%s -O2 -g -o %s %s.c $(pkg-config --cflags --libs %s) -Wl,-E"):format(
    os.getenv "CC" or "cc", shell.quote(folder .. "/" .. name), HERE .. name, packages))
end

--- Compile the programs into `folder`; `pin` is a command that runs them on their own
--- processor.
function drivers.make(folder, pin, agent)
  local lua = lua_package()
  for name, packages in pairs {
    bare = "libcurl " .. lua, bare_multi = "libcurl " .. lua, host = lua, hold = lua, spawn = lua,
  } do
    compile(folder, name, packages)
  end
  return setmetatable({ folder = folder, pin = pin, agent = agent }, { __index = methods })
end

--- A line for the shell: a program of ours or the compiled ones, pinned, for so long at most.
function methods:line(wrapper, program, ...)
  return table.concat({
    ENVIRONMENT, "BENCH_CA_FILE=" .. shell.quote(self.folder .. "/authority.pem"), self.pin,
    "timeout", LONGEST, wrapper, shell.quote(self.folder .. "/" .. program), ...,
  }, " ")
end

--- Numbers and words of a line of name=value.
function drivers.figures(line)
  local result = {}
  for name, value in line:gmatch "(%w+)=(%S+)" do result[name] = tonumber(value) or value end
  return result
end

--- Command line of one driver, "bare" or "ours".
local function command(self, wrapper, driver, scenario, url, count)
  if driver == "ours" then
    return self:line(wrapper, "host", HERE .. "ours.lua", scenario.name, url, count,
      HERE .. "digest.lua")
  end
  return self:line(wrapper, scenario.bare or "bare", scenario.name, url, count,
    HERE .. "digest.lua", shell.quote(self.agent))
end

local function run(self, wrapper, driver, scenario, url, count)
  local result = drivers.figures(
    shell.output(command(self, wrapper, driver, scenario, url, count)))
  result.checksum = ("%s/%s"):format(result.digest, result.sum)
  return result
end

--- Do the work; { cpu =, wall =, requests =, checksum = }.
function methods:run(driver, scenario, url, count)
  return run(self, "", driver, scenario, url, count)
end

--- Run paced.lua; its figures.
function methods:paced(kind, url, count, record)
  return drivers.figures(
    shell.output(self:line("", "host", HERE .. "paced.lua", kind, url, count, record)))
end

--- Whole life of a small script of ours, for `spawn`.
function drivers.once(url)
  return ("%s %sonce.lua %s"):format(os.getenv "LUA" or "lua5.4", HERE, url)
end

--- Start two programs in turns, `rounds` times each; what `env` takes names them.
---@return table found { wall = ratios ours / other, cpu = likewise, other = milliseconds, ours = }
function methods:spawn(rounds, other, ours)
  local text = shell.output(("%s %s %s/spawn %d env %s -- env %s"):format(
    ENVIRONMENT, self.pin, shell.quote(self.folder), rounds, other, ours))
  local found = { wall = {}, cpu = {}, other = {}, ours = {} }
  for other_wall, other_cpu, our_wall, our_cpu in text:gmatch "(%S+) (%S+) (%S+) (%S+)\n?" do
    found.wall[#found.wall + 1] = our_wall / other_wall
    found.cpu[#found.cpu + 1] = our_cpu / other_cpu
    found.other[#found.other + 1] = other_wall * 1000
    found.ours[#found.ours + 1] = our_wall * 1000
  end
  return found
end

--- How to count instructions here: "perf", "callgrind" or nil.
function drivers.counter()
  local probe = shell.run "perf stat -x, -e instructions:u true 2>&1"
  if probe:find "^%d+," then return "perf" end
  if shell.has "valgrind --version" then return "callgrind" end
  return nil
end

-- Valgrind counts each turn of "rep movsb" as an instruction; the processor and perf do not. So
-- that a copied byte is not taken for an instruction, the C library is to copy by vectors.
local VECTORS = "GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=1000000000"
  .. ":glibc.cpu.x86_rep_stosb_threshold=1000000000 "

local counters = {
  perf = {
    wrapper = "perf stat -x, -e instructions:u -o %s",
    pattern = "\n?(%d+),,instructions",
  },
  callgrind = {
    wrapper = "env " .. VECTORS .. "valgrind --quiet --tool=callgrind --callgrind-out-file=%s",
    pattern = "\nsummary: (%d+)",
  },
}

--- Instructions of one run, and its requests; the counter's own output is in "counted".
function methods:count(counter, driver, scenario, url, count)
  local path = self.folder .. "/counted"
  local way = counters[counter]
  local result = run(self, way.wrapper:format(shell.quote(path)), driver, scenario, url, count)
  local instructions = tonumber(shell.read(path):match(way.pattern))
  return assert(instructions, "no count in the output of " .. counter), result.requests
end

--- Instructions of one request in user space: two lengths, so that the start cancels out.
function methods:instructions(counter, driver, scenario, url, count)
  local short, sent = self:count(counter, driver, scenario, url, count)
  local long, more = self:count(counter, driver, scenario, url, count * 3)
  return (long - short) / (count * 2), sent + more
end

return drivers
