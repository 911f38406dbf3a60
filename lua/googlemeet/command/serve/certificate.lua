--- A TLS context with a certificate for loopback that signs itself.

local altname = require "openssl.x509.altname"
local distinguished_name = require "openssl.x509.name"
local http_tls = require "http.tls"
local private_key = require "openssl.pkey"
local x509 = require "openssl.x509"

local certificate = {}

local DAY = 86400

--- Make a certificate that is valid for a day.
local function make_certificate(host)
  local key = private_key.new { type = "EC", curve = "prime256v1" }
  local name = distinguished_name.new()
  name:add("CN", "localhost")
  local names = altname.new()
  names:add("IP", host)
  names:add("DNS", "localhost")
  local cert = x509.new()
  cert:setVersion(3)
  cert:setSerial(os.time())
  cert:setSubject(name)
  cert:setIssuer(name)
  cert:setSubjectAlt(names)
  cert:setLifetime(os.time() - DAY, os.time() + DAY)
  cert:setBasicConstraints { CA = true }
  cert:setBasicConstraintsCritical(true)
  cert:setPublicKey(key)
  cert:sign(key)
  return cert, key
end

--- Choose the protocol: HTTP/2 when the client offers it.
local function select_protocol(_, offered)
  local has = {}
  for _, protocol in ipairs(offered) do
    has[protocol] = true
  end
  return has.h2 and "h2" or has["http/1.1"] and "http/1.1" or nil
end

--- Make a context for a server, and its certificate as PEM.
---@param host string IP address
---@return userdata context
---@return string pem
function certificate.context(host)
  local cert, key = make_certificate(host)
  local context = http_tls.new_server_context()
  context:setAlpnSelect(select_protocol)
  context:setPrivateKey(key)
  context:setCertificate(cert)
  return context, cert:toPEM()
end

return certificate
