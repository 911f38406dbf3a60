-- Show who was invited to the conferences of the last seven days and did not come.
-- It needs a connection to Calendar: run `googlemeet connect --app google-calendar` once.
local meet = require "googlemeet"

local function print_guests(what, guests)
  for _, guest in ipairs(guests) do
    local name = guest.display_name or guest.email or "(no name)"
    print(("  %-10s  %s"):format(what, (name:gsub("%c", " ")))) -- nothing to steer a terminal
  end
end

local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY
local from = os.date("!%Y-%m-%d", os.time() - 7 * 86400)
local filter = { start_time = { from = from }, ended = true }
for record in client.conference_records:list { filter = filter } do
  local report = assert(record:attendance { event = true, cheap = true })
  local title = report.title or report.event and "(no title)" or "(no event)"
  title = title:gsub("%c", " ")
  print(("%s  %s: %d came"):format(record.startTime:sub(1, 10), title, report.total))
  if report.event then
    print_guests("absent", report.absent)
    print_guests("undecided", report.undecided) -- the names do not say: an address only
  end
end
