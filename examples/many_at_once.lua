-- Make many calls at once, within the limits of the account: count the participants of each
-- conference.
local meet = require "googlemeet"

local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY
local records = assert(client.conference_records:list():all())
assert(records[1], "there was no conference in the last 30 days")

-- `collect` keeps what succeeds when something fails; `deadline` is for all of it, in seconds.
local counts, errors = client:map(records, function(record)
  local list, err = record:participants():all()
  return list and #list, err
end, { concurrency = 8, collect = true, deadline = 60 })

for index, record in ipairs(records) do
  print(("%-20s %s"):format(meet.name.id(record), counts[index] or errors[index]))
end

-- Different calls: an array of functions.
local first = assert(client:gather {
  function() return client.spaces:get(records[1].space) end,
  function() return client.connections:list():first() end,
})
print(first[1].meetingUri, first[2].status)
