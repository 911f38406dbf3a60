-- What the core makes of a libcurl that is too old, or was built without this or that.

local compiled = require "spec.support.compiled"
local server = require "spec.support.server"
local tree = require "spec.support.tree"

describe("a libcurl", function()
  local folder

  setup(function()
    folder = compiled.folder("odd_libcurl", ("%s -Wl,--no-as-needed %s"):format(
      os.getenv "CURL_CFLAGS" or "", os.getenv "CURL_LIBS" or "-lcurl"))
  end)
  teardown(function() tree.remove(folder) end)

  --- What a Lua chunk prints in a process whose libcurl is odd in that way.
  local function run(odd, chunk)
    return (tree.run(("ODD='%s' LD_PRELOAD=%s/odd_libcurl.so ASAN_OPTIONS=${ASAN_OPTIONS:-}" ..
      ":verify_asan_link_order=0:detect_leaks=0 %s -e %s"):format(odd, folder, tree.lua(),
      tree.quote(chunk))))
  end

  for odd, message in pairs {
    old = "libcurl 7.87.0 is too old: 7.88.0 or newer is needed",
    broken = "libcurl failed to start",
  } do
    it("that is " .. odd .. " cannot be used, and the error says so", function()
      assert.equal("googlemeet: " .. message .. "\n", (run(odd,
        'local _, why = pcall(require, "googlemeet.core") print(why)'):gsub("^%S.-:%d+: ", "")))
    end)
  end

  for odd, asked in pairs {
    ["with gzip only"] = "^deflate, gzip$",
    ["without compression"] = "^deflate, gzip", -- it knows better, and writes the field itself
  } do
    it(odd .. " has no more than that in Accept-Encoding", function()
      local stub <close> = server.start()
      stub:script { { body = "{}" } }
      assert.equal("true\n", run(odd, ([[
        local client = require "googlemeet".new { api_key = "k", base_url = %q }
        print((client.spaces:get "x") ~= nil)]]):format(stub.url)))
      assert.matches(asked, stub:requests()[1].headers["accept-encoding"])
    end)
  end

  for scheme, tls in pairs { http = false, https = true } do
    it("without HTTP/2 answers over HTTP/1.1, " .. scheme, function()
      local stub <close> = server.start { tls = tls }
      stub:script { { body = "{}" } }
      assert.equal("true\n", run("without HTTP/2", ([[
        local client = require "googlemeet".new { api_key = "k", base_url = %q, ca_file = %s }
        print((client.spaces:get "x") ~= nil)]]):format(stub.url,
        tls and ("%q"):format(stub.cert) or "nil")))
    end)
  end

  for _, odd in ipairs {
    "without TLS", "with GnuTLS", "without a folder", "with an empty folder",
  } do
    it(odd .. " verifies as without the module", function()
      local stub <close> = server.start { tls = true }
      stub:script { { body = "{}" } }
      assert.equal("tls\n", run(odd, ([[
        local client = require "googlemeet".new { api_key = "k", base_url = %q, retry = false }
        print(select(2, client.spaces:get "x").kind)]]):format(stub.url)))
      assert.equal(0, #stub:requests())
    end)
  end
end)
