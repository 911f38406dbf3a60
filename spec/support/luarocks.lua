-- LuaRocks' configuration for the specs: lua-cjson is the system's, which
-- LuaRocks does not know of, nothing is fetched, and the compiler is the tests'.
rocks_provided = { ["lua-cjson"] = "2.1.0-1" }
rocks_servers = {}
variables = { CC = os_getenv "CC", LD = os_getenv "CC" }
