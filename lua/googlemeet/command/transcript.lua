--- `googlemeet transcript`: who said what in a conference.

local account = require "googlemeet.command.account"
local arguments = require "googlemeet.command.arguments"
local meet = require "googlemeet"
local output = require "googlemeet.command.output"

local function first_of(pager)
  local item, err = pager:first()
  return item or err and output.fail(err)
end

local TRANSCRIBED = {
  text = "has ended and has a transcript",
  fits = function(record) return record.endTime and first_of(record:transcripts()) end,
}

--- Return when the recording of a conference began.
local function start_of_recording(record)
  local recording = first_of(record:recordings())
  if not recording then output.fail(record.name .. " has no recording") end
  if meet.time.read(recording.startTime or "") then return recording.startTime end
  output.fail(record.name .. " has a recording without the time of its start")
end

local function run(options, words)
  arguments.exclude(options, { "format", "json" })
  local client <close>, seeded = account.open(options)
  local record = account.conference(client, seeded, words[1], TRANSCRIBED)
  local report, err = record:transcript { merge = options.merge }
  if not report then output.fail(err) end
  output.say_incomplete(report)
  if not report:entries()() then output.fail(record.name .. " has no transcript, or none yet") end
  local format = options.json and "json" or options.format or "text"
  local start_time = options.recording and start_of_recording(record) or nil
  output.write(assert(report:render(format, { start_time = start_time })), options.output)
end

return {
  name = "transcript",
  summary = "Show who said what in a conference",
  synopsis = "[OPTION]... [CONFERENCE]",
  options = {
    { "format", "FORMAT", "write text (the default), markdown, vtt, srt, csv, json or jsonl",
      choices = { "text", "markdown", "vtt", "srt", "csv", "json", "jsonl" } },
    { "output", "FILE", "write into FILE instead of standard output" },
    { "merge", "SECONDS", "join the entries of a speaker over pauses of at most SECONDS" },
    { "recording", false, "count times from the start of the recording, so that captions fit it" },
  },
  common = { "json", "demo", "no-limiter" },
  words = { 0, 1 },
  text = account.conference_text(TRANSCRIBED.text),
  examples = {
    { "googlemeet transcript --demo --merge 20", "the planning meeting of the demo account" },
    { "googlemeet transcript --demo --format vtt --recording --output planning.vtt",
      "captions for its recording" },
    { "googlemeet transcript --format markdown hpk-vtwd-ens",
      "the latest conference of a meeting that has a transcript" },
  },
  run = run,
}
