--- `googlemeet attendance`: who attended a conference.

local account = require "googlemeet.command.account"
local arguments = require "googlemeet.command.arguments"
local output = require "googlemeet.command.output"

local function lines_of(path)
  local lines = {}
  local text = output.contents(path):gsub("^\u{FEFF}", "") -- the mark of some editors
  for line in text:gmatch "[^\r\n]+" do lines[#lines + 1] = line end
  return lines
end

local ENDED = {
  text = "has ended",
  fits = function(record) return record.endTime ~= nil end,
}

local function run(options, words)
  arguments.exclude(options, { "csv", "html", "json" })
  arguments.exclude(options, { "csv", "expected" })
  arguments.exclude(options, { "json", "expected" })
  local expected = options.expected and lines_of(options.expected)
  local client <close>, seeded = account.open(options)
  local record = account.conference(client, seeded, words[1], ENDED)
  local report, err = record:attendance {
    late_after = options.late and options.late * 60, expected = expected,
  }
  if not report then output.fail(err) end
  output.say_incomplete(report)
  local format = options.csv and "csv" or options.html and "html" or options.json and "json"
  output.write(report:render(format or "text"), options.html)
end

return {
  name = "attendance",
  summary = "Show who attended a conference, and for how long",
  synopsis = "[OPTION]... [CONFERENCE]",
  options = {
    { "csv", false, "print CSV, for programs and spreadsheets" },
    { "html", "FILE", "write a page with a timeline, for a browser, into FILE" },
    { "late", "MINUTES", "mark those who joined more than MINUTES after the start" },
    { "expected", "FILE", "list the people in FILE who did not attend; FILE has one name a line; "
      .. "not with --csv or --json" },
  },
  common = { "json", "demo", "no-limiter" },
  words = { 0, 1 },
  text = account.conference_text(ENDED.text) .. "\nTimes are UTC.\n",
  examples = {
    { "googlemeet attendance --demo", "the planning meeting of the demo account" },
    { "googlemeet attendance --demo --html attendance.html", "the same as a page with a timeline" },
    { "googlemeet attendance --csv meet.google.com/hpk-vtwd-ens >people.csv",
      "the latest conference of a meeting, for a spreadsheet" },
  },
  run = run,
}
