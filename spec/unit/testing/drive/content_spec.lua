local content = require "googlemeet.testing.drive.content"
local sha256 = require "googlemeet.testing.drive.sha256"

--- Hand out a text in pieces of 64 bytes and a rest.
local function pieces(text, size)
  local at = 1
  return function()
    if at > #text then return nil end
    local piece = text:sub(at, at + size - 1)
    at = at + size
    return piece
  end
end

describe("googlemeet.testing.drive.sha256", function()
  -- of FIPS 180-4's examples, and of the empty text
  local known = {
    [""] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq =
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    [("a"):rep(1000000)] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  }
  for text, sum in pairs(known) do
    it("is right for " .. #text .. " bytes, however they come", function()
      assert.equal(sum, sha256.of(pieces(text, 64)))
      assert.equal(sum, sha256.of(pieces(text, 1 << 20)))
    end)
  end
end)

describe("googlemeet.testing.drive.content", function()
  it("gives every range as it is in the whole", function()
    local made = content.made("x", 20001)
    local whole = made:read(0, 20001)
    assert.equal(20001, #whole)
    for offset = 0, 20001, 777 do
      for _, count in ipairs { 0, 1, 4095, 4096, 4097, 30000 } do
        assert.equal(whole:sub(offset + 1, offset + count), made:read(offset, count))
      end
    end
    assert.equal("", made:read(20001, 5))
  end)

  it("has no two equal blocks, and no repetition within one", function()
    local whole, seen = content.made("x", 1 << 18):read(0, 1 << 18), {}
    for offset = 0, (1 << 18) - 4096, 4096 do
      local block = whole:sub(offset + 1, offset + 4096)
      assert.is_nil(seen[block])
      seen[block] = true
    end
    for shift = 1, 64 do
      assert.is_true(whole:sub(17, 4096) ~= whole:sub(17 + shift, 4096 + shift))
    end
  end)

  it("is the same of the same seed, and another of another", function()
    assert.equal(content.made("x", 9999):read(0, 9999), content.made("x", 9999):read(0, 9999))
    assert.is_true(content.made("x", 99):read(0, 99) ~= content.made("y", 99):read(0, 99))
  end)

  it("comes in chunks, all or a range, without the rest in memory", function()
    local made = content.made("x", 1 << 40)
    local next_chunk = made:chunks((1 << 40) - 100000)
    local first, second = next_chunk(), next_chunk()
    assert.same({ 65536, 34464, nil }, { #first, #second, next_chunk() })
    assert.equal(first, made:read((1 << 40) - 100000, 65536))
    local given = content.given "abcdef"
    assert.same({ "cde", nil }, { given:chunks(2, 3)() })
    assert.equal(sha256.of(pieces("abcdef", 64)), given:sha256())
  end)
end)
