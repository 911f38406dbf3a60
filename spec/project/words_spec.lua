local tree = require "spec.support.tree"

-- Written so that this file does not find itself.
local forbidden = {
  { "/ho" .. "me/[%w._-]+/", "somebody's folder" },
  { "/Us" .. "ers/[%w._-]+/", "somebody's folder" },
  { "/ro" .. "ot/", "somebody's folder" },
  { "FIX" .. "ME", "say it in an issue, and TO" .. "DO(#n) here" },
}

-- Nobody's: for specs that need such a path.
local example = "/ho" .. "me/ann/"

local todo = "%f[%w]TO" .. "DO%f[%W]"

describe("the project's text", function()
  local texts = tree.texts()

  it("has none of the words that do not belong in it", function()
    assert.is_true(#texts > 0)
    for _, path in ipairs(texts) do
      local number = 0
      for line in tree.read(path):gmatch "([^\n]*)\n?" do
        number = number + 1
        for _, row in ipairs(forbidden) do
          local word = line:match(row[1])
          assert(not word or word == example,
            ("%s:%d: %q: %s"):format(path, number, tostring(word), row[2]))
        end
      end
    end
  end)

  it("puts the number of an issue behind what is still to be done", function()
    for _, path in ipairs(texts) do
      for line in tree.read(path):gmatch "[^\n]+" do
        local open = line:gsub(todo .. "%(#%d+%)", "")
        assert(not open:find(todo), path .. ": " .. line)
      end
    end
  end)
end)

-- What users and contributors read first is plain English. A row: a phrase, and what to write.
-- "*" is one word.
local PLAIN = {
  { "told", "reported, shown" }, { "tells", "reports, shows" }, { "telling", "reporting" },
  { "a look", "a poll" }, { "the look", "the poll" }, { "each look", "each poll" },
  { "every look", "every poll" }, { "first look", "first poll" }, { "next look", "next poll" },
  { "last look", "last poll" }, { "same look", "same poll" }, { "another look", "another poll" },
  { "of one's own", "custom, separate" }, { "of your own", "custom" }, { "of its own", "separate" },
  { "of their own", "separate" }, { "of our own", "custom" }, { "of his own", "separate" },
  { "at the most", "at most" }, { "seldom", "rarely" },
  { "give way", "yield" }, { "gives way", "yields" }, { "gave way", "yielded" },
  { "given way", "yielded" }, { "giving way", "yielding" },
  { "come of", "result from" }, { "comes of", "results from" }, { "came of", "resulted from" },
  { "let through", "sent, allowed" }, { "lets through", "sends, allows" },
  { "letting through", "allowing" }, { "let * through", "allow" }, { "lets * through", "allows" },
  { "by itself", "automatically, alone" }, { "by themselves", "automatically, alone" },
  { "made up", "simulated, demo" }, { "made-up", "simulated, demo" },
  { "makes up for", "compensates" },
}

local READ_FIRST = {
  "^README%.md$", "^CHANGELOG%.md$", "^Makefile$", "^spec/README%.md$", "^lua/", "^src/",
  "^examples/", "^%.github/SECURITY%.md$", "^%.github/ISSUE_TEMPLATE/",
}

local function is_read_first(path)
  for _, pattern in ipairs(READ_FIRST) do
    if path:find(pattern) then return true end
  end
  return false
end

--- Turn a phrase into a pattern of whole words.
local function pattern_of(phrase)
  return "%f[%w]" .. phrase:gsub("[-']", "%%%0"):gsub("%*", "%%S+") .. "%f[^%w]"
end

--- Return a text in small letters as one line, without the signs that begin lines of comments,
-- strings and lists.
local function unwrapped(text)
  return (text:lower():gsub("\"%s*\n%s*%.?%.?%s*\"", ""):gsub("\n[%s%-/*#|>]*", " "))
end

describe("the project's prose", function()
  local texts = {}
  for _, path in ipairs(tree.texts()) do
    if is_read_first(path) then texts[path] = unwrapped(tree.read(path)) end
  end

  for _, row in ipairs(PLAIN) do
    it(("says %s instead of '%s'"):format(row[2], row[1]), function()
      local pattern = pattern_of(row[1])
      for path, text in pairs(texts) do
        local from, to = text:find(pattern)
        assert(not from, from and ("%s: …%s…"):format(path, text:sub(from - 40, to + 40)))
      end
    end)
  end
end)
