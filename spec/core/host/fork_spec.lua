-- A forked child has the parent's sockets among its files, and must not touch them. Over TLS a
-- goodbye sent by the child would end the parent's session, so the parent's next call would need
-- a new socket: the server counts them.

local compiled = require "spec.support.compiled"
local server = require "spec.support.server"
local tree = require "spec.support.tree"


local function space(name) return { body = ('{"name":"%s"}'):format(name) } end

for _, kind in ipairs { "http", "https" } do
  describe("after a fork, over " .. kind, function()
    local stub, folder

    setup(function()
      stub = server.start { tls = kind == "https" }
      folder = compiled.folder "fork"
    end)
    teardown(function()
      stub:close()
      tree.remove(folder)
    end)

    --- Run a mode of spec/support/forked.lua; what it printed, and the socket of each request.
    local function run(mode, answers)
      stub:script(answers)
      local output = tree.run(("LUA_CPATH='%s/?.so;%s' ASAN_OPTIONS=detect_leaks=0 %s %s %s %s %s")
        :format(folder, package.cpath, tree.lua(), "spec/support/forked.lua", mode, stub.url,
          stub.cert or ""))
      local sockets = {}
      local requests = stub:requests()
      for index, request in ipairs(requests) do
        sockets[index] = request.socket - requests[1].socket + 1
      end
      return output, sockets, stub:sockets()
    end

    it("the end of a child that does nothing leaves the parent's socket alone", function()
      local output, sockets, count = run("idle", { space "a", space "b" })
      assert.equal("a\nstatus\t0\nb\n", output)
      assert.same({ 1, 1 }, sockets)
      assert.equal(1, count)
    end)

    it("closing the client in the child leaves the parent's socket alone", function()
      local output, sockets = run("closes", { space "a", space "b" })
      assert.equal("a\nstatus\t0\nb\n", output)
      assert.same({ 1, 1 }, sockets)
    end)

    it("a child that calls opens its own socket", function()
      local output, sockets, count = run("calls", { space "a", space "b", space "c" })
      assert.equal("a\nb\t2\nstatus\t0\nc\n", output)
      assert.same({ 1, 2, 1 }, sockets)
      assert.equal(2, count)
    end)

    it("a grandchild opens one as well, and each process goes on with its own", function()
      local output, sockets = run("generations",
        { space "a", space "b", space "c", space "d", space "e" })
      assert.equal("a\nb\nc\nstatus\t0\nd\nstatus\t0\ne\n", output)
      assert.same({ 1, 2, 3, 2, 1 }, sockets)
    end)

    it("a call under way ends in the child as cancelled, and well in the parent", function()
      local slow = space "a"
      slow.delay = 1.5
      local output, sockets = run("busy", { slow, space "b", space "c" })
      assert.equal("cancelled\tthe process was forked while the request was under way\n" ..
        "b\nstatus\t0\na\nc\n", output)
      assert.same({ 1, 2, 1 }, sockets)
    end)

    it("a fork inside a script's own transport leaves that call alone", function()
      local output, sockets = run("transport", { space "a", space "b" })
      assert.equal("a\nb\nstatus\t0\nown\n", output)
      assert.same({ 1, 2 }, sockets)
    end)

    it("a prefetched page is requested by both", function()
      local page = '{"conferenceRecords":[{"name":"conferenceRecords/%d"}]}'
      local output, sockets = run("pager", {
        { body = '{"conferenceRecords":[{"name":"a"},{"name":"b"}],"nextPageToken":"t"}' },
        { body = page:format(1), delay = 1 }, { body = page:format(2) },
      })
      assert.equal("b\nconferenceRecords/2\nstatus\t0\nconferenceRecords/1\n", output)
      assert.same({ 1, 1, 2 }, sockets)
    end)

    it("each child draws its own jitter", function()
      local waits, different = {}, 0
      for waited in run("jitter", {}):gmatch "waited\t(%S+)" do waits[waited] = true end
      for _ in pairs(waits) do different = different + 1 end
      assert.equal(3, different)
    end)

    it("a program started by exec inherits no socket", function()
      assert.equal("a\tb\t0\n", (run("program", { space "a", space "b" })))
    end)
  end)
end

