local deadline = require "googlemeet.deadline"

describe("googlemeet.deadline.share", function()
  it("gives each call the rest of the deadline, then an error", function()
    local now = 100
    local client = { now = function() return now end }
    local next_options = deadline.share(client, { connection = "c", timeout = 5, deadline = 10 })
    assert.same({ connection = "c", timeout = 5, deadline = 10 }, next_options())
    now = 107.5
    assert.same({ connection = "c", timeout = 5, deadline = 2.5 }, next_options())
    now = 110
    local none, err = next_options()
    assert.is_nil(none)
    assert.equal("deadline", err.kind)
  end)

  it("sets no limit that was not given", function()
    assert.same({}, deadline.share({}, {})())
  end)
end)
