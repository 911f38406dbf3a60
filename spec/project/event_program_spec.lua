--- The program of examples/ that holds conferences against the calendar: over a served fake.

local program = require "spec.support.program"

local programs

setup(function() programs = program.serve() end)
teardown(function() programs:close() end)
before_each(function() programs:clear() end)

describe("absent.lua", function()
  it("prints the conferences of a week with their titles, and who did not come", function()
    local output, status = programs:run "absent.lua"
    assert.equal(0, status)
    assert.matches("^%d+%-%d%d%-%d%d %d%d:%d%d  Interview  3 came\n", output)
    assert.matches("  %(no event%)  0 came\n", output)
    assert.matches("\n%d+%-%d%d%-%d%d 09:00  Weekly planning  8 came\n"
      .. "  absent      Greta Åström  accepted\n  absent      Ines Fransson  needs_action\n"
      .. "  undecided   noor@partner%.example  accepted\n$", output)
    local days = {}
    for day in output:gmatch "(%d+%-%d%d%-%d%d) %d%d:%d%d  " do days[day] = true end
    local count = 0
    for _ in pairs(days) do count = count + 1 end
    assert.equal(count, programs:count "calendar.events.list")
  end)

  it("takes those that began since a day", function()
    local output = programs:run(os.date("!absent.lua --since %Y-%m-%d", os.time() - 86400))
    assert.not_matches("Weekly planning", output)
    output = programs:run "absent.lua --since soon"
    assert.matches("%-%-since: 'soon' is no time", output)
  end)

  it("ends where there is no connection to Calendar, and says what to do", function()
    programs:fail { on = "calendar.events.list", status = 400, shape = "nested" }
    local output, status = programs:run "absent.lua"
    assert.equal(1, status)
    assert.matches("^absent%.lua: [^\n]*connection %(400%)[^\n]*google%-calendar[^\n]*\n$", output)
  end)

  it("gives a terminal nothing that steers it", function()
    local own <close> = setmetatable({}, { __close = function(self) self.fake:close() end })
    own.fake = program.serve()
    own.fake:clear()
    local noon = os.time() // 86400 * 86400 - 2 * 86400 + 11 * 3600
    local made = own.fake:control("POST", "/-/call", { name = "add_event", arguments = { {
      title = "a\27[2Jb", code = "hpk-vtwd-ens", start_time = noon, end_time = noon + 60,
      guests = { { display_name = "x\27]0;y\7", email = "x@example.com" } },
    } } })
    assert(made)
    local output = own.fake:run "absent.lua"
    assert.matches("  a[^\n]*2Jb  0 came\n  absent      x[^\n]*]0;y", output)
    assert.not_matches("[\27\7]", output)
  end)
end)
