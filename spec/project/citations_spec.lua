-- Where the code cites the contract, spec/contract has the document and the section.

local tree = require "spec.support.tree"

--- The citations in src/, lua/ and spec/: { path, document, section or nil }.
local function citations()
  local found = {}
  for _, path in ipairs(tree.texts()) do
    local is_ours = path:find "^src/" or path:find "^lua/" or path:find "^spec/"
    local text = is_ours and tree.read(path) or ""
    for document, rest in text:gmatch "contract/([%w-]+%.%l+)([^\n]*)" do
      found[#found + 1] = { path, document, rest:match '^, "([^"]+)"' }
    end
  end
  return found
end

describe("a citation of the contract", function()
  it("names a document in spec/contract, and a section of it", function()
    local found = citations()
    assert.is_true(#found > 0)
    for _, citation in ipairs(found) do
      local path, document, section = table.unpack(citation, 1, 3)
      local ok, text = pcall(tree.read, "spec/contract/" .. document)
      assert(ok, ("%s cites contract/%s, which does not exist"):format(path, document))
      assert(not section or text:find("\n## " .. section, 1, true),
        ("%s cites %q, which contract/%s does not have"):format(path, tostring(section), document))
    end
  end)
end)
