local core = require "googlemeet.core"
local hints = require "googlemeet.archive.hints"

describe("googlemeet.archive.hints", function()
  for message, row in pairs {
    ["database is locked"] = { "conflict", "^run it again when" },
    ["database or disk is full"] = { "config", "^free some disk space" },
    ["attempt to write a readonly database"] = { "config", "an interrupted run left" },
    ["unable to open database file"] = { "config", "^create its folder" },
    ["database disk image is malformed"] = { "config", "^move the file away" },
    ["malformed database schema (x)"] = { "config", "^move the file away" },
    ["file is not a database"] = { "config", "^move the file away" },
    ["string or blob too big"] = { "too_large", "so large" },
    ["NOT NULL constraint failed: recordings.name"] = { "decode", "the server sent" },
    ["disk I/O error"] = { "config", "^correct what the message names" },
  } do
    it("says of SQLite's '" .. message .. "' what to do", function()
      local kind, hint = hints.of_sqlite(message)
      assert.equal(row[1], kind)
      assert.matches(row[2], hint)
    end)
  end

  it("says of a file what to do", function()
    local kind, hint = hints.of_file(select(3, core.file.read "/none"))
    assert.equal("config", kind)
    assert.matches("^create its folder", hint)
    kind, hint = hints.of_file(nil)
    assert.equal("config", kind)
    assert.matches("^correct what", hint)
    assert.equal("conflict", (hints.locked()))
  end)
end)
