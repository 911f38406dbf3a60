local advice = require "googlemeet.command.advice"
local core = require "googlemeet.core"
local meet = require "googlemeet"

describe("googlemeet.command.advice", function()
  it("names commands and variables in place of calls and options", function()
    for text, expected in pairs {
      ["create one (client.connections:connect), wait"] = "create one (googlemeet connect), wait",
      ['client.connections:connect { app = "google-drive", on_url = … } makes one'] =
        "googlemeet connect --app google-drive makes one",
      ['client.connections:list { app = "google-docs" } has them'] =
        "googlemeet connect --list --app google-docs has them",
      ["pass the id of one of them as the option 'connection'"] =
        "pass the id of one of them in MATON_CONNECTION",
      ["set the option 'calendar'"] = "set the option 'calendar'",
      ["[wait 'retry_after' seconds, or a minute where it is nil, then try again]"] =
        "[wait a minute, then try again]",
      ['pass the id of an ACTIVE google-drive connection as the option \'connections.drive\': '
        .. 'client.connections:list { app = "google-drive" } lists them'] =
        "googlemeet connect --list --app google-drive lists them",
      ["its page can still be opened; then pass its id as the option 'connections.drive', or "
        .. "delete it"] = "its page can still be opened",
      ["the network, the proxy (the option 'proxy', or https_proxy in the environment)"] =
        "the network, the proxy (https_proxy in the environment)",
      ["[give meet.limiter.file its own path]"] = "[remove it, or add --no-limiter]",
    } do
      assert.equal(expected, advice.in_a_shell(text))
    end
  end)

  it("leaves no call, option or field in the hints of the kinds of error", function()
    for _, kind in ipairs {
      "transport", "tls", "timeout", "deadline", "auth", "connection", "permission", "not_found",
      "conflict", "invalid", "rate_limited", "server", "decode", "too_large", "cancelled", "memory",
      "config",
    } do
      local hint = advice.in_a_shell(core.error.new(kind, "x").hint)
      assert.not_matches("client[.:]", hint)
      assert.not_matches("'[%w_]+'", hint)
    end
  end)

  it("leaves no call in the hints of errors about keys and connections", function()
    local gateway = meet.testing.gateway { connections = false }
    local options = { api_key = "test-key", transport = gateway.transport }
    local client <close> = assert(meet.new(options))
    options.api_key = "wrong"
    local stranger <close> = assert(meet.new(options))
    for _, one in ipairs { client, stranger } do
      local _, err = one.conference_records:list():first()
      assert.matches("client%.connections", tostring(err))
      assert.matches("googlemeet connect %-%-list", advice.in_a_shell(tostring(err)))
      assert.not_matches("client[.:]", advice.in_a_shell(tostring(err)))
      assert.not_matches("connections:", advice.in_a_shell(tostring(err)))
    end
  end)
end)
