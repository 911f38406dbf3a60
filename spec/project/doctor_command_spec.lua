local json = require "googlemeet.testing.json"
local program = require "spec.support.program"

local FIRST = "5b0f7c7e-3a64-4f0e-9d5c-2c1f6b7a8d90" -- the seeded fake's ACTIVE connection

describe("googlemeet doctor", function()
  local programs

  setup(function() programs = program.serve() end)
  teardown(function() programs:close() end)
  before_each(function() programs:clear() end)

  it("prints a row for each check, and no secret", function()
    local output, status = programs:run "doctor"
    assert.equal(0, status)
    assert.matches("^key set +ok +not shown\n", output)
    assert.matches("\nconnections +warning  " .. FIRST:gsub("%-", "%%-") .. " %(ACTIVE", output)
    assert.matches("\n +> 1 PENDING: ", output)
    assert.matches("\nread +ok +conference_records:list answers\n$", output)
    assert.not_matches("session_token", output)
    assert.not_matches("example%-key", output)
    assert.equal(3, #programs:stats().log)
  end)

  it("has a row for the limit that processes of the user share", function()
    assert.matches("\nlimiter +ok +processes with a place", (programs:run "doctor --limiter"))
    assert.not_matches("\nlimiter", (programs:run "doctor"))
  end)

  it("prints the rows as JSON", function()
    local output, status = programs:run "doctor --json"
    local rows = json.decode(output)
    assert.equal(0, status)
    assert.same({ check = "key set", ok = true, detail = "not shown" }, rows[1])
    assert.equal("read", rows[#rows].check)
  end)

  it("names the variable that cannot be used, and ends with status 1", function()
    for variable, check in pairs {
      ['MATON_API_KEY="$(printf "k\\nk")"'] = "key set",
      ["MATON_API_URL=127.0.0.1:8123"] = "base URL",
      ["MATON_CONNECTION='a b'"] = "connection chosen",
    } do
      local output, status = programs:run("doctor", variable)
      assert.equal(1, status)
      assert.matches("\n?" .. check .. " +FAILED +config: ", output)
      assert.matches(variable:match "^[^=]+", output)
      assert.matches("\ngooglemeet doctor: failed: " .. check .. "\n$", output)
    end
  end)

  it("ends with status 1 when a check failed, and says what to do", function()
    programs:fail { on = "conferenceRecords.list", status = 500, shape = "nested" }
    local output, status = programs:run "doctor"
    assert.equal(1, status)
    assert.matches("\nread +FAILED +conference_records:list: server %(500%)", output)
    assert.matches("\n +> create a new connection .- ACTIVE, then delete the old one\n", output)
    assert.matches("\ngooglemeet doctor: failed: connection age, read\n$", output)
  end)

  it("ends with status 1 when the read is not reached, though no check failed", function()
    programs:fail { on = "connections.list", status = 500 }
    local output, status = programs:run "doctor"
    assert.equal(1, status)
    assert.matches("\nkey good +%? +server %(500[^\n]*\n", output)
    assert.matches("\nread +%? +not checked\ngooglemeet doctor: no check failed, but the read "
      .. "was not reached\n$", output)
  end)

  it("says without a key that there is none, and that the demo account needs none", function()
    local output, status = programs:run("doctor", "MATON_API_KEY=")
    assert.equal(1, status)
    assert.matches("^key set +FAILED +config: no API key.-\n +> set MATON_API_KEY", output)
    assert.matches("\ngooglemeet doctor: failed: key set; %-%-demo shows the rows of the demo "
      .. "account\n$", output)
  end)

  it("advises what can be done in a shell", function()
    local outputs = {
      programs:run "doctor", (programs:run("doctor", "MATON_API_KEY=")),
      (programs:run("doctor", "MATON_CONNECTION=none")),
    }
    outputs[#outputs + 1] = programs:run_demo "doctor"
    for _, output in ipairs(outputs) do
      assert.not_matches("client[.:]", output)
      assert.not_matches("option", output)
    end
    assert.matches("\n +> [^\n]+ googlemeet get connections/ID\n", outputs[1])
    assert.matches("\n +> pass the id of an ACTIVE one in MATON_CONNECTION\n", outputs[3])
  end)

  it("shows the rows of the demo account", function()
    local output = programs:run_demo "doctor"
    assert.matches("^key set +ok .*\nread +ok ", output)
    assert.equal(0, #programs:stats().log)
  end)
end)
