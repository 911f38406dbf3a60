--- Makes a space, and reports at each moment whether its request may be under way.

local creation = {}

local PATIENCE = 30 -- seconds for one answer
local MOST_TRIES = 6

--- Keep a client from waiting inside a call: a request that has to wait, before it is sent or after
-- a refusal, ends with this error.
local function hold_back(event)
  if event.type == "wait" or event.type == "retry" then error { seconds = event.seconds } end
end

--- Try once. Return the space; or nil, the error, and the seconds to wait where waiting helps.
local function try(client, body)
  local is_whole, space, err = pcall(client.spaces.create, client.spaces, body,
    { deadline = PATIENCE })
  if is_whole then return space, err, err and not err.ambiguous and err.retry_after end
  if type(space) ~= "table" or not space.seconds then error(space, 0) end -- Ctrl-C, say
  return nil, nil, space.seconds
end

--- Make a space. `note("sending")` is called before each request: from then on the space may exist.
-- `note("waiting", seconds)` is called before each wait: then it does not exist.
---@param client googlemeet.Client
---@param body table
---@param note fun(state: "sending"|"waiting", seconds?: number)
---@return googlemeet.Space? space
---@return googlemeet.Error? err
function creation.create(client, body, note)
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

return creation
