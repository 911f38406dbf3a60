-- Test a script without an account and without a network: the fake answers its calls.
local meet = require "googlemeet"

--- What is tested: return the names of those who came after five minutes, or nil and an error.
local function latecomers(client, conference)
  local record, err = client.conference_records:get(conference)
  if not record then return nil, err end
  local report, problem = record:attendance { late_after = 300 }
  if not report then return nil, problem end
  local names = {}
  for row in report:rows() do
    if row.late then names[#names + 1] = row.display_name end
  end
  return names
end

local gateway = meet.testing.gateway {}
local client <close> = assert(meet.new { api_key = "test-key", transport = gateway.transport })
local start = os.time() - 3600
local over = start + 900
local record = gateway:add_record(gateway:add_space {}, { start_time = start, end_time = over })
for name, minutes in pairs { Ada = 1, Bo = 6 } do
  gateway:add_participant(record, {
    display_name = name, start_time = start + minutes * 60, end_time = over,
  })
end

local names = assert(latecomers(client, record.name))
assert(table.concat(names, " ") == "Bo")

gateway:fail { on = "conferenceRecords.get", status = 403 }
local none, err = latecomers(client, record.name)
assert(none == nil and err.kind == "permission")

assert(#gateway:requests "conferenceRecords.get" == 2) -- a 403 is not tried again
print "latecomers: all is well"
