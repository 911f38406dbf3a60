-- What each state of two_states.c does: calls of every kind, then an end by lua_close.

local meet = require "googlemeet"

local url, certificate = ...
local client = assert(meet.new { api_key = "k", base_url = url, ca_file = certificate })

assert(client.spaces:create())
local records = assert(client.conference_records:list():all())
local people = assert(client:map(records, function(record)
  return assert(record:participants():all())
end))
assert(#people == #records)

local _, err = client.spaces:get "zzz-zzzz-zzz"
assert(err.kind == "not_found", err)

-- By its name, so that there is a resolver thread; cancelled while it runs, or while it connects.
local named <close> = assert(client:with { base_url = url:gsub("127%.0%.0%.1", "localhost") .. "" })
local task = named:submit(function() return named.spaces:get "zzz-zzzz-zzz" end)
named:step(0)
task:cancel()
assert(select(2, named.spaces:get "zzz-zzzz-zzz").kind)
