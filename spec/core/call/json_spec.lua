-- JSON both ways: what an answer becomes in Lua, and what a table becomes on the wire.

local cjson = require "cjson"
local locale = require "spec.support.locale"
local meet = require "googlemeet"
local made_up_clock = require "spec.support.clock"

--- Decode a JSON text as the body of an answer: body, or nil and the error.
local function decode(text)
  local client <close> = assert(meet.new { api_key = "test-key", clock = made_up_clock(),
    transport = function()
    return { status = 200, headers = { ["Content-Type"] = "application/json" }, body = text }
  end })
  local body, response = client:request("GET", "/x")
  return body, response
end

--- Encode a table as the body of a request.
local function encode(value)
  local sent
  local client <close> = assert(meet.new { api_key = "test-key", clock = made_up_clock(),
    transport = function(request)
    sent = request
    return { status = 200 }
  end })
  assert(client:request("POST", "/x", { body = value }))
  assert.equal("application/json", sent.headers["Content-Type"])
  return sent.body
end

--- What is said of a table that cannot be encoded: raised at this file's line.
local function complaint(value)
  local raised, message = pcall(function() return (encode(value)) end)
  assert.is_false(raised)
  return (assert(message:match(
    "json_spec%.lua:%d+: request: the value cannot be written as JSON: (.*)$"), message))
end

describe("a number that is read", function()
  for text, value in pairs {
    ["0"] = 0, ["-0"] = 0, ["7"] = 7, ["-7"] = -7, ["7.0"] = 7, ["1e3"] = 1000, ["1E+2"] = 100,
    ["9007199254740991"] = 9007199254740991, ["-9007199254740991"] = -9007199254740991,
    ["9007199254740992"] = 9007199254740992, ["1e18"] = 1000000000000000000,
    ["-9223372036854775808"] = math.mininteger, ["9223372036854775807"] = math.maxinteger,
    ["9007199254740993"] = 9007199254740993, ["-9007199254740993"] = -9007199254740993,
    ["1618065507111835497"] = 1618065507111835497, ["9007199254740993.0"] = 9007199254740993,
    ["9007199254740.993e3"] = 9007199254740993, ["-0.0"] = 0, ["0e5"] = 0,
  } do
    it("is an integer when it is whole: " .. text, function()
      local number = assert(decode('{"n":' .. text .. "}")).n
      assert.same({ value, "integer" }, { number, math.type(number) })
    end)
  end

  for text, value in pairs {
    ["0.5"] = 0.5, ["-1.25e-2"] = -0.0125, ["1e300"] = 1e300, ["1e-400"] = 0,
    ["1.7976931348623157e308"] = 1.7976931348623157e308, ["5e-324"] = 5e-324,
    ["1e19"] = 1e19, ["0.1e20"] = 1e19, ["2.5e+3"] = 2500, ["12.5E-1"] = 1.25,
    ["3.141592653589793238462643383279502884197"] = 3.141592653589793,
    ["0.1000000000000000055511151231257827021181583404541015625"] = 0.1,
    ["0." .. ("0"):rep(400) .. "5"] = 0, ["1" .. ("0"):rep(400) .. "e-399"] = 10,
    ["1" .. ("0"):rep(400) .. ".5e-401"] = 0.1,
  } do
    it("keeps its value: " .. text:sub(1, 60), function()
      assert.equal(value, assert(decode('{"n":' .. text .. "}")).n)
    end)
  end

  -- Each is more than an integer of Lua holds, and a float would be another number.
  for _, text in ipairs { "9223372036854775808", "-9223372036854775809", "18446744073709551615",
    "123456789012345678901234567890", ("9"):rep(400) } do
    it("stays as it is written, as a text, where 64 bits do not hold it: " .. text:sub(1, 40),
      function()
        assert.equal(text, assert(decode('{"n":' .. text .. "}")).n)
        assert.equal(text, assert(decode("[" .. text .. "]"))[1])
      end)
  end

  it("is written as it was read", function()
    local text = '{"a":9007199254740993,"b":"18446744073709551615","c":0.1}'
    assert.equal(text, encode((assert(decode(text)))))
  end)

  for _, text in ipairs { "1e400", "-1e400", "NaN", "nan", "Infinity", "-Infinity", "inf", "0x10",
    "-0x1p4", "01", "+1", ".5", "-", "1e", "--1", "0b1", "1_000", "1.", "-.5", "1.e5", "-01", "1e+",
    "1,5" } do
    local forms = { '{"n":%s}', "%s ", text ~= "1,5" and "[%s]" or nil }
    it("is no JSON number: " .. text, function()
      for _, form in ipairs(forms) do
        local body, err = decode(form:format(text))
        assert.same({ nil, "decode" }, { body, err.kind })
      end
    end)
  end
end)

describe("null that is read", function()
  it("is an absent field", function()
    assert.same({ a = 1, c = {} }, (assert(decode '{"a":1,"b":null,"c":{"d":null}}')))
  end)

  it("leaves no gap in an array", function()
    assert.same({ 1, 2, 3 }, (assert(decode "[null,1,null,2,null,null,3,null]")))
    assert.same({}, (assert(decode "[null,null]")))
    assert.same({ { a = 1 }, { { 5 } } }, (assert(decode '[null,{"a":1},[null,[null,5]]]')))
  end)

  it("as a whole body is true: there is nothing to give", function()
    assert.is_true((assert(decode "null")))
  end)
end)

describe("a text that is read", function()
  for text, value in pairs {
    ['"\\u00e9\\ud83d\\ude00"'] = "é😀", ['"é😀"'] = "é😀", ['"a\\u0000b"'] = "a\0b",
    ['"\\ud800\\udc00 \\u0800 \\udbff\\udfff \\ud7ff"'] = "\u{10000} \u{800} \u{10FFFF} \u{D7FF}",
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"'] = '"\\/\b\f\n\r\t', ['""'] = "",
  } do
    it("keeps its characters: " .. text, function()
      assert.equal(value, assert(decode("[" .. text .. "]"))[1])
    end)
  end

  for text, value in pairs {
    ["a\\ud83d"] = "a\u{FFFD}", ["\\ud83db"] = "\u{FFFD}b", ["\\ude00a"] = "\u{FFFD}a",
    ["\\ud83d\\ud83d\\ude00"] = "\u{FFFD}😀", ["\\ude00\\ud83d"] = "\u{FFFD}\u{FFFD}",
    ["\\ud83d\\u0041"] = "\u{FFFD}A", ["\\ud83d\\n"] = "\u{FFFD}\n",
    ["\\uD83D\\\\ude00"] = "\u{FFFD}\\ude00", ["\\udfff\\ud800"] = "\u{FFFD}\u{FFFD}",
  } do
    it("has U+FFFD for half a surrogate pair: " .. text, function()
      assert.equal(value, assert(decode('["' .. text .. '"]'))[1])
      assert.equal("b", assert(decode(('{"%s":"%s","a":"b"}'):format(text, text))).a)
    end)
  end

  for text, value in pairs {
    ["Andr\xE9"] = "Andr\u{FFFD}", ["\xE9"] = "\u{FFFD}", ["\xFFa\xFE"] = "\u{FFFD}a\u{FFFD}",
    ["é\x80"] = "é\u{FFFD}", ["\xC3"] = "\u{FFFD}", ["\xC3x"] = "\u{FFFD}x",
    ["\xC0\x80"] = "\u{FFFD}\u{FFFD}", ["\xED\xA0\xBD"] = "\u{FFFD}\u{FFFD}\u{FFFD}",
    ["\xF5\x80\x80\x80"] = ("\u{FFFD}"):rep(4), ["\xF0\x9F\x98"] = ("\u{FFFD}"):rep(3),
    ["\\u00e9\xE9"] = "é\u{FFFD}", ["\xE9\\u00e9"] = "\u{FFFD}é",
    ["日本\xE6語"] = "日本\u{FFFD}語", ["😀\xF0"] = "😀\u{FFFD}",
  } do
    it(("has U+FFFD for each byte that is no UTF-8: %q"):format(text), function()
      local body = assert(decode(('{"x":"%s","%s":1}'):format(text, text)))
      assert.same({ value, 1 }, { body.x, body[value] })
      assert.equal(value, require "googlemeet.core".decode(encode { value })[1])
    end)
  end

  it("may hold bare control bytes, as some servers send them", function()
    assert.equal("a\n\t\1b", assert(decode '["a\n\t\1b"]')[1])
  end)

  it("is whole, however long it is and whatever has to be changed in it", function()
    local long = ("é\\n\xE9\\ud83d"):rep(20000)
    assert.equal(("é\n\u{FFFD}\u{FFFD}"):rep(20000), assert(decode('["' .. long .. '"]'))[1])
  end)

  for _, text in ipairs { '"\\x41"', '"a', '"\\u12"', "'a'", "]\0", '"a\0"', '"a\xE9', '"\\',
    '"\\u', '"\\ud83d\\u12"', '"\\ud83d\\x"', '"\\\0"', "\xE9", '"a"\xE9' } do
    it("is not JSON: " .. ("%q"):format(text), function()
      local body, err = decode("[" .. text .. "]")
      assert.same({ nil, "decode" }, { body, err.kind })
    end)
  end
end)

describe("a body that is read", function()
  it("may be 64 levels deep, and no deeper", function()
    assert.is_table((decode(("["):rep(64) .. ("]"):rep(64))))
    local body, err = decode(("["):rep(65) .. ("]"):rep(65))
    assert.same({ nil, "decode" }, { body, err.kind })
  end)

  it("does not exhaust the stack, however deep it is", function()
    local body, err = decode(('{"a":['):rep(200000))
    assert.same({ nil, "decode" }, { body, err.kind })
    assert.equal(1024, #err.body)
  end)

  it("keeps the last of fields with the same name", function()
    assert.same({ a = 2 }, (assert(decode '{"a":1,"a":2}')))
  end)

  it("distinguishes the number 1 from the text that names a field", function()
    assert.same({ ["1"] = "a" }, (assert(decode '{"1":"a"}')))
  end)

  for _, text in ipairs { "{", "[1,]", '{"a":1,}', "{'a':1}", "[1] 2", "{a:1}", "tru", "//x\n{}",
    "[1 2]", "\239\187\191{}" } do
    it("is not JSON: " .. ("%q"):format(text), function()
      local body, err = decode(text)
      assert.same({ nil, "decode", text }, { body, err.kind, err.body })
    end)
  end

  it("does not change what another user of cjson sees", function()
    assert(decode "[1]")
    assert.equal("\\/", cjson.encode("/"):sub(2, 3))
  end)
end)

describe("a table that is sent", function()
  for title, row in pairs {
    ["an empty table is an object"] = { {}, "{}" },
    ["meet.array {} is an array"] = { { a = meet.array {} }, '{"a":[]}' },
    ["meet.array() is an array"] = { { a = meet.array() }, '{"a":[]}' },
    ["meet.array keeps its items"] = { { a = meet.array { 1, "b" } }, '{"a":[1,"b"]}' },
    ["a sequence is an array"] = { { 1, { 2 } }, "[1,[2]]" },
    ["the largest integers are exact"] =
      { { math.maxinteger, math.mininteger }, "[9223372036854775807,-9223372036854775808]" },
    ["2^53 + 1 is exact"] = { { 9007199254740993 }, "[9007199254740993]" },
    ["floats are as short as they can be"] =
      { { 0.1, 1 / 3, 1e300, -2.5, 3.0 }, "[0.1,0.3333333333333333,1e+300,-2.5,3]" },
    ["whole floats are as exact as integers"] =
      { { 2^60, -2^63, 2^63, -0.0 }, "[1152921504606846976,-9223372036854775808,"
        .. "9.223372036854776e+18,0]" },
    ["booleans"] = { { true, false }, "[true,false]" },
    ["cjson.null is null"] = { { a = cjson.null }, '{"a":null}' },
    ["texts are escaped"] = { { 'é"\\\n\0\127' }, '["é\\"\\\\\\n\\u0000\\u007f"]' },
    ["an empty text"] = { { [""] = "" }, '{"":""}' },
  } do
    it(title, function() assert.equal(row[2], encode(row[1])) end)
  end

  it("reads back as the same float", function()
    for _, number in ipairs { 0.1 + 0.2, 1.7976931348623157e308, 5e-324, 1e15 + 0.3 } do
      assert.equal(number, tonumber(encode({ number }):sub(2, -2)))
    end
  end)

  it("may name the same table twice", function()
    local twice = { 1 }
    assert.equal("[[1],[1]]", encode { twice, twice })
  end)

  it("is taken as it is, whatever its metatable says", function()
    local proxy = setmetatable({ a = 1 }, { __index = { b = 2 }, __pairs = error, __len = error })
    assert.equal('{"a":1}', encode(proxy))
  end)

  it("may be a resource that a client gave", function()
    local client <close> = assert(meet.new { api_key = "test-key", clock = made_up_clock(),
    transport = function()
      return { status = 200, body = '{"name":"spaces/x","config":{"accessType":"OPEN"}}' }
    end })
    local space = assert(client.spaces:get "x")
    assert.equal('{"accessType":"OPEN"}', encode(space.config))
    assert.same({ name = "spaces/x", config = { accessType = "OPEN" } },
      cjson.decode(encode(space)))
  end)

  it("may be 64 levels deep", function()
    local deep = {}
    for _ = 1, 62 do deep = { deep } end
    assert.equal(("["):rep(63) .. "{}" .. ("]"):rep(63), encode { deep })
  end)
end)

describe("a table that cannot be sent", function()
  local loop = {}
  loop.loop = loop
  local far = {}
  far[1] = { { { far } } }
  for title, row in pairs {
    ["contains itself"] = { loop, "it is over 64 levels deep, or contains itself" },
    ["contains itself further down"] = { far, "it is over 64 levels deep, or contains itself" },
    ["holds a function"] = { { a = print }, "function" },
    ["holds a coroutine"] = { { coroutine.create(print) }, "thread" },
    ["holds userdata"] = { { io.stdout }, "userdata" },
    ["holds NaN"] = { { 0 / 0 }, "a number is not finite" },
    ["holds infinity"] = { { -math.huge }, "a number is not finite" },
    ["holds bytes that are not UTF-8"] = { { "\255" }, "a string is not UTF-8" },
    ["holds a surrogate"] = { { "\237\160\128" }, "a string is not UTF-8" },
    ["holds an overlong character"] = { { "\192\128" }, "a string is not UTF-8" },
    ["holds half a character"] = { { "\xE2\x82" }, "a string is not UTF-8" },
    ["holds a character that breaks off"] = { { "\xE2\x82x" }, "a string is not UTF-8" },
    ["holds an overlong one of three bytes"] = { { "\xE0\x9F\xBF" }, "a string is not UTF-8" },
    ["holds an overlong one of four bytes"] = { { "\xF0\x8F\xBF\xBF" }, "a string is not UTF-8" },
    ["holds a character beyond the last"] = { { "\xF4\x90\x80\x80" }, "a string is not UTF-8" },
    ["holds userdata without a name"] = { { debug.upvalueid(complaint, 1) }, "userdata" },
    ["has a gap, as Lua's own constructor makes one"] =
      { { 1, nil, 3 }, "an object's key is not a string, or an array has a gap" },
    ["has a name that is not UTF-8"] = { { ["a\128"] = 1 }, "a string is not UTF-8" },
    ["has a gap"] =
      { { [1] = 1, [3] = 3 }, "an object's key is not a string, or an array has a gap" },
    ["is half an array"] =
      { { 1, a = 2 }, "an object's key is not a string, or an array has a gap" },
    ["has a number for a name"] =
      { { [1.5] = 1 }, "an object's key is not a string, or an array has a gap" },
    ["has a table for a name"] =
      { { [{}] = 1 }, "an object's key is not a string, or an array has a gap" },
    ["is an array with a name"] =
      { meet.array { a = 1 }, "an array has a key that is not an index" },
    ["is an array with a gap"] =
      { meet.array { [1] = 1, [9] = 3 }, "an array has a key that is not an index" },
  } do
    it(title, function() assert.equal(row[2], complaint(row[1])) end)
  end

  it("leaves the client usable", function()
    local sent
    local client <close> = assert(meet.new { api_key = "test-key", clock = made_up_clock(),
    transport = function(request)
      sent = request.body
      return { status = 200 }
    end })
    assert.is_false(pcall(client.request, client, "POST", "/x", { body = { 1, { "\255" } } }))
    assert.is_nil(sent)
    assert.is_true((client:request("POST", "/x", { body = { a = 1 } })))
    assert.equal('{"a":1}', sent)
  end)
end)

describe("googlemeet.core.encode", function()
  local core = require "googlemeet.core"

  it("writes the names of an object in order", function()
    local value = { b = 1, a = { z = {}, y = meet.array {} }, ab = "x", [""] = 0.1, B = 2 ^ 53 | 0 }
    assert.equal('{"":0.1,"B":9007199254740992,"a":{"y":[],"z":{}},"ab":"x","b":1}',
      core.encode(value))
  end)

  it("names what cannot be written", function()
    for message, value in pairs {
      ["the value cannot be written as JSON: a string is not UTF-8"] = "\xff",
      ["the value cannot be written as JSON: a number is not finite"] = { 1 / 0 },
      ["the value cannot be written as JSON: function"] = { f = print },
    } do
      assert.same({ nil, message }, { core.encode(value) })
    end
  end)

  it("writes the first and the last character of each length", function()
    local text = "\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}"
    assert.equal(text, core.decode(core.encode { text })[1])
  end)

  it("leaves a slash as it is, and what is escaped before one", function()
    assert.equal([["/a/\\/\"/"]], core.encode [[/a/\/"/]])
  end)

  it("reads a text on its own, digits in it or not", function()
    assert.same({ "a", 'a":1' }, { core.decode '"a"', core.decode [["a\":1"]] })
  end)

  it("is read back by decode", function()
    local value = { a = { 1, 2.5, "x\0\"y", { true, false } }, n = math.maxinteger >> 10 }
    assert.same(value, core.decode(core.encode(value)))
  end)
end)

describe("googlemeet.core.decode", function()
  for text, problem in pairs {
    ["[1,"] = "a value expected at byte 4", [""] = "a value expected at byte 1",
    ["[1 2]"] = "',' or ']' expected at byte 4", ['{"a" 1}'] = "':' expected at byte 6",
    ['{"a":1 "b"}'] = "',' or '}' expected at byte 8", ["{1}"] = "a name expected at byte 2",
    ["[tru]"] = "a value expected at byte 2", ["[1.]"] = "a digit expected at byte 4",
    ["[] x"] = "the end expected at byte 4", ['["\\x"]'] = "an escape expected at byte 3",
    ['["a'] = "the end of a string expected at byte 4",
    ["[1e999]"] = "a number is not finite at byte 7",
    [("["):rep(65)] = "it is too deep at byte 65",
  } do
    it("says where a text is no JSON, and why: " .. text:sub(1, 20), function()
      assert.same({ nil, "the body is not JSON: " .. problem },
        { require "googlemeet.core".decode(text) })
    end)
  end
end)

describe("a locale", function()
  local TRY = [[
    local function try()
      local value = assert(core.decode '[1.25,-0.5e1,9007199254740993,0.30000000000000004]')
      print(1 / 2, value[1] == 5 / 4, value[2], value[3], core.encode(value))
    end ]]
  local GOOD = "\ttrue\t-5\t9007199254740993\t[1.25,-5,9007199254740993,0.30000000000000004]\n"

  for point, half in pairs { [","] = "0,5", [";"] = "0;5" } do
    it("that is set later does not change numbers, nor one that is unset: " .. point, function()
      if locale.lacks() then return pending(locale.lacks()) end
      assert.equal(half .. GOOD .. "0.5" .. GOOD, locale.run(point, [[
        local core = require "googlemeet.core" ]] .. TRY .. [[
        assert(os.setlocale "odd")
        try()
        os.setlocale "C"
        try() ]]))
      assert.equal(half .. GOOD .. "0.5" .. GOOD, locale.run(point, [[
        assert(os.setlocale "odd")
        local core = require "googlemeet.core" ]] .. TRY .. [[
        try()
        os.setlocale "C"
        try() ]]))
    end)
  end
end)
