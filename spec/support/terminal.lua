--- Runs the commands that a document shows, in one shell and one new folder.
--
-- The folder has `examples/` and what else a script from the tree may read. PATH has `googlemeet`
-- of the build folder, and `lua5.4`, which is the interpreter under test. Where a command needs an
-- account, it is a new served fake, seeded: `MATON_API_KEY=…` stands for its key.
-- Port 8123 stands for one that is free.

local daemon = require "spec.support.daemon"
local served = require "spec.support.served"
local tree = require "spec.support.tree"

local PATIENCE = 30 -- seconds until a command has printed what is awaited
local LONGEST = 60 -- seconds of a block
local KEY = "example-key"

local terminal = {}

--- Cut a block into steps: `{ command =, output =, lines =, is_stopped = }`. `lines` is how many
-- are awaited of a command that goes on: one that ends in `&`, or has `^C` in its output.
function terminal.steps(text)
  local steps = {}
  for line in (text .. "\n"):gmatch "(.-)\n" do
    local step, command = steps[#steps], line:match "^%$ (.*)$"
    if command then
      steps[#steps + 1] = { command = command, output = "", lines = 0 }
    elseif step and step.output == "" and step.command:find "\\$" then
      step.command = step.command .. "\n" .. line
    elseif not step then
      error("output without a command: " .. line, 0)
    elseif line == "^C" then
      step.is_stopped = true
    elseif not step.is_stopped then
      step.output = step.output .. line .. "\n"
      if line ~= "…" then step.lines = step.lines + 1 end
    end
  end
  return steps
end

--- Say whether a command asks an account that is not the demo account.
local function needs_account(command)
  return command:find "lua5%.4 " or command:find "googlemeet " and not command:find "%-%-demo"
end

local STOPPED <const> = [[
sh -c 'echo $$ >../pid; %s exec %s' >%s 2>&1 </dev/null &
%s
kill -INT $(cat ../pid)
wait $!
]]

--- Write the shell's lines for a step; its output goes into the file `out`.
local function script_of(step, out)
  local wait = (": >>%s; wait_for %d %s"):format(out, step.lines, out)
  if step.is_stopped then
    local assignments, rest = step.command:match "^([%w_=%s.:/]-)(%l.*)$"
    return STOPPED:format(assignments, rest:gsub("'", [['\'']]), out, wait)
  elseif step.command:find "&%s*$" then
    return ("{ %s\n} >%s 2>&1 </dev/null\npids=\"$pids $!\"\n%s\n"):format(step.command, out, wait)
  end
  return ("{ %s\n} >%s 2>&1 </dev/null\nstatus=$?\n"):format(step.command, out)
end

local PROLOGUE <const> = [[
wait_for() {
  tries=0
  while [ "$(wc -l <"$2")" -lt "$1" ] && [ $tries -lt %d ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
}
status=0 pids=
trap '[ -z "$pids" ] || kill $pids 2>/dev/null' EXIT
]]

--- Make the folder in which the commands run.
local function make_folder(here, build)
  local folder = tree.temporary()
  tree.lines(([[
    cd %s && mkdir bin out work && ln -s "$(command -v %s)" bin/lua5.4
    ln -s %s/examples %s/lua %s/spec work/ && ln -s %s work/build
  ]]):format(folder, tree.lua(), here, here, here, build))
  return folder
end

--- The environment of the commands, as words for `env`.
local function environment(folder, here, build, fake)
  local words = {
    ("PATH=%s/bin:%s/bin:$PATH"):format(folder, build),
    ("'LUA_PATH=%s/lua/?.lua;%s/lua/?/init.lua;;'"):format(here, here),
    ("'LUA_CPATH=%s/?.so;;'"):format(build),
  }
  if fake then
    words[#words + 1] = ("MATON_API_URL=%s MATON_API_KEY=%s"):format(fake.url, KEY)
  end
  return table.concat(words, " ")
end

local function run_in(folder, words, steps, port)
  local script = { PROLOGUE:format(PATIENCE * 20) }
  for index, step in ipairs(steps) do
    script[#script + 1] = script_of(step, ("%s/out/%d"):format(folder, index))
  end
  script[#script + 1] = "exit $status"
  local text = table.concat(script):gsub("MATON_API_KEY=…", "MATON_API_KEY=$MATON_API_KEY")
    :gsub("%f[%d]8123%f[%D]", port)
  tree.write(folder .. "/script", text)
  local output = tree.run(("cd %s/work && env %s timeout %d sh ../script || echo status $?"):format(
    folder, words, LONGEST))
  for index, step in ipairs(steps) do
    local file <close> = io.open(("%s/out/%d"):format(folder, index), "rb")
    step.printed = file and file:read "a":gsub("%f[%d]" .. port, "8123") or ""
  end
  return output
end

--- Run the steps; each gets `printed`. Give what the shell says, and "status N" where the last
-- command has not succeeded; 124 is that of a block that takes too long.
function terminal.run(steps)
  local needs_fake = false
  for _, step in ipairs(steps) do needs_fake = needs_fake or needs_account(step.command) end
  local fake = needs_fake and served.start { arguments = "--key " .. KEY }
  local here, build = tree.lines("pwd")[1], tree.lines("realpath " .. tree.build())[1]
  local folder = make_folder(here, build)
  local _ <close> = setmetatable({}, { __close = function()
    if fake then fake:close() end
    tree.remove(folder)
  end })
  return run_in(folder, environment(folder, here, build, fake), steps,
    tostring(daemon.free_port()))
end

return terminal
