--- Sends the steps of a limiter to a Redis server by the function of a script, and reads the reply
-- in the form of any client.

local failure = require "googlemeet.failure"
local script = require "googlemeet.limiter.script"

local server = {}

local GIVEN = "the function given to meet.limiter.redis"
local HASH = "^%x+$"
local HASH_LENGTH = 40
local SHOWN = 60 -- bytes of a rubbish reply

--- Codes of replies by which a server says that it cannot serve for now.
local AWAY = {
  LOADING = true, BUSY = true, TRYAGAIN = true, CLUSTERDOWN = true, MASTERDOWN = true,
  MISCONF = true, NOREPLICAS = true, MAXCLIENTS = true,
}

local LOG_IN = "the function has to log in (AUTH) on each new connection, with a user and password "
  .. "that the server knows"
local OTHER_NODE = "the key is on another node of the cluster: use a client that follows MOVED and "
  .. "ASK, or connect to the node that has the key"
local PERMIT = "let the server's user run EVAL, EVALSHA, SCRIPT LOAD, TIME, PEXPIRE and the "
  .. "commands of hashes and sorted sets, on the keys googlemeet:*"
local NO_SCRIPT = "the limiter needs Redis 6 or newer, or Valkey, with EVAL and EVALSHA permitted"

--- Hints for the codes of replies that do not pass with time.
local HINTS = {
  ASK = OTHER_NODE, CROSSSLOT = OTHER_NODE, MOVED = OTHER_NODE,
  DENIED = LOG_IN, NOAUTH = LOG_IN, WRONGPASS = LOG_IN,
  NOPERM = PERMIT,
  OOM = "the server has no memory left: raise its maxmemory, or let it evict keys",
  READONLY = "this server is a replica: connect to the primary",
  WRONGTYPE = "something else uses a key of this name: give meet.limiter.redis another name, or "
    .. "delete the server's keys of this one",
}

--- Signs of a refusal whose code is ERR.
local SIGNS = {
  { "unauthenticated", LOG_IN }, { "no permission", PERMIT }, { "ACL failure", PERMIT },
  { "can't run this command", PERMIT }, { "server too old", NO_SCRIPT },
  { "unknown command", NO_SCRIPT }, { "Write commands not allowed", NO_SCRIPT },
}

--- Return the code of an error reply in a message: the most specific one, else ERR; nil when the
-- message is not a server's reply. A server that has too many clients replies ERR.
local function code_of(message)
  if message:find("max number of clients", 1, true) then return "MAXCLIENTS" end
  local general
  for word in message:gmatch "%f[%w_]%u+%f[^%w_]" do
    if AWAY[word] or HINTS[word] or word == "NOSCRIPT" then return word end
    if word == "ERR" then general = word end
  end
  return general
end

local function hint_of(code, message)
  for _, row in ipairs(SIGNS) do
    if message:find(row[1], 1, true) then return row[2] end
  end
  return HINTS[code] or NO_SCRIPT
end

--- Remove from a message the prefix of a client, and secrets in an address.
local function shorten(message)
  local text = message:gsub("^[^\n]-%.lua:%d+: ", ""):gsub("^redis error: ", "")
  return (text:gsub("//[^/@%s]*@", "//"))
end

--- Make the failure of a step.
---@return googlemeet.Error err
---@return boolean is_away whether it may be over later
local function failure_of(message)
  local code, text = code_of(message), shorten(message)
  if code and not AWAY[code] then
    return failure.new("config", "the limiter's server refuses: " .. text, hint_of(code, message)),
      false
  end
  return failure.new("transport", "the limiter's server is away: " .. text, "start the server, or "
    .. "find out why it cannot be reached; nothing is sent without a limit (option "
    .. "'without')"), true
end

local function describe(reply)
  if reply == nil then return "nil and no message" end
  if type(reply) == "table" then return ("a table of %d"):format(#reply) end
  if type(reply) ~= "string" then return type(reply) .. " " .. tostring(reply) end
  return ("'%s'"):format(#reply > SHOWN and reply:sub(1, SHOWN) .. "…" or reply)
end

local function rubbish(reply)
  return failure.new("config", ("%s returned %s"):format(GIVEN, describe(reply)),
    "it has to send the words of the one command it is called with, and to return what the server "
    .. "replies, or nil and a message")
end

local function is_text(value) return type(value) == "string" and value ~= "" end

--- Return the text of an error as a client gives it: itself, or in a table.
local function text_of(err)
  local inner = type(err) == "table" and (err.err or err.error or err.message)
  return is_text(inner) and inner or tostring(err)
end

--- Return the message that a client gives in place of a reply: behind nil or false, in a table
-- with `err` or `error`, or as the line itself.
local function message_of(reply, message)
  if not reply and message ~= nil then return text_of(message) end
  if type(reply) == "table" then
    return is_text(reply.err or reply.error) and text_of(reply) or nil
  end
  local is_line = is_text(reply) and reply:find "^[-(]?%u" and code_of(reply)
  return is_line and reply or nil
end

--- Signs of a message that ends a script, even if the function has caught it.
local ENDS = { "interrupted!", "not enough memory" }

--- Signs of a message that Lua raises for a mistake in the function.
local MISTAKES = { "attempt to %a+ an? ", "attempt to perform ", "attempt to compare ",
  "bad argument #" }

--- Raise a message that has one of these.
local function check_message(message, signs)
  for _, sign in ipairs(signs) do
    if message:find(sign) then error(message, 0) end
  end
end

--- Send one command. What the function raises is a message if it is text, else it is raised again.
---@return any reply
---@return string? message of the server or the client, without a reply
local function ask(self, ...)
  local start = self.now()
  local is_returned, reply, message = pcall(self.command, ...)
  self.trip = self.now() - start
  local text = reply
  if is_returned then text = message_of(reply, message) end
  if text == nil then return reply end
  if type(text) ~= "string" then error(text, 0) end
  check_message(text, ENDS)
  if not is_returned then check_message(text, MISTAKES) end
  return nil, text
end

--- Codes of replies that are about SCRIPT alone: EVAL may be permitted.
local OF_COMMAND = { ERR = true, NOPERM = true }

--- Learn the hash of a step's script. Where SCRIPT is refused the text is sent each time.
---@return string? message where nothing else would be replied to EVAL
local function load_script(self, step)
  local hash, message = ask(self, "SCRIPT", "LOAD", script[step])
  if message and not OF_COMMAND[code_of(message)] then return message end
  local is_hash = type(hash) == "string" and #hash == HASH_LENGTH and hash:find(HASH)
  self.hashes[step] = is_hash and hash or false
end

--- Run the script of a step.
local function run(self, step, ...)
  if self.hashes[step] == nil then
    local message = load_script(self, step)
    if message then return nil, message end
  end
  local hash = self.hashes[step]
  if not hash then return ask(self, "EVAL", script[step], ...) end
  local reply, message = ask(self, "EVALSHA", hash, ...)
  if message and code_of(message) == "NOSCRIPT" then
    return ask(self, "EVAL", script[step], ...) -- this loads it, too
  end
  return reply, message
end

--- Run a step: a script with its keys and arguments. The reply has to begin with `word`.
---@param self table of `server.new`
---@param step string key of `script`
---@param word string that no other step has
---@param keys string[]
---@param arguments (string|number)[]
---@return table? reply
---@return googlemeet.Error? err
---@return boolean? is_away
function server.run(self, step, word, keys, arguments)
  local words = table.move(keys, 1, #keys, 1, {})
  table.move(arguments, 1, #arguments, #words + 1, words)
  local reply, message = run(self, step, #keys, table.unpack(words))
  if message then return nil, failure_of(message) end
  if type(reply) ~= "table" or reply[1] == nil then return nil, rubbish(reply), false end
  if tostring(reply[1]) ~= word then
    return nil, failure.new("config", GIVEN .. " returned the reply to another command",
      "calls at the same time need a connection each, or have to wait for their turn; after a "
      .. "timeout the function has to open a new connection"), false
  end
  return reply
end

--- Make an object that sends steps with a function that sends one command. Its `trip` is the
-- duration of the last command in seconds.
---@param command fun(...: string|number): any, string?
---@param now fun(): number
function server.new(command, now)
  return { command = command, now = now, hashes = {}, trip = 0 }
end

--- Make the failure of a malformed reply whose first word is right.
server.rubbish = rubbish

return server
