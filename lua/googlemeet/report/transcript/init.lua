--- The transcript report: fetches transcripts and the names of the speakers.

local deadline = require "googlemeet.report.deadline"
local dialogue = require "googlemeet.report.transcript.dialogue"
local options = require "googlemeet.options"
local sort = require "googlemeet.sort"
local time = require "googlemeet.time"
local validate = require "googlemeet.validate"

local transcript = {}

local OPTIONS = {
  merge = options.of "boolean or number",
  connection = options.of "string or table",
  timeout = options.of "number",
  deadline = options.of "number",
}

--- Return the function that makes the options of each call, and the longest gap to merge over.
local function read_options(client, given)
  local opts = options.merge(given, OPTIONS, 4)
  local longest_gap = opts.merge == true and math.huge or opts.merge or nil
  if longest_gap and (longest_gap < 0 or longest_gap ~= longest_gap) then
    error("option 'merge': true, or the seconds of the longest gap", 3)
  end
  return deadline.share(client, opts), longest_gap
end


--- Read all items of a list, or return nil and the error.
local function read_all(service, parent, next_options)
  local opts, late = next_options()
  if not opts then return nil, late end
  return service:list(parent, opts):all()
end

local function fetch_entries(client, transcripts, next_options)
  return client:map(transcripts, function(one)
    local named, why = validate.resource(one, "conferenceRecords/*/transcripts/*")
    if not named then return nil, why end
    local entries, err = read_all(client.transcript_entries, named, next_options)
    return entries and { start_time = one.startTime, entries = entries }, err
  end)
end

--- Read the display names of all participants.
local function fetch_names(client, record, next_options)
  local people, err = read_all(client.participants, record, next_options)
  if not people then return nil, err end
  local names = {}
  for _, person in ipairs(people) do
    if person.name then names[person.name] = person:display_name() or "" end
  end
  return names
end

--- Return the participants that entries refer to but the list lacks, each once.
local function missing(parts, names)
  local found, seen = {}, {}
  for _, part in ipairs(parts) do
    for _, entry in ipairs(part.entries) do
      local name = entry.participant
      if type(name) == "string" and not names[name] and not seen[name]
        and name:find "^conferenceRecords/[^/%s]+/participants/[^/%s]+$" then
        found[#found + 1], seen[name] = name, true
      end
    end
  end
  return found
end

--- Read the missing participants. One that no longer exists stays without a name.
local function add_missing(client, parts, names, next_options)
  return client:map(missing(parts, names), function(name)
    local opts, late = next_options()
    if not opts then return nil, late end
    local person, err = client.participants:get(name, opts)
    if not person and err.kind ~= "not_found" then return nil, err end
    names[name] = person and person:display_name()
    return true
  end)
end

local function build(client, record, transcripts, next_options, longest_gap)
  if #transcripts == 0 then return dialogue.new({}, {}, longest_gap) end
  sort.by(transcripts, function(one) return time.instant(one.startTime) or math.huge end)
  local fetched, err = client:gather {
    function() return fetch_entries(client, transcripts, next_options) end,
    function() return fetch_names(client, record, next_options) end,
  }
  if not fetched then return nil, err end
  local parts, names = fetched[1], fetched[2]
  local done, why = add_missing(client, parts, names, next_options)
  if not done then return nil, why end
  return dialogue.new(parts, names, longest_gap)
end

--- Read all transcripts of a conference, in order of start. Without any, the report is empty.
---@param client googlemeet.Client
---@param record googlemeet.ConferenceRecord
---@param opts? googlemeet.TranscriptOptions
---@return googlemeet.TranscriptReport? report
---@return googlemeet.Error? err
function transcript.of_record(client, record, opts)
  local next_options, longest_gap = read_options(client, opts)
  local named, why = validate.receiver(record, "conferenceRecords/*",
    "record:transcript: the record")
  if not named then return nil, why end
  local transcripts, err = read_all(client.transcripts, record, next_options)
  if not transcripts then return nil, err end
  return build(client, record.name, transcripts, next_options, longest_gap)
end

--- Read one transcript.
---@param client googlemeet.Client
---@param one googlemeet.Transcript
---@param opts? googlemeet.TranscriptOptions
---@return googlemeet.TranscriptReport? report
---@return googlemeet.Error? err
function transcript.of_transcript(client, one, opts)
  local next_options, longest_gap = read_options(client, opts)
  local named, why = validate.receiver(one, "conferenceRecords/*/transcripts/*",
    "transcript:read: the transcript")
  if not named then return nil, why end
  local record = one.name:match "^conferenceRecords/[^/]+"
  return build(client, record, { one }, next_options, longest_gap)
end

return transcript
