-- Runs all of `make stress`: DRIVE LUA STEP. The last line counts; the status is 0 only if every
-- walk went through.

local served = require "spec.support.served"

local drive, interpreter, step = table.unpack(arg, 1, 3)

local SCENARIOS = {
  "open", "get", "again", "list", "prefetch", "gather", "map", "errors", "body", "request", "close",
  "transport", "options", "report", "unread", "deadline",
}
local FINALIZERS = { "none", "close", "call", "reopen", "gather" }
local MODES = { "full", "instructions", "young" }

local collections, runs, failed = 0, 0, 0

local function run(command, ...)
  local pipe = assert(io.popen(command:format(...) .. " 2>&1"))
  local output = pipe:read "a"
  local is_good = pipe:close()
  io.write((output:gsub("googlemeet: nobody took[^\n]*\n", ""))) -- of the scenario "unread"
  for count in output:gmatch ": (%d+) collections" do collections = collections + count end
  runs = runs + 1
  if not is_good then failed = failed + 1 end
end

local plain <close> = setmetatable({ server = served.start() }, {
  __close = function(self) self.server:close() end,
})
local url = plain.server.url
for _, mode in ipairs(MODES) do
  run("'%s' spec/stress/always.lua %s %s %s", interpreter, mode, url, table.concat(SCENARIOS, " "))
end
for _, finalizer in ipairs(FINALIZERS) do
  for _, scenario in ipairs(SCENARIOS) do
    run("'%s' spec/stress/walk.lua %s %s %s %s", drive, scenario, finalizer, url, step)
  end
end
print(("%d collections, %d of %d runs went wrong"):format(collections, failed, runs))
os.exit(failed == 0, true)
