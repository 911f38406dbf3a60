-- client:map: one function over the items of an array or an iterator, some at once.

local meet = require "googlemeet"
local turns = require "spec.support.turns"

local must = turns.must

local client, ended

local function open(options)
  if client then client:close() end
  client, ended = turns.open(options)
end

before_each(function() open() end)
after_each(function() client:close() end)

local function getting(id) return turns.getting(client, id) end

describe("client:map", function()
  it("calls with item and index, and gives the results in the order of the items", function()
    local results = client:map({ "a3", "b1", "c2" }, function(id, index)
      return index .. getting(id)()
    end)
    assert.same({ "1spaces/a3", "2spaces/b1", "3spaces/c2", n = 3 }, results)
    assert.same({ "b1", "c2", "a3" }, ended)
  end)

  it("gives an empty array for no items", function()
    assert.same({ n = 0 }, client:map({}, error))
    assert.same({ n = 0 }, client:map(function() end, error))
  end)

  it("runs at most `concurrency` functions at once", function()
    local now, most = 0, 0
    local function work()
      now = now + 1
      most = math.max(most, now)
      coroutine.yield()
      now = now - 1
      return true
    end
    local items = {}
    for i = 1, 100 do items[i] = i end
    assert.equal(100, client:map(items, work, { concurrency = 7 }).n)
    assert.equal(7, most)
    assert(client:map(items, work))
    assert.equal(32, most)
  end)

  it("raises the misuse of a tail call in its function at the script's line", function()
    local gateway = meet.testing.gateway()
    local record = gateway:seed().records.planning.name
    local seeing <close> = assert(meet.new { api_key = "test-key",
      transport = gateway.transport })
    local one = assert(seeing.conference_records:get(record))
    for _, collect in ipairs { false, true } do
      local _, message = pcall(function()
        return (seeing:map({ one }, function(each) return each:attendance { late = 5 } end,
          { collect = collect }))
      end)
      assert.matches("^[^\n]*map_spec%.lua:%d+: unknown option 'late'; known: ", message)
      _, message = pcall(function()
        return (seeing:gather({ function() return one:attendance { late = 5 } end },
          { collect = collect }))
      end)
      assert.matches("^[^\n]*map_spec%.lua:%d+: unknown option 'late'; known: ", message)
    end
  end)

  it("raises for a misused argument or option at the caller's line", function()
    for _, row in ipairs {
      { { 5, print }, "map: an array or an iterator expected, got number" },
      { { nil, print }, "map: an array or an iterator expected, got nil" },
      { { (pairs { 1 }), print }, "map: an array or an iterator expected: give the table itself" },
      { { (ipairs { 1 }), print }, "map: an array or an iterator expected: give the table itself" },
      { { {}, print, { deadline = 0 } },
        "map: option 'deadline' must be a number of seconds above 0, got 0" },
      { { {}, nil }, "map: a function expected, got nil" },
      { { {}, print, { concurrency = 0 } }, "'concurrency' must be a whole number from 1" },
      { { {}, print, { concurrency = 1.5 } }, "'concurrency' must be a whole number from 1" },
      { { {}, print, { concurrency = "4" } }, "option 'concurrency': number expected" },
      { { {}, print, { concurency = 4 } }, "did you mean 'concurrency'?" },
    } do
      local _, message = pcall(function()
        client:map(table.unpack(row[1], 1, 3))
        return nil
      end)
      assert.matches("^spec/core/task/map_spec%.lua:%d+: ", message)
      assert.is_truthy(message:find(row[2], 1, true), message)
    end
  end)

  it("takes an iterator, which may yield, and does not call it again after its end",
    function()
      local calls = 0
      local function source()
        calls = calls + 1
        local number = calls
        assert(client.spaces:get "x2")
        if number <= 10 then return number end
      end
      local results = client:map(source, function(number) return number * 2 end)
      assert.same({ 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, n = 10 }, results)
      assert.equal(11, calls)
    end)

  it("takes a coroutine.wrap, which would raise if called after its end", function()
    local source = coroutine.wrap(function()
      for i = 1, 40 do coroutine.yield(i) end
    end)
    assert.equal(40, assert(client:map(source, function(i) return i end)).n)
  end)

  it("takes a pager, whose pages come while items are worked on", function()
    local gateway = meet.testing.gateway {}
    gateway:seed()
    open { transport = function(request)
      coroutine.yield()
      return gateway.transport(request)
    end }
    local names = assert(client:map(client.participants:list("cr-webinar-19be", { page_size = 20 }),
      function(person) return person:display_name() or "-" end, { concurrency = 8 }))
    assert.equal(280, names.n)
  end)

  it("gives the first failure and takes no item after it", function()
    local taken = 0
    local function source()
      taken = taken + 1
      return taken
    end
    local results, err = client:map(source, function(i)
      coroutine.yield()
      if i == 3 then return nil, "three" end
      return i
    end, { concurrency = 4 })
    assert.same({ nil, "three" }, { results, err })
    assert.is_true(taken <= 8)
  end)

  it("gives with a failure the results and errors of the other items", function()
    local results, err, partial, errors = client:map({ "a0", "b1", "bad3", "c9", "d9" },
      function(id) return getting(id)() end, { concurrency = 3 })
    assert.is_nil(results)
    assert.same({ "spaces/a0", "spaces/b1", n = 5 }, partial)
    assert.equal(err, errors[3])
    assert.same({ "cancelled", "cancelled" }, { errors[4].kind, errors[5].kind })
    assert.is_nil(errors[1] or errors[2])
  end)

  it("gives with collect the failures by index, returned and raised ones", function()
    local results, errors = client:map({ "a1", "bad1", "bad2" }, function(id)
      if id == "bad2" then return must(client.spaces:get(id)) end
      return getting(id)()
    end, { collect = true })
    assert.same({ "spaces/a1", nil, nil, n = 3 }, results)
    assert.same({ "permission", "permission" }, { errors[2].kind, errors[3].kind })
  end)

  it("ends at the first gap of an array, whatever follows it", function()
    local seen = {}
    local gapped = setmetatable({ "a", [3] = "c" }, { __len = function() return 3 end })
    local results = client:map(gapped, function(item)
      seen[#seen + 1] = item
      return item
    end, { concurrency = 3 })
    assert.same({ "a" }, seen)
    assert.same({ "a", n = 1 }, results)
  end)

  it("takes a second value for an error only after nil", function()
    for _, collect in ipairs { false, true } do
      local results, errors = client:map({ 7 }, function(item) return item, "more" end,
        { collect = collect })
      assert.same({ 7, n = 1 }, results)
      assert.same(collect and {} or nil, errors)
    end
  end)

  it("raises a bug of the function, and of the source", function()
    local function bug() error("a bug", 0) end
    for _, collect in ipairs { false, true } do
      assert.same({ false, "a bug" }, { pcall(client.map, client, { 1, 2 }, bug,
        { collect = collect }) })
      assert.same({ false, "a bug" }, { pcall(client.map, client, bug, print,
        { collect = collect }) })
    end
  end)

  it("ends when its source fails, with collect too", function()
    local calls = 0
    open { transport = function()
      calls = calls + 1
      coroutine.yield()
      return { status = calls == 1 and 200 or 403,
        body = '{"participants":[{"name":"a"}],"nextPageToken":"t"}' }
    end }
    for _, collect in ipairs { false, true } do
      calls = 0
      local results, err = client:map(client.participants:list "r", function() return 1 end,
        { collect = collect })
      assert.same({ nil, "permission", 2 }, { results, err and err.kind, calls })
    end
  end)

  it("reports each item once after a failure of its source", function()
    local failure = select(2, getting "bad"())
    for _, collect in ipairs { false, true } do
      local taken = 0
      local function source()
        taken = taken + 1
        if taken == 4 then error(failure, 0) end
        return ({ "a0", "b1", "c9" })[taken]
      end
      local _, err, partial, errors = client:map(source, function(id) return getting(id)() end,
        { concurrency = 2, collect = collect })
      assert.equal(failure, err)
      assert.same({ "spaces/a0", "spaces/b1", n = 3 }, partial)
      assert.same({ nil, nil, "cancelled", nil },
        { errors[1], errors[2], errors[3].kind, errors[4] })
    end
  end)

  it("nests in a task, and in a generator inside one", function()
    local function names() return table.concat(client:map({ "a1", "b2" }, function(id)
      return getting(id)()
    end), " ") end
    assert.same({ "spaces/a1 spaces/b2", "spaces/a1 spaces/b2", n = 2 }, client:gather {
      names, function() return coroutine.wrap(names)() end })
  end)
end)
