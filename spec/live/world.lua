--- The account that `make live` walks: its client, what was found there, what was made there, and
-- every text that came from it.

local answer = require "spec.live.answer"
local redact = require "spec.live.redact"

local world = {}
world.__index = world

local PATIENCE = { timeout = 20, deadline = 60, retry = { max_attempts = 2 } } -- seconds
local WRONG_KEY = "wrong-key-of-make-live"
local SILENT = { transport = true, tls = true, timeout = true, deadline = true, config = true }
local SPACING = 0.2 -- seconds before a request that the client does not pace
local MOST_SILENT = 8 -- requests in a row without an answer
local MOST_REQUESTS = 60 -- of one question: lists may have no end

--- Raised when the walk cannot go on.
world.STOP = setmetatable({}, { __name = "live.stop" })

--- Raised when a question does not end.
world.ENDLESS = setmetatable({}, { __name = "live.endless" })

--- Open an account.
---@param client googlemeet.Client it stays open
---@param options { titles: string[], secrets: string[], writes: boolean?, burst: boolean?,
---  member: string?, fixed_connection: boolean?, has_sockets: boolean? }
function world.open(client, options)
  local self = setmetatable({
    requests = 0, left = MOST_REQUESTS, silent = 0, answered = false,
    writes = options.writes, burst = options.burst, member = options.member,
    fixed_connection = options.fixed_connection, has_sockets = options.has_sockets,
    raw = options.raw,
    redact = redact.new(options.titles, options.secrets),
    made = { space = {}, member = {}, connection = {} }, gone = 0, found = {}, lists = {},
  }, world)
  local function on_event(event)
    if event.type == "attempt" then self:count() end
    if event.type == "response" then self.status = event.status end
  end
  self.client = assert(client:with {
    on_event = on_event, timeout = PATIENCE.timeout, deadline = PATIENCE.deadline,
    retry = PATIENCE.retry,
  })
  return self
end

--- Count a request before it is sent. What is raised here ends the call, which then sends none.
function world:count()
  self.left = self.left - 1
  if self.left < 0 then error(world.ENDLESS, 0) end
  self.requests = self.requests + 1
end

--- Begin a question.
function world:begin() self.left = MOST_REQUESTS end

--- Return a sibling of the client with other options.
function world:sibling(options)
  return assert(self.client:with(options))
end

--- Send a GET apart from the client; return the body as it came.
---@param path string
---@param is_stranger? boolean with a wrong key
---@return string?
function world:body(path, is_stranger)
  if not self.raw then return nil end
  self:count()
  self.client:sleep(SPACING)
  local body = self.raw(path, is_stranger and WRONG_KEY or nil)
  self.redact:note(body)
  return body
end

--- Return a client whose key is wrong.
function world:stranger()
  return self:sibling { api_key = WRONG_KEY, retry = false }
end

--- Stop when the key is refused, or nobody answers.
local function watch(self, value, err)
  local failed = value == nil and type(err) == "table"
  if not failed or err.status then
    self.answered, self.silent = true, 0
  elseif SILENT[err.kind] then
    self.silent = self.silent + 1
  end
  if failed and err.kind == "auth" and err.status == 401 and err.origin ~= "google"
    or self.silent >= (self.answered and MOST_SILENT or 1) then
    self.problem = answer.failed(err)
    error(world.STOP, 0)
  end
end

--- Call a function of the client; keep what it gives from being printed. The walk stops where it
-- cannot go on.
function world:call(call, ...)
  local results = table.pack(call(...))
  for index = 1, results.n do self.redact:note(results[index]) end
  watch(self, results[1], results[2])
  return table.unpack(results, 1, results.n)
end

--- Send a GET by hand, with the account's client or a sibling, whose failures stop nothing.
---@return any body
---@return table response, or the error
function world:get(path, options, client)
  local mine = client == nil
  client = client or self.client
  local body, response = client:request("GET", path, options)
  self.redact:note(body)
  self.redact:note(response)
  if mine then watch(self, body, response) end
  return body, response
end

--- Send a GET by hand whose answer is the status, or the error.
---@return table answer
---@return any body
---@return table response, or the error
function world:outcome(path, options, client)
  local body, response = self:get(path, options, client)
  if body == nil then return answer.failure(response), nil, response end
  return answer.number(response.status), body, response
end

--- Return the next page of a list, or nil and an error.
function world:page(pager)
  local page, err = self:call(function()
    local items, problem = pager:next_page()
    if items == nil and problem == nil then return {} end
    return items, problem
  end)
  return page, err
end

--- Find the id of an ACTIVE connection of an app, or of any with another status.
---@param app string
---@param status? string ACTIVE
function world:connection_of(app, status)
  for _, connection in ipairs(self.connections or {}) do
    if connection.app == app and connection.status == (status or "ACTIVE")
      and type(connection.connection_id) == "string" then
      return connection.connection_id
    end
  end
end

--- Keep the name of what was made here: nothing else is ever changed.
---@param kind "space"|"member"|"connection"
function world:keep(kind, name)
  if type(name) == "string" and name ~= "" then table.insert(self.made[kind], name) end
end

--- Keep a connection that was made here; say whether it was. A gateway may give one that was there
-- before: it is the account's own.
---@param connection googlemeet.Connection
---@return boolean
function world:keep_connection(connection)
  for _, own in ipairs(self.connections or {}) do
    if own.connection_id == connection.connection_id then return false end
  end
  if not self.knows_all or connection.status == "ACTIVE" then return false end
  self:keep("connection", connection.connection_id)
  return true
end

--- Return what was made here first, and is still there.
function world:own(kind)
  return self.made[kind][1]
end

--- Forget what was made here and is gone.
function world:forget(kind, name)
  for index, made in ipairs(self.made[kind]) do
    if made == name then
      table.remove(self.made[kind], index)
      self.gone = self.gone + 1
      return
    end
  end
end

--- Delete what is left of what was made here. A space cannot be deleted.
---@return integer deleted
---@return integer left
---@return integer spaces
function world:clean()
  self:begin()
  local deletes = { member = self.client.members, connection = self.client.connections }
  for kind, service in pairs(deletes) do
    for _, name in ipairs { table.unpack(self.made[kind]) } do
      local called, done = pcall(service.delete, service, name)
      if called and done then self:forget(kind, name) end
    end
  end
  return self.gone, #self.made.member + #self.made.connection, #self.made.space
end

return world
