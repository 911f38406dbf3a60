-- `make reenter` calls whatever there is: each operation, method and function of the core, with
-- each option of the rows in the sources.

local arguments = require "spec.reenter.arguments"
local meet = require "googlemeet"
local rows = require "spec.reenter.rows"

describe("spec/reenter", function()
  it("has a call for each function", function()
    local client <close> = assert(meet.new { api_key = "k" })
    local has_call, missing = {}, {}
    for _, call in ipairs(require "spec.reenter.calls") do has_call[call.name] = true end
    for _, name in ipairs(rows.functions(client.conference_records:list())) do
      if not has_call[name] then missing[#missing + 1] = name end
    end
    assert.same({}, missing)
  end)

  it("has a value for each option that the core reads", function()
    local read = rows.options()
    for _, table_name in ipairs { "call_rows", "client_rows", "request_rows" } do
      local given = arguments.given(table_name)
      assert.is_true(#read[table_name] > 5)
      for _, name in ipairs(read[table_name]) do assert.is_not_nil(given[name], name) end
    end
    assert.same({ "call_rows", "client_rows", "clock_rows", "connection_rows", "rate_rows",
      "request_rows", "retry_rows" }, rows.sorted_names(read))
  end)

  it("reads the rows of every file that has some", function()
    local pipe <close> = assert(io.popen "grep -l 'meet_lua_option [a-z_]*\\[\\]' src/*.c")
    local files = {}
    for path in pipe:lines() do files[#files + 1] = path end
    assert.same({ "src/lua_request.c", "src/lua_service.c", "src/lua_settings.c" }, files)
  end)
end)
