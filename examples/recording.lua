-- Download the recording of a conference. A run that was cut short is taken up where it stopped.
package.path = arg[0]:gsub("[^/]*$", "?.lua;", 1) .. package.path -- finds shared/
local command = require "shared.command"
local _ <close> = command.ending() -- Ctrl-C is one line from here on
local account = require "shared.account"

local usage = [[
Usage: lua5.4 recording.lua [OPTION]... FILE [CONFERENCE]
Download the first recording of a conference into FILE, which is there when it is whole. The same
command goes on where a run was cut short.

  --no-limiter  share the limit with no other program
  --help        show this text

]] .. account.conference_usage:format "has a recording" .. account.usage

local options, words = command.read(usage, 1, 2)
local client <close>, seeded = account.open(options)
local function recording_of(record)
  for recording in record:recordings() do
    if recording.state == "FILE_GENERATED" then return recording end
  end
end
local record = account.conference(client, seeded, words[2], recording_of)
local recording = recording_of(record)
if not recording then command.fail(record.name .. " has no recording, or none yet") end
local began, before = client:now(), nil
local is_whole, video, err = pcall(recording.download, recording, words[1], {
  on_progress = function(bytes, total)
    before = before or bytes -- of an earlier run
    local speed = (bytes - before) / math.max(client:now() - began, 0.001)
    command.progress(("%.1f of %s MB, %.1f MB/s"):format(bytes / 1e6,
      total and ("%.1f"):format(total / 1e6) or "?", speed / 1e6))
  end,
})
command.progress "" -- what follows begins on a line of its own
if not is_whole then command.fail(video) end -- Ctrl-C
if not video then command.fail(err) end
command.write(("%s: %d bytes, SHA-256 %s\n"):format(words[1], video.bytes, video.sha256 or "?"))
