-- What a script gets when a call fails: every shape of an answer, and the error table itself.

local meet = require "googlemeet"
local manual_clock = require "spec.support.clock"

local KEY = "secret/key+123"

--- A client that has one answer for everything, or what `answer` makes of the request.
local function client_of(answer, options)
  options = options or {}
  options.api_key, options.clock = options.api_key or KEY, options.clock or manual_clock()
  if options.retry == nil then options.retry = false end
  options.transport = type(answer) == "function" and answer or function() return answer end
  return assert(meet.new(options))
end

--- The error that getting a space gives, when it is answered so.
local function error_of(status, body, headers, options)
  local client <close> = client_of({ status = status, headers = headers, body = body }, options)
  local space, err = client.spaces:get "x"
  assert.is_nil(space)
  return err
end

local QUOTA = [[{"error": {"message": "Quota exceeded.", "status": "RESOURCE_EXHAUSTED",
  "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED",
    "metadata": {"quota_limit_value": "100"}}]}}]]

describe("an answer", function()
  for title, row in pairs {
    ["400 of the gateway, nested"] = { 400,
      '{"error": {"message": "No connection.", "code": 400}}',
      "connection", "gateway", nil, "No connection." },
    ["400 of the gateway, flat"] = { 400,
      '{"message": "No connection", "type": "Bad Request", "code": 400}',
      "connection", "gateway", nil, "No connection" },
    ["400 of Google"] = { 400,
      '{"error":{"code":400,"message":"Bad.","status":"INVALID_ARGUMENT"}}',
      "invalid", "google", "INVALID_ARGUMENT", "Bad." },
    ["400 with a precondition"] = { 400, '{"error":{"message":"m","status":"FAILED_PRECONDITION"}}',
      "invalid", "google", "FAILED_PRECONDITION", "m" },
    ["401 of the gateway"] = { 401,
      '{"error": {"message": "Invalid API key", "code": 401, "type": "x"}}',
      "auth", "gateway", nil, "Invalid API key" },
    ["401 of Google"] = { 401, '{"error":{"code":401,"message":"m","status":"UNAUTHENTICATED"}}',
      "auth", "google", "UNAUTHENTICATED", "m" },
    ["403 of Google"] = { 403, '{"error":{"code":403,"message":"m","status":"PERMISSION_DENIED"}}',
      "permission", "google", "PERMISSION_DENIED", "m" },
    ["403 with only a detail's reason"] = { 403,
      '{"error":{"message":"m","details":[7,{"x":1},{"reason":"SERVICE_DISABLED"}]}}',
      "permission", "google", "SERVICE_DISABLED", "m" },
    ["403 of Drive, in an older shape"] = { 403,
      '{"error":{"errors":[{"domain":"global","reason":"exportSizeLimitExceeded","message":"m"}],'
        .. '"code":403,"message":"m"}}',
      "permission", "google", "exportSizeLimitExceeded", "m" },
    ["403 of Drive, with a canonical name too"] = { 403,
      '{"error":{"errors":[{"reason":"cannotDownloadFile"}],"message":"m","status":"ABORTED"}}',
      "permission", "google", "ABORTED", "m" },
    ["403 with errors that are no array"] = { 403, '{"error":{"errors":"x","message":"m"}}',
      "permission", "gateway", nil, "m" },
    ["404 of Google"] = { 404, '{"error":{"code":404,"message":"gone","status":"NOT_FOUND"}}',
      "not_found", "google", "NOT_FOUND", "gone" },
    ["404 of the gateway, no connection named"] = { 404,
      '{"message": "No app", "type": "Not Found", "code": 404}',
      "not_found", "gateway", nil, "No app" },
    ["409"] = { 409, '{"error":{"message":"m","status":"ALREADY_EXISTS"}}',
      "conflict", "google", "ALREADY_EXISTS", "m" },
    ["429 of Google"] = { 429, QUOTA, "rate_limited", "google", "RESOURCE_EXHAUSTED",
      "Quota exceeded." },
    ["429 of the gateway"] = { 429, '{"error": {"message": "Too many requests", "code": 429}}',
      "rate_limited", "gateway", nil, "Too many requests" },
    ["499"] = { 499, '{"error":{"message":"m","status":"CANCELLED"}}',
      "invalid", "google", "CANCELLED", "m" },
    ["500 of Google"] = { 500, '{"error":{"message":"m","status":"INTERNAL"}}',
      "server", "google", "INTERNAL", "m" },
    ["500 of the gateway"] = { 500, '{"message":"m","type":"Internal Server Error","code":500}',
      "server", "gateway", nil, "m" },
    ["503"] = { 503, '{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}',
      "server", "google", "UNAVAILABLE", "m" },
    ["an OAuth error's shape"] = { 400, '{"error":"invalid_grant","error_description":"x"}',
      "connection", "gateway", nil, "invalid_grant" },
    ["a list of a Google answer's fields of other types"] = { 403,
      '{"error":{"message":7,"status":[],"details":"x","code":"y"},"trace_id":{}}',
      "permission", "gateway", nil, "the server answered with status 403" },
    ["a redirect"] = { 302, "", "transport", "transport", nil,
      "the server answered with status 302" },
    ["407"] = { 407, "", "transport", "transport", nil, "the server answered with status 407" },
    ["511"] = { 511, "<html>", "transport", "transport", nil,
      "the server answered with status 511" },
    ["599"] = { 599, "", "server", "gateway", nil, "the server answered with status 599" },
    ["304"] = { 304, nil, "transport", "transport", nil, "the server answered with status 304" },
  } do
    it(title .. " is an error of its kind", function()
      local err = error_of(row[1], row[2])
      assert.same({ row[1], row[3], row[4], row[5], row[6] },
        { err.status, err.kind, err.origin, err.reason, err.message })
      assert.truthy(#err.hint > 10)
      assert.same({ "GET", "/google-meet/v2/spaces/x", 1 }, { err.method, err.path, err.attempts })
    end)
  end

  for title, body in pairs {
    ["text"] = "upstream is gone", ["HTML"] = "<html><body>502</body></html>",
    ["truncated JSON"] = '{"error": {"message": "cut', ["an array"] = "[]", ["a string"] = '"x"',
    ["a number"] = "1", ["null"] = "null", ["an object without any known field"] = '{"a":1}',
    ["an error that is null"] = '{"error":null}', ["an error that is a number"] = '{"error":5}',
    ["a byte order mark"] = "\239\187\191{}", ["bytes that are no text"] = "\0\255\254",
    ["an array of errors"] = '[{"error":{"message":"m","status":"NOT_FOUND"}}]',
  } do
    it("whose body is " .. title .. " goes by its status and keeps the body", function()
      local err = error_of(502, body)
      assert.same({ "server", "gateway", 502 }, { err.kind, err.origin, err.status })
      assert.equal(body, err.body)
      assert.equal("the server answered with status 502", err.message)
      assert.equal("permission", error_of(403, body).kind)
    end)
  end

  for status, words in pairs {
    [301] = { "redirect", "base URL", "portal", "proxy" },
    [302] = { "redirect", "base URL", "portal", "proxy" },
    [303] = { "redirect", "base URL" }, [307] = { "redirect", "base URL" },
    [308] = { "redirect", "base URL" },
    [407] = { "proxy wants a user and a password" }, [511] = { "portal", "log in" },
  } do
    it(("%d says what has answered, and what to do"):format(status), function()
      local err = error_of(status, "<html>log in</html>")
      for _, word in ipairs(words) do assert.truthy(err.hint:find(word, 1, true), err.hint) end
      assert.same({ "transport", status, 1, "<html>log in</html>" },
        { err.kind, err.status, err.attempts, err.body })
    end)
  end

  for location, shown in pairs {
    ["https://portal.example/login?session=s3cret"] = ", a redirect to https://portal.example",
    ["http://portal.example:8080#s3cret"] = ", a redirect to http://portal.example:8080",
    ["//portal.example/s3cret"] = ", a redirect to //portal.example",
    ["https://joe:s3cret@portal.example/"] = "", ["/s3cret//x"] = "", ["s3cret"] = "", [""] = "",
    ["/login?session=s3cret&next=http://gateway.example/x"] = "",
    ["login?next=http://gateway.example/s3cret"] = "", ["https:///s3cret"] = "",
    ["https://" .. ("x"):rep(500)] = ", a redirect to https://" .. ("x"):rep(191),
  } do
    it(("that is a redirect shows the host alone of %q"):format(location:sub(1, 50)), function()
      local err = error_of(307, "", { Location = location })
      assert.equal("the server answered with status 307" .. shown, err.message)
      assert.falsy(tostring(err):find "s3cret")
    end)
  end

  it("with an empty body has no body in its error", function()
    assert.is_nil(error_of(502, "").body)
    assert.is_nil(error_of(502).body)
  end)

  it("with a huge body keeps only the start of it", function()
    assert.equal(1024, #error_of(502, ("x"):rep(1000000)).body)
  end)

  it("keeps the start of a body that is too large, and the client stays usable", function()
    local bodies = { ("x"):rep(3000), '{"name":"spaces/x"}' }
    local client <close> = client_of(function()
      return { status = 200, body = table.remove(bodies, 1) }
    end, { max_response_bytes = 2000 })
    local _, err = client.spaces:get "x"
    assert.same({ "too_large", 1024 }, { err.kind, #err.body })
    assert.equal("spaces/x", client.spaces:get("x").name)
  end)

  it("gives the errors of Drive's older shape as details, beside a canonical name too", function()
    local body = '{"error":{"errors":[{"reason":"rateLimitExceeded"}],"status":"ABORTED"}}'
    assert.same({ { reason = "rateLimitExceeded" } }, error_of(403, body).details)
  end)

  it("gives the details as they came", function()
    local err = error_of(429, QUOTA)
    assert.equal("RATE_LIMIT_EXCEEDED", err.details[1].reason)
    assert.equal("100", err.details[1].metadata.quota_limit_value)
  end)

  it("gives the trace_id from either place", function()
    assert.equal("t-1", error_of(403, '{"message":"m","trace_id":"t-1"}').trace_id)
    assert.equal("t-2", error_of(403, '{"error":{"message":"m","trace_id":"t-2"}}').trace_id)
  end)

  it("gives Retry-After in seconds as retry_after", function()
    assert.equal(7, error_of(429, QUOTA, { ["retry-after"] = "7" }).retry_after)
    assert.equal(3, error_of(503, "", { ["Retry-After"] = 3 }).retry_after)
    assert.is_nil(error_of(429, QUOTA, { ["Retry-After"] = "soon" }).retry_after)
    assert.is_nil(error_of(429, QUOTA).retry_after)
  end)

  it("with 429 hints at how long to wait, with and without advice of the server", function()
    local hint = "wait 'retry_after' seconds, or a minute where it is nil, then try again"
    assert.equal(hint, error_of(429, QUOTA).hint)
    assert.equal(hint, error_of(429, QUOTA, { ["retry-after"] = "7" }).hint)
  end)

  it("gives a past Retry-After date as no wait", function()
    local past = { ["Retry-After"] = "Wed, 21 Oct 2015 07:28:00 GMT" }
    assert.equal(0, error_of(429, QUOTA, past).retry_after)
  end)

  it("with 404 hints at what was asked for", function()
    local body = '{"error":{"code":404,"message":"gone","status":"NOT_FOUND"}}'
    local client <close> = client_of { status = 404, body = body }
    local function hint(_, err) return err.hint end
    assert.equal("check the name or code: the space may have expired, or the connected account may "
      .. "not see it", hint(client.spaces:get "abc-mnop-xyz"))
    assert.matches("deleted 30 days after the end", hint(client.conference_records:get "c"))
    assert.equal("check the name", hint(client.connections:get "c9"))
  end)

  it("with 404 hints at a base URL with a path, unless Google answers", function()
    local root = "the base URL has a path: is it the gateway's root, such as https://api.maton.ai?"
    local function hint_of(body, base_url)
      return error_of(404, body, nil, { base_url = base_url }).hint
    end
    local flat = '{"message": "No app", "type": "Not Found", "code": 404}'
    local google = '{"error":{"code":404,"message":"gone","status":"NOT_FOUND"}}'
    assert.equal(root, hint_of(flat, "https://api.maton.ai/google-meet"))
    assert.equal(root, hint_of("<html>", "https://api.maton.ai/google-meet/"))
    assert.not_equal(root, hint_of(google, "https://api.maton.ai/google-meet"))
    assert.not_equal(root, hint_of(flat, "https://api.maton.ai/"))
  end)

  it("of the gateway with 404 is about the connection if one was named", function()
    local body = '{"message": "No connection c9", "type": "Not Found", "code": 404}'
    local err = error_of(404, body, nil, { connection = "c9" })
    assert.same({ "connection", "gateway" }, { err.kind, err.origin })
    assert.truthy(err.hint:find("connections:create", 1, true))
    assert.matches("^pass the id of an ACTIVE .* client%.connections:list%(%) lists them",
      err.hint)
  end)

  it("of Google with 404 is not about the connection, even if one was named", function()
    local body = '{"error":{"message":"m","status":"NOT_FOUND"}}'
    assert.equal("not_found", error_of(404, body, nil, { connection = "c9" }).kind)
  end)

  it("of the gateway with 500, and no other, names the safe way to a new consent", function()
    local nested = '{"error":{"message":"m","code":500}}'
    local way = "create a new connection, wait until it is ACTIVE, then delete the old one"
    for _, case in ipairs {
      { 500, nested, true }, { 500, "", true }, { 500, "<html>", true }, { 503, nested, false },
      { 500, '{"error":{"message":"m","status":"INTERNAL"}}', false },
    } do
      local hint = error_of(case[1], case[2]).hint
      assert.equal(case[3], hint:find(way, 1, true) ~= nil, case[1] .. " " .. case[2])
    end
    local client <close> = client_of { status = 500, body = nested }
    assert.equal("try again later", select(2, client.connections:list():all()).hint)
  end)

  it("with 400 to a call of the gateway itself is not about the connection", function()
    local client <close> = client_of { status = 400, body = '{"error":{"message":"m","code":400}}' }
    local _, err = client.connections:get "c1"
    assert.same({ "invalid", "gateway" }, { err.kind, err.origin })
  end)

  for title, body in pairs {
    ["not JSON"] = "hello", ["empty"] = "", ["cut"] = '{"name":"spaces/x"', ["an array"] = "[]",
    ["an array of objects"] = '[{"name":"spaces/x"}]', ["a string"] = '"spaces/x"',
    ["null"] = "null", ["false"] = "false",
  } do
    it("that is good but for a body that is " .. title .. " is an error of kind decode", function()
      local err = error_of(200, body)
      assert.same({ "decode", 200, body ~= "" and body or nil }, { err.kind, err.status, err.body })
    end)
  end

  for title, body in pairs {
    ["an object for the items"] = '{"participants":{"a":1}}',
    ["a string for the items"] = '{"participants":"x"}',
    ["an item that is no object"] = '{"participants":[{"name":"a"},5]}',
    ["a page token that is no string"] = '{"participants":[],"nextPageToken":5}',
    ["a page token with a line end"] = '{"participants":[{}],"nextPageToken":"a\\nb"}',
    ["an array"] = '[]',
  } do
    it("to a list with " .. title .. " is an error of kind decode", function()
      local client <close> = client_of { status = 200, body = body }
      local items, err = client.participants:list("r"):all()
      assert.same({ nil, "decode" }, { items, err.kind })
    end)
  end

  it("to a list says that an item may be no object, too", function()
    local client <close> = client_of { status = 200, body = '{"participants":[{"name":"a"},5]}' }
    local _, err = client.participants:list("r"):all()
    assert.equal("malformed response: the items are not an array of objects", err.message)
  end)
end)

describe("an error", function()
  it("is one line as text, whatever the server wrote", function()
    local body = '{"error":{"message":"one\\ntwo\\r\\n\\u001b[31m\\u007fthree","status":"A\\nB"}}'
    local text = tostring(error_of(403, body))
    assert.falsy(text:find "%c")
    assert.truthy(text:find("permission (403 A B): one two", 1, true), text)
  end)

  it("says as text what failed and what to do", function()
    assert.equal("GET /google-meet/v2/spaces/x: auth (401): Invalid API key [verify the key "
      .. "(do not print it): client.connections:list() succeeds if it is valid]",
      tostring(error_of(401, '{"error":{"message":"Invalid API key","code":401}}')))
  end)

  it("has a text even when fields of it are taken away", function()
    local err = error_of(502, "")
    err.path = nil
    assert.matches("^server %(502%)", tostring(err))
    for name in pairs(err) do err[name] = nil end
    assert.equal("error", tostring(err))
  end)

  it("joins with a text as what tostring gives, on either side", function()
    local err = error_of(401, '{"error":{"message":"Invalid API key","code":401}}')
    assert.equal("failed: " .. tostring(err), "failed: " .. err)
    assert.equal(tostring(err) .. "!", err .. "!")
    assert.equal(tostring(err) .. tostring(err), err .. err)
    assert.equal("1" .. tostring(err), 1 .. err)
  end)

  it("shows the path without the query", function()
    local client <close> = client_of { status = 403, body = "" }
    local _, err = client.participants:list("r", { filter = "private" }):all()
    assert.equal("/google-meet/v2/conferenceRecords/r/participants", err.path)
  end)

  for title, body in pairs {
    ["in a message"] = '{"error":{"message":"bad secret/key+123 here"}}',
    ["escaped by JSON"] = '{"error":{"message":"bad secret\\/key\\u002b123 here"}}',
    ["in details"] = '{"error":{"details":[{"h":{"a":["Bearer secret\\/key+123"]}}]}}',
    ["as a name"] = '{"error":{"details":[{"a":1,"secret\\/key+123":{"secret/key+123":2}}]}}',
    ["in a reason"] = '{"error":{"message":"m","status":"secret\\/key+123"}}',
    ["in a trace_id"] = '{"message":"m","trace_id":"\\u0073ecret/key+123"}',
    ["in text"] = "Authorization: Bearer secret/key+123",
    ["in text over and over"] = ("secret/key+123"):rep(200),
    ["escaped for a query"] = '{"error":{"message":"?key=secret%2Fkey%2b123&a"}}',
    ["escaped for a query twice"] = "see ?u=%3Fkey%3Dsecret%252Fkey%252B123",
    ["escaped by JSON, in text"] = 'upstream said: {"k": "secret\\/key\\u002B123"',
    ["escaped for HTML"] = "<p>secret&#47;key&#x2B;123</p>",
    ["in a field of JSON of another shape"] = '{"debug":[{"apiKey":"secret\\/key+123"}]}',
    ["behind a NUL byte"] = '{"error":{"message":"a\\u0000secret\\/key+123"}}',
  } do
    it("never holds the key that a server echoes " .. title, function()
      local function check(value)
        if type(value) == "table" then
          for key, item in pairs(value) do check(key) check(item) end
        end
        value = tostring(value)
        assert.falsy(value:find("key", 1, true) and value:find("123", 1, true), value)
      end
      check(error_of(403, body))
    end)
  end

  it("never holds the token of a consent page that is echoed", function()
    local err = error_of(404, '{"message":"no https://c.example/?session_token=aB3%2F_-.x&a=1"}')
    assert.equal("no https://c.example/?session_token=**********&a=1", err.message)
    err = error_of(502, "see ?session_token=abc and session_token=def")
    assert.equal("see ?session_token=*** and session_token=***", err.body)
  end)

  for body, left in pairs {
    ['{"session_token":"abc","a":1}'] = '{"session_token":"***","a":1}',
    ['{"a":{"sessionToken": "a b"}}'] = '{"a":{"sessionToken": "***"}}',
    ['{"u":"https:\\/\\/c\\/?session_token\\u003dabc"}'] =
      '{"u":"https:\\/\\/c\\/?session_token\\u003d***"}',
    ["?u=c%3Fsession_token%3Dabc%26a"] = "?u=c%3Fsession_token%3D***%26a",
    ['{"headers":{"authorization":"Basic abc"}}'] = '{"headers":{"authorization":"*********"}}',
    ['{"nextPageToken":"abc"}'] = '{"nextPageToken":"abc"}',
  } do
    it("never holds the value of a secret field, whatever the body's shape: " .. body, function()
      assert.equal(left, error_of(502, body).body)
    end)
  end

  it("gives details without the value of a secret field", function()
    local err = error_of(403, '{"error":{"message":"m","details":[{"token":"abc","reason":"R"}]}}')
    assert.same({ "***", "R" }, { err.details[1].token, err.reason })
  end)

  it("never holds the key that a resource is named by, and nor does an event", function()
    local paths = {}
    local client <close> = client_of({ status = 404, body = "" }, {
      on_event = function(event) paths[#paths + 1] = event.path end, api_key = "secret-key-123",
    })
    local _, err = client.spaces:get "spaces/secret-key-123"
    assert.equal("/google-meet/v2/spaces/**************", err.path)
    assert.same({ err.path, err.path }, paths)
  end)

  it("never holds a key that a key function gave before", function()
    local keys, sent, count = { "first-key-1", "second-key-2", "third-key-3" }, {}, 0
    local client <close> = client_of(function(request)
      sent[#sent + 1] = request.headers.Authorization:match "%S+$"
      return { status = 401, body = "refused: " .. table.concat(sent, ", ") }
    end, { api_key = function()
      count = count + 1
      return keys[count] or keys[3]
    end })
    local _, first = client.spaces:get "x"
    assert.equal("refused: ***********, ************", first.body)
    local _, second = client.spaces:get "x"
    assert.equal("refused: ***********, ************, ***********, ***********", second.body)
  end)

  it("never holds the password of the proxy", function()
    local client <close> = client_of(function()
      return nil, "no way through http://me:pass%2Fword@proxy:1 or (pass/word)"
    end, { proxy = "http://me:pass%2Fword@proxy:1" })
    local _, err = client.spaces:get "x"
    assert.equal("no way through http://me:***********@proxy:1 or (*********)", err.message)
  end)

  it("has plain lines for message, reason and trace_id", function()
    local err = error_of(403, '{"error":{"message":"a\\nb\\u001b[1m\\u009bc\\u202ed",'
      .. '"status":"A\\u0007B","trace_id":"t\\r","details":[{"a":"\\u001b"}]}}')
    assert.same({ "a b [1m c d", "A B", "t ", "\27" },
      { err.message, err.reason, err.trace_id, err.details[1].a })
    local client <close> = client_of(function() return nil, "gone\27[2J\n" end)
    assert.equal("gone [2J ", select(2, client.spaces:get "x").message)
  end)

  it("is not read from a body that is longer than any error", function()
    local long = '{"error":{"message":"m","details":[{"a":"' .. ("x"):rep(256 * 1024) .. '"}]}}'
    local err = error_of(403, long)
    assert.same({ "permission", 1024 }, { err.kind, #err.body })
  end)

  it("never holds the key that is echoed in what cannot be decoded", function()
    local err = error_of(200, '{"headers":"Bearer secret/key+123')
    assert.same({ "decode", '{"headers":"Bearer **************' }, { err.kind, err.body })
  end)

  it("never holds the key, though the client was closed meanwhile", function()
    local client
    client = client_of(function(request)
      client:close()
      return nil, "cannot send " .. request.headers.Authorization
    end)
    local _, err = client.spaces:get "x"
    assert.falsy(tostring(err):find("key+123", 1, true))
  end)

  it("never holds the key that a transport complains of", function()
    local client <close> = client_of(function(request)
      return nil, "cannot send " .. request.headers.Authorization
    end)
    local _, err = client.spaces:get "x"
    assert.same({ "transport", "transport" }, { err.kind, err.origin })
    assert.falsy(tostring(err):find("key+123", 1, true))
  end)

  it("is ambiguous only for a write that may have happened", function()
    local client <close> = client_of { status = 503, body = "" }
    local _, read = client.spaces:get "x"
    local _, write = client.spaces:create()
    assert.same({ nil, true }, { read.ambiguous, write.ambiguous })
    local refusing <close> = client_of { status = 403, body = "" }
    local _, refused = refusing.spaces:create()
    assert.is_nil(refused.ambiguous)
  end)

  it("is ambiguous for a write whose good answer cannot be read", function()
    local client <close> = client_of { status = 200, body = "<html>" }
    local _, err = client.spaces:create()
    assert.same({ "decode", true }, { err.kind, err.ambiguous })
  end)

  it("is not ambiguous for a write that was not sent", function()
    local client <close> = client_of(function() return nil, "no route" end)
    local _, err = client.spaces:create()
    assert.same({ "transport", nil, nil }, { err.kind, err.ambiguous, err.status })
  end)
end)
