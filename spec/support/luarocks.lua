-- LuaRocks' configuration for the specs: lua-cjson is the system's, which
-- LuaRocks does not know of, and nothing is fetched.
rocks_provided = { ["lua-cjson"] = "2.1.0-1" }
rocks_servers = {}
