--- What was said, built from the bytes of a fuzzer's input, and what reports have to show of it:
-- a model by the rules of lua/README.md, which shares nothing with the module.

local dialogue = require "googlemeet.report.transcript.dialogue"
local speech = require "spec.support.speech"

local story = {}

story.ZERO = 1795341600 -- 2026-11-22T10:00:00Z
local SECOND = 1000000000 -- nanoseconds

--- What texts are made of, beside any bytes: what begins a formula, long blanks that are no white
-- space to Lua, and the nasty kind.
local PIECES = {
  "+", "-", "@", "-1.5", "-1e+9", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
  ("\u{3000}"):rep(30), ("\u{2003}"):rep(60), "\u{FEFF}", "\u{2066}",
}
for _, piece in ipairs(speech.PIECES) do PIECES[#PIECES + 1] = piece[1] end

--- The forms of a character in UTF-8 (RFC 3629, 4).
local FORMS = {
  "^[\0-\x7F]", "^[\xC2-\xDF][\x80-\xBF]", "^\xE0[\xA0-\xBF][\x80-\xBF]",
  "^[\xE1-\xEC\xEE\xEF][\x80-\xBF][\x80-\xBF]", "^\xED[\x80-\x9F][\x80-\xBF]",
  "^\xF0[\x90-\xBF][\x80-\xBF][\x80-\xBF]", "^[\xF1-\xF3][\x80-\xBF][\x80-\xBF][\x80-\xBF]",
  "^\xF4[\x80-\x8F][\x80-\xBF][\x80-\xBF]",
}

--- The characters of a text; U+FFFD for each byte that is part of none.
---@return string[]
function story.characters(text)
  local list, at = {}, 1
  while at <= #text do
    local found
    for _, form in ipairs(FORMS) do
      found = text:match(form, at)
      if found then break end
    end
    list[#list + 1] = found or "\u{FFFD}"
    at = at + #(found or "x")
  end
  return list
end

local function set_of(...)
  local set = {}
  for _, range in ipairs { ... } do
    for code = range[1], range[2] or range[1] do set[utf8.char(code)] = true end
  end
  return set
end

local BLANKS = set_of({ 9, 13 }, { 32 }, { 0x85 }, { 0x2028, 0x2029 })
local CONTROLS = set_of({ 0, 31 }, { 127, 159 })
local TURNS = set_of({ 0x202A, 0x202E }, { 0x2066, 0x2069 }, { 0xFEFF })
story.UNSEEN = set_of({ 0xA0 }, { 0xAD }, { 0x34F }, { 0x61C }, { 0x115F, 0x1160 }, { 0x1680 },
  { 0x17B4, 0x17B5 }, { 0x180B, 0x180F }, { 0x2000, 0x200F }, { 0x202F }, { 0x205F, 0x206F },
  { 0x2800 }, { 0x3000 }, { 0x3164 }, { 0xFE00, 0xFE0F }, { 0xFFA0 }, { 0xFFF9, 0xFFFB },
  { 0xE0000, 0xE0FFF })

--- The words of a text: blanks and line ends part them, other control characters are U+FFFD, marks
-- that turn the direction of writing are left out, and without `with_unseen` the words of which
-- nothing would be seen.
---@return string[]
function story.words(text, with_unseen)
  local words, word, is_seen = {}, {}, false
  local function finish()
    if is_seen or with_unseen and #word > 0 then words[#words + 1] = table.concat(word) end
    word, is_seen = {}, false
  end
  for _, character in ipairs(story.characters(text)) do
    if BLANKS[character] then
      finish()
    elseif not TURNS[character] then
      word[#word + 1] = CONTROLS[character] and "\u{FFFD}" or character
      is_seen = is_seen or not story.UNSEEN[character]
    end
  end
  finish()
  return words
end

--- Give a function that gives the next byte below a limit, and one that gives a text.
---@return fun(limit: integer): integer
---@return fun(): string
function story.picks(bytes)
  local at = 0
  local function pick(limit)
    at = at + 1
    return (bytes:byte(at) or 0) % limit
  end
  local function pick_text()
    local parts = {}
    for index = 1, pick(8) do
      local choice = pick(256)
      local piece = PIECES[choice - 63]
      local raw = bytes:sub(at + 1, at + choice)
      if not piece then at = at + #raw end
      parts[index] = piece and piece .. (" "):rep(pick(2)) or raw
    end
    return table.concat(parts)
  end
  return pick, pick_text
end

--- A moment in nanoseconds from the zero, as RFC 3339 has it.
local function write_time(at, pick)
  local place = pick(3)
  local whole, rest = story.ZERO + at // SECOND + (place - 1) * 5400, ("%09d"):format(at % SECOND)
  if pick(2) == 1 then rest = rest:gsub("0+$", "") end
  return os.date("!%Y-%m-%dT%H:%M:%S", whole) .. (rest == "" and "" or "." .. rest)
    .. ({ "-01:30", "Z", "+01:30" })[place + 1]
end

--- Milliseconds: a moment, a minute, hours.
local LENGTHS = {
  function(pick) return pick(256) end,
  function(pick) return pick(256) * 256 + pick(256) end,
  function(pick) return pick(256) * 250000 end,
}

--- A time after another one and its text; in one of four cases no time.
local function pick_time(pick, from)
  local kind = pick(8)
  if kind == 0 then return nil, nil end
  if kind == 1 then return nil, "soon" end
  local at = from + LENGTHS[kind % 3 + 1](pick) * 1000000 + pick(2) * 999999
  return at, write_time(at, pick)
end

local function pick_entry(pick, pick_text)
  local from, start_text = pick_time(pick, -20 * SECOND)
  local to, end_text = pick_time(pick, (from or 0) - (pick(16) == 15 and SECOND or 0))
  local who = pick(5)
  return {
    participant = who > 0 and "conferenceRecords/c/participants/" .. who or nil,
    text = pick_text(), from = from, to = to, start_text = start_text, end_text = end_text,
  }
end

--- In order of start; an entry without one stays behind the one before.
local function in_order(entries)
  local sorted, last = {}, math.mininteger
  for _, entry in ipairs(entries) do
    last = entry.from or last
    entry.key = last
    local place = #sorted + 1
    while place > 1 and sorted[place - 1].key > entry.key do place = place - 1 end
    table.insert(sorted, place, entry)
  end
  return sorted
end

local function add_speakers(entries, names)
  local given, count = {}, 0
  for _, entry in ipairs(entries) do
    local key = entry.participant or 0
    local name = names[entry.participant]
    if not given[key] and name and #story.words(name) > 0 then given[key] = name end
    if not given[key] then
      count = count + 1
      given[key] = "Unknown speaker" .. (count > 1 and " " .. count or "")
    end
    entry.speaker = given[key]
  end
end

local function goes_on(last, entry, gap)
  if not last or not entry.participant or last.participant ~= entry.participant then
    return false
  end
  return gap == true or last.to and entry.from and entry.from - last.to <= gap * SECOND
end

--- Join to one entry; texts as csv_fuzz.lua compares them, without the blanks between.
local function join(one, other)
  local first = (one.from or not other.from and one.start_text) and one or other
  local last = other.to and (not one.to or other.to > one.to) and other or one
  return {
    participant = one.participant, speaker = one.speaker, text = one.text .. " " .. other.text,
    from = first.from, start_text = first.start_text, to = last.to, end_text = last.end_text,
    parts = table.move(other.parts, 1, #other.parts, #one.parts + 1, one.parts),
  }
end

local function merged(entries, gap)
  local list = {}
  for _, entry in ipairs(entries) do
    entry.parts = { entry }
    if gap and goes_on(list[#list], entry, gap) then
      list[#list] = join(list[#list], entry)
    else
      list[#list + 1] = entry
    end
  end
  return list
end

--- What the server has of an entry.
local function served(entry)
  return {
    participant = entry.participant, text = entry.text, languageCode = "en",
    startTime = entry.start_text, endTime = entry.end_text,
  }
end

--- Make a report of one transcript or two, and what it has to show.
---@return table report
---@return table[] entries speaker, participant, text, start_text, end_text, from and to: these two
-- in nanoseconds from the report's zero, nil where they cannot be used; `parts` of a merged one
---@return fun(limit: integer): integer pick
function story.tell(bytes)
  local pick, pick_text = story.picks(bytes)
  local gap = ({ false, true, 0, pick(256) / 8 })[pick(4) + 1]
  local names, entries, parts = {}, {}, {}
  for who = 1, 1 + pick(4) do names["conferenceRecords/c/participants/" .. who] = pick_text() end
  for part = 1, 1 + pick(2) do
    parts[part] = { start_time = write_time(part == 1 and 0 or SECOND, pick), entries = {} }
    for index = 1, pick(5) do
      local entry = pick_entry(pick, pick_text)
      entries[#entries + 1], parts[part].entries[index] = entry, served(entry)
    end
  end
  entries = in_order(entries)
  add_speakers(entries, names)
  entries = merged(entries, gap)
  local longest_gap = gap == true and math.huge or gap or nil
  return dialogue.new(parts, names, longest_gap), entries, pick
end

return story
