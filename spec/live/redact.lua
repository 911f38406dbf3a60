--- The last check before a row of `make live` is printed, independent of how it was made: no value
-- of any answer may be in it. Values are kept while the walk goes; nothing of them leaves.

local phrases = require "spec.live.phrases"
local terms = require "spec.live.terms"

local redact = {}
redact.__index = redact

local SHORTEST = 4 -- characters: what is shorter is in any text
local LONGEST = 500 -- characters of a value that is kept whole, beside its words

--- Make a check that has seen nothing yet.
---@param titles string[] of the rows: they are constants
---@param secrets string[] never printed, wherever they come from
function redact.new(titles, secrets)
  local words = { terms.all(), table.concat(titles, "\n") }
  for _, phrase in pairs(phrases) do words[#words + 1] = phrase end
  local kept = {}
  for _, secret in ipairs(secrets) do
    if #secret > 0 then kept[#kept + 1] = secret:lower() end
  end
  return setmetatable({
    seen = {}, secrets = kept, vocabulary = table.concat(words, "\n"):lower(),
  }, redact)
end

local function keep(self, text)
  if #text >= SHORTEST and #text <= LONGEST then self.seen[text:lower()] = true end
  for word in text:gmatch "[%w\x80-\xff]+" do
    if #word >= SHORTEST then self.seen[word:lower()] = true end
  end
end

--- Note every text in what a call gave, names of fields included.
function redact:note(value, within)
  if type(value) == "string" then
    keep(self, value)
  elseif type(value) == "table" then
    within = within or {}
    if within[value] then return end
    within[value] = true
    for name, item in next, value do
      self:note(name, within)
      self:note(item, within)
    end
  end
end

--- Return the rows of a text that show a secret, or a value that the vocabulary does not have.
---@param lines string[]
---@return table<integer, true> index of each
function redact:find(lines)
  local found, lowered = {}, {}
  for index, line in ipairs(lines) do lowered[index] = line:lower() end
  local all = table.concat(lowered, "\n")
  local function refuse(text)
    for index, line in ipairs(lowered) do
      if line:find(text, 1, true) then found[index] = true end
    end
  end
  for _, secret in ipairs(self.secrets) do refuse(secret) end
  for text in pairs(self.seen) do
    if all:find(text, 1, true) and not self.vocabulary:find(text, 1, true) then refuse(text) end
  end
  return found
end

return redact
