--- All 28 operations, over real sockets and against the contract.

local meet = require "googlemeet"
local manual_clock = require "spec.support.clock"
local core = require "googlemeet.core"
local cases = require "spec.support.cases"
local contract = require "spec.support.contract"
local served = require "spec.support.served"

local function run(id, client)
  local actual, expected = assert(cases[id], "no case for " .. id)(client)
  assert.equal(expected, actual)
end

describe("googlemeet's operations", function()
  it("are those of the contract", function()
    local ours, theirs = {}, {}
    for id in pairs(core.shared.operations) do ours[#ours + 1] = id end
    for _, row in ipairs(contract.operations) do theirs[#theirs + 1] = row.id end
    table.sort(ours)
    table.sort(theirs)
    assert.same(theirs, ours)
    assert.equal(28, #ours)
  end)

  for _, protocol in ipairs { { "HTTP/1.1", false, "1.1" }, { "HTTP/2 with TLS", true, "2" } } do
    describe("over " .. protocol[1], function()
      local server, client

      setup(function()
        server = served.start { tls = protocol[2] }
      end)

      teardown(function()
        server:close()
      end)

      before_each(function()
        server:reset()
        client = assert(meet.new {
          api_key = "test-key", base_url = server.url, ca_file = server.cert, rate = false,
        })
      end)

      after_each(function()
        client:close()
      end)

      for _, row in ipairs(contract.operations) do
        it("answer right: " .. row.id, function()
          run(row.id, client)
          local stats, asked = server:stats(), {}
          for _, entry in ipairs(stats.log) do asked[entry.operation] = true end
          assert.is_true(asked[row.id])
          assert.same({ [protocol[3]] = stats.requests }, stats.versions)
        end)
      end
    end)
  end

  describe("keep to the contract:", function()
    for _, row in ipairs(contract.operations) do
      it(row.id, function()
        local gateway = require "googlemeet.testing".gateway { now = 1795341600 }
        gateway:seed()
        local seen = {}
        local client <close> = assert(meet.new {
          api_key = "test-key", clock = manual_clock(),
          transport = function(request)
            local id, problem = contract.check(request)
            assert(id, problem)
            seen[id] = true
            local response = gateway.transport(request)
            if response.status == 200 then assert(contract.response_ok(id, response.body)) end
            return response
          end,
        })
        run(row.id, client)
        assert.is_true(seen[row.id])
      end)
    end
  end)
end)
