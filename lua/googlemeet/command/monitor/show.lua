--- Prints an event: as a line, or as an object of JSON.

local meet = require "googlemeet"
local output = require "googlemeet.command.output"

local show = {}

local WIDTH = 24 -- of names

--- Print an event for people: time, what happened, who or which file, and the conference.
---@param event googlemeet.WatchEvent
function show.line(event)
  local file = event.recording or event.transcript or event.smart_note
  local place = file and (file.driveDestination or file.docsDestination)
  local who = place and place.exportUri or event.participant and event.participant:display_name()
  who = output.one_line(who or "")
  local gap = (" "):rep(WIDTH - (utf8.len(who) or #who))
  output.print(("%s %s  %-16s  %s  %s"):format(event.time:sub(1, 10), event.time:sub(12, 19),
    event.type:gsub("_", " "), who .. gap, meet.name.id(event.record)))
end

--- Print an event for programs.
---@param event googlemeet.WatchEvent
function show.json(event) output.json(event) end

return show
