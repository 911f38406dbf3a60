--- Locales for child processes. They are made by glibc's localedef, from a definition that needs no
-- file of the system: few machines have a locale with a decimal comma, or with letters beyond ASCII
-- that are single bytes.

local library = require "spec.support.library"
local tree = require "spec.support.tree"

local locale = {}

local DEFINITION = [[
LC_CTYPE
upper <U0041>..<U005A>;<U00C0>..<U00EF>
lower <U0061>..<U007A>
space <U0009>..<U000D>;<U0020>;<U00A0>
END LC_CTYPE
LC_NUMERIC
decimal_point "%s"
thousands_sep ""
grouping -1
END LC_NUMERIC
]]

--- Each byte is a character.
local CHARACTERS = [[
<code_set_name> ODD
<escape_char> /
<mb_cur_min> 1
<mb_cur_max> 1
CHARMAP
<U0000>..<U00FE> /x00 one
END CHARMAP
]]

--- Say why there is no such locale, nil where there is: a spec that needs it is pending then.
-- Another C library may take any name for a locale's, and change nothing.
function locale.lacks()
  return not library.is_glibc() and "only glibc reads locales that localedef makes" or nil
end

--- Run a script in a process that can set a locale "odd", whose numbers have that decimal point,
-- and to which the bytes of other letters look like letters and blanks.
---@param point string one character
---@param script string Lua
---@return string output both streams
function locale.run(point, script)
  local folder = os.tmpname()
  local made, ok = tree.run(([[
    rm FOLDER && mkdir FOLDER && printf %s SOURCE >FOLDER/source &&
    printf %s CHARACTERS >FOLDER/characters &&
    localedef -c -f FOLDER/characters -i FOLDER/source FOLDER/odd
    test -e FOLDER/odd/LC_NUMERIC]]):gsub("%u+", {
    FOLDER = folder, SOURCE = tree.quote(DEFINITION:format(point)),
    CHARACTERS = tree.quote(CHARACTERS),
  }))
  -- glibc does not free the name of that folder.
  local said = tree.run(("ASAN_OPTIONS=detect_leaks=0 LOCPATH=%s %s -e %s"):format(folder,
    tree.lua(), tree.quote(script)))
  tree.run("rm -r " .. folder)
  assert(ok, made)
  return said
end

return locale
