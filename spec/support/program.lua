--- Runs the examples that have a command line. In a command FOLDER is a folder of the spec.

local tree = require "spec.support.tree"

local program = {}

--- Run "attendance.lua --csv" on a served double; give what it printed, on standard error too, and
-- its status.
function program.run(double, command, folder, environment)
  local output = tree.run(("env MATON_API_URL=%s MATON_API_KEY=example-key %s %s examples/%s"
    .. "; echo status $?"):format(double.url, environment or "", tree.lua(),
    (command:gsub("FOLDER", folder))))
  local text, status = output:match "^(.*)status (%d+)\n$"
  return text, tonumber(status)
end

--- Run "examples/attendance.lua" without a key: on the double in memory. `stream` is a redirection:
-- standard error is not looked at without it.
function program.run_made_up(command, folder, stream)
  return (tree.run(("env -u MATON_API_KEY -u MATON_API_URL %s %s %s"):format(tree.lua(),
    (command:gsub("FOLDER", folder)), stream or "2>/dev/null")))
end

return program
