local core = require "googlemeet.core"
local creation = require "googlemeet.command.spaces.creation"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"
local program = require "spec.support.program"
local tree = require "spec.support.tree"

local COMMAND = "spaces FOLDER/in.csv FOLDER/out.csv"

describe("googlemeet spaces", function()
  local programs

  setup(function() programs = program.serve() end)
  teardown(function() programs:close() end)
  before_each(function() programs:clear() end)

  --- The statuses of the rows, in order, and the file with codes and names masked.
  local function outcome(of)
    local masked = of:read("out.csv"):gsub("%l%l%l%-%l%l%l%l%-%l%l%l", "CODE")
      :gsub("spaces/[%w_-]+", "NAME")
    local statuses = {}
    for line in masked:gmatch "[^\r\n]+" do
      statuses[#statuses + 1] = line:match "%f[^,]([%l ]*),[^,]*$"
    end
    table.remove(statuses, 1)
    return statuses, masked
  end

  it("makes spaces as they are listed, and writes their links", function()
    programs:write("in.csv", "\u{FEFF}Title,cohosts,access,moderation\r\n"
      .. '"Möte, ""stort""",bo@example.com; cy@example.com,trusted,on\r\n'
      .. "\r\n"
      .. '"two\r\nlines",,,\r\n'
      .. "=1+1\r\n")
    local output, status = programs:run(COMMAND)
    assert.same({ "3 meetings: 3 created; see FOLDER/out.csv\n", 0 }, { output, status })
    local _, written = outcome(programs)
    assert.equal("\u{FEFF}title,meeting_uri,meeting_code,name,status,reason\r\n"
      .. '"Möte, ""stort""",https://meet.google.com/CODE,CODE,NAME,created,\r\n'
      .. '"two\nlines",https://meet.google.com/CODE,CODE,NAME,created,\r\n'
      .. "'=1+1,https://meet.google.com/CODE,CODE,NAME,created,\r\n", written)
    local bodies = {}
    for _, entry in ipairs(programs:stats().log) do
      if entry.method == "POST" then bodies[#bodies + 1] = entry.body end
    end
    assert.equal(5, #bodies)
    assert.matches('"accessType":"TRUSTED"', bodies[1])
    assert.matches('"moderation":"ON"', bodies[1])
    assert.matches('"email":"bo@example.com"', bodies[2])
    assert.matches('"role":"COHOST"', bodies[3])
    assert.not_matches("accessType", bodies[4])
    programs:run(COMMAND)
    assert.equal(3, programs:count "spaces.create")
  end)

  for separator, list in pairs {
    [";"] = 'title;cohosts;access\r\n"One; two";"bo@example.com;cy@example.com";OPEN\r\n'
      .. "Three;dan@example.com, bo@example.com;\r\n",
    ["\t"] = "title\tcohosts\taccess\nOne, two\tbo@example.com;cy@example.com\tOPEN\n"
      .. "Three\tdan@example.com bo@example.com\t\n",
  } do
    it(("takes and writes a list with %q between cells"):format(separator), function()
      programs:write("in.csv", list)
      local output, status = programs:run(COMMAND)
      assert.same({ "2 meetings: 2 created; see FOLDER/out.csv\n", 0 }, { output, status })
      local head, first = programs:read("out.csv"):match "^([^\r]*)\r\n([^\r]*)\r\n"
      assert.equal("title,meeting_uri,meeting_code,name,status,reason",
        (head:gsub(separator, ",")))
      assert.matches('^"?One[;,] two"?' .. separator .. "https://", first)
      assert.equal(4, programs:count "spaces.members.create")
      assert.equal(0, select(2, programs:run(COMMAND))) -- it knows its own list
      assert.equal(2, programs:count "spaces.create")
    end)
  end

  it("tries again what failed, and keeps what it has", function()
    programs:write("in.csv",
      "title,cohosts\nOne,\nTwo,\nThree,bo@example.com;nobody;cy@example.com\n")
    programs:fail { on = "spaces.create", status = 400, message = "Not now" }
    local output, status = programs:run(COMMAND)
    assert.equal(1, status)
    assert.matches("failed: One: [^\n]*invalid %(400[^\n]*Not now", output)
    assert.matches("\nfailed: Three: cohost nobody: [^\n]*invalid %(400", output)
    assert.matches("\n3 meetings: 1 created, 2 failed; see ", output)
    local link = programs:read("out.csv"):match "\nThree,(%S-),"
    programs:write("in.csv", "title,cohosts\nFour,\nThree,bo@example.com;dan@example.com\n")
    output, status = programs:run(COMMAND)
    assert.matches("^2 meetings: 2 created; see ", output)
    assert.equal(0, status)
    assert.equal(link, programs:read("out.csv"):match "\nThree,(%S-),")
    assert.equal(4, programs:count "spaces.create")
    assert.equal(4, programs:count "spaces.members.create") -- bo, nobody, cy, dan
    -- Two is not listed now, but it has a link; One has none.
    assert.matches("^title,[^\n]+\nFour,[^\n]+\nThree,[^\n]+\nTwo,https://[^\n]+,created,\r\n$",
      programs:read "out.csv")
    programs:write("in.csv", "title\nOne\nTwo\n")
    assert.matches("^2 meetings: 2 created; see ", (programs:run(COMMAND)))
    assert.equal(5, programs:count "spaces.create")
  end)

  it("does not make again what may have been made, unless it is asked to", function()
    programs:write("in.csv", "title\nOne\nTwo\n")
    programs:fail { on = "spaces.create", lost = true }
    local output, status = programs:run(COMMAND)
    assert.equal(1, status)
    assert.matches("ambiguous: One: [^\n]*transport", output)
    assert.same({ "ambiguous", "created" }, (outcome(programs)))
    output, status = programs:run(COMMAND)
    assert.equal(1, status)
    assert.matches("\n2 meetings: 1 created, 1 ambiguous; see ", output)
    assert.equal(2, programs:count "spaces.create")
    assert.equal(0, select(2, programs:run(COMMAND .. " --again")))
    assert.same({ "created", "created" }, (outcome(programs)))
    assert.equal(3, programs:count "spaces.create")
  end)

  it("stops where the next row would fail as well", function()
    programs:write("in.csv", "title\nOne\nTwo\nThree\n")
    programs:fail { on = "spaces.create", status = 401 }
    local output = programs:run(COMMAND)
    assert.matches("\n3 meetings: 1 failed, 2 not tried; see ", output)
    assert.equal(1, programs:count "spaces.create")
  end)

  it("says what to do in a shell, in its list, too", function()
    programs:write("in.csv", "title\nOne\n")
    local output = programs:run(COMMAND, "MATON_CONNECTION=none")
    for _, text in ipairs { output, programs:read "out.csv" } do
      assert.matches("ACTIVE connection in MATON_CONNECTION: googlemeet connect %-%-list", text)
      assert.not_matches("client%.", text)
    end
  end)

  it("makes nothing of a list that it cannot use", function()
    for text, message in pairs {
      [""] = "in.csv has no column 'title'",
      ["name\nx\n"] = "in.csv: line 1: the column 'name' is not one of title, access, "
        .. "moderation, cohosts",
      ["title,access\n\nx,\ny,public\n"] = "in.csv: line 4: access: 'public' is not one of OPEN, "
        .. "TRUSTED, RESTRICTED",
      ["title,moderation\nx,maybe\n"] = "in.csv: line 2: moderation: 'maybe' is not one of ON, OFF",
      ["title\n\"x\ny\"\nz\n\"x\ny\"\n"] = "in.csv: line 5: line 2 has the same title",
      ["title,access\n ,OPEN\n"] = "in.csv: line 2: it has no title",
      ["title\nx\n\"y\n"] = "in.csv: line 3: a quote is never closed",
      ["title\n\"x\"y\n"] = "in.csv: line 2: there is text behind a closing quote",
      ["title\nx,y\n"] = "in.csv: line 2: more cells than columns",
      ["title,Title\nx,y\n"] = "in.csv: line 1: the column 'title' is there twice",
    } do
      programs:write("in.csv", text)
      local output, status = programs:run(COMMAND)
      assert.equal(1, status)
      assert.equal(("googlemeet spaces: FOLDER/%s\n"):format(message), output)
    end
    assert.equal(0, #programs:stats().log)
  end)

  it("has nothing to do for an empty list", function()
    programs:write("in.csv", "title\n")
    assert.same({ "0 meetings; see FOLDER/out.csv\n", 0 }, { programs:run(COMMAND) })
  end)

  it("waits for no FIFO in the place of its links", function()
    programs:write("in.csv", "title\nx\n")
    tree.lines("mkfifo " .. programs.folder .. "/out.csv")
    assert.same({ "googlemeet spaces: FOLDER/out.csv: it is not a regular file\n", 1 },
      { programs:run(COMMAND, "timeout 20 env") })
    assert.equal(0, programs:count "spaces.create")
  end)

  it("asks about a space that the server returns without its link or name", function()
    programs:write("in.csv", "title\nx\ny\n")
    programs:fail {
      on = "spaces.create", status = 200, body = '{"name":"spaces/a","meetingUri":{}}',
    }
    local output, status = programs:run(COMMAND)
    assert.equal("ambiguous: x: the server returned a space without meetingUri\n"
      .. "2 meetings: 1 created, 1 ambiguous; see FOLDER/out.csv\n", output)
    assert.equal(1, status)
  end)

  it("leaves a file alone that is not its own", function()
    programs:write("in.csv", "title\nx\n")
    programs:write("out.csv", "title,meeting_uri\nx,mine\n")
    local output, status = programs:run(COMMAND)
    assert.matches("out.csv has no column 'status'\n$", output)
    assert.equal(1, status)
    assert.equal("title,meeting_uri\nx,mine\n", programs:read "out.csv")
  end)

  it("makes for real what is of the demo account", function()
    programs:write("in.csv", "title,cohosts\nOne,bo@example.com\nTwo,nobody\n")
    programs:run_demo(COMMAND)
    assert.same({ "demo", "failed" }, (outcome(programs)))
    programs:write("in.csv", "title,cohosts\nOne,bo@example.com\nTwo,\n")
    programs:run(COMMAND)
    assert.same({ "created", "created" }, (outcome(programs)))
    assert.equal(2, programs:count "spaces.create")
  end)

  it("keeps the demo account out of a list of real spaces, whatever their state", function()
    programs:write("in.csv", "title,cohosts\nOne,bo@example.com\n")
    for state, fault in pairs {
      created = false, failed = { on = "members.create", status = 403 },
      ambiguous = { on = "spaces.create", status = 503 },
    } do
      if fault then programs:fail(fault) end
      programs:run(COMMAND)
      local real = programs:read "out.csv"
      assert.matches("," .. state .. ",", real)
      assert.equal("googlemeet spaces: FOLDER/out.csv has spaces of a real account; --demo needs "
        .. "another file\n", programs:run_demo(COMMAND .. " --again", "2>&1")
        :gsub(programs.folder, "FOLDER", 1))
      assert.equal(real, programs:read "out.csv")
      programs:clear()
      programs:write("in.csv", "title,cohosts\nOne,bo@example.com\n")
    end
  end)

  it("keeps no link of the demo account where a row fails, in either account", function()
    programs:write("in.csv", "title,cohosts\nOne,\nTwo,nobody\n")
    programs:run_demo(COMMAND)
    assert.matches("\nTwo,,,,failed,", programs:read "out.csv")
    programs:fail { on = "spaces.create", status = 403 }
    programs:run(COMMAND)
    assert.matches("\nOne,,,,failed,", programs:read "out.csv")
  end)

  it("lists no formula, of any kind or for any reader, and knows its titles again", function()
    programs:write("in.csv", "title;access\n\u{FF1D}1;\na,=1;\n\"b\n+1\";\n-- c;\n")
    for _ = 1, 2 do
      assert.equal(0, select(2, programs:run(COMMAND)))
      local written = programs:read "out.csv"
      for _, cell in ipairs { "\n'\u{FF1D}1;", "\n\"a,'=1\";", "\n\"b\n'+1\";", "\n'-- c;" } do
        assert.truthy(written:find(cell, 1, true), cell)
      end
      assert.equal(4, programs:count "spaces.create")
    end
  end)

  it("keeps its list for its owner alone, and a second run away", function()
    programs:write("in.csv", "title\na;=1\n")
    assert.equal(0, select(2, programs:run(COMMAND)))
    assert.same({ "-rw-------" },
      tree.lines(("ls -l %s/out.csv | cut -c 1-10"):format(programs.folder)))
    assert.matches("\n\"a;'=1\",https://[^\n]*,created,\r\n$", programs:read "out.csv")
    assert.equal(0, select(2, programs:run(COMMAND))) -- it knows its own title
    assert.equal(1, programs:count "spaces.create")
    local lock <close> = core.file.lock(programs.folder .. "/out.csv.lock")
    local output, status = programs:run(COMMAND .. " --again")
    assert.matches("^googlemeet spaces: FOLDER/out.csv.lock: it is locked by another", output)
    assert.same({ 1, true }, { status, lock ~= nil })
  end)

  it("prints the rows as JSON, and what is not done on standard error", function()
    programs:write("in.csv", "title,cohosts\nOne,\n=two,nobody\n")
    local output, status = programs:run(COMMAND .. " --json 2>FOLDER/problems")
    assert.equal(1, status)
    local rows = core.decode(output)
    assert.same({ "One", "created", "" }, { rows[1].title, rows[1].status, rows[1].reason })
    assert.matches("^https://meet.google.com/%l", rows[1].meeting_uri)
    assert.same({ "=two", "failed" }, { rows[2].title, rows[2].status })
    assert.matches("^failed: =two: cohost nobody: ", programs:read "problems")
  end)

  it("shows its progress on a terminal only", function()
    programs:write("in.csv", "title\nOne\nTwo\n")
    local output = programs:run_on_terminal(COMMAND)
    if not output then return pending "there are no pseudo-terminals" end
    assert.matches("\r\27%[K1 of 2\r\27%[K2 of 2\r\27%[K2 meetings: 2 demo; see ", output)
    for _, plain in ipairs { "dumb", "" } do
      os.remove(programs.folder .. "/out.csv")
      output = programs:run_on_terminal(COMMAND, plain)
      assert.matches("\r +\r1 of 2\r +\r2 of 2\r +\r2 meetings: 2 demo; see ", output)
      assert.not_matches("\27", output)
    end
    os.remove(programs.folder .. "/out.csv")
    assert.not_matches("[\r\27]", programs:run_demo(COMMAND, ""))
  end)

  it("waits for the limit of new spaces, and says so", function()
    local lines = { "title" }
    for number = 1, 25 do lines[number + 1] = "Meeting " .. number end
    programs:write("in.csv", table.concat(lines, "\n"))
    local output = programs:run_demo(COMMAND, "", "-l spec.support.hurried")
    assert.matches("^25 meetings: 25 demo; see ", output)
    local seconds = tonumber(output:match "\n25 creates, 0 refused, (%d+) s\n$")
    assert(seconds and seconds >= 120 and seconds < 125, output)
  end)

  describe("when it is killed", function()
    local slow -- so that there is a moment for each state of the file

    before_each(function() -- a new one: what was cut short may reach the last one later
      slow = program.serve "--latency 0.3"
      slow:clear()
    end)
    after_each(function() slow:close() end)

    it("goes on where it was, and asks about the space that was under way", function()
      slow:write("in.csv", "title\nOne\nTwo\nThree\nFour\n")
      slow:stop_at(COMMAND, "out.csv", "\nThree,,,,creating,", "KILL")
      slow:run(COMMAND)
      assert.is_true(slow:count "spaces.create" <= 4)
      assert.same({ "created", "created", "ambiguous", "created" }, (outcome(slow)))
      assert.matches("Three,,,,ambiguous,an earlier run ended while it", slow:read "out.csv")
      slow:run(COMMAND .. " --again")
      assert.is_true(slow:count "spaces.create" <= 5)
      assert.same({ "created", "created", "created", "created" }, (outcome(slow)))
    end)

    it("leaves no row under way after Ctrl-C", function()
      slow:write("in.csv", "title\nOne\nTwo\n")
      local printed, status = slow:stop_at(COMMAND, "out.csv", "\nOne,,,,creating,", "INT")
      assert.equal(130, status)
      assert.matches("^ambiguous: One: interrupted while it was made\n"
        .. "2 meetings: 1 ambiguous, 1 not tried; see ", printed)
      assert.same({ "ambiguous" }, (outcome(slow))) -- the other one has none
    end)

    it("has no doubt about a space that waited for the limit", function()
      programs:write("in.csv", "title\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nEleven\n")
      local printed, status = programs:stop_at(COMMAND, "out.csv",
        "\nEleven,,,,,interrupted while it waited", "INT")
      assert.matches("11 meetings: 10 created, 1 not tried; see ", printed)
      assert.matches("googlemeet spaces: interrupted\n", printed)
      assert.equal(130, status)
      assert.equal(10, programs:count "spaces.create")
      assert.equal(0, select(2, programs:run(COMMAND)))
      assert.equal(11, programs:count "spaces.create")
    end)

    it("adds the cohosts that are missing to the space it has", function()
      slow:write("in.csv", "title,cohosts\nOne,bo@example.com;cy@example.com\nTwo,\n")
      slow:stop_at(COMMAND, "out.csv", "\nOne,https://[^\n]*,failed,interrupted before the cohosts",
        "KILL")
      slow:run(COMMAND)
      assert.equal(2, slow:count "spaces.create")
      assert.same({ "created", "created" }, (outcome(slow)))
      local emails = {}
      for _, entry in ipairs(slow:stats().log) do
        if entry.operation == "spaces.members.create" and entry.status == 200 then
          emails[#emails + 1] = entry.body:match '"email":"([^"]*)"'
        end
      end
      assert.same({ "bo@example.com", "cy@example.com" }, emails)
    end)
  end)
end)

describe("the creation of a space", function()
  local clock, gateway, client, noted

  before_each(function()
    clock, noted = manual_clock(), {}
    gateway = meet.testing.gateway { clock = clock.now }
    client = assert(meet.new { api_key = "test-key", clock = clock, transport = gateway.transport })
  end)
  after_each(function() client:close() end)

  --- Make a space; what is noted has the number of requests so far.
  local function create()
    return creation.create(client, {}, function(state, seconds)
      local length = seconds and (" %.0f"):format(seconds) or ""
      noted[#noted + 1] = ("%s%s after %d"):format(state, length,
        #gateway:requests "spaces.create")
    end)
  end

  it("distinguishes the wait for its turn from the sending", function()
    for _ = 1, 10 do assert(create()) end
    clock.sleep(40)
    noted = {}
    assert(create())
    assert.same({ "sending after 10", "waiting 20 after 10", "sending after 10" }, noted)
    assert.equal(11, #gateway:requests "spaces.create")
  end)

  it("distinguishes the wait after a refusal from the sending", function()
    gateway:fail { on = "spaces.create", status = 429, headers = { ["Retry-After"] = 7 } }
    assert(create())
    assert.same({ "sending after 0", "waiting 7 after 1", "sending after 1" }, noted)
  end)

  it("gives up after some refusals", function()
    gateway:fail { on = "spaces.create", status = 429, times = 99 }
    local space, err = create()
    assert.same({ nil, "rate_limited" }, { space, err.kind })
    assert.matches("^sending", noted[#noted])
  end)

  it("tries no more what may have been made", function()
    gateway:fail { on = "spaces.create", status = 500, perform = true }
    local space, err = create()
    assert.same({ nil, true }, { space, err.ambiguous })
    assert.same({ "sending after 0" }, noted)
  end)

  it("raises an error of others unchanged", function()
    assert.error_matches(function()
      creation.create(client, {}, function() error("interrupted!", 0) end)
    end, "^interrupted!$")
    local broken <close> = assert(client:with { transport = function() error("killed", 0) end })
    assert.error_matches(function() creation.create(broken, {}, function() end) end, "^killed$")
  end)
end)
