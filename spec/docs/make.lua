-- make docs: writes the generated parts of types.lua and of the manual, then the manual as a page.
--
--     lua spec/docs/make.lua                     the parts
--     lua spec/docs/make.lua page HTML TARGET    the page, from what a converter made of the manual

local blocks = require "spec.docs.blocks"
local declarations = require "spec.docs.declarations"
local facts = require "spec.docs.facts"
local manual = require "spec.docs.manual"
local page = require "spec.docs.page"

local TYPES <const>, MANUAL <const> = "lua/googlemeet/types.lua", "lua/README.md"

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(text))
  print("  " .. path)
end

--- Write a file, where that changes it.
local function replace(path, text)
  if read(path) ~= text then write(path, text) end
end

if arg[1] == "page" then
  write(arg[3], page.write(read(MANUAL), read(arg[2]), read "spec/docs/page.css",
    read "spec/docs/page.js"))
else
  replace(TYPES, declarations.fill(read(TYPES), facts.read()))
  local known = facts.read()
  replace(MANUAL, manual.fill(read(MANUAL), function(what, anchors)
    return blocks.write(known, what, anchors)
  end))
end
