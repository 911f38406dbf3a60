--- What the process holds: descriptors, sockets and resident memory, from /proc. Needs luv.

local uv = require "luv"

local gauge = {}

local FOLDER = "/proc/self/fd"

local PAGE = 4096 / 1048576 -- MiB

--- Resident memory in MiB.
function gauge.resident()
  local file <close> = assert(io.open "/proc/self/statm")
  local _, pages = file:read("n", "n")
  return pages * PAGE
end

--- Count descriptors, and those of them that are sockets; what they are, as text.
-- Not by a program: popen closes its end of the pipe some time after that has begun.
function gauge.descriptors()
  local sockets, names = 0, {}
  for name in uv.fs_scandir_next, assert(uv.fs_scandir(FOLDER)) do
    local target = uv.fs_readlink(FOLDER .. "/" .. name)
    names[#names + 1] = target and target:match "^[^%[]+"
    if target and target:find "^socket:" then sockets = sockets + 1 end
  end
  table.sort(names)
  return #names, sockets, table.concat(names, " ")
end

--- Slope of a line through the samples, by least squares: units of y for one of x.
function gauge.slope(samples, x, y)
  local n, sum_x, sum_y, sum_xy, sum_xx = #samples, 0, 0, 0, 0
  for _, sample in ipairs(samples) do
    sum_x, sum_y = sum_x + sample[x], sum_y + sample[y]
    sum_xy, sum_xx = sum_xy + sample[x] * sample[y], sum_xx + sample[x] ^ 2
  end
  local spread = n * sum_xx - sum_x ^ 2
  return spread > 0 and (n * sum_xy - sum_x * sum_y) / spread or 0
end

return gauge
