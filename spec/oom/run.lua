-- Walks every scenario, or those named, with one allocation failing at a time:
--   DRIVE [STEP [SCENARIO...]]
-- The last line counts the walks; the status is 0 only if every scenario went through.

local served = require "spec.support.served"

local drive, step = arg[1], arg[2] or "1"

local PLAIN = {
  "open", "get", "again", "list", "prefetch", "lists", "gather", "map", "errors", "body",
  "request", "close", "unread", "deadline", "transport", "options", "report", "encode", "files",
  "limiter", "download", "event",
}
local SECURE = { "tls" }

local wanted = {}
for _, name in ipairs(table.move(arg, 3, #arg, 1, {})) do wanted[name] = true end

local walked, chosen, failed = 0, 0, 0

local function walk(server, names)
  for _, name in ipairs(names) do
    if next(wanted) and not wanted[name] then goto next end
    chosen = chosen + 1
    local pipe = assert(io.popen(("MEET_OOM_CA='%s' '%s' spec/oom/scenarios.lua %s %s %s 2>&1")
      :format(server.cert or "", drive, name, server.url, step)))
    local output = pipe:read "a"
    local is_good = pipe:close()
    io.write((output:gsub("googlemeet: nobody took[^\n]*\n", ""))) -- of the scenario "unread"
    walked = walked + (tonumber(output:match ": (%d+) allocations failed in turn") or 0)
    if not is_good then failed = failed + 1 end
    ::next::
  end
end

local plain <close> = setmetatable({ server = served.start() }, {
  __close = function(self) self.server:close() end,
})
walk(plain.server, PLAIN)
local secure <close> = setmetatable({ server = served.start { tls = true } }, {
  __close = function(self) self.server:close() end,
})
walk(secure.server, SECURE)
print(("%d allocations failed, %d of %d scenarios went wrong"):format(walked, failed, chosen))
os.exit(failed == 0 and chosen > 0, true)
