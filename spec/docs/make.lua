-- make docs: writes the generated parts of types/ and of the manual, then the manual as a page.
--
--     lua spec/docs/make.lua                     the parts
--     lua spec/docs/make.lua page HTML TARGET    the page, from what a converter made of the manual

local blocks = require "spec.docs.blocks"
local declarations = require "spec.docs.declarations"
local facts = require "spec.docs.facts"
local manual = require "spec.docs.manual"
local page = require "spec.docs.page"
local tree = require "spec.support.tree"

local MANUAL <const> = "lua/README.md"

local read <const> = tree.read

local function write(path, text)
  tree.write(path, text)
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
  local before = facts.read()
  for _, path in ipairs(facts.declarations()) do
    replace(path, declarations.fill(read(path), before))
  end
  local known = facts.read()
  replace(MANUAL, manual.fill(read(MANUAL), function(what, anchors)
    return blocks.write(known, what, anchors)
  end))
end
