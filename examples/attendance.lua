-- Show who came to a conference, when and for how long: a table, CSV, or a page with a timeline.
package.path = arg[0]:gsub("[^/]*$", "?.lua;", 1) .. package.path -- finds shared/
local command = require "shared.command"
local _ <close> = command.ending() -- Ctrl-C is one line from here on
local account = require "shared.account"

local usage = [[
Usage: lua5.4 attendance.lua [OPTION]... [CONFERENCE]
Show who came to a conference, when, and for how long. Times are UTC.

  --csv            write CSV, for programs and spreadsheets
  --html FILE      write a page with a timeline, for a browser, into FILE
  --late MINUTES   mark who came later than this after the start
  --expected FILE  tell who is missing of those in FILE, one name a line
  --no-limiter     share the limit with no other program
  --help           show this text

]] .. account.conference_usage:format "is over" .. account.usage

local function lines_of(path)
  local lines = {}
  local text = command.contents(path):gsub("^\u{FEFF}", "") -- the mark of some editors
  for line in text:gmatch "[^\r\n]+" do lines[#lines + 1] = line end
  return lines
end

local options, words = command.read(usage, 0, 1)
if options.csv and options.html then command.refuse "--csv or --html, not both" end
local expected = options.expected and lines_of(options.expected)

local client <close>, seeded = account.open(options)
local function is_over(record) return record.endTime ~= nil end
local record = account.conference(client, seeded, words[1], is_over)
local report, err = record:attendance {
  late_after = options.late and options.late * 60, expected = expected,
}
if not report then command.fail(err) end
command.say_incomplete(report)
command.write(report:render(options.csv and "csv" or options.html and "html"), options.html)
