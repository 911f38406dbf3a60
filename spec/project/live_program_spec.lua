local live = require "spec.support.live"
local meet = require "googlemeet"
local served = require "spec.support.served"
local tree = require "spec.support.tree"
local walk = require "spec.live.walk"

describe("spec/live/run.lua", function()
  local fakes

  -- With a latency several requests are under way at once.
  setup(function()
    fakes = { served.start { arguments = "--latency 0.05" },
      served.start { arguments = "--latency 0.05" } }
  end)
  teardown(function()
    for _, fake in ipairs(fakes) do fake:close() end
  end)

  local function line(environment)
    return ("env -u MATON_CONNECTION %s LD_PRELOAD= %s spec/live/run.lua 2>&1; echo status $?")
      :format(environment, tree.lua())
  end

  local function run(environment)
    local output = tree.run(line(environment))
    local text, status = output:match "^(.*)status (%d+)\n$"
    return text, tonumber(status)
  end

  local function start(fake, environment)
    return io.popen(line(("MATON_API_URL=%s MATON_API_KEY=test-key %s"):format(fake.url,
      environment)))
  end

  it("walks a served account, with writes and without, and prints nothing of it", function()
    local pipes = {
      start(fakes[1], ""), start(fakes[2], "LIVE_WRITES=1 LIVE_MEMBER=" .. live.MEMBER),
    }
    for index, pipe in ipairs(pipes) do
      local output = pipe:read "a"
      pipe:close()
      assert.matches("\nstatus 0\n$", output)
      for _, title in ipairs(walk.titles()) do
        if index == 2 or title ~= "what was made here" then
          assert(output:find("\n%s*" .. title:gsub("%p", "%%%0") .. "%s"), title)
        end
      end
      assert.not_matches("  failed", output)
      assert.not_matches("  withheld", output)
      assert.matches("\n  the body of a 401 +fields: error; within error: code message\n", output)
      assert.matches("  no: new sockets for 8 requests at once: [5678]\n", output)
      assert.matches("^googlemeet [%d.]+, libcurl %w+, %d+%-%d+%-%d+, another base URL", output)
      assert.matches("\n%d+ requests in %d+ s\n", output)
      live.assert_silent(output, live.account().gateway)
      assert(not output:find("127.0.0.1", 1, true))
    end
    assert.same({}, live.writes_of(fakes[1]:stats().log))
    assert.equal(28, select(2, live.operations_in(fakes[2]:stats().log)))
  end)

  it("says how to begin without a key", function()
    local output, status = run "-u MATON_API_KEY"
    assert.equal(2, status)
    assert.matches("^make live: MATON_API_KEY is not set%.", output)
    assert.matches("make live LIVE=fake\n", output)
  end)

  it("refuses settings that are none", function()
    for environment, message in pairs {
      ["LIVE=real"] = "LIVE=fake or nothing expected",
      ["LIVE_WRITES=yes"] = "LIVE_WRITES=1 or nothing expected",
      ["LIVE_BURST=2"] = "LIVE_BURST=1 or nothing expected",
      ["LIVE_MEMBER=zoe@example.org"] = "LIVE_MEMBER needs LIVE_WRITES=1",
      ["LIVE_WRITES=1 LIVE_MEMBER=zoe"] = "an address such as name@example.com expected",
      ["MATON_API_URL=nonsense"] = "cannot be used",
    } do
      local output, status = run("MATON_API_KEY=test-key-7 " .. environment)
      assert.equal(2, status, environment)
      assert.matches("^make live: [^\n]+\n$", output)
      assert(output:find(message, 1, true), output)
      assert(not output:find("test-key-7", 1, true))
    end
  end)

  it("ends with status 1 where the key is wrong, or nobody listens", function()
    for _, environment in ipairs { "MATON_API_KEY=wrong MATON_API_URL=" .. fakes[1].url,
      "MATON_API_KEY=wrong MATON_API_URL=http://127.0.0.1:1" } do
      local output, status = run(environment)
      assert.equal(1, status)
      assert.matches("; the walk could not go on\n$", output)
    end
  end)

  it("deletes what it made when Ctrl-C ends it", function()
    local fake <close> = setmetatable({ served = served.start { arguments = "--latency 0.1" } },
      { __close = function(self) self.served:close() end })
    local folder <close> = setmetatable({ path = tree.temporary() },
      { __close = function(self) tree.remove(self.path) end })
    local command = ("echo $$ >%s/pid; exec env LIVE_WRITES=1 LIVE_MEMBER=%s "
      .. "MATON_API_KEY=test-key MATON_API_URL=%s LD_PRELOAD= %s spec/live/run.lua 2>&1"):format(
      folder.path, live.MEMBER, fake.served.url, tree.lua())
    local pipe = io.popen(("sh -c %s; echo status $?"):format(tree.quote(command)))
    for _ = 1, 500 do
      if fake.served:count "spaces.members.create" > 0 then break end
      os.execute "sleep 0.02"
    end
    tree.lines(("kill -INT $(cat %s/pid)"):format(folder.path))
    local output = pipe:read "a"
    pipe:close()
    assert.equal("make live: interrupted\nstatus 130\n", output)
    local added, deleted = 0, 0
    for _, entry in ipairs(fake.served:stats().log) do
      if entry.operation == "spaces.members.create" then added = added + 1 end
      if entry.operation == "spaces.members.delete" then deleted = deleted + 1 end
    end
    assert.equal(added, deleted)
    assert.equal(0, fake.served:count "connections.create")
  end)

  it("walks the fake in memory", function()
    local output, status = run "-u MATON_API_KEY LIVE=fake LIVE_WRITES=1"
    assert.equal(0, status)
    assert.matches("^googlemeet [^\n]+, the fake, with writes\n", output)
    live.assert_silent(output, live.account().gateway)
  end)

  it("sees HTTP/2 by the sockets", function()
    local fake <close> = setmetatable({ served = served.start { tls = true } },
      { __close = function(self) self.served:close() end })
    local client <close> = assert(meet.new {
      api_key = live.KEY, base_url = fake.served.url, ca_file = fake.served.cert, rate = false,
    })
    local rows = walk.run(client, { secrets = { live.KEY }, has_sockets = true })
    assert.matches("^yes: new sockets for 8 requests at once: [01]$",
      live.answers_of(rows)["HTTP/2"])
  end)
end)
