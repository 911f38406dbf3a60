--- A progress line for the archive's `on_progress`.

local core = require "googlemeet.core"

local progress = {}

local WIDTH = 79

local MEGABYTE = 1000000

--- Describe how far a file is: its name comes last, since the line may be cut.
local function file_line(at)
  local amount = ""
  if at.bytes then
    amount = ("%.1f%s MB  "):format(at.bytes / MEGABYTE,
      at.size and (" of %.1f"):format(at.size / MEGABYTE) or "")
  end
  return ("%d of %d  %s%s"):format(at.done, at.total, amount, at.file)
end

local function conference_line(at)
  return ("%d of %d  %s  %s, %d participants, %d transcript entries"):format(at.done, at.total,
    at.record, at.state, at.counts.participants, at.counts.transcript_entries)
end

--- Describe the progress of a run in one line.
---@param at googlemeet.ArchiveProgress
---@return string
function progress.line(at)
  local line = core.text.plain(at.file and file_line(at) or conference_line(at))
  return #line > WIDTH and line:sub(1, WIDTH - 3) .. "..." or line
end

--- Make a function for `on_progress` that redraws one terminal line. It does nothing when the
-- stream is a pipe or a file.
---@param stream? file* default: io.stderr
---@return fun(at: googlemeet.ArchiveProgress)
function progress.new(stream)
  stream = stream or io.stderr
  if io.type(stream) ~= "file" then
    error(("archive.progress: an open file expected, got %s"):format(type(stream)), 2)
  end
  if not core.os.is_terminal(stream) then return function() end end
  return function(at)
    stream:write("\r", ("%-" .. WIDTH .. "s"):format(progress.line(at)),
      at.done == at.total and "\n" or "")
    stream:flush()
  end
end

return progress
