--- The commands that the limiter's scripts send, on plain tables: a Redis whose clock is a number.

local redis_commands = {}

local INFINITE = { ["+inf"] = math.huge, ["-inf"] = -math.huge }

local function number_of(text) return INFINITE[text] or tonumber(text) end

local function shown(score) return score == math.huge and "inf" or ("%.0f"):format(score) end

--- The members of a sorted set with their scores, in order.
local function sorted(set)
  local rows = {}
  for member, score in pairs(set) do rows[#rows + 1] = { member, score } end
  table.sort(rows, function(a, b)
    if a[2] ~= b[2] then return a[2] < b[2] end
    return a[1] < b[1]
  end)
  return rows
end

local commands = {}

function commands.HGETALL(hash)
  local list = {}
  for field, value in pairs(hash) do list[#list + 1], list[#list + 2] = field, value end
  return list
end

function commands.HSET(hash, field, value) hash[field] = tostring(value) end
function commands.HDEL(hash, field) hash[field] = nil end
function commands.PEXPIRE() end
function commands.ZADD(set, score, member) set[member] = number_of(score) end
function commands.ZCARD(set) return #sorted(set) end
function commands.ZREM(set, member) set[member] = nil end
function commands.ZSCORE(set, member) return set[member] and shown(set[member]) or false end

--- One member alone, as the scripts ask for it.
function commands.ZRANGE(set, first)
  local row = sorted(set)[first + 1]
  return row and { row[1], shown(row[2]) } or {}
end

--- All of them, as the scripts have it.
function commands.ZREMRANGEBYRANK(set)
  for member in pairs(set) do set[member] = nil end
end

function commands.ZREMRANGEBYSCORE(set, _, highest)
  for member, score in pairs(set) do
    if score <= number_of(highest) then set[member] = nil end
  end
end

--- Make a store. `clock` is in microseconds; `run(text, keys, arguments)` runs a script.
function redis_commands.new()
  local store, face = { keys = {}, clock = 0 }, {}

  function face.call(name, key, ...)
    if name == "TIME" then return { store.clock // 1000000, store.clock % 1000000 } end
    if name == "INFO" then return "redis_version:7.0.0\r\nrun_id:abc\r\n" end
    store.keys[key] = store.keys[key] or {}
    return commands[name](store.keys[key], ...)
  end
  face.pcall, face.error_reply = face.call, error

  function store.run(text, keys, arguments)
    local names = setmetatable({ redis = face, KEYS = keys, ARGV = arguments }, { __index = _G })
    return assert(load(text, "=script", "t", names))()
  end

  return store
end

return redis_commands
