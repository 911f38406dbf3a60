-- Handle errors: a call returns nil and an error, a loop raises the same error, and a mistake in
-- the script raises a string.
local meet = require "googlemeet"

local client <close> = assert(meet.new { retry = { max_attempts = 3 }, deadline = 30 })

local function explain(err)
  print(("%s (status %s): %s"):format(err.kind, err.status or "none", err.message))
  print("  what to do: " .. err.hint)
  if err.retry_after then print(("  not before %.0f s from now"):format(err.retry_after)) end
  if err.ambiguous then print "  it may have happened: check before you do it again" end
end

-- A call: decide by err.kind, which is one of a closed list.
local space, err = client.spaces:get "zzz-zzzz-zzz"
if space then
  print("somebody has that code: " .. space.name)
elseif err.kind == "not_found" or err.kind == "permission" then
  explain(err) -- the account cannot see such a space
else
  error(err) -- not expected here; tostring(err) is one line
end

-- A loop: a `for` cannot see a second result, so the iterator raises the error.
local ok, raised = pcall(function()
  for person in client.participants:list "no-such-conference" do print(person:display_name()) end
end)
if not ok then explain(raised) end

-- A wrong key: no part of it is in the error.
local stranger <close> = assert(client:with { api_key = "not-a-key" })
explain(select(2, stranger.spaces:create()))

-- A mistake in the script: the string begins with its place.
print(select(2, pcall(function() return client.spaces:get "no such name" end)))
