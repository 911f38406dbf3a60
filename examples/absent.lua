-- Show who was invited to last week's conferences by the calendar, and did not come.
package.path = arg[0]:gsub("[^/]*$", "?.lua;", 1) .. package.path -- finds shared/
local command = require "shared.command"
local _ <close> = command.ending() -- Ctrl-C is one line from here on
local account = require "shared.account"
local archives = require "shared.archives"

local usage = [[
Usage: lua5.4 absent.lua [OPTION]...
Show who was invited to the conferences of the last seven days and did not come, the latest first.
Undecided are guests of whom names cannot tell: the calendar shows an address only, or several have
one name. Times are UTC.

  --since TIME  show the conferences that began then or later: a day like 2026-11-01, or RFC 3339
  --no-limiter  share the limit with no other program
  --help        show this text

]] .. account.usage

local options = command.read(usage, 0, 0)
local since = archives.read_since(options.since) or os.time() // 86400 * 86400 - 7 * 86400
local client <close> = account.open(options)

local function print_guests(what, guests)
  for _, guest in ipairs(guests) do
    local name = guest.display_name or guest.email or "(no name)"
    print(command.one_line(("  %-10s  %s  %s"):format(what, name, guest.response or "")))
  end
end

local filter = { start_time = { from = since }, ended = true }
for record in client.conference_records:list { filter = filter } do
  local report, err = record:attendance { event = true, cheap = true }
  if not report then command.fail(err) end
  local began = (record.startTime or "?"):sub(1, 16):gsub("T", " ")
  local what = report.event and (report.title or "(no title)") or "(no event)"
  print(command.one_line(("%s  %s  %d came"):format(began, what, report.total)))
  print_guests("absent", report.absent)
  print_guests("undecided", report.undecided)
end
