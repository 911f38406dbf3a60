--- The next page, sent for while the caller works on this one; against a scripted server.

local meet = require "googlemeet"
local Server = require "spec.support.server"
local frames = require "spec.support.frames"

local server, client

local function page(names, token)
  local items = {}
  for index, name in ipairs(names) do items[index] = ('{"name":"%s"}'):format(name) end
  return { body = ('{"participants":[%s]%s}'):format(table.concat(items, ","),
    token and (',"nextPageToken":"%s"'):format(token) or "") }
end

--- The same answer with other fields: `with(page {}, { stall = true })`.
local function with(answer, fields)
  for name, value in pairs(fields) do answer[name] = value end
  return answer
end

local function list(answers, opts, options)
  server:script(answers)
  options = options or {}
  options.api_key, options.base_url = options.api_key or "key-of-prefetch", server.url
  options.rate = false
  if options.retry == nil then options.retry = false end
  client = assert(meet.new(options))
  return client.participants:list("r", opts)
end

local function names_of(items)
  local names = {}
  for index, item in ipairs(items) do names[index] = item.name end
  return table.concat(names, " ")
end

--- Drive the engine for what was sent ahead, with tasks that only ask for a turn.
local function let_arrive()
  local task = client:submit(function() for _ = 1, 50 do coroutine.yield() end end)
  while client:step(0.01) do assert.is_false(task:done()) end
end

describe("the prefetched page", function()
  setup(function() server = Server.start() end)
  teardown(function() server:close() end)

  before_each(function()
    collectgarbage() -- sockets close with the last client: those of other specs go first
    collectgarbage()
  end)

  after_each(function() client:close() end)

  it("is requested with the second item, and is there when it is wanted", function()
    local pager = list { page({ "a", "b", "c" }, "t1"), page { "d" } }
    assert.equal("a", pager().name)
    assert.equal(1, #server:requests())
    assert.equal("b", pager().name)
    server:wait_for(2)
    assert.same({ "c", "d" }, { pager().name, pager().name })
    assert.is_nil(pager())
    assert.same({ "", "t1" }, server:queries "pageToken")
  end)

  it("is not requested when only the first item is taken", function()
    assert.equal("a", list({ page({ "a", "b" }, "t1") }):first().name)
    client:close()
    for item in list { page({ "a", "b" }, "t1") } do
      if item.name == "a" then break end
    end
    assert.equal(1, #server:requests())
    assert.same({ 1, 1 }, { client:stats().requests, client:stats().attempts })
  end)

  it("is requested when pages() or next_page() hand a page out", function()
    local pager = list { page({ "a", "b" }, "t1"), page({ "c" }, "t2"), page { "d" } }
    assert.equal("a b", names_of(pager:next_page()))
    server:wait_for(2)
    local seen = {}
    for items in pager:pages() do seen[#seen + 1] = names_of(items) end
    assert.same({ "c", "d" }, seen)
    assert.same({ "", "t1", "t2" }, server:queries "pageToken")
  end)

  it("is not requested when the limit ends within the page at hand", function()
    for _, limit in ipairs { 2, 3 } do
      local pager = list({ page({ "a", "b", "c" }, "t1") }, { limit = limit })
      for _ = 1, limit do assert(pager()) end
      assert.is_nil(pager())
      assert.equal(1, client:stats().requests)
      client:close()
    end
    local pager = list({ page({ "a", "b", "c" }, "t1"), page { "d", "e" } }, { limit = 4 })
    assert.equal("a b c d", names_of(pager:all()))
    assert.equal(2, client:stats().requests)
    client:close()
    pager = list({ page({ "a", "b", "c" }, "t1") }, { limit = 3 })
    assert.equal("a b c", names_of(pager:next_page()))
    assert.equal(1, client:stats().requests)
  end)

  it("is not requested at the end of the list", function()
    assert.equal("a b", names_of(list({ page { "a", "b" } }):all()))
    assert.equal(1, client:stats().requests)
  end)

  it("has the filter, fields and page size of the first page", function()
    local opts = { filter = "latest_end_time IS NULL", page_size = 3,
      fields = "participants(name),nextPageToken" }
    local pager = list({ page({ "a", "b", "c" }, "t1"), page { "d" } }, opts)
    for _ = 1, 2 do pager() end
    server:wait_for(2)
    assert.same({ opts.filter, opts.filter }, server:queries "filter")
    assert.same({ "3", "3" }, server:queries "pageSize")
    assert.same({ opts.fields, opts.fields }, server:queries "fields")
    assert.same({ "", "t1" }, server:queries "pageToken")
  end)

  it("has the call's own connection", function()
    local pager = list({ page({ "a", "b" }, "t1"), page { "c" } }, { connection = "c9" })
    assert.equal("a b c", names_of { pager(), pager(), pager() })
    local requests = server:requests()
    assert.equal("c9", requests[2].headers["maton-connection"])
  end)

  it("is cancelled when the list is closed, by a break too", function()
    local answers = { page({ "a", "b", "c" }, "t1"), with(page { "d" }, { stall = true }) }
    for item in list(answers) do
      if item.name == "b" then break end
    end
    server:wait_for_close(1)
    client:close()
    local pager = list(answers)
    for _ = 1, 2 do pager() end
    pager:close()
    server:wait_for_close(1)
    assert.is_nil(pager())
    assert.equal(2, client:stats().requests)
  end)

  it("is cancelled when the list is collected", function()
    local pager = list { page({ "a", "b" }, "t1"), with(page { "c" }, { stall = true }) }
    for _ = 1, 2 do pager() end
    server:wait_for(2)
    pager = nil -- luacheck: ignore 311 (lets go of it)
    collectgarbage()
    collectgarbage()
    server:wait_for_close(1)
  end)

  it("serves a caller who was busy for longer than the timeout", function()
    local pager = list({ page({ "a", "b" }, "t1"), with(page { "c" }, { delay = 1.3 }) }, nil,
      { timeout = 1 })
    for _ = 1, 2 do pager() end
    local ends = client:now() + 1.1 -- the work, longer than the timeout
    while client:now() < ends do client:step(0) end
    assert.equal("c", pager().name)
    assert.equal(2, client:stats().attempts)
  end)

  it("has a timeout that starts when somebody waits for it", function()
    local stalled = with(page { "c" }, { stall = true })
    local pager = list({ page({ "a", "b" }, "t1"), stalled }, nil, { timeout = 0.5 })
    for _ = 1, 2 do pager() end
    assert.equal("timeout", select(2, pager:next_page()).kind)
    client:close()
    pager = list({ page({ "a", "b" }, "t1"), stalled }, nil, { timeout = 30, deadline = 0.5 })
    for _ = 1, 2 do pager() end
    local _, err = pager:next_page()
    assert.is_truthy(err.kind == "deadline" or err.kind == "timeout", err.kind)
  end)

  it("ends after one deadline when nobody waits for it, and is requested again", function()
    local pager = list({ page({ "a", "b" }, "t1"), with(page { "lost" }, { stall = true }),
      page { "c" } }, nil, { deadline = 0.7, retry = { initial = 0, max = 0 } })
    for _ = 1, 2 do pager() end
    server:wait_for(2)
    local began = client:now()
    local sleeper = client:submit(function() client:sleep(1) end)
    while client:step(0.1) do assert.is_false(sleeper:done()) end
    server:wait_for_close(1)
    assert.is_true(client:now() - began < 5)
    assert.equal(2, #server:requests())
    assert.equal("c", pager().name)
  end)

  it("has such a timeout in a host loop too, which only steps without waiting", function()
    local pager = list({ page({ "a", "b" }, "t1"), with(page { "c" }, { stall = true }) }, nil,
      { timeout = 0.5 })
    for _ = 1, 2 do pager() end
    local task = client:submit(function() return pager:next_page() end)
    local limit = os.time() + 5
    while not task:done() and os.time() < limit do client:step(0) end
    assert.is_true(task:done())
    assert.equal("timeout", select(2, task:result()).kind)
  end)

  it("is requested once more when it failed unseen", function()
    local pager = list { page({ "a", "b" }, "t1"), { status = 500 }, page({ "c", "d" }, "t2"),
      { status = 500 }, { status = 403 }, page { "e" } }
    for _ = 1, 2 do pager() end
    server:wait_for(2)
    let_arrive()
    assert.same({ "c", "d" }, { pager().name, pager().name })
    server:wait_for(4)
    let_arrive()
    local raised, err = pcall(pager)
    assert.same({ false, "permission" }, { raised, err.kind })
    assert.equal("e", pager().name)
    assert.same({ "", "t1", "t1", "t2", "t2", "t2" }, server:queries "pageToken")
  end)

  it("is requested once more when its refusal lies unread", function()
    local pager = list { page({ "a", "b" }, "t1"), { status = 500 }, page { "c" } }
    for _ = 1, 2 do pager() end
    server:wait_for(2)
    os.execute "sleep 0.05" -- until the answer is at this end: there is nothing else to ask
    assert.equal("c", pager().name)
  end)

  it("fails at once when it would have to wait past the deadline", function()
    local pager = list({ page({ "a", "b" }, "t1"),
      { status = 503, headers = { ["Retry-After"] = 3600 } } }, nil, { retry = {}, deadline = 20 })
    for _ = 1, 2 do pager() end
    server:wait_for(2)
    let_arrive()
    local _, err = pager:next_page()
    assert.same({ "server", 503, 1 }, { err.kind, err.status, err.attempts })
    assert.is_true(err.retry_after > 3500)
  end)

  it("gives its socket to a call, and is requested again when it is wanted", function()
    local answers = {}
    for _ = 1, 16 do -- as many as there may be sockets
      answers[#answers + 1] = page({ "a", "b" }, "t1")
      answers[#answers + 1] = with(page { "lost" }, { stall = true })
    end
    answers[#answers + 1] = { body = '{"name":"spaces/x"}' }
    answers[#answers + 1] = page { "c" }
    local first, lists = list(answers), {}
    for index = 1, 16 do
      lists[index] = index == 1 and first or client.participants:list "r"
      for _ = 1, 2 do lists[index]() end
      server:wait_for(2 * index)
    end
    assert.equal("spaces/x", assert(client.spaces:get("x", { deadline = 5 })).name)
    assert.equal("c", first().name)
    server:release()
  end)

  it("shares the socket that it is making with a call", function()
    local secure <close> = Server.start { tls = true }
    local fields = { { ":status", "200" }, { "content-type", "application/json" } }
    local function answer(stream, answered)
      return frames.headers(stream, fields) .. frames.data(stream, answered.body, true)
    end
    local tls, hello = { tls = "good", protocol = "h2" }, frames.settings()
    secure:play {
      { tls, hello, { streams = 1 }, answer(1, page({ "a", "b" }, "t1")) .. frames.goaway(1, 0) },
      { tls, hello, { streams = 2 },
        answer(1, page { "c" }) .. answer(3, { body = '{"name":"spaces/x"}' }), { hold = true } },
    }
    client = assert(meet.new { api_key = "key-of-prefetch", base_url = secure.url,
      ca_file = secure.cert, rate = false, retry = false })
    local pager = client.participants:list "r"
    assert(pager())
    os.execute "sleep 0.05" -- until the end of the page's socket is at this end
    assert(pager())
    assert.equal("spaces/x", assert(client.spaces:get("x", { deadline = 5 })).name)
    assert.equal("c", pager().name)
    assert.same({ 2, 3 }, { secure:sockets(), #secure:requests() })
  end)

  it("is requested inside tasks, and other tasks go on", function()
    local pager = list { page({ "a", "b" }, "t1"), page({ "c", "d" }, "t2"), page { "e" } }
    local results = assert(client:gather { function()
      local names = {}
      for item in pager do
        names[#names + 1] = item
        coroutine.yield()
      end
      return names_of(names)
    end, function() return "other" end })
    assert.same({ "a b c d e", "other", n = 2 }, results)
    assert.same({ "", "t1", "t2" }, server:queries "pageToken")
  end)

  it("is given once to the tasks that share the list", function()
    local pager = list { page({ "a", "b" }, "t1"), page({ "c", "d" }, "t2"), page { "e" } }
    local names = {}
    local function work()
      for item in pager do
        names[#names + 1] = item.name
        coroutine.yield()
      end
    end
    assert(client:gather { work, work, work })
    table.sort(names)
    assert.equal("a b c d e", table.concat(names, " "))
    assert.same({ "", "t1", "t2" }, server:queries "pageToken")
  end)

  it("is not given by a closed client, though it is there", function()
    local pager = list { page({ "a", "b" }, "t1"), page { "c" } }
    for _ = 1, 2 do pager() end
    server:wait_for(2)
    let_arrive()
    client:close()
    local _, message = pcall(function() return (pager:next_page()) end)
    assert.matches("prefetch_spec%.lua:%d+: the client is closed", message)
  end)

  it("ends with its client when it is under way", function()
    local pager = list { page({ "a", "b" }, "t1"), with(page { "c" }, { stall = true }) }
    for _ = 1, 2 do pager() end
    server:wait_for(2)
    client:close()
    server:wait_for_close(1)
    assert.is_false((pcall(pager)))
  end)

  it("is not requested when the key is a function", function()
    local asked = 0
    local pager = list({ page({ "a", "b" }, "t1"), page { "c" } }, nil, { api_key = function()
      asked = asked + 1
      return "key-of-prefetch"
    end })
    for _ = 1, 2 do pager() end
    assert.same({ 1, 1 }, { asked, client:stats().requests })
    assert.equal("c", pager().name)
    assert.equal(2, asked)
  end)

  it("is not requested when the client's connection is not resolved yet", function()
    local pager = list({ page({ "a", "b" }, "t1"), page { "c" } }, { connection = "c" },
      { connection = function() error "asked" end })
    for _ = 1, 2 do pager() end
    assert.equal(1, client:stats().requests)
    assert.equal("c", pager().name)
  end)

  it("is requested once, though next_page() gives the rest of the page at hand", function()
    local pager = list { page({ "a", "b", "c" }, "t1"), page { "d" } }
    for _ = 1, 2 do pager() end
    assert.equal("c", names_of(pager:next_page()))
    assert.equal("d", names_of(pager:next_page()))
    assert.same({ "", "t1" }, server:queries "pageToken")
  end)

  it("goes to whoever asks while a task waits for it, and only once", function()
    local again = with(page({ "b" }, "t2"), { delay = 0.1 })
    local pager = list { page({ "a" }, "t1"), again, again, page { "c" } }
    assert.equal("a", pager().name)
    local task = client:submit(function() return pager:next_page() end)
    client:step(0)
    assert.equal("b", pager().name) -- outside of tasks: it does not wait for one
    assert.equal("c", names_of(task:result()))
    assert.same({ "", "t1", "t1", "t2" }, server:queries "pageToken")
  end)

  it("is not requested through a transport", function()
    local sent = 0
    client = assert(meet.new { api_key = "key-of-prefetch", rate = false, transport = function()
      sent = sent + 1
      return { status = 200, body = page({ "a", "b" }, sent < 2 and "t1" or nil).body }
    end })
    local pager = client.participants:list "r"
    for _ = 1, 2 do pager() end
    assert.equal(1, sent)
    assert.equal("a b", names_of(pager:all()))
  end)
end)
