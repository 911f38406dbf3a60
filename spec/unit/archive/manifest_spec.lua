local conferences = require "spec.support.conferences"
local manifest = require "googlemeet.archive.manifest"

local function kept(name)
  local entry = conferences.entry { name = name }
  entry.bytes, entry.checksum = 7, "0123456789abcdef"
  return entry
end

local TEXT = manifest.write { b = manifest.line(kept "b"), a = manifest.line(kept "a") }

describe("googlemeet.archive.manifest", function()
  it("reads what it has written, one line for each entry", function()
    assert.equal(4, select(2, TEXT:gsub("\n", "")))
    assert.is_true(TEXT:find '"name":"a"' < TEXT:find '"name":"b"')
    local entries, is_whole = manifest.read(TEXT)
    assert.same({ a = kept "a", b = kept "b" }, entries)
    assert.is_true(is_whole)
    assert.same({}, (manifest.read(manifest.write {})))
  end)

  it("reads the lines that are whole of a text that is not", function()
    for length = 0, #TEXT - 3 do
      local entries, is_whole = manifest.read(TEXT:sub(1, length))
      assert.is_false(is_whole)
      if length >= TEXT:find "\n{.-\n" + #manifest.line(kept "a") then
        assert.same(kept "a", entries.a)
      end
    end
    assert.same({ b = kept "b" }, (manifest.read("\0\0\0\0\n" .. TEXT:match "\n[^\n]+\n(.*)$")))
  end)

  it("reads no entry that is none, and says that something is missing", function()
    for _, text in ipairs { "5", '[5,{"name":5},[]]', "null" } do
      local entries, is_whole = manifest.read(('{"version":1,"conferences":%s}'):format(text))
      assert.same({}, entries)
      assert.is_false(is_whole)
    end
    local entries = manifest.read(
      '{"version":1,"conferences":[{"name":"a","bytes":"x","checksum":5}]}')
    assert.equal(0, entries.a.bytes)
    assert.is_nil(entries.a.checksum)
  end)

  it("is none of another version, nor another program's file", function()
    for _, text in ipairs { '{"version":2,"conferences":[]}', '{"name":"x"}', "[]", "5", "true" } do
      assert.is_nil(manifest.read(text))
    end
  end)
end)
