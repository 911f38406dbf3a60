--- The versions of the libraries below the core, for what depends on them.

local tree = require "spec.support.tree"

local library = {}

local versions -- as the program curl, which has the same libraries, says

local function parts(version)
  local major, minor = version:match "^(%d+)%.(%d+)"
  return tonumber(major), tonumber(minor)
end

--- Say whether libcurl is of that version or a newer one.
---@param version string such as "8.14"
function library.is_curl(version)
  versions = versions or tree.run "curl --version"
  local major, minor = parts(assert(versions:match "libcurl/(%S+)", versions))
  local least_major, least_minor = parts(version)
  return major > least_major or major == least_major and minor >= least_minor
end

return library
