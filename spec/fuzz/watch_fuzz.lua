-- Watching conferences that happen meanwhile: each event is reported exactly once, those of one
-- person in order, those of a conference in order of time, unless the watch is cheap; a file's has
-- the time of one before.
-- Requests take time, so that things happen in the middle of a poll; pages are short, and may begin
-- at a place of the list as it is by then; requests fail, in passing or not; the watcher is closed,
-- before its first poll too, and another one goes on from its stored state.
-- The bytes choose a schedule (see schedule.lua), what is watched and from when; then, over and
-- over from their beginning, the length of requests, faults and restarts.
-- What has to be reported: of records that were named, all; of spaces, the conference that ran as
-- the watch began and all that followed, one that ended within a second or two of that or not;
-- files that appear until ten minutes after the end and come within a day.

local core = require "googlemeet.core"
local meet = require "googlemeet"
local schedule = require "spec.fuzz.schedule"

local STEPS = { 250, 1000, 5000 } -- milliseconds
local MOST_LOOKS = 5000
local CLOSE = 2000 -- milliseconds before and after the beginning
local MOST_RESTARTS = 12

local FAULTS = {
  { status = 503, body = "{}" }, { status = 429, body = "{}" }, { status = 500, body = "" },
  { status = 403, body = "{}" }, { status = 401, body = "{}" }, { status = 200, body = "{" },
  { status = 200, body = '{"participants":[{}]}' }, -- one without a name
  false, -- it is not sent
}

local NAMELESS = FAULTS[7]

local function unescape(text)
  return (text:gsub("%+", " "):gsub("%%(%x%x)", function(hex)
    return string.char(tonumber(hex, 16))
  end))
end

local function list_records(world, query)
  local filter = unescape(query:match "filter=([^&]*)" or "")
  local space, since = filter:match 'space.name="([^"]*)"', filter:match 'start_time>="([^"]*)"'
  local found = {}
  for _, record in ipairs(schedule.records_at(world.conferences, world.now)) do
    if record.space == space and (not since or record.startTime >= since) then
      found[#found + 1] = record
    end
  end
  return "conferenceRecords", found
end

--- What the server has at a path: the name of a list and its items, or nothing and a resource.
local function find(world, path, query)
  if path == "conferenceRecords" then return list_records(world, query) end
  for _, one in ipairs(world.conferences) do
    local rest = path:match("^" .. one.name .. "(.*)$")
    if rest == "" and one.from <= world.now then
      return nil, schedule.record_at(one, world.now)
    elseif rest and rest:find "^/" then
      return path:match "[^/]+$", schedule.items_at(one, rest:sub(2), world.now)
    end
  end
  error("nobody asks for " .. path)
end

--- A page that begins at a place.
local function page_at(items, token, size)
  local place = tonumber(token or 0)
  local page = table.move(items, place + 1, place + size, 1, {})
  return page, #items > place + size and tostring(place + size) or nil
end

--- A page that begins after an item: the token is its name.
local function page_after(items, token, size)
  local page, is_on, more = {}, token == nil, nil
  for _, item in ipairs(items) do
    if is_on and #page == size then
      more = page[size].name
      break
    end
    if is_on then page[#page + 1] = item end
    is_on = is_on or item.name == token
  end
  return page, more
end

local function answer(world, url)
  local path, query = url:match "/v2/([^?]*)%??(.*)$"
  world.now = world.now + world.pick(4) * world.pick(64) * world.step // 16
  if world.faults > 0 and world.pick(16) == 0 then
    world.faults = world.faults - 1
    local fault = FAULTS[world.pick(#FAULTS) + 1]
    if not fault then return nil, "the line is dead" end
    if fault ~= NAMELESS or path:find "participants$" then return fault end
  end
  local list, found = find(world, path, query)
  if list then
    local token = query:match "pageToken=([^&]*)"
    local most = math.min(world.page_size, tonumber(query:match "pageSize=(%d+)"))
    local page_of = world.is_shifting and page_at or page_after
    local items, more = page_of(found, token and unescape(token), most)
    found = { [list] = core.array(items), nextPageToken = more }
  end
  return {
    status = 200, body = assert(core.encode(found)),
    headers = { Date = os.date("!%a, %d %b %Y %H:%M:%S GMT", schedule.ZERO + world.now // 1000) },
  }
end

local function make_world(bytes)
  local at = 0
  local function pick(limit) -- begins anew at the end
    at = at + 1
    return (#bytes > 0 and bytes:byte((at - 1) % #bytes + 1) or 0) % limit
  end
  local world = { pick = pick, step = STEPS[pick(#STEPS) + 1], looks = 0 }
  world.offset = pick(2) * schedule.ZERO -- whether the client's clock has the date
  world.faults, world.page_size, world.restarts = pick(12), 1 + pick(4), pick(MOST_RESTARTS)
  world.is_cheap, world.by_space, world.is_shifting = pick(3) == 0, pick(2) == 0, pick(2) == 0
  world.conferences, world.last, world.is_slow = schedule.make(pick, world.step)
  world.now = pick(256) * world.step
  return world
end

--- What is watched; `world.has` are the names.
local function options_of(world)
  local names, has = {}, {}
  if not world.by_space then world.now = math.max(world.now, world.conferences[1].from) end
  for _, one in ipairs(world.conferences) do
    local name = world.by_space and one.space or one.name
    if not has[name] and (world.by_space or one.from <= world.now) then
      names[#names + 1], has[name] = name, true
    end
  end
  world.has = has
  local seconds = math.max(0, world.last - world.now) // 1000 + 600
  local interval = world.is_slow and 7200 or 5 + seconds // (2 + world.pick(8))
  local field = world.by_space and "spaces" or "records"
  return {
    [field] = names, interval = interval, cheap = world.is_cheap, on_error = function() end,
  }
end

--- Say whether a conference has to be reported, and whether it may be.
local function is_expected(world, conference)
  if not world.by_space then
    local is_watched = world.has[conference.name]
    return is_watched, is_watched
  end
  return conference.to > world.began + CLOSE, conference.to > world.began - CLOSE
end

local function note(reported, event)
  local file = event.recording or event.transcript or event.smart_note
  local subject, record = (event.participant or file or event.record).name, event.record.name
  reported.of[subject] = reported.of[subject] or {}
  table.insert(reported.of[subject], file and event.type or event.type .. " " .. event.time)
  if file then
    assert(reported.times[event.time], "a file's time is no other event's")
  else
    reported.is_ordered = reported.is_ordered and event.time >= (reported.latest[record] or "")
    reported.latest[record], reported.times[event.time] = event.time, true
  end
end

--- The next event; what fails is an error table, and no end.
local function take(watcher, reported)
  local ok, event = pcall(watcher)
  if ok and event then note(reported, event) end
  assert(ok or getmetatable(event).__name == "googlemeet.error", event)
  return not ok or event ~= nil
end

--- Watch until nothing more can come.
local function watch(world, client, reported)
  local opts = options_of(world)
  world.began = world.now
  local watcher, is_stopped, is_over = meet.watch(client, opts), false, false
  if world.pick(4) == 0 then -- before the first poll
    opts.state = core.decode(core.encode(watcher:state()))
    world.now = world.now + world.pick(64) * world.step
    watcher = meet.watch(client, opts)
  end
  local last = math.max(world.last, world.now) + 60000 -- from then on all files are looked at
  local looks_left = 4 + 2 * world.faults -- a pause after 429 is taken for one, too
  local function may_stop()
    is_stopped = is_stopped or world.restarts > 0 and world.pick(8) == 0
    if is_stopped then watcher:close() end
  end
  function world.on_sleep()
    world.looks = world.looks + 1
    assert(world.looks < MOST_LOOKS, "the watch does not end")
    if world.now > last then looks_left = looks_left - 1 end
    is_over = world.by_space and looks_left < 0
    is_stopped = is_stopped or is_over
    may_stop()
  end
  repeat
    local goes_on = take(watcher, reported)
    may_stop()
    is_over = is_over or not goes_on and not is_stopped
    if is_stopped and not is_over then
      world.restarts, is_stopped = world.restarts - 1, false
      opts.state = core.decode(core.encode(watcher:state()))
      watcher = meet.watch(client, opts)
    end
  until is_over
end

local function check(world, reported)
  assert(reported.is_ordered or world.is_cheap, "not in order of time")
  local expected = {}
  for _, one in ipairs(world.conferences) do
    local has_to_be, may_be = is_expected(world, one)
    if has_to_be or may_be and reported.of[one.name] then
      for subject, texts in pairs(schedule.events_of(one)) do
        expected[subject] = table.concat(texts, "\n")
      end
    end
  end
  for subject, texts in pairs(reported.of) do
    local text = table.concat(texts, "\n")
    assert(text == expected[subject], ("%s was reported as\n%s\nand is\n%s"):format(subject, text,
      expected[subject]))
    expected[subject] = nil
  end
  local missing, texts = next(expected)
  assert(not missing, missing and missing .. " was not reported: " .. texts)
end

return function(bytes)
  local world = make_world(bytes)
  local client <close> = assert(meet.new {
    api_key = "k", rate = false, retry = false,
    clock = {
      now = function() return world.offset + world.now / 1000 end,
      sleep = function(seconds)
        world.now = world.now + math.ceil(seconds * 1000)
        world.on_sleep()
      end,
    },
    transport = function(request) return answer(world, request.url) end,
  })
  local reported = { of = {}, latest = {}, times = {}, is_ordered = true }
  watch(world, client, reported)
  check(world, reported)
end
