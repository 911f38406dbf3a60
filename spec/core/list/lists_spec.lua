-- Lists: the pager, what it asks for, and how it ends.

local meet = require "googlemeet"
local manual_clock = require "spec.support.clock"

local sent, client

--- Query of a URL, each value decoded.
local function query_of(url)
  local query = {}
  for name, value in url:gmatch "[?&]([^=]+)=([^&]*)" do
    query[name] = value:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end)
  end
  return query
end

--- A client that plays these pages back, JSON texts.
local function playing(pages, options)
  options = options or {}
  options.api_key, options.retry, options.clock = "test-key", false, manual_clock()
  sent = {}
  options.transport = function(request)
    sent[#sent + 1] = query_of(request.url)
    local page = table.remove(pages, 1) or error "the list asks for too many pages"
    return { status = 200, body = page }
  end
  client = assert(meet.new(options))
  return client
end

local function status(number)
  return { fails = number }
end

--- Likewise, where a page may be `status(number)`.
local function playing_with_failures(pages)
  local made = playing {}
  return made:with { transport = function(request)
    sent[#sent + 1] = query_of(request.url)
    local page = table.remove(pages, 1)
    if type(page) == "table" then return { status = page.fails, body = "" } end
    return { status = 200, body = page }
  end }
end

local function page(names, token)
  local items = {}
  for index, name in ipairs(names) do items[index] = ('{"name":"%s"}'):format(name) end
  return ('{"participants":[%s]%s}'):format(table.concat(items, ","),
    token and (',"nextPageToken":"%s"'):format(token) or "")
end

local function names_of(items)
  local names = {}
  for index, item in ipairs(items) do names[index] = item.name end
  return names
end

local function queries(name)
  local values = {}
  for index, query in ipairs(sent) do values[index] = query[name] or "" end
  return values
end

after_each(function() if client then client:close() end end)

describe("a list", function()
  it("gives the four values of a generic for, and sends nothing yet", function()
    local pager, state, control, closing = playing({}).participants:list "r"
    assert.same({}, sent)
    assert.same({ "userdata", nil, nil }, { type(pager), state, control })
    assert.equal(pager, closing)
  end)

  it("gives every item of every page, in order", function()
    local names = {}
    for item in playing({ page({ "a", "b" }, "t1"), page { "c" } }).participants:list "r" do
      names[#names + 1] = item.name
    end
    assert.same({ "a", "b", "c" }, names)
    assert.same({ "", "t1" }, queries "pageToken")
  end)

  it("ends with a token that is empty", function()
    assert.same({ "a" }, names_of(playing({ page({ "a" }, "") }).participants:list("r"):all()))
  end)

  it("goes on past empty pages that have a token", function()
    local pages = { page({}, "t1"), '{"nextPageToken":"t2"}', page({ "a" }, "t3"), "{}" }
    assert.same({ "a" }, names_of(playing(pages).participants:list("r"):all()))
    assert.same({ "", "t1", "t2", "t3" }, queries "pageToken")
  end)

  it("skips items that are null", function()
    local pages = { '{"participants":[null,{"name":"a"},null]}' }
    assert.same({ "a" }, names_of(playing(pages).participants:list("r"):all()))
  end)

  it("sends the token back as the server gave it", function()
    local pages = { '{"participants":[{}],"nextPageToken":"a+b/c=&d é"}', "{}" }
    assert(playing(pages).participants:list("r"):all())
    assert.equal("a+b/c=&d é", sent[2].pageToken)
  end)

  it("repeats filter, fields and page size on page two", function()
    local options = { filter = 'latest_end_time IS NULL AND x="ü"', fields = "nextPageToken",
      page_size = 7 }
    assert(playing({ page({ "a" }, "t1"), "{}" }).participants:list("r", options):all())
    sent[2].pageToken = nil
    assert.same({ filter = options.filter, fields = "nextPageToken", pageSize = "7" }, sent[1])
    assert.same(sent[1], sent[2])
  end)

  for title, tokens in pairs {
    ["the one just used"] = { "t1", "t1" }, ["one used before"] = { "t1", "t2", "t1", "t2" },
    ["one of a longer round"] = { "a", "b", "c", "a", "b", "c", "a", "b", "c", "a" },
  } do
    it("is an error when the server gives a token again: " .. title, function()
      local pages = {}
      for index, token in ipairs(tokens) do pages[index] = page({ "a" }, token) end
      local items, err = playing(pages).participants:list("r"):all()
      assert.same({ nil, "decode", "gateway" }, { items, err.kind, err.origin })
      assert.truthy(err.message:find("page token again", 1, true))
    end)
  end

  it("gives items that are resources with methods", function()
    local item = playing({ page { "conferenceRecords/r/participants/p" }, "{}" })
      .participants:list("r"):first()
    assert.same({}, item:sessions():all())
    assert.equal(2, #sent)
  end)

  it("outlives the variable of its client, and a collection between items", function()
    local pager = playing({ page({ "a", "b" }, "t1"), page { "c" } }).participants:list "r"
    local held = client
    client = { close = function() held:close() end }
    local names = {}
    for item in pager do
      collectgarbage "step"
      collectgarbage()
      names[#names + 1] = item.name
    end
    assert.same({ "a", "b", "c" }, names)
  end)

  it("is a pager for connections, too", function()
    local listed = playing { '{"connections":[{"connection_id":"c1"},{"connection_id":"c2"}]}' }
    assert.equal("c1", listed.connections:list():first().connection_id)
    assert.same({ { app = "google-meet" } }, sent)
  end)

  it("takes status for connections, and app = false for those of all apps", function()
    local listed = playing { "{}", "{}", "{}" }
    assert.same({}, listed.connections:list({ app = false }):all())
    assert.same({}, listed.connections:list({ app = "slack", status = "ACTIVE" }):all())
    assert.same({ {}, { app = "slack", status = "ACTIVE" } }, sent)
  end)
end)

describe("the page size of a list", function()
  for title, row in pairs {
    ["is the server's maximum unless given"] = { {}, "250" },
    ["is that given"] = { { page_size = 10 }, "10" },
    ["is never over the server's maximum"] = { { page_size = 9999 }, "250" },
    ["is no more than the limit"] = { { limit = 3 }, "3" },
    ["is not the limit where that is larger"] = { { limit = 9999 }, "250" },
    ["is the smaller one of size and limit"] = { { limit = 50, page_size = 20 }, "20" },
  } do
    it(title, function()
      assert(playing({ page { "a" } }).participants:list("r", row[1]):all())
      assert.same({ row[2] }, queries "pageSize")
    end)
  end
end)

describe("an option of a list", function()
  it("limit cuts the items, and no page beyond it is requested", function()
    local pages = { page({ "a", "b" }, "t1"), page({ "c", "d" }, "t2") }
    local pager = playing(pages).participants:list("r", { limit = 3, page_size = 2 })
    assert.same({ "a", "b", "c" }, names_of(pager:all()))
    assert.equal(2, #sent)
  end)

  it("limit may be 0, which requests nothing", function()
    assert.same({}, playing({}).participants:list("r", { limit = 0 }):all())
    assert.is_nil(playing({}).participants:list("r", { limit = 0 }):first())
  end)

  it("page_token may be too long for a URL, an error of kind decode", function()
    local listed = playing {}
    local _, err = listed.participants:list("r", { page_token = ("/"):rep(30000) }):all()
    assert.same({ "decode", "client", "the page token: over the limit of 65536 bytes" },
      { err.kind, err.origin, err.message })
  end)

  for _, options in ipairs { { limit = -1 }, { limit = 1.5 }, { page_size = 0 }, { limit = "3" },
    { page_token = 5 }, { page_token = "a\nb" }, { filter = 5 } } do
    it("is checked before anything is sent: " .. next(options), function()
      local listed = playing {}
      assert.has_error(function() assert(listed.participants:list("r", options)) end)
    end)
  end
end)

describe("pager:pages()", function()
  it("gives arrays of items in a for", function()
    local pages = {}
    for items in playing({ page({ "a", "b" }, "t1"), page({}, "t2"), page { "c" } })
      .participants:list("r"):pages() do
      pages[#pages + 1] = names_of(items)
    end
    assert.same({ { "a", "b" }, { "c" } }, pages)
  end)

  it("raises the error table itself", function()
    local pager = playing_with_failures({ page({ "a" }, "t1"), status(403) }).participants:list "r"
    local seen = 0
    local raised, err = pcall(function() for _ in pager:pages() do seen = seen + 1 end end)
    assert.same({ false, 1, "permission" }, { raised, seen, err.kind })
  end)

  it("cuts the last page at the limit", function()
    local pages = {}
    for items in playing({ page({ "a", "b", "c" }, "t1") }).participants:list("r", { limit = 2 })
      :pages() do
      pages[#pages + 1] = names_of(items)
    end
    assert.same({ { "a", "b" } }, pages)
  end)
end)

describe("pager:next_page()", function()
  it("gives one array at a time, then nothing", function()
    local pager = playing({ page({ "a", "b" }, "t1"), page { "c" } }).participants:list "r"
    assert.same({ "a", "b" }, names_of(pager:next_page()))
    assert.same({ "c" }, names_of(pager:next_page()))
    assert.equal(0, select("#", pager:next_page()))
    assert.equal(0, select("#", pager:next_page()))
  end)

  it("gives nil and an error, and may be called again for the same page", function()
    local pager = playing_with_failures({ page({ "a" }, "t1"), status(503), page { "b" } })
      .participants:list "r"
    assert.same({ "a" }, names_of(pager:next_page()))
    local items, err = pager:next_page()
    assert.same({ nil, "server" }, { items, err.kind })
    assert.same({ "b" }, names_of(pager:next_page()))
    assert.same({ "", "t1", "t1" }, queries "pageToken")
  end)

  it("gives the rest of a page that was begun", function()
    local pager = playing({ page { "a", "b", "c" } }).participants:list "r"
    assert.equal("a", pager().name)
    assert.same({ "b", "c" }, names_of(pager:next_page()))
    assert.is_nil(pager())
  end)
end)

describe("a pager", function()
  it("called gives the next item, nothing at the end, and raises the error table", function()
    local pager = playing_with_failures({ page({ "a" }, "t1"), status(403), page { "b" } })
      .participants:list "r"
    assert.equal("a", pager().name)
    local raised, err = pcall(pager)
    assert.same({ false, "permission", 403 }, { raised, err.kind, err.status })
    assert.equal("b", pager().name)
    assert.is_nil(pager())
  end)

  it("gives all that is left, or nil and an error", function()
    local pager = playing_with_failures({ page({ "a", "b" }, "t1"), status(500), page { "c" } })
      .participants:list "r"
    assert.equal("a", pager().name)
    local items, err = pager:all()
    assert.same({ nil, "server" }, { items, err.kind })
  end)

  it("gives the first item, nil without an error when there is none", function()
    assert.equal("a", playing({ page { "a", "b" } }).participants:list("r"):first().name)
    assert.equal(1, select("#", (playing({ "{}" }).participants:list("r"):first())))
    local item, err = playing({ "{}" }).participants:list("r"):first()
    assert.same({ nil, nil }, { item, err })
    local _, failure = playing_with_failures({ status(403) }).participants:list("r"):first()
    assert.equal("permission", failure.kind)
  end)

  it("resumes at its token without losing an item", function()
    local pager = playing({ page({ "a", "b" }, "t1"), page({ "c", "d" }, "t2") })
      .participants:list "r"
    assert.is_nil(pager:token())
    assert(pager:next_page())
    assert.equal("t1", pager:token())
    assert.equal("c", pager().name)
    assert.equal("t1", pager:token())
    local resumed = playing({ page { "c", "d" } }).participants
      :list("r", { page_token = pager:token() })
    assert.same({ "c", "d" }, names_of(resumed:all()))
    assert.same({ "t1" }, queries "pageToken")
    assert.is_nil(resumed:token())
  end)

  it("gives after a break the token of the page at hand", function()
    local pages = { page({ "a" }, "t1"), page({ "b", "c" }, "t2") }
    local pager, state, control, closing = playing(pages).participants:list "r"
    for item in pager, state, control, closing do
      if item.name == "b" then break end
    end
    assert.equal("t1", pager:token())
  end)

  it("is closed by a break, asks for nothing more, and may be closed again", function()
    local pages = { page({ "a", "b" }, "t1") }
    local pager, state, control, closing = playing(pages).participants:list "r"
    for item in pager, state, control, closing do
      if item.name == "a" then break end
    end
    assert.is_nil(pager())
    pager:close()
    assert.equal(1, #sent)
  end)

  it("whose client is closed in the middle gives what it has, then raises", function()
    local pager = playing({ page({ "a", "b" }, "t1") }).participants:list "r"
    assert.equal("a", pager().name)
    client:close()
    assert.equal("b", pager().name)
    local _, message = pcall(function() return (pager:next_page()) end)
    assert.truthy(message:find("lists_spec%.lua:%d+: the client is closed"), message)
  end)

  it("lets a transport yield out of a for", function()
    local listed = playing({}):with { transport = function()
      coroutine.yield "waiting"
      return { status = 200, body = page { "a" } }
    end }
    local task = coroutine.wrap(function()
      for item in listed.participants:list "r" do coroutine.yield(item.name) end
      return "end"
    end)
    assert.same({ "waiting", "a", "end" }, { task(), task(), task() })
  end)

  it("gives a page once when its own transport uses it", function()
    local pager, inner
    local listed = playing({}):with { transport = function()
      if #sent == 0 then
        sent[1] = {}
        inner = pager:next_page()
      end
      return { status = 200, body = page { "a" } }
    end }
    pager = listed.participants:list "r"
    assert.is_nil(pager:next_page())
    assert.same({ "a" }, names_of(inner))
  end)

  it("raises in its for what the lookup of a meeting code gave", function()
    local listed = playing_with_failures { status(404) }
    local raised, err = pcall(function()
      for _ in listed.members:list "abc-mnop-xyz" do assert(nil, "no member is there") end
    end)
    assert.same({ false, "not_found" }, { raised, type(err) == "table" and err.kind })
  end)

  it("looks the space of a meeting code up once, when a page is wanted", function()
    local pages = { status(503), '{"name":"spaces/s"}',
      '{"members":[{"name":"a"}],"nextPageToken":"t"}', '{"members":[{"name":"b"}]}' }
    local pager = playing_with_failures(pages).members:list("ABC-mnop-xyz", { page_size = 1 })
    assert.same({}, sent)
    assert.equal("server", select(2, pager:next_page()).kind)
    assert.same({ "a", "b" }, names_of(pager:all()))
    assert.same({ { fields = "name" }, { fields = "name" }, { pageSize = "1" },
      { pageSize = "1", pageToken = "t" } }, sent)
  end)
end)

describe("a list with fields", function()
  it("asks for the next token too, or it would end at page one", function()
    local gateway = require "googlemeet.testing".gateway {}
    gateway:seed()
    local own <close> = assert(meet.new { api_key = "test-key", transport = gateway.transport,
      clock = manual_clock() })
    local pager = own.participants:list("cr-webinar-19be", { fields = "participants(name)" })
    assert.equal(280, #assert(pager:all()))
    assert.equal("participants(name),nextPageToken", gateway.log[1].query.fields)
  end)

  it("asks for it once, however the caller spells it", function()
    for _, fields in ipairs { "nextPageToken", "next_page_token", "*" } do
      assert(playing { page {} }.participants:list("r", { fields = fields }):all())
      assert.equal(fields, sent[1].fields)
    end
  end)
end)
