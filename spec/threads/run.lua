-- Runs two_states (the first argument) against served fakes, plain and TLS: lua5.4
-- spec/threads/run.lua build/tsan/two_states

local served = require "spec.support.served"

local failures = 0
for _, tls in ipairs { false, true } do
  local fake = served.start { tls = tls, arguments = "--key k" }
  local ok = os.execute(("%s spec/threads/calls.lua %s %s"):format(arg[1], fake.url,
    fake.cert or ""))
  print((tls and "https" or "http") .. ": " .. (ok and "clean" or "NOT CLEAN") ..
    (", %d requests"):format(fake:stats().requests))
  failures = failures + (ok and 0 or 1)
  fake:close()
end
print(("%d passed, %d failed"):format(2 - failures, failures))
os.exit(failures == 0)
