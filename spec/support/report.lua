-- busted's plain output, and with it the seed of the order. What the runner
-- counted goes to the file that SPEC_COUNTS names, for run.sh to add up.

return function(options)
  local busted = require "busted"
  local handler = require "busted.outputHandlers.plainTerminal" (options)

  local function started(_, _, _, seed)
    if seed then print(("specs in random order, --seed=%d repeats it"):format(seed)) end
    return nil, true
  end

  local function ended()
    local path = os.getenv "SPEC_COUNTS"
    if path then
      local file <close> = assert(io.open(path, "w"))
      file:write(("%d passed, %d failed\n"):format(handler.successesCount,
        handler.failuresCount + handler.errorsCount))
    end
    return nil, true
  end

  busted.subscribe({ "suite", "start" }, started)
  busted.subscribe({ "suite", "end" }, ended)
  return handler
end
