-- make types: writes each script of the documents, and each EXAMPLE, into FOLDER/scripts, types/
-- into FOLDER/library, and the settings that a checker of types finds there. FOLDER is absolute.
--
--     lua spec/docs/scripts.lua FOLDER EXAMPLE...

local blocks = require "spec.support.blocks"
local facts = require "spec.docs.facts"
local tree = require "spec.support.tree"

local DOCUMENTS <const> = { "README.md", "lua/README.md", "examples/README.md" }
local PREAMBLE <const> = 'local meet = require "googlemeet"\nlocal client = assert(meet.new())\n'

local read <const>, write <const> = tree.read, tree.write
local folder = arg[1]

--- Write the scripts of a document, each as a file named by its line.
local function write_scripts(path)
  local name = path:gsub("%.md$", ""):gsub("/", "_")
  for _, block in ipairs(blocks.read(path)) do
    if block.language == "lua" then
      write(("%s/scripts/%s_%04d.lua"):format(folder, name, block.line),
        PREAMBLE .. block.text .. "\n")
    end
  end
end

for _, path in ipairs(facts.declarations()) do
  write(folder .. "/library/" .. path:match "[^/]+$", read(path))
end
write(folder .. "/scripts/.luarc.json", ([[
{
  "runtime.version": "Lua 5.4",
  "workspace.library": ["%s/library"],
  "workspace.checkThirdParty": false
}
]]):format(folder))
for _, path in ipairs(DOCUMENTS) do write_scripts(path) end
for index = 2, #arg do
  write(("%s/scripts/%s"):format(folder, arg[index]:gsub("/", "_")), read(arg[index]))
end
