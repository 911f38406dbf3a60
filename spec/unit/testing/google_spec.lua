local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

describe("the fake refuses as Google does", function()
  local gateway, space

  before_each(function()
    gateway = testing.gateway { now = 1795341600 }
    space = gateway:add_space {}
  end)

  for title, case in pairs {
    ["an unknown parameter"] = { "GET", "?colour=red", nil,
      'Invalid JSON payload received. Unknown name "colour"' },
    ["a parameter that is given twice"] = { "GET", "?fields=name&fields=name", nil,
      "it is given more than once" },
    ["a field that there is not"] = { "GET", "?fields=colour", nil,
      "Invalid field selection colour" },
    ["a mask with a bracket too many"] = { "GET", "?fields=name)", nil,
      "The fields mask is malformed." },
    ["a body where none belongs"] = { "GET", "", {}, "GET takes no body." },
    ["a text that is none"] = { "PATCH", "", { name = 5 }, "Invalid value at 'name'" },
    ["a member without an address"] = { "POST", "/members", { role = "COHOST" }, "" },
    ["a list that is none"] = { "POST", "/members:batchUpdate", { requests = "all" },
      "Invalid value at 'requests': not a list" },
  } do
    it(title, function()
      local body, response = ask.loosely(gateway, case[1], space.name .. case[2], case[3])
      assert.equal(400, response.status)
      assert.matches(case[4], body.error.message, 1, true)
    end)
  end
end)

describe("the fake raises misuse", function()
  local gateway = testing.gateway {}

  for title, case in pairs {
    ["a connection that is there already"] = { function()
      gateway:add_connection { id = "c1" }
      gateway:add_connection { id = "c1" }
    end, "add_connection: c1 already exists" },
    ["a connection that there is not"] = { function() gateway:activate "c9" end,
      "no connection c9" },
    ["a member without an address"] = { function() gateway:add_member(gateway:add_space {}, {}) end,
      "add_member: option 'email' is required" },
    ["options that are no table"] = { function() gateway:add_space "open" end,
      "table of options expected, got string" },
  } do
    it(title, function()
      assert.error_matches(case[1], case[2])
    end)
  end
end)
