local compiled = require "spec.support.compiled"
local conferences = require "spec.support.conferences"
local directory = require "googlemeet.archive.directory"
local spoken = require "spec.support.spoken"
local sqlite = require "googlemeet.archive.sqlite"
local tree = require "spec.support.tree"

local folder, path

before_each(function()
  folder = tree.temporary()
  path = folder .. "/archive.db"
end)
after_each(function() tree.remove(folder) end)

--- What SQLite's own program answers.
local function query(statement)
  return tree.lines(("sqlite3 %s %s"):format(path, tree.quote(statement)))
end

--- The last parts of the names of what is found.
local function ids(store, words, opts)
  local list = {}
  for index, hit in ipairs(assert(store:search(words, opts))) do
    list[index] = hit.name:match "^[^/]+/([^/]+)" .. "/" .. hit.name:match "[^/]+$"
  end
  return list
end

local function sorted(list)
  table.sort(list)
  return list
end

--- A store with a conference for each list of texts.
local function store_of(texts)
  local store = assert(sqlite.open(path))
  for id, list in pairs(texts) do
    local entries = {}
    for index, text in ipairs(list) do entries[index] = { text = text } end
    spoken.put(store, id, entries)
  end
  return store
end

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
      "Le café est fermé", "Fermez le cafe", "CAFÉ FERME", "cafeteria", "Việt Nam", "Ёлка", "ΣΊΣΥΦΟΣ",
      "मेरा नमस्ते", "مُحَمَّد", "שָׁלוֹם",
    } }
    assert.same({ "c/e1", "c/e3" }, sorted(ids(store, "ferme  CAFE\u{301}")))
    assert.same({ "c/e5" }, ids(store, "viet\u{3000}nam"))
    assert.same({ "c/e6" }, ids(store, "елка"))
    assert.same({ "c/e6" }, ids(store, "ЁЛКА"))
    assert.same({ "c/e7" }, ids(store, "σισυφος"))
    assert.same({ "c/e8" }, ids(store, "नमस्ते"))
    assert.same({}, ids(store, "नम"))
    assert.same({ "c/e9" }, ids(store, "محمد"))
    assert.same({ "c/e10" }, ids(store, "שלום"))
    assert.equal("Ёлка", store:search "елка"[1].snippet)
  end)

  it("finds words in scripts without blanks, emoji and signs", function()
    local store <close> = store_of { c = {
      "来週の東京会議で予算を決めます", "京都", "ประชุมงบประมาณวันจันทร์", "회의를 시작합니다", "great👍🏽work",
      "I ❤️ it", "Acme™ 25°C", "🫠",
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
      ["null"] = { "c/e4" }, ["null\0byte"] = { "c/e4" }, ["\0"] = {}, ["alpha\0\1\n\tbeta"] = { "c/e2" },
      ["\xff"] = {}, ["alpha \xff"] = {}, ["\xf0\x9f alpha"] = {}, ["\xe6\x9d"] = {}, ["a:b"] = { "c/e6", "c/e7" },
      ["'; DROP TABLE words; --"] = {}, ["%"] = {}, ["_"] = {}, ["?1"] = {}, ["— … ,"] = {}, [""] = {},
      [" \t"] = {}, ["alpha — beta"] = { "c/e2" }, ["\u{1F}alpha\u{1F}"] = { "c/e2" },
      [("alpha "):rep(180000)] = { "c/e2" }, [("a"):rep(1 << 20)] = {}, [('"'):rep(1 << 20)] = {},
      [("東"):rep(350000)] = {}, [("- "):rep(1 << 19)] = {},
    } do
      assert.same(expected, sorted(ids(store, words)), words:sub(1, 40))
    end
    assert.same({ "c/e2" }, ids(store, "alpha"))
  end)

  it("takes thousands of different words", function()
    local words = {}
    for index = 1, 3000 do words[index] = "w" .. index end
    local store <close> = store_of { c = { table.concat(words, " "), "w1" } }
    assert.same({ "c/e1" }, ids(store, table.concat(words, " ")))
    words[1] = "none"
    assert.same({}, ids(store, table.concat(words, " ")))
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
  { { "และ" == "" or "แ", "ล", "ะ" }, "และ" }, { { "елка" }, "ёлка", "Ёлка" }, { { "a" }, "a", "A" },
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

describe("a search in random texts", function()
  it("finds what an oracle finds, in its order", function()
    local seed = tonumber(os.getenv "SEARCH_SEED") or os.time()
    math.randomseed(seed)
    local store <close> = assert(sqlite.open(path))
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
      if conference % 2 == 0 then store:search "budget" end
    end
    for round = 1, 150 do
      local words, phrases, seen = {}, {}, {}
      for index = 1, math.random(3) do
        local piece = PIECES[math.random(#PIECES)]
        words[index] = piece[math.random(2, #piece)]
        if #piece[1] > 0 and not seen[words[index]] then phrases[#phrases + 1] = piece[1] end
        seen[words[index]] = true
      end
      local scores, expected = score_all(texts, phrases), {}
      for index, score in pairs(scores) do
        if score then
          expected[#expected + 1] = { name = texts[index].name, time = texts[index].time,
            score = ("%.10g"):format(-score) }
        end
      end
      table.sort(expected, function(left, right)
        if left.score ~= right.score then return tonumber(left.score) > tonumber(right.score) end
        if left.time ~= right.time then return left.time < right.time end
        return left.name < right.name
      end)
      local limit = round % 2 == 0 and 1000 or math.random(30)
      local names, found = {}, {}
      for index = 1, math.min(limit, #expected) do names[index] = expected[index].name end
      for index, hit in ipairs(assert(store:search(table.concat(words, " "), { limit = limit }))) do
        found[index] = hit.name
      end
      assert.same(names, found, ("SEARCH_SEED=%d: %s"):format(seed, table.concat(words, " ")))
    end
  end)
end)

describe("the index of a search", function()
  it("is not there before the first search, nor are its triggers", function()
    local store <close> = store_of { c = { "budget" } }
    local function objects()
      return query "SELECT count(*) FROM sqlite_master WHERE name GLOB 'words*' OR name GLOB 'searchable*'"[1]
    end
    assert.equal("0", objects())
    assert.same({}, store:search " \0 ")
    assert.equal("0", objects())
    assert.same({ "c/e1" }, ids(store, "budget"))
    assert.not_equal("0", objects())
    assert.same({ "ok" }, query "PRAGMA integrity_check")
  end)

  it("follows what is put, in the same transaction", function()
    local store <close> = store_of { c1 = { "budget old" }, c2 = { "budget other" } }
    assert.same({ "c1/e1", "c2/e1" }, ids(store, "budget"))
    spoken.put(store, "c1", { { text = "new" }, { text = "budget new" } })
    assert.same({ "1", "2" }, sorted(query "SELECT texts FROM searchable")) -- by the put itself
    assert.same({ "c1/e2" }, ids(store, "budget new"))
    assert.same({}, ids(store, "old"))
    spoken.note(store, "c1", "noted")
    assert.same({ "c1/n" }, ids(store, "noted"))
    assert(store:put_files("conferenceRecords/c1", {}))
    assert.same({}, ids(store, "noted"))
    spoken.note(store, "c3", "early")
    assert.same({ "c3/n" }, ids(store, "early"))
    spoken.put(store, "c3", { { text = "early" } })
    assert.same({ "c3/n", "c3/e1" }, ids(store, "early"))
    assert.same({}, query "SELECT id FROM searchable WHERE texts IS NULL")
  end)

  it("is undone with a put that fails", function()
    local store <close> = store_of { c = { "budget" } }
    assert.same({ "c/e1" }, ids(store, "budget"))
    local ok = pcall(spoken.put, store, "c", { { text = "new" }, { text = "\xff" } })
    assert.is_false(ok)
    assert.same({ "c/e1" }, ids(store, "budget"))
    assert.same({}, ids(store, "new"))
  end)

  it("follows whoever else writes: nothing is found that is not there", function()
    local store <close> = store_of { c1 = { "budget", "talk" }, c2 = { "budget" } }
    assert.equal(2, #ids(store, "budget"))
    query "DELETE FROM transcript_entries WHERE record = 'conferenceRecords/c2'"
    assert.same({ "c1/e1" }, ids(store, "budget"))
    query "UPDATE transcript_entries SET text = 'plan' WHERE text = 'budget'"
    assert.same({}, ids(store, "budget"))
    assert.same({ "c1/e1" }, ids(store, "plan"))
    query "INSERT INTO transcript_entries (name, record, position, text, resource) VALUES ('a/b/x', 'a/b', 1, 'budget', '{}')"
    assert.same({ "b/x" }, ids(store, "budget"))
    query "INSERT OR REPLACE INTO transcript_entries (name, record, position, text, resource) VALUES ('a/b/x', 'a/c', 1, 'budget', '{}')"
    assert.equal("a/c", store:search "budget"[1].record)
    assert.equal(1, #store:search "budget")
    query "UPDATE transcript_entries SET record = 'a/d', name = 'a/d/x' WHERE record = 'a/c'"
    assert.equal("a/d", store:search "budget"[1].record)
    query "UPDATE OR REPLACE transcript_entries SET name = 'a/d/x' WHERE text = 'plan'"
    assert.same({}, ids(store, "budget"))
    query [[INSERT INTO transcript_entries (name, record, position, text, resource) VALUES
      ('a/e/1', 'a/e', 1, X'627564676574', '{}'), ('a/e/2', 'a/e', 1, 5, '{}'),
      ('a/e/3', 'a/e', -1, NULL, '{}'), (X'00', X'0102', 1, 'budget', '{}')]]
    assert.same({ "e/1" }, ids(store, "budget", { record = "a/e" }))
    assert.same({ "e/2" }, ids(store, "5"))
    query "VACUUM"
    assert.same({ "e/2" }, ids(store, "5"))
  end)

  it("is built again when it is damaged", function()
    local store <close> = store_of { c1 = { "budget", "talk" }, c2 = { "budget" } }
    for _, damage in ipairs {
      "DELETE FROM words WHERE words MATCH 'budget'", "DELETE FROM words_content",
      "DELETE FROM words_docsize WHERE id = 16777217", "DELETE FROM words_data",
      "DELETE FROM words_idx", "DROP TABLE words",
      "DROP TABLE words_config", "DELETE FROM words_config",
      "DELETE FROM searchable", "UPDATE searchable SET id = id + 10", "DROP TABLE searchable",
      "UPDATE searchable SET texts = 7", "DELETE FROM searchable WHERE record GLOB '*c2'",
    } do
      assert.same({ "c1/e1", "c2/e1" }, sorted(ids(store, "budget")), "before " .. damage)
      query(damage)
      local other <close> = assert(sqlite.open(path))
      assert.same({ "c1/e1", "c2/e1" }, sorted(ids(other, "budget")), damage)
    end
  end)

  it("never keeps a conference from being stored", function()
    local store <close> = store_of { c1 = { "budget" } }
    assert.same({ "c1/e1" }, ids(store, "budget"))
    query "UPDATE words_data SET block = X'00'"
    query "DELETE FROM words_content"
    spoken.put(store, "c1", { { text = "budget new" } })
    assert.same({ "budget new" }, query "SELECT text FROM transcript_entries")
    assert.same({ "c1/e1" }, ids(store, "new"))
  end)

  it("is as it was when a search is killed while it builds it", function()
    store_of { c1 = { "budget" }, c2 = { "budget" } }:close()
    local kills = 0
    for step = 1, 100 do
      local output = tree.run(("%s -e %s; echo '|'$?"):format(tree.lua(), tree.quote(([[
        local killed = require "spec.support.killed"
        local sqlite = require "googlemeet.archive.sqlite"
        local store = assert(sqlite.open(%q))
        killed.at("store", %d)
        print(#assert(store:search "budget"))]]):format(path, step))))
      assert.same({ "ok" }, query "PRAGMA integrity_check")
      if not output:find "|137" then
        assert.matches("^2\n|0", output)
        break
      end
      kills = kills + 1
    end
    assert.is_true(kills > 20, kills)
    local store <close> = assert(sqlite.open(path))
    assert.same({ "c1/e1", "c2/e1" }, ids(store, "budget"))
  end)

  it("is not needed to be written where it is whole", function()
    local store <close> = store_of { c = { "budget" } }
    assert.same({ "c/e1" }, ids(store, "budget"))
    assert(store.connection:execute "PRAGMA query_only = 1")
    assert.same({ "c/e1" }, ids(store, "budget"))
    query "UPDATE transcript_entries SET text = 'plan'"
    local _, err = store:search "budget"
    assert.equal("config", err.kind)
    assert.matches("attempt to write a readonly database$", err.message)
  end)

  it("waits for another program, and says that it holds the database", function()
    local store <close> = store_of { c = { "budget" } }
    local other <close> = assert(sqlite.open(path))
    assert(other.connection:execute "BEGIN IMMEDIATE")
    assert(store.connection:execute "PRAGMA busy_timeout = 1"):close()
    local _, err = store:search "budget"
    assert.equal("conflict", err.kind)
    assert(other.connection:execute "ROLLBACK")
    assert.same({ "c/e1" }, ids(store, "budget"))
    assert(other.connection:execute "BEGIN IMMEDIATE")
    assert.same({ "c/e1" }, ids(store, "budget")) -- it is whole: reading waits for nobody
    assert(other.connection:execute "ROLLBACK")
  end)

  it("says that a database is damaged", function()
    store_of { c = { "budget" } }:close()
    local text = tree.read(path)
    tree.write(path, text:sub(1, 4096) .. ("\xff"):rep(#text - 4096))
    local store <close> = assert(sqlite.open(path))
    local hits, err = store:search "budget"
    assert.is_nil(hits)
    assert.equal("config", err.kind)
    assert.matches("malformed", err.message)
  end)
end)

describe("an SQLite without FTS5", function()
  local shim, preload

  setup(function()
    shim = compiled.folder("no_fts5", "-Wl,--no-as-needed -l:libsqlite3.so.0")
    preload = ("LD_PRELOAD=%s/no_fts5.so ASAN_OPTIONS=${ASAN_OPTIONS:-}"
      .. ":verify_asan_link_order=0:detect_leaks=0"):format(shim)
  end)
  teardown(function() tree.remove(shim) end)

  --- Run Lua code with a store in a process of such an SQLite.
  local function without(code)
    return (tree.run(("%s %s -e %s"):format(preload, tree.lua(), tree.quote(([[
      local spoken = require "spec.support.spoken"
      local store <close> = assert(require "googlemeet.archive.sqlite".open(%q))
      ]]):format(path) .. code))))
  end

  local SEARCH = [[local hits, err = store:search "budget"
    print(hits, err.kind, err.message, err.hint)]]

  it("says what is missing", function()
    local output = without('spoken.put(store, "c", { { text = "budget" } })' .. SEARCH)
    assert.matches("^nil\tconfig\tarchive%.sqlite: .-: no such module: fts5\tuse an SQLite", output)
    local store <close> = assert(sqlite.open(path))
    assert.same({ "c/e1" }, ids(store, "budget"))
  end)

  it("writes an archive that has an index, and the next search is right", function()
    store_of { c1 = { "budget" }, c2 = { "budget" } }:search "budget"
    assert.equal("", without [[
      spoken.put(store, "c1", { { text = "plan" }, { text = "budget" } })
      spoken.put(store, "c3", { { text = "budget" } })
      spoken.note(store, "c2", "budget")]])
    local store <close> = assert(sqlite.open(path))
    assert.same({ "c1/e2", "c2/e1", "c2/n", "c3/e1" }, sorted(ids(store, "budget")))
    assert.same({ "c1/e1" }, ids(store, "plan"))
    assert.matches("no such module: fts5", without(SEARCH))
    assert.same({ "c1/e1" }, ids(store, "plan"))
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
      parts[index] = words[math.floor(#words ^ math.random())]
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

  it("takes less than 10 ms", function()
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
    local seconds, likes = {}, 0
    for index, given in ipairs(queries) do
      seconds[index] = fastest(function() assert(store:search(given[1], given[2])) end)
      likes = likes + fastest(function()
        local conditions = {}
        for word in given[1]:gmatch "%S+" do
          conditions[#conditions + 1] = ("text LIKE '%%%s%%'"):format(word)
        end
        local cursor = assert(store.connection:execute("SELECT count(*) FROM transcript_entries "
          .. "WHERE " .. table.concat(conditions, " AND ")))
        cursor:fetch()
        cursor:close()
      end)
    end
    local sum = 0
    for _, each in ipairs(seconds) do sum = sum + each end
    table.sort(seconds)
    print(("20 queries: median %.2f ms, worst %.2f ms; LIKE takes %.1f times as long"):format(
      1000 * seconds[10], 1000 * seconds[20], likes / sum))
    assert.is_true(seconds[10] < 0.010, seconds[10])
  end)
end)
