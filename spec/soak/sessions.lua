--- What the soak's callers do, each with its own client: `f(worker, client)`.
-- Every call goes through the ledger; a failure of the documented kinds ends at most a session.

local sessions = {}

local WEBINAR = "conferenceRecords/cr-webinar-19be"
local RECORDS = { WEBINAR, "conferenceRecords/cr-planning-7f3a", "conferenceRecords/cr-planning-4" }
local SPACES = { "spaces/Qm7xT2kLw9Za", "spaces/b4Kd_yR8sJvN", "spaces/W3cTn5XeUu2f" }
local PAGE_SIZES = { 25, 50, 100, 250 }
local TIGHT = 0.3 -- seconds
local MAPPED = 40 -- participants
local NEVER = "spaces/notThereAtAll"

--- Client options that a session needs, made for each.
local options = {}

--- Requests that a list of a record's participants may take.
local function pages_of(worker, record, size)
  return math.max(1, math.ceil(worker.soak.expected[record] / size))
end

local function get_record(worker, client, limits)
  local name = worker.random:pick(RECORDS)
  local deadline = limits and limits.deadline
  local function get() return client.conference_records:get(name, limits) end
  local record
  if deadline then
    record = worker.ledger:call("get in haste", deadline, get)
  else
    record = worker:call("get", 1, get)
  end
  worker:expect(not record or record.name == name, "%s came for %s", record and record.name, name)
end

local function get_space(worker, client)
  local name = worker.random:pick(SPACES)
  local space = worker:call("get", 1, function() return client.spaces:get(name) end)
  worker:expect(not space or space.name == name, "%s came for %s", space and space.name, name)
end

function sessions.reads(worker, client)
  for _ in worker:some(20, 60) do
    local number = worker.random:below(20)
    if number == 0 then
      get_record(worker, client, { deadline = TIGHT })
    elseif number == 1 then
      local _, err = worker:call("get", 1, function() return client.spaces:get(NEVER) end)
      worker:expect(err, "%s is there", NEVER)
    elseif number < 8 then
      get_space(worker, client)
    else
      get_record(worker, client)
    end
  end
end

local lists = {}

--- By pages, each a separate call.
function lists.next_page(worker, pager, record)
  local items = {}
  while true do
    local page, err = worker:call("page", 1, pager.next_page, pager)
    if err then return pager:close() end
    if not page then return worker:expect_list(items, record) end
    table.move(page, 1, #page, #items + 1, items)
  end
end

function lists.all(worker, pager, record, pages)
  local items = worker:call("all", pages, pager.all, pager)
  if items then worker:expect_list(items, record) end
end

--- With the next page under way while this one is worked on.
function lists.loop(worker, pager, record, pages)
  local items = {}
  local is_whole = worker:call("loop", pages, function()
    for item in pager do items[#items + 1] = item end
    return true
  end)
  if is_whole then worker:expect_list(items, record) end
end

function lists.left_early(worker, pager, _, pages)
  local most = worker.random:between(1, 60)
  worker:call("loop left early", pages, function()
    local count = 0
    for _ in pager.pages(pager) do
      count = count + 25
      if count > most then break end
    end
    return true
  end)
  pager:close()
end

function lists.first(worker, pager)
  worker:call("first", 1, pager.first, pager)
  pager:close()
end

--- Another list goes on where this one stopped.
function lists.resumed(worker, pager, record, _, again)
  local page = worker:call("page", 1, pager.next_page, pager)
  local token = page and pager:token()
  pager:close()
  if not token then return end
  local rest = worker:call("all", 12, function() return again(token):all() end)
  if rest then
    table.move(rest, 1, #rest, #page + 1, page)
    worker:expect_list(page, record)
  end
end

local LISTS = { "next_page", "all", "loop", "left_early", "first", "resumed" }

function sessions.lists(worker, client)
  for _ in worker:some(2, 6) do
    local record, size = worker.random:pick(RECORDS), worker.random:pick(PAGE_SIZES)
    local function list(token)
      return client.participants:list(record, { page_size = size, page_token = token })
    end
    lists[worker.random:pick(LISTS)](worker, list(), record, pages_of(worker, record, size), list)
  end
end

--- What a task comes to that is given up.
local function is_cancelled(err)
  return type(err) == "table" and err.kind == "cancelled"
end

local function create(worker, client, on_mark)
  return worker:write(client, "create", 1, function(marked, mark)
    if on_mark then on_mark(mark) end
    return marked.spaces:create { config = { accessType = "OPEN" } }
  end)
end

local function use_members(worker, client, name)
  local member = worker:write(client, "member", 1, function(marked)
    return marked.members:create(name, { email = "somebody@example.com", role = "COHOST" })
  end)
  if not member then return end
  worker:call("members", 1, function() return client.members:list(name):all() end)
  worker:write(client, "member patch", 1, function(marked)
    return marked.members:patch(member.name, { role = "ROLE_UNSPECIFIED" })
  end)
  worker:write(client, "member delete", 1, function(marked)
    return marked.members:delete(member.name)
  end)
end

function sessions.writes(worker, client)
  for _ in worker:some(3, 8) do
    local space = create(worker, client)
    if space then
      local name = space.name
      worker:write(client, "patch", 1, function(marked)
        return marked.spaces:patch(name, { config = { moderation = "ON" } })
      end)
      local again = worker:call("get", 1, function() return client.spaces:get(name) end)
      worker:expect(not again or again.name == name, "another space came for %s", name)
      use_members(worker, client, name)
      worker:write(client, "end", 1, function(marked)
        return marked.spaces:end_active_conference(name)
      end)
    end
  end
end

--- A few reads and a few writes as functions for a gather, and the marks of the writes that begin.
local function several(worker, client)
  local functions, marks = {}, {}
  for index = 1, worker.random:between(4, 16) do
    if worker.random:below(3) == 0 then
      functions[index] = function()
        return create(worker, client, function(mark) marks[index] = mark end)
      end
    else
      functions[index] = function() return get_record(worker, client) or true end
    end
  end
  return functions, marks
end

function sessions.gather(worker, client)
  for _ in worker:some(1, 3) do
    local functions, marks = several(worker, client)
    local results, err, partial, errors = client:gather(functions,
      { collect = worker.random:below(2) == 0 })
    for index, mark in pairs(results and {} or marks) do
      local other = errors[index]
      worker:expect(partial[index] ~= nil or other, "nothing is said of a write beside %s", err)
      if is_cancelled(other) then worker.ledger:reported(mark, other) end
    end
  end
end

function sessions.map(worker, client)
  local people = client.participants:list(WEBINAR, { page_size = 8, limit = MAPPED })
  local results = client:map(people, function(person)
    local again = worker:call("get", 1, function() return client.participants:get(person) end)
    worker:expect(not again or again.name == person.name, "another came for %s", person.name)
    return true
  end, { concurrency = 8, collect = true })
  worker:expect(not results or results.n == MAPPED, "%d mapped of %d", results and results.n,
    MAPPED)
end

function sessions.cancels(worker, client)
  for _ in worker:some(3, 10) do
    local is_write = worker.random:below(2) == 0
    local mark
    local task = client:submit(function()
      if is_write then return create(worker, client, function(given) mark = given end) end
      lists.loop(worker, client.participants:list(WEBINAR, { page_size = 50 }), WEBINAR, 6)
      return true
    end)
    client:sleep(worker.random:below(30) / 1000)
    task:cancel()
    local value, err = task:result()
    worker:expect(value ~= nil or type(err) == "table" and err.kind, "a cancelled task gave %s",
      tostring(err))
    if mark and is_cancelled(err) then worker.ledger:reported(mark, err) end
  end
end

--- The client is closed while calls are under way: they end as cancelled, or were done before.
function sessions.shut(worker, client)
  local functions = several(worker, client)
  functions[#functions + 1] = function()
    client:sleep(worker.random:below(20) / 1000)
    worker:count(client)
    client:close()
    return true
  end
  client:gather(functions, { collect = true })
  return "closed"
end

--- The connection is found out at the first use, which takes a request more.
function sessions.connection(worker, client)
  for _ in worker:some(3, 10) do
    worker:call("get", 2, function() return client.spaces:get(SPACES[1]) end)
  end
end

function options.connection(worker)
  return {
    connection = worker.random:below(2) == 0 and "only" or function(list) return list[1] end,
  }
end

--- The first key that the function gives is refused; it is asked once more.
function sessions.stale_key(worker, client)
  for _ in worker:some(3, 10) do
    worker:call("get", 2, function() return client.spaces:get(SPACES[2]) end)
  end
end

function options.stale_key(worker)
  local key, is_fresh = worker:key(), false
  return {
    api_key = function()
      if is_fresh then return key end
      is_fresh = true
      return "stale"
    end,
  }
end

--- As an account is paced; and somebody listens.
function sessions.paced(worker, client)
  for _ in worker:some(12, 12) do get_space(worker, client) end
end

function options.paced(worker)
  return {
    api_key = ("soak-paced-%d"):format(worker.number),
    rate = { reads_per_minute = 10000 }, retry = { max_attempts = 5 },
    on_event = function(event)
      worker:expect(event.type and event.path, "an event without a type or a path")
    end,
  }
end

local WEIGHTS = {
  { 26, "reads" }, { 18, "lists" }, { 24, "writes" }, { 8, "gather" }, { 2, "map" },
  { 8, "cancels" }, { 6, "shut" }, { 4, "connection" }, { 3, "stale_key" }, { 1, "paced" },
}

local function draw(random)
  local number = random:below(100)
  for _, weight in ipairs(WEIGHTS) do
    if number < weight[1] then return weight[2] end
    number = number - weight[1]
  end
end

--- Open a client, do one of these things with it, close it.
function sessions.run(worker)
  local name = draw(worker.random)
  local client <close> = worker:open(options[name] and options[name](worker))
  if sessions[name](worker, client) ~= "closed" then worker:count(client) end
end

--- What callers do outside `gather`: the same calls, that block there; in a coroutine of the
--- script's own; and in tasks that a host steps.
function sessions.alone(worker)
  local client <close> = worker:open()
  for _ = 1, 20 do get_record(worker, client) end
  create(worker, client)
  lists.loop(worker, client.participants:list(WEBINAR, { page_size = 100 }), WEBINAR, 3)
  local generator = coroutine.wrap(function()
    for _ = 1, 5 do
      get_space(worker, client)
      coroutine.yield()
    end
  end)
  for _ = 1, 5 do generator() end
  for _, f in ipairs(several(worker, client)) do client:submit(function() f() end) end
  while client:step(0.01) do client:poll_set() end
  worker:count(client)
end

return sessions
