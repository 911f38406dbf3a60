--- A limiter whose places are kept by a Redis or Valkey server, for processes on several machines.
-- One object is one holder. The server's clock decides; ours measures only how long we wait.

local core = require "googlemeet.core"
local fallback = require "googlemeet.limiter.fallback"
local options = require "googlemeet.options"
local server = require "googlemeet.limiter.server"

local redis = {}

local RETRY = 1 -- seconds between two commands while the server is away
local BRIEF = 0.01 -- seconds to wait for the reply to somebody else's question
local SHORTEST = 0.001 -- seconds to wait after a denial
local DAY = 86400 -- seconds that keys stay without use, besides the longest span
local LONGEST_PAUSE = 3600
local LONGEST = 1e6 -- seconds of any length that is sent
local PREFIX = "googlemeet:"

local boot, new_id = core.limiter.boot, core.limiter.id

--- Write seconds as whole microseconds; a value that is not a number is 0.
local function microseconds(seconds)
  return ("%.0f"):format(math.max(0, math.min(seconds, LONGEST) * 1e6))
end

--- Write a name with letters, digits and `._-` alone, other bytes as %XX.
local function encode(name)
  return (name:gsub("[^A-Za-z0-9._-]", function(byte) return ("%%%02X"):format(byte:byte()) end))
end

-- Time --------------------------------------------------------------------------------------------

--- Learn the logical time of a reply. Of two that were under way at once the later question counts.
local function learn(self, time, sent)
  if not time or self.sent and sent < self.sent then return end
  self.seen, self.sent, self.arrived = time, sent, boot()
end

--- Return the arguments that begin every step.
local function opening(self, word)
  local now = boot()
  return {
    self.holder, word, self.seen and ("%.0f"):format(self.seen) or "",
    self.seen and microseconds(now - self.sent) or "",
    self.seen and microseconds(now - self.arrived) or "",
    ("%.0f"):format((DAY + self.longest) * 1e3),
  }
end

-- Steps -------------------------------------------------------------------------------------------

--- Say whether the server is away and was asked less than a moment ago.
local function is_resting(self)
  return self.failure ~= nil and boot() < self.tried + RETRY
end

local function note_failure(self, err, is_away)
  if is_away then
    self.away_since = self.away_since or boot()
    self.failure, self.tried, self.denials = err, boot(), {}
  else
    self.failure, self.away_since = nil, nil
  end
end

--- Run a step, unless the server is away and was asked a moment ago.
---@param windows string[] names of the windows whose sets it needs
---@return table? reply
---@return googlemeet.Error? err
---@return boolean? is_away
---@return number sent
local function run(self, step, windows, ...)
  local sent = boot()
  if is_resting(self) then return nil, self.failure, true, sent end
  self.tried = sent
  local word = new_id() -- a child may share the socket
  local keys, arguments = { self.hash }, opening(self, word)
  for _, name in ipairs(windows) do keys[#keys + 1] = self.hash .. ":" .. encode(name) end
  for _, value in ipairs { ... } do arguments[#arguments + 1] = value end
  local reply, err, is_away = server.run(self.server, step, word, keys, arguments)
  note_failure(self, err, is_away)
  if reply then learn(self, tonumber(reply[2]), sent) end
  return reply, err, is_away, sent
end

-- Without the server ------------------------------------------------------------------------------

--- Return the span and limit of the window that counts while the server is away.
local function chosen(windows)
  local best = windows[1]
  for _, window in ipairs(windows) do
    if window.name == "second" then return window.span, window.limit end
    if window.span < best.span then best = window end
  end
  return best.span, best.limit
end

--- Note a place that this holder has, and forget those that are free by now.
local function hold(self, id, place, ends)
  local now = boot()
  for other, held in pairs(self.held) do
    if held.ends <= now then self.held[other] = nil end
  end
  place.ends = ends
  self.held[id] = place
  return id
end

--- Take a place without the server, as option `without` has it.
local function reserve_without(self, windows, lease)
  if self.without == 0 then return nil, nil, self.failure end
  local span, limit = chosen(windows)
  local now, id = boot(), new_id()
  local wait = self.away_since + lease + span - now
  if wait <= 0 then
    wait = fallback.reserve(self.places, id, now, math.min(self.without, limit), span, lease)
  end
  if wait then return nil, math.min(wait, RETRY) end
  return hold(self, id, { span = span }, now + lease + span)
end

-- Denials -----------------------------------------------------------------------------------------

--- Return the key of a question: questions with one key get the same answer.
local function question_of(windows)
  local names = {}
  for index, window in ipairs(windows) do names[index] = encode(window.name) end
  return table.concat(names, " ")
end

--- Return the seconds that are left of a denial, or for which somebody else's question is awaited.
-- A far server is asked again before that is answered: else a far holder would get few places.
local function denied_for(self, question)
  local denial, now = self.denials[question], boot()
  if not denial then return nil end
  if now < denial.ends then return denial.ends - now end
  if now < denial.asked_until then return denial.asked_until - now end
  denial.asked_until = now + BRIEF
end

-- The functions -----------------------------------------------------------------------------------

--- Send the pauses that could not be sent before.
---@return googlemeet.Error? err
---@return boolean? is_away
local function send_pauses(self)
  local window, ends = next(self.pauses)
  while window do
    local left = microseconds(ends - boot())
    local reply, err, is_away = run(self, "pause", {}, encode(window), left)
    if not reply then return err, is_away end
    if self.pauses[window] == ends then self.pauses[window] = nil end -- none came meanwhile
    window, ends = next(self.pauses)
  end
end

--- Return the seconds that this holder has to wait, whatever the server says: for a pause that
-- could not be sent, and for the places that were taken while it was away.
local function rest_of(self, windows)
  local now, rest = boot(), 0
  for _, window in ipairs(windows) do
    rest = math.max(rest, (self.pauses[window.name] or now) - now)
  end
  if not self.failure then rest = math.max(rest, fallback.rest(self.places, now) or 0) end
  return rest > 0 and rest or nil
end

local function arguments_of(windows, id, lease)
  local names, arguments = {}, { id, microseconds(lease) }
  for index, window in ipairs(windows) do
    names[index] = window.name
    for _, value in ipairs { encode(window.name), ("%.0f"):format(window.limit),
      microseconds(window.span) } do
      arguments[#arguments + 1] = value
    end
  end
  return names, arguments
end

local function longest_of(windows)
  local longest = 0
  for _, window in ipairs(windows) do longest = math.max(longest, window.span) end
  return longest
end

--- Read the reply to a reserve. The next question is as long under way as this one was, so it is
-- sent that much earlier, and comes in time.
local function read_answer(self, question, reply)
  local verdict, wait = reply[3], tonumber(reply[4])
  self.denials[question] = nil
  if verdict == "granted" then return true end
  if verdict ~= "wait" or not wait then return nil, nil, server.rubbish(reply) end
  local ends = boot() + math.max(wait / 1e6 - self.server.trip, SHORTEST)
  self.denials[question] = { ends = ends, asked_until = 0 }
  return nil, ends - boot()
end

local function ask(self, windows, lease)
  local id, question = new_id(), question_of(windows)
  local wait = denied_for(self, question)
  if wait then return nil, wait end
  local names, arguments = arguments_of(windows, id, lease)
  local reply, err, is_away, sent = run(self, "reserve", names, table.unpack(arguments))
  if is_away then return reserve_without(self, windows, lease) end
  if not reply then return nil, nil, err end
  local is_granted, rest, rubbish = read_answer(self, question, reply)
  if not is_granted then return nil, rest, rubbish end
  rest = rest_of(self, windows) -- the server was away until now, or a pause came meanwhile
  if rest then
    run(self, "release", names, id)
    return nil, rest
  end
  return hold(self, id, { windows = windows, names = names }, sent + lease + longest_of(windows))
end

--- Take a place in each window, or in none.
local function reserve(self, windows, lease)
  self.longest = math.max(self.longest, longest_of(windows))
  if is_resting(self) then
    local rest = rest_of(self, windows)
    if rest then return nil, rest end
    return reserve_without(self, windows, lease)
  end
  local err, is_away = send_pauses(self)
  if err and not is_away then return nil, nil, err end
  local rest = rest_of(self, windows)
  if rest then return nil, rest end
  return ask(self, windows, lease)
end

--- Remove and return the place that an id stands for.
local function take_back(self, id)
  local held = id ~= nil and self.held[id] or nil
  if held then self.held[id] = nil end
  return held
end

local function commit(self, id, delay)
  local held = take_back(self, id)
  if not held then return end
  delay = tonumber(delay) or 0
  if not held.windows then
    return fallback.commit(self.places, id, boot(), held.span, math.max(0, delay))
  end
  local spans = {}
  for index, window in ipairs(held.windows) do spans[index] = microseconds(window.span) end
  run(self, "commit", held.names, id, microseconds(delay), table.unpack(spans))
end

local function release(self, id)
  local held = take_back(self, id)
  if not held then return end
  self.denials = {} -- there is a place
  if held.windows then run(self, "release", held.names, id) else self.places[id] = nil end
end

local function pause(self, window, seconds)
  seconds = math.max(0, math.min(tonumber(seconds) or 0, LONGEST_PAUSE))
  local reply = run(self, "pause", {}, encode(window), microseconds(seconds))
  if not reply then
    self.pauses[window] = math.max(self.pauses[window] or 0, boot() + seconds)
  end
end

local function decode(name)
  return (name:gsub("%%(%x%x)", function(byte) return string.char(tonumber(byte, 16)) end))
end

--- Read the reply of `status`; also return the names of the windows without counts.
local function read_status(reply)
  local status, uncounted = { users = math.tointeger(tonumber(reply[3])) or 0,
    paused = {}, taken = {} }, {}
  for index = 4, #reply - 2, 3 do
    local name = decode(tostring(reply[index]))
    local left, taken = tonumber(reply[index + 1]), tonumber(reply[index + 2])
    if left and left > 0 then status.paused[name] = left / 1e6 end
    status.taken[name] = math.tointeger(taken)
    if not taken then uncounted[#uncounted + 1] = name end
  end
  return status, uncounted
end

local function status(self)
  local reply, err = run(self, "status", {})
  if not reply then return nil, err end
  local found, names = read_status(reply)
  if #names == 0 then return found end
  local encoded = {}
  for index, name in ipairs(names) do encoded[index] = encode(name) end
  reply, err = run(self, "status", names, table.unpack(encoded))
  if not reply then return nil, err end
  return (read_status(reply))
end

--- Read option `without`; misuse raises.
local function read_without(opts)
  local problem, count = options.problem(opts, { without = 0 }), 0
  if not problem and opts and opts.without then count = opts.without end
  if math.type(count) ~= "integer" or count < 0 then
    problem = "option 'without': a whole number from 0 expected, got " .. tostring(count)
  end
  if problem then core.error.misuse("limiter.redis: " .. problem) end
  return count
end

local function check_arguments(command, name)
  local metatable = getmetatable(command)
  if type(command) ~= "function" and not (type(metatable) == "table" and metatable.__call) then
    core.error.misuse("limiter.redis: a function that sends one command expected, got "
      .. type(command))
  elseif type(name) ~= "string" or name == "" then
    core.error.misuse("limiter.redis: a name expected, got "
      .. (name == "" and "an empty string" or type(name)))
  end
end

--- Make a limiter: see `googlemeet.limiter.redis`.
---@param command fun(...: string|number): any, string?
---@param name string
---@param opts? { without: integer? }
---@return googlemeet.Limiter
function redis.new(command, name, opts)
  check_arguments(command, name)
  local self = {
    without = read_without(opts),
    server = server.new(command, boot), hash = ("%s{%s}"):format(PREFIX, encode(name)),
    holder = new_id(), longest = 0,
    held = {}, places = {}, denials = {}, pauses = {},
  }
  return {
    reserve = function(windows, lease) return reserve(self, windows, lease) end,
    commit = function(id, delay) commit(self, id, delay) end,
    release = function(id) release(self, id) end,
    pause = function(window, seconds) pause(self, window, seconds) end,
    status = function() return status(self) end,
  }
end

return redis
