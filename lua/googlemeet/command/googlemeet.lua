#!/usr/bin/env lua5.4
-- The command `googlemeet`. Where the module is not installed, it is loaded from the tree that this
-- file lies in. Other versions of Lua can read this file, too.
local function stop(message, status)
  io.stderr:write("googlemeet: ", message, "\n")
  os.exit(status or 1)
end

if _VERSION < "Lua 5.4" then stop("Lua 5.4 or 5.5 is required; this is " .. _VERSION) end
-- Lua looks for modules in the current folder, too: the command runs in any folder, and what lies
-- there is not its code.
for _, field in ipairs { "path", "cpath" } do
  package[field] = (";" .. package[field]):gsub(";%./%?[^;]*", ""):sub(2)
end
if not package.searchpath("googlemeet.command", package.path) then
  local tree = arg[0]:gsub("[^/]*$", "../../../", 1)
  if tree:find "[;?]" then stop "Lua loads no module from a folder with ; or ? in its name" end
  package.path = ("%slua/?.lua;%slua/?/init.lua;%s"):format(tree, tree, package.path)
  package.cpath = ("%sbuild/?.so;%s"):format(tree, package.cpath)
end
local is_loaded, command = pcall(function() return require "googlemeet.command" end)
if command == "interrupted!" then stop("interrupted", 130) end -- Ctrl-C
if not is_loaded then
  local problem = tostring(command)
  stop(problem:match "module '[^\n]-' not found" or problem:match "[^\n]*")
end
command.main(arg)
