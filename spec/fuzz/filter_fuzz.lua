-- Filters from any strings: refused in a line of words, or a text that the fake's own
-- reader takes apart into what was asked for. Nothing else gets in between the quotes.

local meet = require "googlemeet"
local reader = require "googlemeet.testing.filter"

local KINDS = {
  { "conference_record", "conferenceRecords",
    { "space", "meeting_code", "start_time", "end_time", "live", "ended" } },
  { "participant", "participants", { "earliest_start_time", "latest_end_time", "live" } },
  { "participant_session", "participantSessions", { "start_time", "end_time", "live" } },
}
local BOUNDS = { "from", "to", "after", "before" }

--- Cut the bytes into strings by NULs.
local function words_of(text)
  local words = {}
  for word in (text .. "\0"):gmatch "(%Z*)%z" do words[#words + 1] = word end
  return words
end

local function value_of(word)
  local mark, rest = word:sub(1, 1), word:sub(2)
  if mark == "#" then return tonumber(rest) or #rest end
  if mark == "+" then return true end
  if mark == "-" then return #rest % 2 == 0 end
  if mark == "{" then return { name = rest } end
  if mark == "<" then
    local range = {}
    for index, bound in ipairs(BOUNDS) do
      local part = rest:match("^" .. ("[^,]*,"):rep(index - 1) .. "([^,]*)")
      if part and part ~= "" then range[bound] = tonumber(part) or part end
    end
    return range
  end
  return word
end

--- A term is sent for each time, name or code that is given, and one for what is live.
local function count_terms(given)
  local count = (given.live or given.ended == false) and 1 or 0
  for field, value in pairs(given) do
    if type(value) == "table" and field ~= "space" then
      for _ in pairs(value) do count = count + 1 end
    elseif field ~= "live" and field ~= "ended" then
      count = count + 1
    end
  end
  return count
end

return function(text)
  local kind, list, fields = table.unpack(KINDS[(text:byte(1) or 0) % #KINDS + 1])
  local given = {}
  for index, word in ipairs(words_of(text:sub(2))) do
    if fields[index] and word ~= "" then given[fields[index]] = value_of(word) end
  end
  local fits, expression = pcall(meet.filter, given, kind)
  if not fits then
    assert(type(expression) == "string" and not expression:find "%c", "the complaint is no line")
    return
  end
  local terms, problem = reader.read(expression, list)
  assert(terms, problem)
  assert(#terms == count_terms(given), expression)
  local again = {}
  for index, part in ipairs(terms) do again[index] = part.field end
  for _, field in ipairs(again) do
    local name = field:gsub("^space%..*", "space")
    assert(given[name] ~= nil or given.meeting_code ~= nil or given.live or given.ended == false,
      field .. " was not asked for")
  end
end
