local directory = require "googlemeet.archive.directory"
local spoken = require "spec.support.spoken"
local sqlite = require "googlemeet.archive.sqlite"
local tokens = require "googlemeet.archive.tokens"
local tree = require "spec.support.tree"

local ids, sorted = spoken.ids, spoken.sorted
local folder, path

before_each(function()
  folder = tree.temporary()
  path = folder .. "/archive.db"
end)
after_each(function() tree.remove(folder) end)

local function store_of(texts) return spoken.store(path, texts) end

describe("a search in a database", function()
  it("gives an entry with its conference, speaker, time and a piece of it", function()
    local store <close> = assert(sqlite.open(path))
    local text = ("one two three four five "):rep(8) .. "budget " .. ("six seven eight "):rep(12)
    spoken.put(store, "c1", { { text = text, by = 2, time = "2026-11-01T09:30:00Z" } },
      { "Ada Bergqvist", "Bo Moreau" })
    local hits = assert(store:search "BUDGET")
    assert.matches("^…[%a ]+ budget [%a ]+…$", hits[1].snippet)
    hits[1].snippet = nil
    assert.same({ {
      record = "conferenceRecords/c1", name = "conferenceRecords/c1/transcripts/t/entries/e1",
      kind = "entry", speaker = "Bo Moreau", time = "2026-11-01T09:30:00Z", text = text,
    } }, hits)
  end)

  it("gives a note with a piece of it; no document of a transcript", function()
    local store <close> = assert(sqlite.open(path))
    spoken.put(store, "c1", {})
    spoken.note(store, "c1", "Decisions\n\nThe budget of the document stays")
    assert.same({ {
      record = "conferenceRecords/c1", name = "conferenceRecords/c1/smartNotes/n", kind = "note",
      time = "2026-11-01T09:00:00Z", snippet = "Decisions The budget of the document stays",
    } }, store:search "document")
  end)

  it("wants all words, in any order, whatever their case and diacritics", function()
    local store <close> = store_of { c = {
      "Le café est fermé", "Fermez le cafe", "CAFÉ FERME", "cafeteria", "Việt Nam", "Привет",
      "ΣΊΣΥΦΟΣ", "मेरा नमस्ते",
    } }
    assert.same({ "c/e1", "c/e3" }, sorted(ids(store, "ferme  CAFE\u{301}")))
    assert.same({ "c/e5" }, ids(store, "viet\u{3000}nam"))
    assert.same({ "c/e6" }, ids(store, "ПРИВЕТ"))
    assert.same({ "c/e7" }, ids(store, "σίσυφοσ"))
    assert.same({ "c/e8" }, ids(store, "नमस्ते"))
    assert.same({}, ids(store, "नम"))
  end)

  it("finds words in scripts without blanks, emoji and signs", function()
    local store <close> = store_of { c = {
      "来週の東京会議で予算を決めます", "京都", "ประชุมงบประมาณวันจันทร์", "회의를 시작합니다",
      "great👍🏽work", "I ❤️ it", "Acme™ 25°C", "🫠",
    } }
    for words, expected in pairs {
      ["東京 予算"] = "c/e1", ["予算　会議"] = "c/e1", ["งบประมาณ"] = "c/e3", ["회의"] = "c/e4",
      ["👍"] = "c/e5", ["great work"] = "c/e5", ["❤"] = "c/e6", ["❤️"] = "c/e6",
      ["acme"] = "c/e7", ["🫠"] = "c/e8",
    } do
      assert.same({ expected }, ids(store, words), words)
    end
    assert.same({}, ids(store, "京東"))
    assert.equal("来週の東京会議で予算を決めます", store:search "予算"[1].snippet)
    assert.equal("great👍🏽work", store:search "great"[1].snippet)
  end)

  it("takes whatever is in the words for words", function()
    local store <close> = store_of { c = {
      [[say "hi" near-by]], "alpha beta", "not this", "null\0byte", "x", "a:b", "{a b}", "C++ (c)",
    } }
    for words, expected in pairs {
      ['"hi"'] = { "c/e1" }, ['"'] = {}, ['say"hi'] = { "c/e1" }, ["'"] = {}, ["NEAR"] = { "c/e1" },
      ["alpha NEAR beta"] = {}, ["NEAR(alpha beta)"] = {}, ["alpha OR x"] = {},
      ["alpha AND beta"] = {}, ["NOT this"] = { "c/e3" }, ["this NOT alpha"] = {}, ["alph*"] = {},
      ["alpha*"] = { "c/e2" }, ["^alpha"] = { "c/e2" }, ["^beta"] = { "c/e2" },
      ["text:alpha"] = {}, ["text : alpha"] = {}, ["{text}:alpha"] = {}, ["-beta"] = { "c/e2" },
      ["alpha -beta"] = { "c/e2" }, ["alpha + beta"] = { "c/e2" }, ["(alpha"] = { "c/e2" },
      ["null"] = { "c/e4" }, ["null\0byte"] = { "c/e4" }, ["\0"] = {},
      ["alpha\0\1\n\tbeta"] = { "c/e2" },
      ["\xff"] = {}, ["alpha \xff"] = {}, ["\xf0\x9f alpha"] = {}, ["\xe6\x9d"] = {},
      ["a:b"] = { "c/e6", "c/e7" },
      ["'; DROP TABLE words; --"] = {}, ["%"] = {}, ["_"] = {}, ["?1"] = {}, ["— … ,"] = {},
      [""] = {},
      [" \t"] = {}, ["alpha — beta"] = { "c/e2" }, ["\u{1F}alpha\u{1F}"] = { "c/e2" },
      [("alpha "):rep(180000)] = { "c/e2" }, [("a"):rep(1 << 20)] = {}, [('"'):rep(1 << 20)] = {},
      [("東"):rep(350000)] = {}, [("- "):rep(1 << 19)] = {},
    } do
      assert.same(expected, sorted(ids(store, words)), words:sub(1, 40))
    end
    assert.same({ "c/e2" }, ids(store, "alpha"))
  end)

  it("takes a thousand different words, and no more", function()
    local words = {}
    for index = 1, 1000 do words[index] = "w" .. index end
    local store <close> = store_of { c = { table.concat(words, " "), "w1" } }
    assert.same({ "c/e1" }, ids(store, table.concat(words, " ")))
    words[1] = "none"
    assert.same({}, ids(store, table.concat(words, " ")))
    words[1001] = "more"
    local hits, err = store:search(table.concat(words, " "))
    assert.is_nil(hits)
    assert.equal("invalid", err.kind)
    assert.matches("1001 words, and 1000 are the most", err.message)
  end)

  it("takes no time over a long text in which a word is everywhere", function()
    local store <close> = assert(sqlite.open(path))
    spoken.put(store, "c", {})
    spoken.note(store, "c", ("東 and more of it, "):rep(30000) .. "budget here "
      .. ("🎉"):rep(100000))
    local start = os.clock()
    for words, piece in pairs { ["東"] = "東 and more", ["BUDGET 🎉"] = "of it, budget here 🎉🎉" } do
      local hits = assert(store:search(words))
      assert.matches(piece, hits[1].snippet, 1, true)
      assert.is_true(#hits[1].snippet < 1000)
    end
    assert.is_true(os.clock() - start < 5)
  end)

  it("has pieces of the text, whatever is in it", function()
    local store <close> = store_of { c = {
      "one \0 two three budget four", "a\x1Fb budget", ("ที่นี่"):rep(40) .. " budget",
    } }
    local shown = {}
    for _, hit in ipairs(store:search "budget") do shown[hit.name:match "e%d$"] = hit.snippet end
    assert.equal("one two three budget four", shown.e1)
    assert.equal("a b budget", shown.e2)
    assert.matches("^…[^…]*budget$", shown.e3)
    assert.equal(1, #shown.e3:gsub("ที่", ""):gsub("นี่", ""):gsub("…", "."):gsub(" budget", ""))
  end)

  it("gives the best first; of equals the earliest, then by name", function()
    local store <close> = assert(sqlite.open(path))
    for index, id in ipairs { "b", "a" } do
      spoken.put(store, id, {
        { text = "budget talk", time = "2026-11-01T09:00:00.5Z" },
        { text = "budget talk", time = "2026-11-01T09:00:00Z" },
        { text = "budget " .. ("and more "):rep(index * 5) },
        { text = "talk" },
      })
    end
    local expected = { "a/e2", "b/e2", "a/e1", "b/e1", "b/e3", "a/e3" }
    assert.same(expected, ids(store, "budget"))
    for limit = 1, 6 do
      assert.same(table.move(expected, 1, limit, 1, {}), ids(store, "budget", { limit = limit }))
    end
  end)

  it("gives twenty at most, unless another limit is given", function()
    local texts = {}
    for index = 1, 30 do texts[index] = "word " .. index end
    local store <close> = store_of { c = texts }
    assert.equal(20, #ids(store, "word"))
    assert.equal(30, #ids(store, "word", { limit = math.maxinteger }))
  end)

  it("keeps to one conference, one speaker", function()
    local store <close> = assert(sqlite.open(path))
    local people = { "Ada Bergqvist", "Bo Moreau" }
    for _, id in ipairs { "c1", "c2", "c3" } do
      spoken.put(store, id, { { text = "budget", by = 1 }, { text = "budget", by = 2 },
        { text = "budget" } }, id ~= "c3" and people or { "ADA  BERGQVIST" })
      spoken.note(store, id, "budget of all")
    end
    assert.equal(12, #ids(store, "budget"))
    for _, record in ipairs { "conferenceRecords/c2", { name = "conferenceRecords/c2" } } do
      assert.same({ "c2/e1", "c2/e2", "c2/e3", "c2/n" }, ids(store, "budget", { record = record }))
    end
    assert.same({}, ids(store, "budget", { record = "conferenceRecords/none" }))
    assert.same({ "c1/e1", "c2/e1", "c3/e1" }, ids(store, "budget", { speaker = "ada bergqvist" }))
    assert.same({ "c2/e2" }, ids(store, "budget", { speaker = "Bo Moreau",
      record = "conferenceRecords/c2" }))
    assert.same({}, ids(store, "budget", { speaker = "O'Nobody" }))
  end)

  it("raises for misuse, at the caller's line", function()
    local store = assert(sqlite.open(path))
    for _, case in ipairs {
      { "a string of words expected", nil }, { "a string of words expected", 5 },
      { "unknown option 'limits'; did you mean 'limit'%?", "w", { limits = 1 } },
      { "option 'limit': a positive integer expected", "w", { limit = 0 } },
      { "option 'limit': a positive integer expected", "w", { limit = 1.5 } },
      { "option 'record': string or table expected, got boolean", "w", { record = true } },
      { "option 'record': a conference record or its name expected", "w", { record = {} } },
      { "option 'record': a conference record or its name expected", "w", { record = "a\0" } },
      { "option 'speaker': string expected, got number", "w", { speaker = 5 } },
      { "table of options expected, got string", "w", "conferenceRecords/c" },
    } do
      assert.matches("search_spec%.lua:%d+: store:search: " .. case[1],
        select(2, pcall(function() store:search(case[2], case[3]) end)))
    end
    store:close()
    assert.matches("search_spec%.lua:%d+: the store is closed$",
      select(2, pcall(function() store:search "w" end)))
  end)

  it("finds in memory, too", function()
    local store <close> = assert(sqlite.open ":memory:")
    spoken.put(store, "c", { { text = "budget" } })
    assert.same({ "c/e1" }, ids(store, "budget"))
  end)

  it("is none of a directory", function()
    local store <close> = assert(directory.open(folder .. "/archive"))
    local hits, err = store:search "budget"
    assert.is_nil(hits)
    assert.equal("config", err.kind)
    assert.matches("a directory cannot be searched$", err.message)
    assert.matches("meet%.archive%.sqlite", err.hint)
  end)
end)

-- An oracle that shares nothing with the search: a text is made of pieces of which the tokens are
-- known, and never taken apart; the score is that of FTS5's manual.
local PIECES = {
  { { "budget" }, "budget", "Budget", "BUDGET" }, { { "cafe" }, "café", "Cafe", "CAFE\u{301}" },
  { { "x1" }, "x1", "X1" }, { { "don", "t" }, "don't", "don’t" }, { { "a", "b" }, "a-b" },
  { { "東", "京" }, "東京" }, { { "京", "都" }, "京都" }, { { "東" }, "東" }, { { "👍" }, "👍" },
  { { "แล", "ะ" }, "และ" }, { { "елка" }, "елка", "Елка" }, { { "a" }, "a", "A" },
  { { "don" }, "don" }, { { "सभा" }, "सभा" }, { {}, "—", "...", "\"", "(", "*" },
}

local function random_text(count)
  local parts, found = {}, {}
  for index = 1, count do
    local piece = PIECES[math.random(#PIECES)]
    parts[index] = piece[math.random(2, #piece)]
    table.move(piece[1], 1, #piece[1], #found + 1, found)
  end
  return table.concat(parts, " "), found
end

--- Count where a phrase begins in a list of tokens.
local function occurrences(phrase, list)
  local count = 0
  for from = 1, #list - #phrase + 1 do
    local same = true
    for index, token in ipairs(phrase) do same = same and list[from + index - 1] == token end
    if same then count = count + 1 end
  end
  return count
end

--- Score all texts that have all phrases: better is lower.
local function score_all(texts, phrases)
  local scores, total = {}, 0
  for _, text in ipairs(texts) do total = total + #text.tokens end
  for _, phrase in ipairs(phrases) do
    local having = 0
    for _, text in ipairs(texts) do
      if occurrences(phrase, text.tokens) > 0 then having = having + 1 end
    end
    local idf = math.max(math.log((#texts - having + 0.5) / (having + 0.5)), 1e-6)
    for index, text in ipairs(texts) do
      local count = occurrences(phrase, text.tokens)
      local weight = count + 1.2 * (0.25 + 0.75 * #text.tokens / (total / #texts))
      scores[index] = count > 0 and scores[index] ~= false
        and (scores[index] or 0) - idf * count * 2.2 / weight
    end
  end
  return scores
end

--- Texts that have all phrases, the best first, and by name.
local function hits_of(texts, phrases)
  local scores, found, by_name = score_all(texts, phrases), {}, {}
  for place, score in pairs(scores) do
    if score then
      local text = texts[place]
      local hit = {
        name = text.name, time = text.time, score = ("%.10g"):format(-score),
        key = table.concat(text.tokens, " "),
      }
      found[#found + 1], by_name[text.name] = hit, hit
    end
  end
  table.sort(found, function(left, right) return tonumber(left.score) > tonumber(right.score) end)
  return found, by_name
end

--- Hold what was found against the oracle. Scores that are equal on paper differ by a last bit in
-- FTS5, where texts differ; of equal texts the earliest is first, then by name.
local function judge(expected, by_name, found, limit)
  assert.equal(math.min(limit, #expected), #found)
  local seen = {}
  for place, name in ipairs(found) do
    local hit, before = by_name[name], by_name[found[place - 1]]
    assert(hit and not seen[name], name)
    seen[name] = true
    assert.equal(expected[place].score, hit.score)
    if before and before.key == hit.key then
      assert.is_true(before.time < hit.time or before.time == hit.time and before.name < hit.name)
    end
  end
end

--- Fill a store with conferences; what is said in them.
local function fill(store)
  local texts = {}
  for conference = 1, 8 do
    local entries = {}
    for index = 1, math.random(0, 40) do
      local text, found = random_text(math.random(1, 12))
      local time = ("2026-11-01T09:00:%02dZ"):format(math.random(0, 3))
      entries[index] = { text = text, time = time }
      texts[#texts + 1] = { tokens = found, time = time,
        name = ("conferenceRecords/c%d/transcripts/t/entries/e%d"):format(conference, index) }
    end
    spoken.put(store, "c" .. conference, entries)
    if conference == 4 then assert(store:search "budget") end -- from here on it is kept in step
  end
  return texts
end

--- Some words, and the phrases that they are.
local function random_words()
  local words, phrases, seen = {}, {}, {}
  for index = 1, math.random(3) do
    local piece = PIECES[math.random(#PIECES)]
    words[index] = piece[math.random(2, #piece)]
    if #piece[1] > 0 and not seen[words[index]] then phrases[#phrases + 1] = piece[1] end
    seen[words[index]] = true
  end
  return table.concat(words, " "), phrases
end

describe("a search in random texts", function()
  it("finds what an oracle finds, in its order", function()
    local seed = tonumber(os.getenv "SEARCH_SEED") or os.time()
    math.randomseed(seed)
    local store <close> = assert(sqlite.open(path))
    local texts = fill(store)
    for round = 1, 150 do
      local words, phrases = random_words()
      local expected, by_name = hits_of(texts, phrases)
      local limit = round % 2 == 0 and 1000 or math.random(30)
      local found = {}
      for index, hit in ipairs(assert(store:search(words, { limit = limit }))) do
        found[index] = hit.name
      end
      local ok, problem = pcall(judge, expected, by_name, found, limit)
      assert(ok, ("SEARCH_SEED=%d: %s: %s"):format(seed, words, tostring(problem)))
    end
  end)
end)

describe("a search in 20 000 entries of 200 conferences", function()
  --- Words of which the first is most frequent, as in a language.
  local function vocabulary(count)
    local words = {}
    for index = 1, count do
      local letters = {}
      for place = 1, math.random(2, 9) do letters[place] = string.char(96 + math.random(26)) end
      words[index] = table.concat(letters)
    end
    return words
  end

  local function sentence(words)
    local parts = {}
    for index = 1, math.random(3, 25) do
      parts[index] = words[math.floor((#words) ^ math.random())]
    end
    if math.random(10) == 1 then parts[#parts + 1] = "来週の東京会議で予算を決めます" end
    return table.concat(parts, " ")
  end

  --- Run a function some times; the least seconds of CPU that it took.
  local function fastest(act)
    local least = math.huge
    for _ = 1, 5 do
      local began = os.clock()
      act()
      least = math.min(least, os.clock() - began)
    end
    return least
  end

  --- The same by reading all texts.
  local function look(store, words)
    local conditions = {}
    for word in words:gmatch "%S+" do
      conditions[#conditions + 1] = ("text LIKE '%%%s%%'"):format(word)
    end
    local cursor = assert(store.connection:execute("SELECT count(*) FROM transcript_entries WHERE "
      .. table.concat(conditions, " AND ")))
    cursor:fetch()
    cursor:close()
  end

  --- The same by FTS5 alone: the numbers of the best texts.
  local function ask(store, words)
    local cursor = assert(store.connection:execute(("SELECT rowid FROM googlemeet_texts WHERE "
      .. "googlemeet_texts MATCH '%s' ORDER BY rank LIMIT 20"):format(tokens.query(words))))
    while cursor:fetch() do end
    cursor:close()
  end

  it("takes little more than FTS5 alone, and less than LIKE", function()
    math.randomseed(7)
    local words = vocabulary(5000)
    local store <close> = assert(sqlite.open(path))
    store.connection:execute "PRAGMA synchronous = OFF"
    for conference = 1, 200 do
      local entries, people = {}, {}
      for index = 1, 8 do people[index] = "Person " .. (conference + index) % 40 end
      for index = 1, 100 do entries[index] = { text = sentence(words), by = math.random(8) } end
      spoken.put(store, "c" .. conference, entries, people)
    end
    local function bytes() return tonumber(tree.lines("stat -c %s " .. path)[1]) end
    local before, began = bytes(), os.clock()
    assert(store:search "none")
    print(("index of 20 000 entries: %.2f s of CPU, %.1f MB more than %.1f MB"):format(
      os.clock() - began, (bytes() - before) / 1e6, before / 1e6))
    local queries = {
      { words[4000] }, { words[3000] }, { words[1000] }, { words[20] }, { words[4] }, { "none" },
      { words[4] .. " " .. words[7] }, { words[2] .. " " .. words[900] },
      { words[30] .. " " .. words[31] }, { words[1] .. " " .. words[4900] },
      { words[20], { speaker = "person 7" } }, { words[4], { speaker = "PERSON 8" } },
      { words[500], { speaker = "Person 9" } }, { words[1], { record = "conferenceRecords/c7" } },
      { words[50], { record = "conferenceRecords/c150" } }, { "予算" }, { "東京" },
      { "会議 予算" }, { "東京 " .. words[3] }, { "京都" },
    }
    local seconds, likes, alone = {}, {}, {}
    for index, given in ipairs(queries) do
      seconds[index] = fastest(function() assert(store:search(given[1], given[2])) end)
      likes[index] = fastest(function() look(store, given[1]) end) / seconds[index]
      alone[index] = seconds[index] / fastest(function() ask(store, given[1]) end)
    end
    for _, list in ipairs { seconds, likes, alone } do table.sort(list) end
    print(("20 queries: median %.2f ms of CPU, worst %.2f; medians: %.1f of FTS5 alone, LIKE takes "
      .. "%.1f times as long"):format(1000 * seconds[10], 1000 * seconds[20], alone[10], likes[10]))
    assert.is_true(seconds[10] < 0.03 and alone[10] < 6, "a machine with nothing else: 5 ms")
    assert.is_true(likes[10] > 1, likes[10])
  end)
end)
