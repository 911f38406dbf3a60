--- Locales for child processes. They are made by glibc's localedef, from a definition that needs no
-- file of the system: few machines have a locale with a decimal comma.

local tree = require "spec.support.tree"

local locale = {}

local DEFINITION = [[
LC_NUMERIC
decimal_point "%s"
thousands_sep ""
grouping -1
END LC_NUMERIC
]]

--- Run a script in a process that can set a locale "odd", whose numbers have that decimal point.
---@param point string one character
---@param script string Lua
---@return string output both streams
function locale.run(point, script)
  local folder = os.tmpname()
  local made, ok = tree.run(([[
    rm FOLDER && mkdir FOLDER && printf %s SOURCE >FOLDER/source &&
    localedef -c -i FOLDER/source FOLDER/odd
    test -e FOLDER/odd/LC_NUMERIC]]):gsub("%u+", {
    FOLDER = folder, SOURCE = tree.quote(DEFINITION:format(point)),
  }))
  -- glibc does not free the name of that folder.
  local said = tree.run(("ASAN_OPTIONS=detect_leaks=0 LOCPATH=%s %s -e %s"):format(folder,
    tree.lua(), tree.quote(script)))
  tree.run("rm -r " .. folder)
  assert(ok, made)
  return said
end

return locale
