--- Answers that the calls of one client use again for a while: the same is seldom asked twice.

local recent = {}

local FRESH = 300 -- seconds on the client's clock

--- The answers of each client that lives, by key, since when they are kept.
local kept = setmetatable({}, { __mode = "k" })

--- Return what `ask()` has returned for the same key in the last five minutes, else what it returns
-- now. A failure is not kept.
---@generic T
---@param client googlemeet.Client
---@param key string
---@param ask fun(): T?, googlemeet.Error?
---@return T?
---@return googlemeet.Error? err
function recent.get(client, key, ask)
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

return recent
