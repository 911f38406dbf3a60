#!/usr/bin/env lua5.4
-- The command `googlemeet`. Where the module is not installed, it is loaded from the tree that this
-- file lies in.
if not package.searchpath("googlemeet.command", package.path) then
  local tree = arg[0]:gsub("[^/]*$", "../../../", 1)
  package.path = ("%slua/?.lua;%slua/?/init.lua;%s"):format(tree, tree, package.path)
  package.cpath = ("%sbuild/?.so;%s"):format(tree, package.cpath)
end
require "googlemeet.command".main(arg)
