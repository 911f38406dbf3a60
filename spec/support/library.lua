--- The libraries and the system below the core, for what depends on them.

local tree = require "spec.support.tree"

local library = {}

local ASK = [[
#include <curl/curl.h>
#include <stdio.h>
int main(void) {
#ifdef __GLIBC__
  fputs("glibc ", stdout);
#endif
  return puts(curl_version()) < 0;
}
]]

local versions -- as the libcurl that the core is linked with says; before it "glibc", if it is that

local function find(pattern)
  if not versions then
    local folder = tree.temporary()
    local command = "printf %%s %s | ${CC:-cc} -x c - -o %s/ask ${CURL_CFLAGS:-} " ..
      "${CURL_LIBS:--lcurl} && %s/ask"
    local output, ok = tree.run(command:format(tree.quote(ASK), folder, folder))
    tree.remove(folder)
    versions = ok and output or error(output)
  end
  return versions:match(pattern)
end

local function parts(version)
  local major, minor = version:match "^(%d+)%.(%d+)"
  return tonumber(major), tonumber(minor)
end

--- Say whether libcurl is of that version or a newer one.
---@param version string such as "8.14"
function library.is_curl(version)
  local major, minor = parts(find "libcurl/(%S+)")
  local least_major, least_minor = parts(version)
  return major > least_major or major == least_major and minor >= least_minor
end

--- Say whether libcurl has its TLS from that library.
---@param name string such as "GnuTLS"
function library.is_tls(name)
  return find(" " .. name .. "/") ~= nil
end

--- Say whether the C library is glibc, and no other one.
function library.is_glibc()
  return find "^glibc " ~= nil
end

--- Say whether the core has a thread that cuts floods: Linux, and not PORTABLE=1.
function library.cuts_floods()
  return tree.run "uname" == "Linux\n"
    and not tree.read(tree.build() .. "/flags"):find("-DMEET_PORTABLE", 1, true)
end

return library
