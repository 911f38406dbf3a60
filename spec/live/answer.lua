--- The answers of `make live`, which are redacted by construction: an answer is made of the phrases
-- of `phrases.lua`, the terms of `terms.lua` and numbers below 1000. There is no way to make one of
-- any other text.

local core = require "googlemeet.core"
local phrases = require "spec.live.phrases"
local terms = require "spec.live.terms"

local answer = {}

local ANSWER = { __name = "live.answer" }

local function make(text)
  return setmetatable({ text = text }, ANSWER)
end

--- Say whether a value is an answer.
function answer.is(value)
  return getmetatable(value) == ANSWER
end

--- Make an answer of a number. A long one could be a phone number, or part of an id.
---@param number number
function answer.number(number)
  local whole = math.tointeger(number) or math.floor(number)
  return make(whole < 1000 and whole >= 0 and ("%d"):format(whole) or phrases.thousand)
end

local function part(value)
  if math.type(value) then return answer.number(value).text end
  if type(value) == "boolean" then return value and phrases.yes or phrases.no end
  if answer.is(value) then return value.text end
  error("an answer has numbers, booleans and answers, no " .. type(value), 3)
end

--- Phrases as functions of what stands for their `%s`.
answer.say = setmetatable({}, { __index = function(_, name)
  local phrase = phrases[name] or error("there is no phrase " .. name, 2)
  return function(...)
    local parts = table.pack(...)
    for index = 1, parts.n do parts[index] = part(parts[index]) end
    return make(phrase:format(table.unpack(parts, 1, parts.n)))
  end
end })

local say = answer.say

--- Make an answer of a term, if it is one.
---@param set string of `terms`
---@param name any
---@return table?
function answer.term(set, name)
  return type(name) == "string" and terms[set][name] and make(name) or nil
end

--- Make a question that cannot be asked.
---@param why string a phrase
function answer.cannot(why)
  return function() return say.cannot(say[why]()) end
end

--- Put answers one behind the other.
function answer.join(parts, separator)
  local texts = {}
  for index, value in ipairs(parts) do texts[index] = part(value) end
  return make(table.concat(texts, separator or ""))
end

--- Sort the names of `set` that a table has as keys; count those that are not in it.
local function known_in(values, set)
  local known, unknown = {}, 0
  for name in pairs(values) do
    if set[name] then known[#known + 1] = name else unknown = unknown + 1 end
  end
  table.sort(known)
  for index, name in ipairs(known) do known[index] = make(name) end
  return answer.join(known, " "), unknown, #known
end

--- Name the fields of resources that the contract knows, and count the others.
---@param schema string
---@param items any[]
function answer.fields(schema, items)
  local found = {}
  for _, item in ipairs(items) do
    for name in pairs(type(item) == "table" and item or {}) do found[name] = true end
  end
  if next(found) == nil then return say.no_fields() end
  local known, unknown, count = known_in(found, terms.fields(schema))
  if count == 0 then known = say.none_known() end
  return unknown == 0 and say.fields(known) or say.fields_unknown(known, unknown)
end

--- Name the header fields of an answer.
---@param headers table<string, string>
function answer.headers(headers)
  local known, unknown = known_in(headers, terms.header)
  return unknown == 0 and say.fields(known) or say.fields_unknown(known, unknown)
end

local function kind_of(err)
  return answer.term("kind", err.kind) or say.unknown_kind()
end

--- Say that a question failed.
---@param err any
function answer.failed(err)
  if type(err) ~= "table" then return say.raised() end
  if not math.tointeger(err.status) then return say.failed_kind(kind_of(err)) end
  return say.failed(kind_of(err), err.status)
end

--- Return the kind of one of Google's details; false where it is an error as Drive writes it.
local function kind_of_detail(detail)
  local name = type(detail) == "table" and detail["@type"]
  if type(name) ~= "string" then
    local is_of_drive = type(detail) == "table" and detail.reason ~= nil
    if is_of_drive then return false end
    return nil
  end
  return answer.term("detail", name:match "^type%.googleapis%.com/google%.rpc%.(%a+)$")
end

local function details_of(details)
  local found, unknown, of_drive = {}, 0, false
  for _, detail in ipairs(type(details) == "table" and details or {}) do
    local kind = kind_of_detail(detail)
    if answer.is(kind) then found[#found + 1] = kind end
    if kind == nil then unknown = unknown + 1 end
    of_drive = of_drive or kind == false
  end
  local parts = {}
  if #found > 0 then parts[1] = say.details(answer.join(found, " ")) end
  if unknown > 0 then parts[#parts + 1] = say.details_unknown(unknown) end
  if of_drive then parts[#parts + 1] = say.of_drive() end
  return answer.join(parts)
end

--- Say what a body is that has none of the known shapes.
local function body_of(body)
  if body:find "^%s*<" then return say.html() end
  return body:find "^%s*[{%[]" and say.json() or say.text()
end

--- Describe an error that is the answer to a question.
---@param err googlemeet.Error
function answer.failure(err)
  if type(err) ~= "table" or not math.tointeger(err.status) then return answer.failed(err) end
  local parts = { say.failure(err.status, kind_of(err),
    answer.term("origin", err.origin) or say.unknown_kind()) }
  local function add(more) parts[#parts + 1] = more end
  if err.reason ~= nil then
    local reason = answer.term("reason", err.reason)
    add(reason and say.reason(reason) or say.reason_unknown())
  end
  add(details_of(err.details))
  if err.trace_id ~= nil then add(say.trace()) end
  if err.retry_after then add(say.retry_after(err.retry_after)) end
  if type(err.body) == "string" then add(say.body(body_of(err.body))) end
  return answer.join(parts)
end

--- Describe the body of an error that is the gateway's.
---@param body string as it came
function answer.error_body(body)
  local decoded = core.decode(body)
  if type(decoded) ~= "table" then return body == "" and say.empty() or body_of(body) end
  local top, unknown = known_in(decoded, terms.error)
  local parts = { say.fields(top) }
  if type(decoded.error) == "table" then
    local within, more = known_in(decoded.error, terms.error)
    parts[2], unknown = say.within(within), unknown + more
  end
  if unknown > 0 then parts[#parts + 1] = say.not_known(unknown) end
  return answer.join(parts)
end

--- Make an answer of a number of bytes: a range of it.
function answer.bytes(count)
  return count < 1000 and say.small() or count < 100000 and say.medium()
    or count <= 10 << 20 and say.large() or say.huge()
end

local CLASSES = {
  { "%l", "lower" }, { "%u", "upper" }, { "%d", "digits" }, { "%-", "dash" }, { "_", "underline" },
  { "[^%w_-]", "other" },
}

--- Describe ids: their lengths and their alphabet.
---@param ids string[] at least one
function answer.ids(ids)
  local least, most, classes = math.huge, 0, {}
  for _, id in ipairs(ids) do least, most = math.min(least, #id), math.max(most, #id) end
  for _, class in ipairs(CLASSES) do
    for _, id in ipairs(ids) do
      if id:find(class[1]) then
        classes[#classes + 1] = say[class[2]]()
        break
      end
    end
  end
  local alphabet = answer.join(classes, " ")
  return least == most and say.id_same(most, alphabet) or say.id_shape(least, most, alphabet)
end

return answer
