-- What a log's end shows of a run: CI keeps no more.

local tree = require "spec.support.tree"

describe("spec/support/run.sh", function()
  local folder

  before_each(function() folder = tree.temporary() end)
  after_each(function() tree.remove(folder) end)

  --- Run a spec of this text, and a program of this script in place of the C tests.
  local function run(spec, script)
    tree.write(folder .. "/x_spec.lua", spec)
    tree.write(folder .. "/x_test", "#!/bin/sh\n" .. script .. "\n")
    return tree.run(("chmod +x %s/x_test; WRAP= SPECS=%s/x_spec.lua spec/support/run.sh %s/x_test")
      :format(folder, folder, folder))
  end

  it("adds what passed", function()
    local output, ok = run("it('x', function() end)", "echo '2 passed, 0 failed'")
    assert.is_true(ok)
    assert.matches("\n3 passed, 0 failed\n$", output)
    assert.not_matches("Failed:", output)
  end)

  it("repeats at its end what failed, of programs and of specs", function()
    local output, ok = run("it('goes wrong', function() error 'here' end) it('y', function() end)",
      "echo 'line 7: bad'; echo '1 passed, 1 failed'; exit 1")
    assert.is_false(ok)
    local last = output:match "\nFailed:\n(.*)$"
    assert.matches("^x_test: line 7: bad\n", last)
    assert.matches("\nError %->[^\n]*x_spec%.lua[^\n]*\ngoes wrong\n", last)
    assert.matches("\n2 passed, 2 failed\n$", last)
  end)

  it("takes a crash without a count for a failure", function()
    local output, ok = run("it('x', function() end)", "kill -SEGV $$")
    assert.is_false(ok)
    assert.matches("\n1 passed, 1 failed\n$", output)
  end)
end)
