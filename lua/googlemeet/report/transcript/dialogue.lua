--- The dialogue of a conference: who said what, in order, and how it is written.
-- Pure; `report.transcript` fetches what it is made of.

local captions = require "googlemeet.report.transcript.captions"
local csv = require "googlemeet.report.csv"
local cues = require "googlemeet.report.transcript.cues"
local escape = require "googlemeet.report.escape"
local intervals = require "googlemeet.intervals"
local join = require "googlemeet.report.transcript.join"
local misuse = require "googlemeet.misuse"
local options = require "googlemeet.options"
local person_names = require "googlemeet.report.names"
local prose = require "googlemeet.report.transcript.prose"
local render = require "googlemeet.report.render"
local sort = require "googlemeet.sort"
local talk_time = require "googlemeet.report.transcript.talk_time"
local time = require "googlemeet.time"

local dialogue = {}

local UNKNOWN = "Unknown speaker"

local columns = render.columns {
  "start_time", "end_time", "speaker", "text", "language", "participant",
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
      if name and not person_names.is_blank(name) then
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
    last = intervals.instant(entry.startTime) or last
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

--- Return the first of two times as it was given; the other one if only that can be read.
local function first(one, other)
  if intervals.instant(other) and not intervals.instant(one) then return other end
  return one or other
end

--- Join the entries of a run to one. An entry alone stays the same table.
local function merge_run(run)
  if #run == 1 then return run[1] end
  local texts, start_time, language = {}, nil, run[1].language
  for index, entry in ipairs(run) do
    texts[index] = entry.text
    start_time = index == 1 and entry.start_time or first(start_time, entry.start_time)
    if entry.language ~= language then language = nil end
  end
  return {
    speaker = run[1].speaker, participant = run[1].participant, text = join.texts(texts),
    language = language, start_time = start_time, end_time = run.end_time, parts = run,
  }
end

--- Say whether an entry continues a run: by the same speaker, and no later than the longest gap.
local function is_continued(run, entry, longest_gap)
  if not run or not run[1].participant or run[1].participant ~= entry.participant then
    return false
  elseif longest_gap == math.huge then
    return true
  end
  local from = intervals.instant(entry.start_time)
  return from ~= nil and run.to ~= nil and (from - run.to) / 1e9 <= longest_gap
end

--- Add an entry to a run, which ends with the latest end.
local function add(run, entry)
  run[#run + 1] = entry
  local to = intervals.instant(entry.end_time)
  if #run == 1 or to and (not run.to or to > run.to) then
    run.to, run.end_time = to, entry.end_time
  end
end

--- Join consecutive entries of one speaker.
---@return googlemeet.SpokenEntry[] merged
---@return table<googlemeet.SpokenEntry, googlemeet.SpokenEntry> turns merged entries by their parts
local function merge(entries, longest_gap)
  local runs, merged, turns = {}, {}, {}
  for _, entry in ipairs(entries) do
    if not is_continued(runs[#runs], entry, longest_gap) then runs[#runs + 1] = {} end
    add(runs[#runs], entry)
  end
  for index, run in ipairs(runs) do
    merged[index] = merge_run(run)
    for _, entry in ipairs(run) do turns[entry] = merged[index] end
    run.to, run.end_time = nil, nil -- what is left are the parts
  end
  return merged, turns
end

local Report = misuse.guard_array({ __name = "googlemeet.report.transcript", __index = {} },
  "a report", "for entry in report:entries() do")

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
  return talk_time.of(self.said, self.users)
end

--- Convert a time option to an instant. A time before 1970 is refused.
local function instant_of(given)
  local seconds, nanoseconds = time.read(given)
  local at = seconds and time.instant(time.format(seconds, nanoseconds))
  return at and at >= 0 and at or nil
end

--- Place entries on a timeline that starts at the option, or with the transcript.
local function place(report, entries, opts)
  return cues.place(entries, opts.start_time or report.zero, opts.start_time ~= nil, report.turns)
end

--- Captions show every entry at its own time, merged or not: a merged one would come before most of
-- it is said.
local function caption_format(write)
  return {
    options = { width = 42, lines = 2, start_time = options.of "string or number or table" },
    write = function(report, opts)
      return write(place(report, report.said, opts), opts.width, opts.lines)
    end,
  }
end

--- Write one object per line: the items of the JSON array.
local function write_jsonl(report)
  local objects = render.objects(columns, report.shown)
  objects[#objects + 1] = ""
  return table.concat(objects, "\n")
end

local formats = {
  text = {
    options = { width = 80, start_time = options.of "string or number or table" },
    write = function(report, opts)
      return prose.text(place(report, report.shown, opts), opts.width)
    end,
  },
  markdown = {
    options = { start_time = options.of "string or number or table" },
    write = function(report, opts) return prose.markdown(place(report, report.shown, opts)) end,
  },
  vtt = caption_format(captions.vtt),
  srt = caption_format(captions.srt),
  csv = {
    options = csv.OPTIONS,
    write = function(report, opts) return render.csv(columns, report.shown, opts) end,
  },
  json = { options = {}, write = function(report) return (render.json(columns, report.shown)) end },
  jsonl = { options = {}, write = write_jsonl },
}

local function check_range(name, value, least)
  if value and (math.type(value) ~= "integer" or value < least) then
    error(("option '%s': a whole number from %d expected"):format(name, least), 4)
  end
end

local WIDEST = 1 << 32 -- columns: no text is wider, and sums with it do not wrap

local function check(given, defaults)
  local opts = options.merge(given, defaults, 4)
  check_range("width", opts.width, 20)
  opts.width = opts.width and math.min(opts.width, WIDEST)
  check_range("lines", opts.lines, 1)
  local problem = opts.separator and csv.problem(opts)
  if problem then error(problem, 3) end
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

--- Return the start of the first transcript, else of the first entry.
local function zero_of(parts, entries)
  for _, list in ipairs { parts, entries } do
    for _, item in ipairs(list) do
      local zero = intervals.instant(item.start_time)
      if zero then return zero end
    end
  end
  return 0
end

--- Make the report from fetched transcripts.
---@param parts { start_time: string?, entries: googlemeet.TranscriptEntry[] }[] in order of start
---@param names table<string, string> display names by participant
---@param longest_gap? number seconds; join consecutive entries of one speaker up to this far apart
---@param users? table<string, string> `users/…` by participant, of those who are signed in
---@return googlemeet.TranscriptReport
function dialogue.new(parts, names, longest_gap, users)
  local said = spoken(parts, names)
  local shown, turns = said, nil
  if longest_gap then shown, turns = merge(said, longest_gap) end
  return setmetatable({
    said = said, shown = shown, turns = turns, zero = zero_of(parts, said), users = users or {},
  }, Report)
end

return dialogue
