-- make types: writes each script of the documents, and each EXAMPLE, into FOLDER/scripts, types/
-- into FOLDER/library, and the settings that a checker of types finds there. FOLDER is absolute.
--
--     lua spec/docs/scripts.lua FOLDER EXAMPLE...

local facts = require "spec.docs.facts"
local tree = require "spec.support.tree"

local DOCUMENTS <const> = { "README.md", "lua/README.md", "examples/README.md" }
local PREAMBLE <const> = 'local meet = require "googlemeet"\nlocal client = assert(meet.new())\n'

local read <const>, write <const> = tree.read, tree.write
local folder = arg[1]

--- Write the blocks of a document, each as a file named by its line.
local function write_blocks(path)
  local name, number = path:gsub("%.md$", ""):gsub("/", "_"), 0
  local first, lines
  for line in read(path):gmatch "([^\n]*)\n" do
    number = number + 1
    if lines and line:find "^```" then
      write(("%s/scripts/%s_%04d.lua"):format(folder, name, first),
        PREAMBLE .. table.concat(lines, "\n") .. "\n")
      lines = nil
    elseif lines then
      lines[#lines + 1] = line
    elseif line == "```lua" then
      first, lines = number, {}
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
for _, path in ipairs(DOCUMENTS) do write_blocks(path) end
for index = 2, #arg do
  write(("%s/scripts/%s"):format(folder, arg[index]:gsub("/", "_")), read(arg[index]))
end
