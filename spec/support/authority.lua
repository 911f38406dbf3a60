--- Certificates for specs: good ones for 127.0.0.1, and those that a client must refuse.
-- An authority is a key with a certificate that it signed itself; that one is the good one, and
-- its PEM is what a client has to trust. Needs luaossl.

local altname = require "openssl.x509.altname"
local certificate = require "openssl.x509"
local context = require "openssl.ssl.context"
local distinguished_name = require "openssl.x509.name"
local private_key = require "openssl.pkey"

local DAY = 86400
local HOST = "127.0.0.1"

local authority = {}

---@class Authority
local methods = {}

local Authority = { __name = "Authority", __index = methods }

local function make_key()
  return private_key.new { type = "EC", curve = "prime256v1" }
end

local function make_name(text)
  return distinguished_name.new():add("CN", text)
end

--- What is wrong with each kind of certificate; "good" and "self_signed" are roots.
local kinds = {
  good = {},
  self_signed = { subject = "somebody" },
  expired = { from = -10 * DAY, to = -5 * DAY },
  not_yet_valid = { from = 5 * DAY, to = 10 * DAY },
  other_host = { names = { "DNS", "elsewhere.example" } },
  no_host = { names = false },
  stranger = { impostor = true }, -- an authority of the same name, with another key
}

local function draft(kind, key)
  local now = os.time()
  local drafted = certificate.new()
  drafted:setVersion(3)
  drafted:setSerial(now)
  drafted:setSubject(make_name(kind.subject or HOST))
  drafted:setIssuer(make_name(kind.subject or HOST))
  if kind.names ~= false then
    local names = altname.new()
    names:add(table.unpack(kind.names or { "IP", HOST }))
    drafted:setSubjectAlt(names)
  end
  drafted:setLifetime(now + (kind.from or -DAY), now + (kind.to or 3650 * DAY))
  drafted:setPublicKey(key)
  return drafted
end

--- A certificate of that kind, and its key.
local function issue(self, name)
  local kind = kinds[name] or error("no kind of certificate: " .. name)
  if name == "good" then
    return self.certificate, self.key
  end
  local key, is_root = make_key(), kind.subject ~= nil
  local issued = draft(kind, key)
  if not is_root then
    issued:setSubject(make_name "server")
  end
  issued:setBasicConstraints { CA = is_root }
  issued:sign(is_root and key or kind.impostor and make_key() or self.key)
  return issued, key
end

--- A TLS context that shows a certificate of that kind.
---@param name string see `kinds`
---@param options? { protocol: string?, version: string? } what ALPN chooses; only that TLS version
function methods:context(name, options)
  options = options or {}
  local made = context.new(options.version or "TLS", true)
  local shown, key = issue(self, name)
  if options.version then
    made:setCipherList "ALL:@SECLEVEL=0"
  end
  made:setCertificate(shown)
  made:setPrivateKey(key)
  if options.protocol then
    made:setAlpnSelect(function() return options.protocol end)
  end
  return made
end

--- Write the certificate to trust.
function methods:write(path)
  local file <close> = assert(io.open(path, "w"))
  file:write(self.certificate:toPEM())
end

---@return Authority
function authority.new()
  local key = make_key()
  local root = draft(kinds.good, key)
  root:setBasicConstraints { CA = true }
  root:sign(key)
  return setmetatable({ key = key, certificate = root }, Authority)
end

return authority
