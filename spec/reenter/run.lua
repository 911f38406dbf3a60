-- Runs `make reenter`: DRIVE STEP CALL. As many shares at once as there are processors; the last
-- line has the figures, and the status is 0 only if nothing was wrong.

local served = require "spec.support.served"

local drive, step, only = table.unpack(arg, 1, 3)
local SHARES = 2

local began = os.time()
local started <close> = setmetatable({ server = served.start() }, {
  __close = function(self) self.server:close() end,
})
local pipes, failed = {}, false
for share = 0, SHARES - 1 do
  pipes[share] = assert(io.popen(("'%s' spec/reenter/walk.lua %s %d %d %s %s 2>&1"):format(drive,
    started.server.url, share, SHARES, step, only and "'" .. only .. "'" or "")))
end
local FIGURES = "(%d+) functions, (%d+) positions, (%d+) sampled, (%d+) triples, (%d+) runs, "
  .. "(%d+) wrong\n"
local sums = { 0, 0, 0, 0, 0, 0 }
for share = 0, SHARES - 1 do
  local output = pipes[share]:read "a"
  local figures = { output:match(FIGURES) }
  io.write((output:gsub(FIGURES, "")))
  for index, figure in ipairs(figures) do sums[index] = sums[index] + figure end
  failed = not pipes[share]:close() or #figures == 0 or failed
end
started.server:close()
failed = failed or sums[1] == 0 -- no call has that name
print(("%d functions at %d argument positions, %d of them at a sample of moments: %d moments, with "
  .. "all mischief %d calls; %d wrong%s; %d s"):format(sums[1], sums[2], sums[3], sums[4], sums[5],
  sums[6], failed and sums[6] == 0 and ", but a process died" or "", os.time() - began))
os.exit(not failed, true)
