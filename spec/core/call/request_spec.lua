-- client:request: everything without a method.

local locale = require "spec.support.locale"
local meet = require "googlemeet"
local made_up_clock = require "spec.support.clock"
local Server = require "spec.support.server"
local tree = require "spec.support.tree"

local sent, answer, client

before_each(function()
  sent, answer = nil, { status = 200 }
  client = assert(meet.new { api_key = "test-key", connection = "c1", retry = false,
    clock = made_up_clock(),
    transport = function(request)
      sent = request
      return answer
    end })
end)

after_each(function() client:close() end)

--- What misuse in `act` says: raised at a line of this file, and nothing was sent.
local function complaint(act)
  local raised, message = pcall(act)
  assert.is_false(raised)
  assert.is_nil(sent)
  return (assert(message:match("request_spec%.lua:%d+: request: (.*)$"), message))
end

--- The parts of the query that was sent, in sorted order.
local function query()
  local parts = {}
  for part in sent.url:match("%?(.*)$"):gmatch "[^&]+" do parts[#parts + 1] = part end
  table.sort(parts)
  return parts
end

describe("client:request sends", function()
  for _, verb in ipairs { "GET", "POST", "PUT", "PATCH", "DELETE" } do
    it("the method " .. verb, function()
      assert(client:request(verb, "/google-meet/v2/x"))
      assert.same({ verb, "https://api.maton.ai/google-meet/v2/x" }, { sent.method, sent.url })
    end)
  end

  it("a query of texts, numbers and booleans", function()
    assert(client:request("GET", "/x", { query = { a = "1 &=é+%", b = 2, c = true, d = "" } }))
    assert.same({ "a=1%20%26%3D%C3%A9%2B%25", "b=2", "c=true", "d=" }, query())
  end)

  it("a repeated query name for an array, in its order", function()
    assert(client:request("GET", "/x", { query = { app = { "b", "a", 3 }, none = {} } }))
    assert.equal("https://api.maton.ai/x?app=b&app=a&app=3", sent.url)
  end)

  it("a number with 14 digits, whatever the version of Lua writes", function()
    assert(client:request("GET", "/x", { query = { app = { 0.1 + 0.2, 2 / 3, 1e15, 2^53 } } }))
    assert.equal("https://api.maton.ai/x?app=0.3&app=0.66666666666667&app=1e%2B15"
      .. "&app=9.007199254741e%2B15", sent.url)
  end)

  it("names of the query encoded", function()
    assert(client:request("GET", "/x", { query = { ["$a b[]"] = 1 } }))
    assert.same({ "%24a%20b%5B%5D=1" }, query())
  end)

  it("a table as JSON", function()
    assert(client:request("PUT", "/x", { body = { a = { 1, 2 } } }))
    assert.same({ '{"a":[1,2]}', "application/json" }, { sent.body, sent.headers["Content-Type"] })
  end)

  it("a text as it is, with the caller's content type", function()
    assert(client:request("POST", "/x", { body = "a\0b\255", headers = {
      ["content-type"] = "application/octet-stream" } }))
    assert.equal("a\0b\255", sent.body)
    assert.same({ "application/octet-stream", nil },
      { sent.headers["content-type"], sent.headers["Content-Type"] })
  end)

  it("no content type without a body", function()
    assert(client:request("POST", "/x"))
    assert.is_nil(sent.headers["Content-Type"])
  end)

  it("the caller's headers, Accept in place of ours", function()
    assert(client:request("GET", "/x", { headers = { ["X-Count"] = 5, accept = "text/csv" } }))
    assert.same({ "5", "text/csv", nil },
      { sent.headers["X-Count"], sent.headers.accept, sent.headers.Accept })
  end)

  it("the connection to everything but the gateway's own calls", function()
    for path, id in pairs { ["/google-meet/v2/x"] = "c1", ["/slack/api"] = "c1",
      ["/connectionsx"] = "c1", ["/connections"] = "none", ["/connections/c2"] = "none" } do
      assert(client:request("GET", path))
      assert.equal(id, sent.headers["Maton-Connection"] or "none", path)
    end
  end)

  it("no connection to /connections under a base URL with a path, either", function()
    local based <close> = client:with { base_url = "https://gateway.example/maton/" }
    assert(based:request("GET", "/connections", { query = { app = "slack" } }))
    assert.equal("https://gateway.example/maton/connections?app=slack", sent.url)
    assert.is_nil(sent.headers["Maton-Connection"])
  end)

  it("the path as it is given, escapes and colons too", function()
    assert(client:request("POST", "/google-meet/v2/spaces/a%2Fb:endActiveConference"))
    assert.equal("https://api.maton.ai/google-meet/v2/spaces/a%2Fb:endActiveConference", sent.url)
  end)

  for _, point in ipairs { ",", ";" } do
    it("a number with a point, also in a locale where that is " .. point, function()
      if locale.lacks() then return pending(locale.lacks()) end
      local said = locale.run(point, [[
        assert(os.setlocale "odd")
        local client = require "googlemeet".new { api_key = "k", transport = function(request)
          io.write(request.url:match "=.*", " ", request.headers["X-Share"], " ")
          return { status = 200 }
        end }
        for _, value in ipairs { 1 / 2, 6 / -3, 10 ^ 300, 7, 1 / 0, "," } do
          client:request("GET", "/x", { query = { a = value }, headers = { ["X-Share"] = value } })
        end ]])
      assert.equal("=0.5 0.5 =-2.0 -2.0 =1e%2B300 1e+300 =7 7 =inf inf =%2C , ", said)
    end)
  end
end)

describe("client:request gives", function()
  it("a JSON body decoded, and the response", function()
    answer = { status = 201, body = '{"a":[1,null,2.5]}', headers = { ["X-Thing"] = "v" } }
    local body, response = client:request("GET", "/x")
    assert.same({ a = { 1, 2.5 } }, body)
    assert.same({ status = 201, headers = { ["x-thing"] = "v" } }, response)
  end)

  it("a text as it is", function()
    answer = { status = 200, body = "a;b\n1;2\n", headers = { ["Content-Type"] = "text/csv" } }
    assert.equal("a;b\n1;2\n", (client:request("GET", "/x")))
  end)

  it("bytes as they are", function()
    answer = { status = 200, body = "\0\255\0" }
    assert.equal("\0\255\0", (client:request("GET", "/x")))
  end)

  it("true where there is no body", function()
    for _, body in ipairs { "", "null" } do
      answer = { status = 204, body = body }
      local value, response = client:request("DELETE", "/x")
      assert.same({ true, 204 }, { value, response.status })
    end
  end)

  it("plain tables: nothing of another server's is a resource", function()
    answer = { status = 200, body = '{"name":"spaces/x"}' }
    assert.is_nil(getmetatable((client:request("GET", "/google-meet/v2/spaces/x"))))
  end)

  it("an error of kind decode where JSON was promised and none came", function()
    answer = { status = 200, body = "<html>", headers = { ["content-type"] = "application/json" } }
    local body, err = client:request("GET", "/x")
    assert.same({ nil, "decode", "<html>" }, { body, err.kind, err.body })
  end)

  it("nil and an error for a refusal", function()
    answer = { status = 403, body = '{"error":{"message":"m","status":"PERMISSION_DENIED"}}' }
    local body, err = client:request("PATCH", "/google-meet/v2/x", { query = { key = "q" } })
    assert.same({ nil, "permission", "PATCH", "/google-meet/v2/x" },
      { body, err.kind, err.method, err.path })
  end)
end)

describe("client:request refuses the path", function()
  for _, path in ipairs { "", "x", "https://evil.example/x", "//evil.example/x", "/a//b", "/..",
    "/a/../b", "/a/..", "/./a", "/a/.", "/%2e%2e/a", "/%2E./a", "/a/.%2e", "/a/%2e", "/a%2f..%2fb",
    "/a%5c..%5cb", "/a\\b", "/a b", "/a\tb", "/a\r\nX: y", "/a\0b", "/a%00b", "/a%0d%0ab", "/a%",
    "/a%2", "/a%zz", "/a?b=c", "/a#b", "/a\127", "@evil.example", ":80/x" } do
    it(("%q"):format(path), function()
      assert.truthy(complaint(function() assert(client:request("GET", path)) end):find "^path ")
    end)
  end
end)

describe("client:request refuses the header", function()
  for _, name in ipairs { "Authorization", "authorization", "Maton-Connection", "HOST",
    "Content-Length", "Connection", "User-Agent", "Expect", "Transfer-Encoding",
    "Accept-Encoding" } do
    it(name .. ", which is the client's own", function()
      assert.equal(("the header '%s' is set by the client"):format(name), complaint(function()
        assert(client:request("GET", "/x", { headers = { [name] = "v" } }))
      end))
    end)
  end

  it("AUTHORIZATION in a Turkish locale, too, where I is not the capital of i", function()
    if locale.lacks() then return pending(locale.lacks()) end
    local folder = os.tmpname()
    local made, ok = tree.run(("rm %s && mkdir %s && localedef -i tr_TR -f ISO-8859-9 %s/tr_TR")
      :format(folder, folder, folder))
    local said = tree.run(("LOCPATH=%s %s -e %s"):format(folder, tree.lua(), tree.quote [[
      if not os.setlocale "tr_TR" then return print "no such locale" end
      local client = require "googlemeet".new { api_key = "k", transport = print }
      print(pcall(client.request, client, "GET", "/x", { headers = { AUTHORIZATION = "v" } })) ]]))
    tree.run("rm -r " .. folder)
    if not ok then return pending("localedef: " .. made) end
    assert.matches("the header 'AUTHORIZATION' is set by the client", said)
  end)

  for name, value in pairs { ["X-A"] = "a\r\nX-B: c", ["X-B"] = "a\nb", ["X-C"] = "a\0b",
    ["X D"] = "a", ["X-E:"] = "a", [""] = "a", ["X-F\r\n"] = "a", ["X-é"] = "a", ["X-G"] = " a" } do
    it(("%q: %q"):format(name, value), function()
      assert.truthy(complaint(function()
        assert(client:request("GET", "/x", { headers = { [name] = value } }))
      end):find "header field")
    end)
  end
end)

describe("client:request refuses", function()
  for title, row in pairs {
    ["an unknown method"] = { "TRACE", "/x" }, ["a method in lower case"] = { "get", "/x" },
    ["a method with a line end"] = { "GET\r\n", "/x" }, ["no path"] = { "GET" },
    ["a path that is a table"] = { "GET", {} }, ["no method"] = { nil, "/x" },
    ["a body that is a number"] = { "POST", "/x", { body = 5 } },
    ["a body that is a function"] = { "POST", "/x", { body = { print } } },
    ["a query that is a text"] = { "GET", "/x", { query = "a=b" } },
    ["an array in a query that has a gap"] =
      { "GET", "/x", { query = { a = { [1] = 1, [3] = 3 } } } },
    ["a table in a query that is no array"] = { "GET", "/x", { query = { a = { b = 1 } } } },
    ["a query of tables of tables"] = { "GET", "/x", { query = { a = { {} } } } },
    ["a query of functions"] = { "GET", "/x", { query = { a = print } } },
    ["a query without names"] = { "GET", "/x", { query = { "a" } } },
    ["a query with a control byte"] = { "GET", "/x", { query = { a = "b\nc" } } },
    ["headers without names"] = { "GET", "/x", { headers = { "a" } } },
    ["a header that is a table"] = { "GET", "/x", { headers = { A = {} } } },
    ["a connection with a line end"] = { "GET", "/x", { connection = "a\nb" } },
    ["an unknown option"] = { "GET", "/x", { parameters = {} } },
    ["an option's name with a NUL byte"] = { "GET", "/x", { ["deadline\0s"] = 3 } },
    ["a method with a NUL byte"] = { "GET\0", "/x" },
    ["a query name with a NUL byte"] = { "GET", "/x", { query = { ["a\0b"] = 1 } } },
    ["options that are a text"] = { "GET", "/x", "a=b" },
    ["a timeout out of range"] = { "GET", "/x", { timeout = -1 } },
  } do
    it(title, function()
      complaint(function() assert(client:request(row[1], row[2], row[3])) end)
    end)
  end
end)

describe("client:request over a socket", function()
  local server
  setup(function() server = Server.start() end)
  teardown(function() server:close() end)

  local function over_socket(answers)
    server:script(answers)
    return assert(meet.new { api_key = "test-key", base_url = server.url, rate = false })
  end

  it("gives headers in lower case, repeated ones joined", function()
    local live <close> = over_socket {
      { body = "{}", headers = { { "X-A", "1" }, { "x-a", "2" }, { "X-Empty", "" } } } }
    local _, response = assert(live:request("GET", "/x"))
    assert.same({ "1, 2", "", nil },
      { response.headers["x-a"], response.headers["x-empty"], response.headers["X-A"] })
  end)

  it("sends what the caller gave and nothing of it twice", function()
    local live <close> = over_socket { { status = 204 } }
    assert(live:request("PUT", "/a/b", { query = { q = { "1", "2" } }, body = "text",
      headers = { ["Content-Type"] = "text/plain", Accept = "text/csv" } }))
    local request = server:requests()[1]
    assert.same({ "PUT", "/a/b?q=1&q=2", "text" }, { request.method, request.target, request.body })
    assert.same({ "text/plain", "text/csv", "4" }, { request.headers["content-type"],
      request.headers.accept, request.headers["content-length"] })
  end)

  it("joins a name that is repeated thousands of times without a copy for each", function()
    local names = { "" }
    for _ = 1, 12 do
      for index = 1, #names do
        names[#names + 1] = names[index] .. "A"
        names[index] = names[index] .. "a"
      end
    end
    answer.headers = {}
    for _, name in ipairs(names) do answer.headers[name] = 1 end
    collectgarbage()
    collectgarbage "stop"
    local before = collectgarbage "count"
    local _, response = assert(client:request("GET", "/x"))
    local kept = collectgarbage "count" - before
    collectgarbage "restart"
    assert.equal(("1, "):rep(4095) .. "1", response.headers[names[1]])
    assert.is_true(kept < 4096, kept .. " KiB")
  end)

  it("follows no redirect", function()
    local live <close> = over_socket { { status = 302, headers = { Location = "/y" } } }
    local _, err = live:request("GET", "/x")
    assert.same({ "transport", 302 }, { err.kind, err.status })
    assert.equal(1, #server:requests())
  end)

  it("may be made in on_event, and the client closed there", function()
    local heard, live = 0, nil
    server:script { { body = "1" }, { body = "2" }, { body = "3" } }
    live = assert(meet.new { api_key = "test-key", base_url = server.url, rate = false,
      on_event = function()
        heard = heard + 1
        if heard == 1 then assert(live:request("GET", "/inner")) end
        if heard == 2 then collectgarbage() end
      end })
    assert.is_number((live:request("GET", "/outer")))
    assert.equal(2, #server:requests())
    live:close()
  end)

  it("is cancelled by closing the client in on_event", function()
    local live
    server:script { { stall = true } }
    live = assert(meet.new { api_key = "test-key", base_url = server.url, retry = false,
      on_event = function() live:close() end })
    local body, err = live:request("GET", "/x")
    assert.same({ nil, "cancelled" }, { body, err.kind })
    server:release()
  end)

  it("is let go by an error in on_event, and the client stays usable", function()
    local failing = true
    server:script { { body = "1" }, { body = "2" }, { body = "3" } }
    local live <close> = assert(meet.new { api_key = "test-key", base_url = server.url,
      on_event = function() if failing then error("no more", 0) end end })
    local raised, message = pcall(live.request, live, "GET", "/x")
    assert.same({ false, "no more" }, { raised, message })
    failing = false
    assert.is_number((live:request("GET", "/y")))
  end)
end)
