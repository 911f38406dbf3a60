local options = require "googlemeet.options"

describe("googlemeet.options.merge", function()
  it("puts what is given over the defaults", function()
    assert.same({ timeout = 5, cheap = true },
      options.merge({ timeout = 5 }, { timeout = 60, cheap = true }))
  end)

  it("gives the defaults when nothing is given", function()
    assert.same({ timeout = 60 }, options.merge(nil, { timeout = 60 }))
  end)

  it("takes false for what it is", function()
    assert.same({ cheap = false }, options.merge({ cheap = false }, { cheap = true }))
  end)

  it("changes neither table and shares none with them", function()
    local given, defaults = { expected = { "Ann" } }, { expected = {}, retry = { max = 10 } }
    local merged = options.merge(given, defaults)
    merged.expected[2], merged.retry.max = "Bob", 1
    assert.same({ expected = { "Ann" } }, given)
    assert.same({ expected = {}, retry = { max = 10 } }, defaults)
  end)

  it("does not copy objects", function()
    local client = setmetatable({}, {})
    assert.equal(client, options.merge({ client = client }, { client = {} }).client)
  end)

  it("copies a table that contains itself", function()
    local loop = {}
    loop.loop = loop
    local copied = options.merge({ loop = loop }, { loop = {} }).loop
    assert.equal(copied, copied.loop)
    assert.not_equal(loop, copied)
  end)
end)

describe("googlemeet.options.of", function()
  local defaults = { since = options.of "string or number" }

  it("stands for an option without a default", function()
    assert.same({}, options.merge({}, defaults))
    assert.same({ since = 1 }, options.merge({ since = 1 }, defaults))
    assert.same({ since = "2026-10-02T07:20:41Z" },
      options.merge({ since = "2026-10-02T07:20:41Z" }, defaults))
  end)

  it("lists the types it may have", function()
    assert.has_error(function() options.merge({ since = true }, defaults, 0) end,
      "option 'since': string or number expected, got boolean")
  end)
end)

describe("googlemeet.options.nearest", function()
  local known = { timeout = 1, deadline = 1, on_wait = 1, on_event = 1, id = 1, at = 1 }

  for _, case in ipairs {
    { "timout", "timeout" }, { "Deadline", "deadline" }, { "onwait", "on_wait" },
    { "on_evnt", "on_event" }, { "tiemout", "timeout" }, { "it" }, { "x" },
    { "proxy" }, { "time" }, { ("timeout"):rep(5) },
    { "" }, { 1 }, { nil },
  } do
    it(("to %s is %s"):format(tostring(case[1]), tostring(case[2])), function()
      assert.equal(case[2], options.nearest(case[1], known))
    end)
  end
end)

describe("googlemeet.options.with", function()
  it("sets one option in a copy", function()
    local given = { limit = 5, fields = "name" }
    assert.same({ limit = 9, fields = "name" }, options.with(given, "limit", 9))
    assert.same({ fields = "name" }, options.with(given, "limit", nil))
    assert.same({ limit = 5, fields = "name" }, given)
    assert.same({ limit = 5 }, options.with(nil, "limit", 5))
  end)

  it("returns a value that is not a table unchanged", function()
    assert.equal("x", options.with("x", "limit", 5))
  end)
end)

describe("googlemeet.options.merge refuses", function()
  local defaults = { timeout = 60, deadline = 600, on_wait = options.of "function" }

  local function complaint(given)
    local function use(opts) return (options.merge(opts, defaults)) end
    local line = debug.getinfo(1, "l").currentline + 1
    local function caller() return (use(given)) end
    local _, message = pcall(function() return (caller()) end)
    local blamed, text = message:match("options_spec%.lua:(%d+): (.*)")
    assert.equal(line, tonumber(blamed))
    return text
  end

  it("an unknown name, naming the nearest", function()
    assert.equal("unknown option 'timout'; did you mean 'timeout'?", complaint { timout = 1 })
    assert.equal("unknown option 'Deadline'; did you mean 'deadline'?", complaint { Deadline = 1 })
    assert.equal("unknown option 'onwait'; did you mean 'on_wait'?", complaint { onwait = 1 })
    assert.equal("unknown option 'tiemout'; did you mean 'timeout'?", complaint { tiemout = 1 })
    assert.matches("unknown option '\\x1B%[1m\\x0A'; known: ", complaint { ["\27[1m\n"] = 1 })
  end)

  it("an unknown name without one within a third of its length, listing all", function()
    local all = "; known: deadline, on_wait, timeout"
    assert.equal("unknown option 'x'" .. all, complaint { x = 1 })
    assert.equal("unknown option 'proxy'" .. all, complaint { proxy = 1 })
    assert.equal("unknown option 'time'" .. all, complaint { time = 1 }) -- three letters of four
    assert.equal("unknown option '1'" .. all, complaint { "timeout" })
  end)

  it("a name of a million letters as soon as a short one", function()
    local asking = coroutine.create(options.nearest)
    debug.sethook(asking, function() error "it is compared letter by letter" end, "", 10000)
    assert.same({ true }, { coroutine.resume(asking, ("timeout"):rep(1000000 // 7), defaults) })
  end)

  it("a resource or another object of the module in place of options", function()
    local space = setmetatable({ name = "spaces/a" }, { __name = "googlemeet.space" })
    assert.equal("plain table of options expected, got a googlemeet.space", complaint(space))
  end)

  it("no table whose metatable is hidden or another's", function()
    local hidden = setmetatable({ timeout = 1 }, { __metatable = false })
    assert.equal(1, options.merge(hidden, defaults).timeout)
    local other = setmetatable({ timeout = 2 }, { __name = "other.type" })
    assert.equal(2, options.merge(other, defaults).timeout)
  end)

  it("of several unknown names the first in alphabetical order", function()
    for _ = 1, 3 do
      assert.matches("^unknown option 'alpha'; ", complaint { gamma = 1, alpha = 1, timeout = "x" })
    end
  end)

  it("a value of another type", function()
    assert.equal("option 'timeout': number expected, got string", complaint { timeout = "5" })
    assert.equal("option 'on_wait': function expected, got boolean", complaint { on_wait = true })
  end)

  it("a value that is not a table", function()
    assert.equal("table of options expected, got number", complaint(5))
  end)
end)
