local meet = require "googlemeet"

describe("meet.limiter", function()
  it("loads the limiter in Redis when one is made", function()
    local name = "googlemeet.limiter.redis"
    local loaded = package.loaded[name]
    package.loaded[name] = nil
    local limiter = meet.limiter.redis(print, "account")
    assert.is_table(package.loaded[name])
    package.loaded[name] = loaded
    for _, verb in ipairs { "reserve", "commit", "release", "pause", "status" } do
      assert.is_function(limiter[verb])
    end
  end)
end)
