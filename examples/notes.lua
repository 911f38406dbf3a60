-- Print the notes of the conferences of the last seven days: lua5.4 notes.lua [text|markdown]
-- It needs a connection to Drive: run `googlemeet connect --app google-drive` once.
local meet = require "googlemeet"

local format = arg[1] or "text"
local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY
local filter = { start_time = { from = os.date("!%Y-%m-%d", os.time() - 7 * 86400) } }
for record in client.conference_records:list { filter = filter } do
  for note in record:smart_notes() do
    print(("=== %s  %s\n"):format(record.startTime:sub(1, 10), meet.name.id(record)))
    if note.state == "FILE_GENERATED" then
      local text = assert(note:text { format = format })
      print((text:gsub("[^\n%C]", " "))) -- nothing to steer a terminal
    else
      print "not written yet\n"
    end
  end
end
