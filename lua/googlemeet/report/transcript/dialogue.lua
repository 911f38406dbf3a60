--- The dialogue of a conference: who said what, in order, and how it is written.
-- Pure; `report.transcript` fetches what it is made of.

local absent = require "googlemeet.absent"
local captions = require "googlemeet.report.transcript.captions"
local cues = require "googlemeet.report.transcript.cues"
local escape = require "googlemeet.report.escape"
local intervals = require "googlemeet.intervals"
local options = require "googlemeet.options"
local prose = require "googlemeet.report.transcript.prose"
local render = require "googlemeet.report.render"
local sort = require "googlemeet.sort"
local talk_time = require "googlemeet.report.transcript.talk_time"
local time = require "googlemeet.time"
local wrap = require "googlemeet.report.wrap"

local dialogue = {}

local UNKNOWN = "Unknown speaker"

local columns = {
  { title = "start_time", field = "start_time" },
  { title = "end_time", field = "end_time" },
  { title = "speaker", field = "speaker" },
  { title = "text", field = "text" },
  { title = "language", field = "language" },
  { title = "participant", field = "participant" },
}

--- Read a field that should be text: valid UTF-8, or nil.
local function text_in(value)
  return type(value) == "string" and escape.mend(value) or nil
end

--- Make a function that names a participant. Those without a name get a number each.
local function namer(names)
  local given, unknown = {}, 0
  return function(participant)
    local key = participant or false
    if not given[key] then
      local name = text_in(names[key])
      if name and not wrap.is_blank(escape.clean(name)) then
        given[key] = name
      else
        unknown = unknown + 1
        given[key] = unknown == 1 and UNKNOWN or UNKNOWN .. " " .. unknown
      end
    end
    return given[key]
  end
end

--- Sort the entries of all transcripts by start. An entry without a start stays behind the one
-- before it.
local function by_start(list)
  local last = -math.huge
  return sort.by(list, function(entry)
    last = time.instant(entry.startTime) or last
    return last
  end)
end

local function spoken(parts, names)
  local list, name_of, entries = {}, namer(names), {}
  for _, part in ipairs(parts) do table.move(part.entries, 1, #part.entries, #list + 1, list) end
  for index, entry in ipairs(by_start(list)) do
    local participant = text_in(entry.participant)
    entries[index] = {
      speaker = name_of(participant), participant = participant,
      text = text_in(entry.text) or "", language = text_in(entry.languageCode),
      start_time = text_in(entry.startTime), end_time = text_in(entry.endTime),
    }
  end
  return entries
end

local function is_continued(entry, next_entry, longest_gap)
  if not entry or not entry.participant or entry.participant ~= next_entry.participant then
    return false
  elseif longest_gap == math.huge then
    return true
  end
  local from, to = time.instant(entry.end_time), time.instant(next_entry.start_time)
  return from ~= nil and to ~= nil and (to - from) / 1e9 <= longest_gap
end

--- Return the first of two times as it was given; the other one if only that can be read.
local function first(one, other)
  if time.instant(other) and not time.instant(one) then return other end
  return one or other
end

--- Join consecutive entries of one speaker. Entries that are not joined stay the same tables.
local function merge(entries, longest_gap)
  local merged = {}
  for _, entry in ipairs(entries) do
    local last = merged[#merged]
    if is_continued(last, entry, longest_gap) then
      merged[#merged] = {
        speaker = last.speaker, participant = last.participant,
        text = last.text .. " " .. entry.text,
        language = last.language == entry.language and entry.language or nil,
        start_time = first(last.start_time, entry.start_time),
        end_time = intervals.later(last.end_time, entry.end_time),
      }
    else
      merged[#merged + 1] = entry
    end
  end
  return merged
end

local Report = {
  __name = "googlemeet.report.transcript",
  __index = absent.indexes({}, "for entry in report:entries() do"),
}

--- Iterate over the entries in order of start.
---@return fun(): googlemeet.SpokenEntry?
function Report.__index:entries()
  local index = 0
  return function()
    index = index + 1
    return self.shown[index]
  end
end

--- Say who spoke for how long, the longest first. Merging has no effect on it.
---@return googlemeet.TalkTime[]
function Report.__index:talk_time()
  return talk_time.of(self.said)
end

--- Convert a time option to an instant. A time before 1970 is refused.
local function instant_of(given)
  local seconds, nanoseconds = time.read(given)
  local at = seconds and time.instant(time.format(seconds, nanoseconds))
  return at and at >= 0 and at or nil
end

--- Place the entries on a timeline that starts at the option, or with the transcript.
local function place(report, opts)
  return cues.place(report.shown, opts.start_time or report.zero, opts.start_time ~= nil)
end

local function caption_format(write)
  return {
    options = { width = 42, lines = 2, start_time = options.of "string or number or table" },
    write = function(report, opts) return write(place(report, opts), opts.width, opts.lines) end,
  }
end

--- Write one object per line: the items of the JSON array.
local function write_jsonl(report)
  local lines = {}
  for index, entry in ipairs(report.shown) do
    lines[index] = render.json(columns, { entry }):match "^%[\n(.*)%]\n$"
  end
  return table.concat(lines)
end

local formats = {
  text = {
    options = { width = 80, start_time = options.of "string or number or table" },
    write = function(report, opts) return prose.text(place(report, opts), opts.width) end,
  },
  markdown = {
    options = { start_time = options.of "string or number or table" },
    write = function(report, opts) return prose.markdown(place(report, opts)) end,
  },
  vtt = caption_format(captions.vtt),
  srt = caption_format(captions.srt),
  csv = { options = {}, write = function(report) return render.csv(columns, report.shown) end },
  json = { options = {}, write = function(report) return (render.json(columns, report.shown)) end },
  jsonl = { options = {}, write = write_jsonl },
}

local function check_range(name, value, least)
  if value and (math.type(value) ~= "integer" or value < least) then
    error(("option '%s': a whole number from %d expected"):format(name, least), 4)
  end
end

local function check(given, defaults)
  local opts = options.merge(given, defaults, 4)
  check_range("width", opts.width, 20)
  check_range("lines", opts.lines, 1)
  if opts.start_time then
    opts.start_time = instant_of(opts.start_time)
      or error("option 'start_time': an RFC 3339 time, a date, epoch seconds or a table of os.date "
        .. "expected", 3)
  end
  return opts
end

--- Write the entries.
-- Times count from the start of the first transcript, or from the option `start_time` (that of a
-- recording, for example): then entries that ended before it are left out.
---@param format? "text"|"markdown"|"vtt"|"srt"|"csv"|"json"|"jsonl" default: text
---@param opts? googlemeet.TranscriptRenderOptions
---@return string text
function Report.__index:render(format, opts)
  local chosen = formats[format == nil and "text" or format]
  if not chosen then
    error(("render: unknown format '%s'; use text, markdown, vtt, srt, csv, json or jsonl")
      :format(tostring(format)), 2)
  end
  return chosen.write(self, check(opts, chosen.options))
end

--- Return the start of the first transcript, else of the first entry. A start before 1970 was never
-- set.
local function zero_of(parts, entries)
  for _, list in ipairs { parts, entries } do
    for _, item in ipairs(list) do
      local zero = time.instant(item.start_time)
      if zero and zero >= 0 then return zero end
    end
  end
  return 0
end

--- Make the report from fetched transcripts.
---@param parts { start_time: string?, entries: googlemeet.TranscriptEntry[] }[] in order of start
---@param names table<string, string> display names by participant
---@param longest_gap? number seconds; join consecutive entries of one speaker up to this far apart
---@return googlemeet.TranscriptReport
function dialogue.new(parts, names, longest_gap)
  local said = spoken(parts, names)
  return setmetatable({
    said = said,
    shown = longest_gap and merge(said, longest_gap) or said,
    zero = zero_of(parts, said),
  }, Report)
end

return dialogue
