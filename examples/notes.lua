-- Print the notes that were taken in last week's conferences, as text or Markdown.
package.path = arg[0]:gsub("[^/]*$", "?.lua;", 1) .. package.path -- finds shared/
local command = require "shared.command"
local _ <close> = command.ending() -- Ctrl-C is one line from here on
local account = require "shared.account"
local archives = require "shared.archives"

local usage = [[
Usage: lua5.4 notes.lua [OPTION]...
Print the notes that were taken in the conferences of the last seven days, the latest first.

  --since TIME  of those that began then or later: a day like 2026-11-01, or RFC 3339
  --markdown    print Markdown, not plain text
  --no-limiter  share the limit with no other program
  --help        show this text

]] .. account.usage

local options = command.read(usage, 0, 0)
local since = archives.read_since(options.since) or os.time() // 86400 * 86400 - 7 * 86400
local client <close>, is_good = account.open(options), true

--- Give the text of a note, or what to say in its place.
local function text_of(note)
  if note.state ~= "FILE_GENERATED" then return "(not written yet)\n" end
  local text, err = note:text { format = options.markdown and "markdown" or "text" }
  if text then return (text:gsub("[^\n]+", command.one_line)) end -- nothing to steer a terminal
  if err.kind ~= "not_found" and err.kind ~= "permission" then command.fail(err) end
  is_good = false
  return ("(%s)\n"):format(command.one_line(err))
end

for record in client.conference_records:list { filter = { start_time = { from = since } } } do
  for note in record:smart_notes() do
    local began = command.one_line(record.startTime or "?"):sub(1, 16):gsub("T", " ")
    command.write(("=== %s  %s\n\n%s\n"):format(began, record.name, text_of(note)))
  end
end
if not is_good then command.stop(1) end
