--- Starts `googlemeet serve` from the tree. It ends when its standard input does, unless --no-stdin
-- is given; the other options are those of `googlemeet serve --help`.

local root = arg[0]:match("^(.*)spec/support/[^/]*$") or ""
package.path = ("%slua/?.lua;%slua/?/init.lua;"):format(root, root) .. package.path

local words, is_bound = { "serve" }, true
for _, word in ipairs(arg) do
  if word == "--no-stdin" then
    is_bound = false
  else
    words[#words + 1] = word
  end
end
if is_bound then words[#words + 1] = "--until-eof" end
require "googlemeet.command".main(words)
