--- Writes the table of a run with the kind of machine and the date.

local ledger = require "spec.bench.ledger"
local shell = require "spec.bench.shell"

local results = {}

local function first_line(command, default)
  return shell.run(command .. " 2>/dev/null"):match "[^\n]+" or default
end

function results.write(path)
  local text = {
    "# Results of `make bench`\n",
    "Written by `make bench RESULTS=spec/bench/RESULTS.md`. Ratios are ours / bare (libcurl and",
    "lua-cjson in C), medians over paired rounds; `goal` is where a figure is to get, `limit` must",
    "hold. Rows without a ratio are counts. `peers` are other clients on the same work, for",
    "information.\n",
    ("%s, %s processors (%s), %s, %s\n"):format(os.date "!%Y-%m-%d",
      first_line("nproc", "?"),
      first_line("sed -n 's/^model name[^:]*: //p' /proc/cpuinfo", "unknown model"),
      first_line("curl-config --version", "libcurl"),
      first_line((os.getenv "LUA" or "lua5.4") .. " -v", "Lua")),
    ledger.markdown(),
  }
  shell.write(path, table.concat(text, "\n"))
end

return results
