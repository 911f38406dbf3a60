--- A server that breaks TLS, or that nobody should trust. Nothing is sent to one that fails.
-- Cases that stand in transfer_spec: a root that is not trusted, a name (localhost) that the
-- certificate has not, a file of certificates that is not there.

local Server = require "spec.support.server"
local hostile = require "spec.support.hostile"
local library = require "spec.support.library"
local tree = require "spec.support.tree"

local BODY, GOOD, answer = hostile.BODY, hostile.GOOD, hostile.answer
local REQUEST = { read = "request" }
local HELLO = { read = "first byte" }
local TLS = { tls = "good" }
local HOLD = { hold = true }
local SHORT = { timeout = hostile.SHORT }
local SHORT_CONNECT = { connect_timeout = hostile.SHORT }

--- Steps of a server that shows a certificate of that kind.
local function shows(kind)
  return { { tls = kind }, REQUEST, GOOD }
end

--- A TLS record of that type.
local function record(kind, bytes)
  return string.pack(">BI2s2", kind, 0x303, bytes)
end

-- ServerHello that chooses TLS 1.0 and an old cipher.
local HELLO_1_0 = "\2\0\0\38\3\1" .. ("r"):rep(32) .. "\0\0\47\0"

local refused = {
  { "a certificate that has expired", "tls", steps = shows "expired" },
  { "a certificate that is not valid yet", "tls", steps = shows "not_yet_valid" },
  { "a certificate for another host", "tls", steps = shows "other_host" },
  { "a certificate for no host", "tls", steps = shows "no_host" },
  { "a certificate that signed itself", "tls", steps = shows "self_signed" },
  { "a certificate of an authority of the same name", "tls", steps = shows "stranger" },
  { "TLS 1.0", "tls", steps = { { tls = "good", version = "TLSv1" }, REQUEST, GOOD } },
  { "TLS 1.1", "tls", steps = { { tls = "good", version = "TLSv1_1" }, REQUEST, GOOD } },
  { "a hello that chooses TLS 1.0", "tls", steps = { HELLO, record(22, HELLO_1_0), HOLD } },
  { "an alert instead of a hello", "tls", steps = { HELLO, record(21, "\2\40") } },
  { "bytes that are no TLS", "tls", steps = { HELLO, ("\0"):rep(100) } },
  { "HTTP without TLS", "tls", steps = { HELLO, GOOD } },
  { "a record of 64 KB", "tls", steps = { HELLO, "\22\3\3\255\255" .. ("x"):rep(65535) } },
  { "closed before the hello", "tls", steps = {} },
  { "closed in the hello", "tls", steps = { HELLO, "\22\3\3\0\100" } },
  { "reset before the hello", library.is_tls "GnuTLS" and "transport" or "tls",
    steps = { { reset = true } } },
  { "silent instead of a hello", "timeout", options = SHORT_CONNECT, steps = { HOLD } },
  { "silent in the hello", "timeout", options = SHORT_CONNECT,
    steps = { HELLO, "\22\3\3\0\100", HOLD } },
  { "a hello of a byte at a time, too slow", "timeout", options = SHORT_CONNECT,
    steps = { HELLO, { drip = record(22, HELLO_1_0), every = 0.05 } } },
}
for _, row in ipairs(refused) do
  row.unsent, row.seen = true, 0
end

local broken = {
  { "HTTP/1.1 over TLS", "spaces/abc", steps = { TLS, REQUEST, GOOD } },
  { "closed before it reads", "transport", seen = 0, steps = { TLS } },
  { "closed behind the request", "transport", steps = { TLS, REQUEST } },
  { "closed in the head", "transport", steps = { TLS, REQUEST, "HTTP/1.1 200 OK\r\nContent-Le" } },
  -- Newer versions of libcurl say that TLS has not ended as it should.
  { "closed in the body", "decode", newer = { ["8.14"] = { [2] = "transport" } }, -- start kept
    steps = { TLS, REQUEST, answer("Content-Length: 21\r\n", '{"name":') } },
  { "closed behind a body without a length", "spaces/abc",
    newer = { ["8.14"] = { [2] = "transport" } }, steps = { TLS, REQUEST, answer("", BODY) } },
  -- Anybody on the way can cut there; libcurl took it for the end, and JSON shows that it is not.
  { "cut in a body without a length", "decode", newer = { ["8.14"] = { [2] = "transport" } },
    steps = { TLS, REQUEST, answer("", '{"name":'), { cut = true } } },
  { "cut behind a body without a length", "spaces/abc",
    newer = { ["8.14"] = { [2] = "transport" } },
    steps = { TLS, REQUEST, answer("", BODY), { cut = true } } },
  { "cut behind the head", "decode", newer = { ["8.14"] = { [2] = "transport" } },
    steps = { TLS, REQUEST, answer "Content-Length: 21\r\n", { cut = true } } },
  { "reset before it reads", "transport", seen = 0, steps = { TLS, { reset = true } } },
  { "silent behind the request", "timeout", options = SHORT, steps = { TLS, REQUEST, HOLD } },
  { "silent in the body", "timeout", options = SHORT,
    steps = { TLS, REQUEST, answer("Content-Length: 21\r\n", '{"name":'), HOLD } },
  { "a record that was tampered with", "transport",
    steps = { TLS, REQUEST, { bare = "\23\3\3\0\40" .. ("x"):rep(40) }, HOLD } },
  { "bytes that are no TLS in the body", "transport",
    steps = { TLS, REQUEST, answer "Content-Length: 21\r\n", { bare = BODY }, HOLD } },
  { "a second answer a moment later", "spaces/abc", seen = 2,
    steps = { TLS, REQUEST, GOOD, { pause = 0.2 }, (GOOD:gsub("abc", "bad")), { mark = true },
      HOLD } },
}

-- OpenSSL's settings of a machine that allows everything.
local LAX = [[
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = lax
[lax]
MinProtocol = TLSv1
CipherString = DEFAULT@SECLEVEL=0
]]

-- What a process with those settings prints: kind of the error, or the space's name.
local ASK = [[
local url, certificate = ...
local client = require "googlemeet".new {
  api_key = "key-of-the-spec", base_url = url, ca_file = certificate, retry = false,
}
local space, err = client.spaces:get "abc"
print(space and space.name or err.kind)
]]

describe("a server over TLS", function()
  local server

  setup(function() server = Server.start { tls = true } end)
  teardown(function() server:close() end)

  local good = { TLS, REQUEST, GOOD, REQUEST, GOOD }
  local groups = { ["that cannot be trusted"] = refused, ["that breaks it"] = broken }
  for title, run in hostile.each(groups, good) do
    it(title, function() run(server) end)
  end

  for version, expected in pairs { TLSv1 = "tls", TLSv1_1 = "tls", TLSv1_2 = "spaces/abc" } do
    it("of " .. version .. ", where the machine's settings allow it", function()
      server:play { { { tls = "good", version = version }, REQUEST, GOOD } }
      local folder = tree.temporary()
      for name, text in pairs { ["openssl.cnf"] = LAX, ["ask.lua"] = ASK } do
        local file <close> = assert(io.open(folder .. "/" .. name, "w"))
        file:write(text)
      end
      local output = tree.run(("OPENSSL_CONF=%s/openssl.cnf %s %s/ask.lua %s %s"):format(folder,
        tree.lua(), folder, server.url, server.cert))
      tree.remove(folder)
      assert.equal(expected .. "\n", output)
    end)
  end
end)
