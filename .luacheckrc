std = "lua54"
max_line_length = 100
max_cyclomatic_complexity = 12
codes = true
exclude_files = { "build" }

files["spec"] = { std = "+busted" }
-- Definitions for editors: the names are declared, never used.
files["lua/googlemeet/types"] = { ignore = { "2" }, max_line_length = false }
-- Settings of LuaRocks are globals.
files["spec/support/luarocks.lua"] = {
  allow_defined_top = true, ignore = { "131" }, read_globals = { "os_getenv" },
}
-- What the hosts give.
files["examples/hosts"] = { globals = { "core", "lighty", "meet_client", "module", "mutt" } }
