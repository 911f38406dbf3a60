-- Makes a space, and says at each moment whether its request may be under way.
local spaces = {}

local PATIENCE = 30 -- seconds for one answer
local MOST_TRIES = 6

--- What a client is asked for that does not wait inside a call: a request that is held back, before
-- it is sent or after a refusal, ends with this error.
local function hold_back(event)
  if event.type == "wait" or event.type == "retry" then error { seconds = event.seconds } end
end

--- Try once. Give the space; or nil, the error and the seconds to wait, if waiting is any use.
local function try(client, body)
  local is_whole, space, err = pcall(client.spaces.create, client.spaces, body,
    { deadline = PATIENCE })
  if is_whole then return space, err, err and not err.ambiguous and err.retry_after end
  if type(space) ~= "table" or not space.seconds then error(space, 0) end -- Ctrl-C, say
  return nil, nil, space.seconds
end

--- Make a space. `note("sending")` is called before each request: from then on it may be made, and
-- `note("waiting", seconds)` before each wait: then it is known not to be.
---@return googlemeet.Space? space
---@return googlemeet.Error? err
function spaces.create(client, body, note)
  local prompt <close> = assert(client:with { on_event = hold_back })
  local space, err, seconds
  for count = 1, MOST_TRIES do
    note "sending"
    space, err, seconds = try(count < MOST_TRIES and prompt or client, body)
    if space or not seconds then break end
    note("waiting", seconds)
    client:sleep(seconds)
  end
  return space, err
end

return spaces
