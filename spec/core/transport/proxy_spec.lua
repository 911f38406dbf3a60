-- Which requests go through a proxy. A stub is the proxy; nothing listens where the base URLs
-- point.

local server = require "spec.support.server"
local tree = require "spec.support.tree"

local NONE = "env -u http_proxy -u HTTP_PROXY -u https_proxy -u HTTPS_PROXY -u all_proxy"
  .. " -u ALL_PROXY -u no_proxy -u NO_PROXY "

local SCRIPT = [[
  local base_url, proxy, no_proxy = ...
  local client = assert(require "googlemeet".new { api_key = "k", base_url = base_url,
    proxy = proxy, no_proxy = no_proxy, retry = false, user_agent = "script/1" })
  local space, err = client.spaces:get "abc"
  print(space and space.name or err.kind)
  if err and err.kind ~= "transport" then print(err) end]]

describe("a proxy", function()
  local stub

  setup(function() stub = server.start() end)
  teardown(function() stub:close() end)

  --- What a script printed, and its requests that the proxy saw.
  local function run(environment, ...)
    stub:script { { body = '{"name":"spaces/abc"}' } }
    local output = tree.run(("%s %s %s - %s <<'END'\n%s\nEND"):format(NONE, environment,
      tree.lua(), table.concat({ ... }, " "), SCRIPT))
    return output, stub:requests()
  end

  for _, name in ipairs { "http_proxy", "all_proxy", "ALL_PROXY" } do
    it("named by " .. name .. " gets nothing that goes to this machine over http", function()
      local output, seen = run(("%s=%s"):format(name, stub.url), "http://127.0.0.1:1")
      assert.same({ "transport\n", 0 }, { output, #seen })
    end)
  end

  it("given by the option gets nothing that goes to this machine over http", function()
    local output, seen = run("", "http://127.0.0.1:1", stub.url)
    assert.same({ "transport\n", 0 }, { output, #seen })
  end)

  for _, name in ipairs { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" } do
    it("named by " .. name .. " is asked for a tunnel to https, by our name", function()
      local _, seen = run(("%s=%s"):format(name, stub.url), "https://127.0.0.1:1")
      assert.same({ "CONNECT", "127.0.0.1:1", "script/1 googlemeet-lua/0.2.0" },
        { seen[1].method, seen[1].path, seen[1].headers["user-agent"] })
      assert.is_nil(seen[1].headers.authorization)
    end)
  end

  it("that does not answer is named in the hint, and only where it is asked", function()
    local script = "local _, err = require 'googlemeet'.new { api_key = 'k', base_url = '%s', "
      .. "retry = false }.spaces:get 'abc' print(err.kind, err.hint)"
    local function hint(base_url)
      return (tree.run(("%s https_proxy=http://127.0.0.1:1 %s -e %s"):format(NONE, tree.lua(),
        tree.quote(script:format(base_url)))))
    end
    assert.equal("transport\tcheck the network, the proxy (the option 'proxy', or https_proxy in "
      .. "the environment) and the base URL\n", hint "https://127.0.0.1:2")
    assert.equal("transport\tcheck the network and the base URL\n", hint "http://127.0.0.1:2")
  end)

  it("given by the option comes before the environment's", function()
    local _, seen = run("https_proxy=http://127.0.0.1:1", "https://127.0.0.1:2", stub.url)
    assert.same({ "CONNECT", "127.0.0.1:2" }, { seen[1].method, seen[1].path })
  end)

  for status, said in pairs {
    [407] = { 1, ": give a user and a password in its URL" }, [403] = { 2, "" }, [502] = { 2, "" },
  } do
    it(("that refuses a tunnel with %d is named, and asked %d times"):format(status, said[1]),
      function()
        local refusal, script = { status = status, body = "no" }, [[
          local client = assert(require "googlemeet".new { api_key = "k", proxy = ...,
            base_url = "https://127.0.0.1:1", retry = { max_attempts = 2, initial = 0, max = 0 } })
          local _, err = client.spaces:create()
          print(err.kind, err.message, err.ambiguous, err.attempts) ]]
        stub:script { refusal, refusal }
        local output = tree.run(("%s %s - %s <<'END'\n%s\nEND"):format(NONE, tree.lua(), stub.url,
          script))
        assert.equal(("transport\tthe proxy refused to connect, with status %d%s\tnil\t%d\n")
          :format(status, said[2], said[1]), output)
        assert.equal(said[1], #stub:requests())
      end)
  end

  for _, proxy in ipairs { "http://joe:s3cret@127.0.0.1:99999/", "ftp://joe:s3cret@127.0.0.1:9/",
    "'http://joe:s3 cret@127.0.0.1:9'" } do
    it("that is malformed is reported as a setting, without its password: " .. proxy, function()
      for _, output in ipairs {
        (run("", "https://127.0.0.1:1", proxy)),
        (run("https_proxy=" .. proxy, "https://127.0.0.1:1")),
      } do
        assert.equal("config\nGET /google-meet/v2/spaces/abc: config: the proxy (the option "
          .. "'proxy', or https_proxy or all_proxy in the environment) is not a proxy URL "
          .. "[correct what the message names]\n", output)
      end
    end)
  end

  -- libcurl would do without it.
  for _, login in ipairs { "us%00er:pw", "user:p%0aw", "user%1F" } do
    it("whose user or password has a control character is refused: " .. login, function()
      for _, scheme in ipairs { "http://", "socks5://", "" } do
        local proxy = scheme .. login .. "@127.0.0.1:1"
        for _, output in ipairs {
          (run("", "https://127.0.0.1:1", proxy)),
          (run("https_proxy=" .. proxy, "https://127.0.0.1:1")),
        } do
          assert.equal("config\nGET /google-meet/v2/spaces/abc: config: the proxy's user or "
            .. "password, given or from the environment, has a control character "
            .. "[correct what the message names]\n", output)
        end
      end
    end)
  end

  it("of an empty variable is that of the next one", function()
    local _, seen = run(("https_proxy= ALL_PROXY=%s"):format(stub.url), "https://127.0.0.1:1")
    assert.equal("CONNECT", seen[1].method)
  end)

  for _, scheme in ipairs { "http", "https", "socks4", "socks4a", "socks5", "socks5h", "socks" } do
    it("of the scheme " .. scheme .. " is one", function()
      assert.equal("transport\n", (run("", "https://127.0.0.1:1", scheme .. "://127.0.0.1:1")))
    end)
  end

  it("that is none does not matter where no_proxy says so", function()
    assert.equal("transport\n", (run("https_proxy=ftp://joe:s3cret@127.0.0.1:9 no_proxy=127.0.0.1",
      "https://127.0.0.1:1")))
  end)

  it("with a control byte in the environment is an error of the call", function()
    local output = run("https_proxy=$(printf 'http://a\\001')", "https://127.0.0.1:1")
    assert.matches("^config\n", output)
  end)

  it("shows no password in a trace", function()
    local output = run("2>&1 GOOGLEMEET_TRACE=1 https_proxy=http://joe:s3cret@127.0.0.1:1",
      "https://127.0.0.1:2")
    assert.matches("googlemeet: GET /google%-meet/v2/spaces/abc: attempt 1 after [%d.]+ s, "
      .. "0 transport; no answer, proxy yes, no socket", output)
    assert.falsy(output:find("s3cret", 1, true))
  end)

  it("is passed by where no_proxy says so", function()
    for _, case in ipairs {
      { ("https_proxy=%s no_proxy=127.0.0.1"):format(stub.url), "https://127.0.0.1:1" },
      { "", "https://127.0.0.1:1", stub.url, "127.0.0.1" },
      { "", "https://127.0.0.1:1" },
    } do
      local output, seen = run(table.unpack(case))
      assert.same({ "transport\n", 0 }, { output, #seen })
    end
  end)
end)
