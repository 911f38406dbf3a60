--- An authority of the bench's own, and a server's certificate by it.

local shell = require "spec.bench.shell"

local certificates = {}

local function openssl(folder, arguments)
  shell.output(("cd %s && openssl %s 2>/dev/null"):format(shell.quote(folder), arguments))
end

--- Write authority.pem, server.pem and server.key into the folder.
function certificates.make(folder)
  local key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
  openssl(folder, "req -x509 " .. key
    .. " -days 2 -subj /CN=bench-authority"
    .. " -addext keyUsage=critical,keyCertSign,cRLSign -keyout authority.key -out authority.pem")
  shell.write(folder .. "/names",
    "subjectAltName=IP:127.0.0.1\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n")
  openssl(folder, "req " .. key .. " -subj /CN=bench -keyout server.key -out server.csr")
  openssl(folder, "x509 -req -in server.csr -CA authority.pem -CAkey authority.key"
    .. " -CAcreateserial -days 2 -extfile names -out server.pem")
end

--- Copies of libcurl's default bundle and hashed folder, each with the authority added: what the
--- system's own would be if it trusted the bench. Nothing of the system's is changed.
---@return string|nil bundle nil where libcurl has no bundle, or no hashed folder
---@return string|nil hashed
function certificates.like_the_system(folder, bare)
  local bundle, path = shell.run(bare .. " where"):match "^(%S+) (%S+)\n"
  if not bundle or not shell.has(("ls %s | grep -q '^[0-9a-f]\\{8\\}\\.[0-9]'"):format(path)) then
    return nil
  end
  local quoted = shell.quote(folder)
  shell.output(("cat %s %s/authority.pem >%s/bundle.pem"):format(bundle, quoted, quoted))
  shell.output(("mkdir %s/hashed && cp -a %s/. %s/hashed"):format(quoted, path, quoted))
  shell.output(("cp %s/authority.pem %s/hashed/$(openssl x509 -noout -hash -in %s/authority.pem).0")
    :format(quoted, quoted, quoted))
  return folder .. "/bundle.pem", folder .. "/hashed"
end

return certificates
