local json = require "googlemeet.testing.json"
local program = require "spec.support.program"
local tree = require "spec.support.tree"

local PAGE = "https://connect.maton.ai/?session_token=example"
local WAITS = "Open this page in a browser, and approve the access:\n\n  " .. PAGE
  .. "\n\nWaiting until it is approved; Ctrl-C stops waiting.\n"

describe("googlemeet connect", function()
  local programs

  setup(function() programs = program.serve() end)
  teardown(function() programs:close() end)
  before_each(function() programs:clear() end)

  --- The last connection that was created: its id.
  local function created()
    local list = json.decode((programs:run "get connections"))
    return list[#list].connection_id
  end

  it("prints the page on standard error, and the connection once it is ACTIVE", function()
    local output = programs:run_demo("connect", "2>" .. programs.folder .. "/page")
    assert.matches("^%x+%-[%x-]+ %(ACTIVE, 0 days old%)\n$", output)
    assert.equal(WAITS, programs:read "page")
  end)

  it("prints the connection as JSON without its url", function()
    local made = json.decode(programs:run_demo "connect --json --app google-drive")
    assert.equal("google-drive", made.app)
    assert.equal("ACTIVE", made.status)
    assert.is_nil(made.url)
  end)

  it("asks for an app, and stops waiting when the time is up", function()
    local output, status = programs:run "connect --app google-docs --timeout 0.05"
    assert.equal(1, status)
    assert.equal(WAITS, output:sub(1, #WAITS))
    assert.matches("^googlemeet connect: deadline: connection [%x-]+ was not approved within 0.05 "
      .. "seconds; it still exists [^\n]*\n$", output:sub(#WAITS + 1))
    local first = programs:stats().log[1]
    assert.same({ "connections.create", '{"app":"google-docs"}' }, { first.operation, first.body })
  end)

  it("stops waiting by Ctrl-C, and leaves the connection", function()
    local output, status = programs:stop_at("connect", "printed", "Waiting", "INT")
    assert.equal(WAITS .. "googlemeet connect: interrupted\n", output)
    assert.equal(130, status)
    assert.matches(created():gsub("%-", "%%-") .. " %(PENDING", (programs:run "connect --list"))
  end)

  it("says that the consent was refused", function()
    programs:fail { on = "connections.create", status = 403, shape = "nested", message = "no" }
    local output, status = programs:run "connect"
    assert.matches("^googlemeet connect: [^\n]*permission %(403[^\n]*\n$", output)
    assert.equal(1, status)
  end)

  it("lists the connections of all apps, or of one, without an url", function()
    local output, status = programs:run "connect --list"
    assert.equal(0, status)
    assert.matches("^google%-meet +5b0f7c7e%S+ %(ACTIVE, 51 days old%)\n", output)
    assert.matches("\ngoogle%-drive +%S+ %(ACTIVE", output)
    assert.not_matches("session_token", output)
    output = programs:run "connect --list --app google-docs"
    assert.matches("^google%-docs +%S+ %(ACTIVE, 50 days old%)\n", output)
    assert.not_matches("google%-meet", output)
  end)

  it("lists them as JSON without an url", function()
    local rows = json.decode((programs:run "connect --list --json"))
    assert.equal("google-meet", rows[1].app)
    assert.equal("ACTIVE", rows[1].status)
    for _, row in ipairs(rows) do assert.is_nil(row.url) end
  end)

  it("says where there is none to list", function()
    local bare <close> = setmetatable({ fake = program.serve() },
      { __close = function(self) self.fake:close() end })
    bare.fake:clear()
    for _, row in ipairs(json.decode((bare.fake:run "connect --list --json"))) do
      tree.lines(("curl -s -X DELETE -H 'Authorization: Bearer example-key' %s/connections/%s")
        :format(bare.fake.url, row.connection_id))
    end
    assert.same({ "[]\n", 0 }, { bare.fake:run "connect --list --json" })
    assert.same({ "no connection; googlemeet connect creates one\n", 0 },
      { bare.fake:run "connect --list" })
    assert.same({
      "no google-docs connection; googlemeet connect --app google-docs creates one\n", 0,
    }, { bare.fake:run "connect --list --app google-docs" })
  end)

  it("refuses options that cannot be used", function()
    for arguments, message in pairs {
      ["--app gmail"] =
        "--app: 'gmail' is not one of google-meet, google-drive, google-docs, google-calendar",
      ["--timeout 0"] = "--timeout: more than 0 and at most 86400 seconds expected",
      ["--timeout 86401"] = "--timeout: more than 0 and at most 86400 seconds expected",
      ["--list --timeout 5"] = "--list or --timeout, not both",
    } do
      local output, status = programs:run("connect " .. arguments)
      assert.equal(("googlemeet connect: %s (see googlemeet connect --help)\n"):format(message),
        output)
      assert.equal(2, status)
    end
    assert.equal(0, #programs:stats().log)
  end)
end)
