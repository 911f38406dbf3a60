local core = require "googlemeet.core"
local folder = require "googlemeet.archive.folder"
local tree = require "spec.support.tree"

local path

before_each(function() path = tree.temporary() end)
after_each(function() tree.remove(path) end)

--- A row of a recording as it is read.
local function row(id, bytes)
  return { name = "conferenceRecords/c/recordings/" .. id, state = "complete", bytes = bytes,
    path = ("c.%s.mp4"):format(id) }
end

describe("googlemeet.archive.folder", function()
  it("is made, and may be there", function()
    assert.equal(path .. "/files", folder.make(path .. "/files"))
    assert.equal(path .. "/files", folder.make(path .. "/files"))
  end)

  it("says why it cannot be made", function()
    tree.write(path .. "/file", "")
    for _, name in ipairs { "/file", "/file/below", "/none/below" } do
      local made, err = folder.make(path .. name)
      assert.is_nil(made)
      assert.equal("config", err.kind)
    end
  end)

  it("has recordings of their size; what it lacks is due", function()
    tree.write(path .. "/c.a.mp4", "12345")
    tree.write(path .. "/c.b.mp4", "1234")
    tree.lines(("mkdir %s/c.d.mp4"):format(path))
    local list = folder.verify({ row("a", 5), row("b", 5), row("c", 5), row("d", 4096),
      { name = "conferenceRecords/c/transcripts/t", state = "complete", text = "" } }, path)
    local states = {}
    for index, one in ipairs(list) do states[index] = one.state end
    assert.same({ "complete", "due", "due", "due", "complete" }, states)
    assert.equal(path .. "/c.a.mp4", list[1].path)
    assert.is_nil(list[5].path)
  end)

  it("is swept of what killed runs left, and of nothing else", function()
    local names = { ".googlemeet-0123456789abcdef.note", ".googlemeet-0123456789abcdef.part",
      ".googlemeet-0123456789abcdef.partial", "c.a.mp4" }
    for _, name in ipairs(names) do tree.write(path .. "/" .. name, "x") end
    folder.sweep(path)
    assert.same({ names[1], names[3], names[4] }, tree.lines("ls -A " .. path))
    folder.sweep(path .. "/none")
  end)

  it("forgets a download that broke off, as the core leaves it", function()
    for _, name in ipairs { "c.a.mp4", "c.b.mp4" } do
      local part = core.file.part(path .. "/" .. name)
      part:restart "{}"
      part:close(true)
    end
    assert.equal(4, #tree.lines("ls -A " .. path))
    for _, name in ipairs { "c.a.mp4", "c.none.mp4" } do folder.forget(path, name) end
    local left = ".googlemeet-" .. core.file.checksum "c.b.mp4"
    assert.same({ left .. ".note", left .. ".partial" }, tree.lines("ls -A " .. path))
  end)

  it("keeps a download that goes on", function()
    local part <close> = core.file.part(path .. "/c.a.mp4")
    part:restart "{}"
    folder.forget(path, "c.a.mp4")
    assert.equal(2, #tree.lines("ls -A " .. path))
  end)
end)
