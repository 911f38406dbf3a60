--- The soak's table, and whether every promise held.

local gauge = require "spec.soak.gauge"

local report = {}

-- MiB of resident memory between the first and the last third of the samples. A short run is still
-- filling up what a long one reuses.
local GROWTH, SHORT_GROWTH, FEW_SAMPLES = 2.0, 4.0, 15

local function sorted(counts)
  local names = {}
  for name in pairs(counts) do names[#names + 1] = name end
  table.sort(names)
  return names
end

local function row(name, format, ...)
  print(("  %-34s %s"):format(name, format:format(...)))
end

local function rows(title, counts)
  for _, name in ipairs(sorted(counts)) do row(title .. " " .. name, "%d", counts[name]) end
end

local function sum(counts)
  local total = 0
  for _, count in pairs(counts) do total = total + count end
  return total
end

--- Samples after the warm-up and before the end, and the mean memory of their first and last third.
local function steady(soak)
  local samples = table.move(soak.samples, soak.warm_up + 2, #soak.samples - 1, 1, {})
  local third = math.max(1, #samples // 3)
  local first, last = 0, 0
  for i = 1, third do
    first = first + samples[i].resident / third
    last = last + samples[#samples + 1 - i].resident / third
  end
  return samples, first, last
end

local function tell_calls(soak)
  local ledger, found, stats = soak.ledger, soak.found, soak.stats
  row("calls sent", "%d, %.0f a second", ledger.calls, ledger.calls / soak.took)
  row("succeeded", "%d", ledger.succeeded)
  row("failed", "%d", sum(ledger.failed))
  rows("failed:", ledger.failed)
  row("given up (task cancelled)", "%d", ledger.given_up)
  row("writes, failed as ambiguous", "%d, %d", found.writes, ledger.ambiguous)
  row("spaces created on the server", "%d", found.created)
  row("  reported, ambiguous, given up", "%d + %d + %d", found.reported,
    found.ambiguous_and_happened, found.given_up_and_happened)
  row("duplicated", "%d", found.duplicated + found.twice)
  row("lost", "%d", found.lost + found.strange)
  row("happened, though denied", "%d", found.denied)
  row("requests, attempts, retries", "%d, %d, %d", stats.requests, stats.attempts, stats.retries)
  rows("fault:", found.faults)
  row("starts of the server", "%d", found.starts)
  row("sockets opened", "%d", stats.sockets_opened)
  row("longest call, most past its deadline", "%.2f s, %.2f s", ledger.longest, ledger.latest)
end

local function most_growth(samples)
  return #samples < FEW_SAMPLES and SHORT_GROWTH or GROWTH
end

local function tell_gauge(soak, samples, first, last)
  local before, after = soak.samples[1], soak.samples[#soak.samples]
  row("descriptors before, after", "%d, %d", before.descriptors, after.descriptors)
  row("sockets before, after close", "%d, %d", before.sockets, after.sockets)
  row("resident before, after", "%.1f MiB, %.1f MiB", before.resident, after.resident)
  row("resident, first and last third", "%.2f MiB, %.2f MiB (at most %.1f MiB more)", first, last,
    most_growth(samples))
  row("slope of resident", "%.2f MiB in 100 000 calls", gauge.slope(samples, "seconds", "resident")
    * soak.took / soak.ledger.calls * 100000)
  row("calls at the end, without faults", "%d of %d", soak.calm.seen, soak.calm.wanted)
  row("seconds", "%.1f", soak.took)
end

--- The promises, each with whether it held.
local function promises(soak, samples, first, last)
  local found, ledger = soak.found, soak.ledger
  local flat, none = true, true
  for _, sample in ipairs(samples) do
    if sample.names ~= samples[1].names then
      flat = false
      print(("  after %.0f s: %s"):format(sample.seconds, sample.names))
    end
    none = none and sample.sockets == soak.samples[1].sockets
  end
  local ending = soak.samples[#soak.samples]
  return {
    { "nothing lost", found.lost + found.strange == 0 },
    { "nothing twice", found.duplicated + found.twice == 0 },
    { "what happened was not denied", found.denied == 0 },
    { "spaces are the successes and what was left open", found.created
      == found.reported + found.ambiguous_and_happened + found.given_up_and_happened },
    { "documented kinds, whole lists, deadlines kept", ledger.broken_count == 0 },
    { "descriptors flat", flat and ending.descriptors == samples[1].descriptors },
    { "close leaves no socket", none and ending.sockets == soak.samples[1].sockets },
    { "memory flat", last - first <= most_growth(samples) },
    { "works at the end", soak.calm.seen == soak.calm.wanted },
  }
end

--- Print it all; true when every promise held.
function report.tell(soak)
  local samples, first, last = steady(soak)
  tell_calls(soak)
  tell_gauge(soak, samples, first, last)
  local is_good = true
  for _, promise in ipairs(promises(soak, samples, first, last)) do
    if not promise[2] then
      is_good = false
      print("  BROKEN: " .. promise[1])
    end
  end
  for _, text in ipairs(soak.ledger.broken) do print("    " .. text) end
  print(is_good and "  every promise held" or "  PROMISES WERE BROKEN")
  return is_good
end

return report
