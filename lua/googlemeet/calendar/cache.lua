--- Answers that the calls of one client share for five minutes.

local cache = {}

local FRESH = 300 -- seconds on the client's clock

--- For each client: its answers by key, and the time of the first one.
local kept = setmetatable({}, { __mode = "k" })

--- Return the kept answer for a key, or call `ask()` and keep what it returns. A failure is not
-- kept.
---@generic T
---@param client googlemeet.Client
---@param key string
---@param ask fun(): T?, googlemeet.Error?
---@return T?
---@return googlemeet.Error? err
function cache.get(client, key, ask)
  local now, answers = client:now(), kept[client]
  local age = answers and now - answers.since
  if not age or age > FRESH or age < 0 then
    answers = { since = now, by_key = {} }
    kept[client] = answers
  end
  local answer = answers.by_key[key]
  if answer ~= nil then return answer end
  local err
  answer, err = ask()
  if answer == nil then return nil, err end
  answers.by_key[key] = answer
  return answer
end

return cache
