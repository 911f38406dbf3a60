--- Commands of the bench, and its folder of made things.

local tree = require "spec.support.tree"

local shell = { quote = tree.quote, read = tree.read, write = tree.write }

--- Run a command; what it wrote to stdout, and whether it succeeded.
function shell.run(command)
  local pipe = assert(io.popen(command, "r"))
  local output = pipe:read "a"
  return output, pipe:close() == true
end

--- Output of a command that must succeed, without its last line end.
function shell.output(command)
  local output, ok = shell.run(command)
  if not ok then error("failed: " .. command, 2) end
  return (output:gsub("\n$", ""))
end

function shell.has(command)
  return select(2, shell.run(command .. " >/dev/null 2>&1"))
end

--- A folder that goes with the variable that holds it.
function shell.folder()
  local path = shell.output "mktemp -d"
  return setmetatable({ path = path }, {
    __close = function() shell.run("rm -rf " .. shell.quote(path)) end,
  })
end

return shell
