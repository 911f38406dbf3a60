-- .github/: what CI and the guides refer to exists.

local tree = require "spec.support.tree"

local CI = ".github/workflows/ci.yml"

--- Return the targets and the rows that CI asks make for.
local function asked_of_make(text)
  local targets, rows = {}, {}
  for target in text:gmatch "make: ([%w_-]+)" do targets[#targets + 1] = target end
  for before, target in text:gmatch "(%S+) g?make ([%w_-]+)" do
    if before:find "^run:$" or before == "&&" or before == "sudo" then
      targets[#targets + 1] = target
    end
  end
  for list in text:gmatch "row: %[([^%]]+)%]" do
    for row in list:gmatch "[%w_.:-]+" do rows[#rows + 1] = row end
  end
  return targets, rows
end

--- Return the anchors of a document's headings.
local function anchors_of(text)
  local anchors = {}
  for title in ("\n" .. text):gmatch "\n##+ ([^\n]+)" do
    anchors[title:lower():gsub("[^%w_ -]", ""):gsub(" ", "-")] = true
  end
  return anchors
end

describe("CI", function()
  local targets, rows = asked_of_make(tree.read(CI))

  it("runs targets of the Makefile", function()
    local makefile = tree.read "Makefile"
    assert.is_true(#targets > 8)
    for _, target in ipairs(targets) do
      assert(makefile:find("\n" .. target:gsub("%-", "%%-") .. ":"), target)
    end
  end)

  it("runs rows of spec/platforms/rows.txt", function()
    local known = tree.read "spec/platforms/rows.txt"
    assert.is_true(#rows > 0)
    for _, row in ipairs(rows) do assert(known:find("\n" .. row .. " ", 1, true), row) end
  end)
end)

describe("the guides of .github/", function()
  for _, path in ipairs(tree.find(".github", "*.md")) do
    it(path .. " has links to files and sections that exist", function()
      for target in tree.read(path):gmatch "%]%(([^)]+)%)" do
        local file, anchor = target:match "^([^#]*)#?(.*)$"
        if not target:find "^https://" then
          local text = tree.read(file == "" and path or path:match "^.*/" .. file)
          assert(anchor == "" or anchors_of(text)[anchor], target)
        end
      end
    end)
  end
end)
