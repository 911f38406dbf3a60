-- make docs: writes the generated parts of lua/googlemeet/types.lua, then those of the manual.

local blocks = require "spec.docs.blocks"
local declarations = require "spec.docs.declarations"
local facts = require "spec.docs.facts"
local manual = require "spec.docs.manual"

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

--- Write a file, where that changes it.
local function replace(path, text)
  if read(path) == text then return end
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(text))
  print(path .. ": written")
end

replace("lua/googlemeet/types.lua",
  declarations.fill(read "lua/googlemeet/types.lua", facts.read()))
local known = facts.read()
replace("lua/README.md", manual.fill(read "lua/README.md", function(what, anchors)
  return blocks.write(known, what, anchors)
end))
