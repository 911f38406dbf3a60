--- List filters given as tables.
-- The server gets only what Google documents: `=`, `>=`, `<=` and `IS NULL`, joined by `AND`, with
-- values in double quotes. A function applies the other conditions to each item as it arrives.
-- Pure: names and times are read, nothing is sent.

local names = require "googlemeet.name"
local options = require "googlemeet.options"
local time = require "googlemeet.time"

local filter = {}

local WHEN, WHETHER = options.of "string or number or table", options.of "boolean"

--- By kind of list: the fields of a filter, and its times in the order in which they are sent, as
-- Google's filter name and the item's field. The last time is absent while the item is live.
local KINDS = {
  conference_record = {
    fields = {
      space = options.of "string or table", meeting_code = options.of "string",
      start_time = WHEN, end_time = WHEN, ended = WHETHER, live = WHETHER, must_exist = WHETHER,
    },
    times = { { "start_time", "startTime" }, { "end_time", "endTime" } },
  },
  participant = {
    fields = { earliest_start_time = WHEN, latest_end_time = WHEN, live = WHETHER },
    times = {
      { "earliest_start_time", "earliestStartTime" }, { "latest_end_time", "latestEndTime" },
    },
  },
  participant_session = {
    fields = { start_time = WHEN, end_time = WHEN, live = WHETHER },
    times = { { "start_time", "startTime" }, { "end_time", "endTime" } },
  },
}

local RANGE = { from = WHEN, to = WHEN, after = WHEN, before = WHEN }

--- The two ends of a range: its inclusive and exclusive name, and the operator.
local ENDS = { { "from", "after", ">=" }, { "to", "before", "<=" } }

-- In all functions below, `level` is the position of a misuse, as for `error` in the caller.

local function raise_misuse(level, message, ...)
  error("filter: " .. message:format(...), level + 1)
end

--- Add a comparison. Google does not document how to escape a quote, and no value contains one: it
-- is a name that `name.resolve` has accepted, or a time written by `time.format`.
local function add_term(plan, field, operator, value)
  plan.terms[#plan.terms + 1] = ('%s%s"%s"'):format(field, operator, value)
end

local function add_space(plan, field, value, level)
  local text = type(value) == "table" and value.name or value
  if type(text) ~= "string" then
    raise_misuse(level + 1, "%s: the table has no 'name'", field)
  end
  local name, is_code = names.resolve("space", text)
  if not name then raise_misuse(level + 1, "%s: %s", field, is_code) end
  plan.space = { name = name, is_code = is_code }
  if is_code then
    add_term(plan, "space.meeting_code", "=", names.id(name))
  elseif field == "meeting_code" then
    raise_misuse(level + 1, "meeting_code: a code like hpk-vtwd-ens, or a URL with one, expected")
  else
    add_term(plan, "space.name", "=", name)
  end
end

--- Read a time; return its text in UTC.
local function utc(what, value, level)
  local seconds, nanoseconds = time.read(value)
  if not seconds then raise_misuse(level + 1, "%s: %s", what, nanoseconds) end
  return time.format(seconds, nanoseconds)
end

--- Keep the items whose time lies strictly on one side of a bound. A time that cannot be read
-- passes: the server has compared it already.
local function strictly(key, wants_later, bound)
  return function(item)
    local at = time.instant(item[key])
    if not at then return item[key] ~= nil end
    if wants_later then return at > bound end
    return at < bound
  end
end

local function is_there(key)
  return function(item) return item[key] ~= nil end
end

local function add_test(plan, key, test)
  plan.tests[#plan.tests + 1] = test
  plan.keys[#plan.keys + 1] = key
end

--- Add one end of a range; return its bound, and whether the bound is exclusive.
local function add_end(plan, row, range, stop, level)
  local inclusive, exclusive, operator = table.unpack(stop)
  local field, key = table.unpack(row)
  if range[inclusive] ~= nil and range[exclusive] ~= nil then
    raise_misuse(level + 1, "%s: '%s' or '%s', not both", field, inclusive, exclusive)
  end
  local is_exclusive = range[exclusive] ~= nil
  local name = is_exclusive and exclusive or inclusive
  if range[name] == nil then return nil end
  local text = utc(field .. "." .. name, range[name], level + 1)
  local bound = time.instant(text)
  add_term(plan, field, operator, text)
  if is_exclusive then add_test(plan, key, strictly(key, exclusive == "after", bound)) end
  return bound, is_exclusive
end

--- Add the condition on a time: a range, or an exact time. Return whether there is any.
local function add_time(plan, row, value, level)
  local field = row[1]
  if value == nil then return false end
  if type(value) ~= "table" or value.year then
    add_term(plan, field, "=", utc(field, value, level + 1))
    return true
  end
  local range = options.merge(value, RANGE, level + 2, field .. " bound")
  local first, after = add_end(plan, row, range, ENDS[1], level + 1)
  local last, before = add_end(plan, row, range, ENDS[2], level + 1)
  if first and last and (first > last or first == last and (after or before)) then
    raise_misuse(level + 1, "%s: the range ends before it begins", field)
  end
  return first ~= nil or last ~= nil
end

--- Return whether live items are wanted: true, false, or nil for both. `ended` is the opposite.
local function wanted_live(given, level)
  if given.live ~= nil and given.live == given.ended then
    raise_misuse(level + 1, "'live' and 'ended' contradict each other")
  end
  if given.ended ~= nil then return not given.ended end
  return given.live
end

local function make_keep(tests)
  if #tests == 0 then return nil end
  return function(item)
    for _, test in ipairs(tests) do
      if not test(item) then return false end
    end
    return true
  end
end

local function add_end_state(plan, row, live, is_bounded, level)
  if live and is_bounded then
    raise_misuse(level + 1, "live items have no %s to compare", row[1])
  elseif live then
    plan.terms[#plan.terms + 1] = row[1] .. " IS NULL"
  elseif live == false then
    add_test(plan, row[2], is_there(row[2]))
  end
end

--- Return the space that a list which turns out empty has to look up, and whether it must exist.
local function space_of(plan, must_exist, level)
  if must_exist and not plan.space then
    raise_misuse(level + 1, "'must_exist' is about a space, and none is given")
  elseif plan.space then
    plan.space.must_exist = must_exist
  end
  return plan.space
end

--- Split a filter into a server-side expression and a client-side function.
--
-- The client applies `ended = true` (the same as `live = false`), since the grammar has no
-- `IS NOT NULL`, and the exclusive bounds `after` and `before`; the server gets inclusive ones.
-- Google's filter grammar: contract/api-notes.md, "Filters".
---@param kind "conference_record"|"participant"|"participant_session"
---@param given table see the manual's chapter on filters
---@param level? integer position of the misuse when the filter is invalid, as for `error` (2)
---@return string? expression for the server, if there is any
---@return (fun(item: table): boolean)? keep nil when the server evaluates everything
---@return string[] keys fields of an item that `keep` reads
---@return { name: string, is_code: boolean, must_exist: boolean? }? space that the filter names
function filter.split(kind, given, level)
  level = level or 2
  local rows = KINDS[kind]
  if not rows then error(options.unknown("filter.split: unknown kind", kind, KINDS), level) end
  given = options.merge(given, rows.fields, level + 1, "filter field")
  local plan = { terms = {}, tests = {}, keys = {} }
  for _, field in ipairs { "space", "meeting_code" } do
    if given[field] ~= nil then add_space(plan, field, given[field], level) end
  end
  local live, is_bounded = wanted_live(given, level), false
  for _, row in ipairs(rows.times) do is_bounded = add_time(plan, row, given[row[1]], level) end
  add_end_state(plan, rows.times[2], live, is_bounded, level)
  return plan.terms[1] and table.concat(plan.terms, " AND "), make_keep(plan.tests), plan.keys,
    space_of(plan, given.must_exist, level)
end

--- Make the expression for the server: `meet.filter { space = space, live = true }`.
-- The kind defaults to participants when one of their fields is given, else to conference records,
-- whose fields are also those of sessions.
---@param given table
---@param kind? "conference_record"|"participant"|"participant_session"
---@return string expression "" when there is nothing for the server
---@return (fun(item: table): boolean)? keep the client-side part; a list applies it automatically
local function expression_of(_, given, kind)
  if kind ~= nil and type(kind) ~= "string" then
    error("filter: after the table, the kind of list expected, got " .. type(kind)
      .. "; call it with a dot: meet.filter(fields, kind)", 2)
  end
  if not kind and type(given) == "table" then
    local is_participant = given.earliest_start_time ~= nil or given.latest_end_time ~= nil
    kind = is_participant and "participant" or "conference_record"
  end
  local expression, keep = filter.split(kind or "conference_record", given, 3)
  return expression or "", keep
end

return setmetatable(filter, { __name = "googlemeet.filter", __call = expression_of })
