#!/usr/bin/env lua5.4
-- The command `googlemeet`. Where the module is not installed, it is loaded from the tree that this
-- file lies in.
if not package.searchpath("googlemeet.command", package.path) then
  local tree = arg[0]:gsub("[^/]*$", "../../../", 1)
  package.path = ("%s;%slua/?.lua;%slua/?/init.lua"):format(package.path, tree, tree)
  package.cpath = ("%s;%sbuild/?.so"):format(package.cpath, tree)
end
require "googlemeet.command".main(arg)
