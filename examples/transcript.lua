-- Write down who said what in a conference: as text, Markdown, captions, CSV or JSON.
package.path = arg[0]:gsub("[^/]*$", "?.lua;", 1) .. package.path -- finds shared/
local command = require "shared.command"
local _ <close> = command.ending() -- Ctrl-C is one line from here on
local account = require "shared.account"

local usage = [[
Usage: lua5.4 transcript.lua [OPTION]... [CONFERENCE]
Write down who said what in a conference.

  --format FORMAT  text (if not given), markdown, vtt, srt, csv, json or jsonl
  --output FILE    write into FILE, not to standard output
  --merge SECONDS  join what one speaker says with no longer pause than this
  --recording      count the times from the start of the recording, as its captions need it
  --no-limiter     share the limit with no other program
  --help           show this text

]] .. account.conference_usage:format "has a transcript" .. account.usage

local FORMATS = { "text", "markdown", "vtt", "srt", "csv", "json", "jsonl" }

local options, words = command.read(usage, 0, 1)
local format = options.format or "text"
command.choose("--format", format, FORMATS)

local client <close>, seeded = account.open(options)
local function first_of(pager)
  local item, err = pager:first()
  return item or err and command.fail(err)
end
local record = account.conference(client, seeded, words[1], function(record)
  return record.endTime and first_of(record:transcripts())
end)
local report, err = record:transcript { merge = options.merge }
if not report then command.fail(err) end
command.say_incomplete(report)
if not report:entries()() then command.fail(record.name .. " has no transcript, or none yet") end

local recording = options.recording and first_of(record:recordings())
if options.recording and not recording then command.fail(record.name .. " has no recording") end
command.write(assert(report:render(format, {
  start_time = recording and recording.startTime or nil,
})), options.output)
