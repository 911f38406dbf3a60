-- Lists inside tasks, and a pager that several tasks share.

local turns = require "spec.support.turns"

local client, started

after_each(function() client:close() end)

describe("a pager inside tasks", function()
  --- Three pages of two, each answered after a turn.
  local function paged(request)
    local token = request.url:match "pageToken=(%w+)" or "-"
    started[#started + 1] = token
    coroutine.yield()
    local number = tonumber(token:match "%d") or 1
    return { status = 200, body = ('{"participants":[{"name":"%da"},{"name":"%db"}]%s}'):format(
      number, number, number < 3 and (',"nextPageToken":"t%d"'):format(number + 1) or "") }
  end

  before_each(function() client, started = turns.open { transport = paged }, {} end)

  local function names(pager)
    local list = {}
    for item in pager do list[#list + 1] = item.name end
    return table.concat(list, " ")
  end

  it("gives its items while other pagers give theirs", function()
    local function walk() return names(client.participants:list "r") end
    assert.same({ "1a 1b 2a 2b 3a 3b", "1a 1b 2a 2b 3a 3b", n = 2 }, client:gather { walk, walk })
    assert.same({ "-", "-", "t2", "t2", "t3", "t3" }, started)
  end)

  it("gives several tasks each item once, and asks for each page once", function()
    local pager, seen = client.participants:list "r", {}
    local function work()
      for item in pager do
        seen[#seen + 1] = item.name
        coroutine.yield()
      end
    end
    assert(client:gather { work, work, work, work })
    table.sort(seen)
    assert.equal("1a 1b 2a 2b 3a 3b", table.concat(seen, " "))
    assert.same({ "-", "t2", "t3" }, started)
  end)

  it("gives nothing more to any task when one of them closes it", function()
    local pager = client.participants:list "r"
    local results = client:gather { function() return names(pager) end,
      function() pager:close() end }
    assert.same({ "", nil, n = 2 }, results)
  end)

  it("serves the next task when the one that asked for its page is cancelled", function()
    local pager = client.participants:list "r"
    local first = client:submit(function() return pager:next_page() end)
    local second = client:submit(function() return #assert(pager:all()) end)
    client:step(0)
    first:cancel()
    assert.equal(6, second:result())
  end)

  it("may be shared before the space of its meeting code is known", function()
    client:close()
    client = turns.open { transport = function(request)
      coroutine.yield()
      if not request.url:find "/members" then
        return { status = 200, body = '{"name":"spaces/s"}' }
      end
      local token = request.url:match "pageToken=t(%d)"
      return { status = 200, body = ('{"members":[{"name":"a"},{"name":"b"}]%s}'):format(
        token and "" or ',"nextPageToken":"t2"') }
    end }
    local pager, count = client.members:list "abc-mnop-xyz", 0
    local function work()
      for _ in pager do
        count = count + 1
        collectgarbage()
      end
    end
    assert(client:gather { work, work, work })
    assert.equal(4, count)
  end)
end)
