local limits = require "googlemeet.report.limits"

describe("googlemeet.report.limits.new", function()
  it("gives each call what is left of the deadline, and at last an error", function()
    local now = 100
    local client = { now = function() return now end }
    local next_limits = limits.new(client, { connection = "c", timeout = 5, deadline = 10 })
    assert.same({ connection = "c", timeout = 5, deadline = 10 }, next_limits())
    now = 107.5
    assert.same({ connection = "c", timeout = 5, deadline = 2.5 }, next_limits())
    now = 110
    local none, err = next_limits()
    assert.is_nil(none)
    assert.equal("deadline", err.kind)
  end)

  it("limits nothing that was not given", function()
    assert.same({}, limits.new({}, {})())
  end)
end)
