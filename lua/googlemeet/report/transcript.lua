--- Fetch transcripts, with all that it takes to name the speakers.

local answer = require "googlemeet.answer"
local dialogue = require "googlemeet.report.dialogue"
local limits = require "googlemeet.report.limits"
local options = require "googlemeet.options"
local sort = require "googlemeet.sort"
local time = require "googlemeet.time"

local transcript = {}

local known = {
  merge = options.of "boolean or number",
  connection = options.of "string",
  timeout = options.of "number",
  deadline = options.of "number",
}

--- Give what makes the options of each call, and the longest gap to be merged.
local function read_options(client, given)
  local opts = options.merge(given, known, 4)
  local longest_gap = opts.merge == true and math.huge or opts.merge or nil
  if longest_gap and (longest_gap < 0 or longest_gap ~= longest_gap) then
    error("option 'merge': true, or the seconds of the longest gap", 3)
  end
  return limits.new(client, opts), longest_gap
end


--- All items of a list, or nil and the error.
local function read_all(service, parent, next_limits)
  local opts, late = next_limits()
  if not opts then return nil, late end
  return service:list(parent, opts):all()
end

local function fetch_entries(client, transcripts, next_limits)
  return client:map(transcripts, function(one)
    local named, why = answer.named(one, "conferenceRecords/*/transcripts/*")
    if not named then return nil, why end
    local entries, err = read_all(client.transcript_entries, named, next_limits)
    return entries and { start_time = one.startTime, entries = entries }, err
  end)
end

--- Display names by participant, of all who were there.
local function fetch_names(client, record, next_limits)
  local people, err = read_all(client.participants, record, next_limits)
  if not people then return nil, err end
  local names = {}
  for _, person in ipairs(people) do
    if person.name then names[person.name] = person:display_name() or "" end
  end
  return names
end

--- The participants that entries name, but the list has not; each once.
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

--- Ask for those; who is not there any more has no name, which is no failure.
local function add_missing(client, parts, names, next_limits)
  return client:map(missing(parts, names), function(name)
    local opts, late = next_limits()
    if not opts then return nil, late end
    local person, err = client.participants:get(name, opts)
    if not person and err.kind ~= "not_found" then return nil, err end
    names[name] = person and person:display_name()
    return true
  end)
end

local function build(client, record, transcripts, next_limits, longest_gap)
  if #transcripts == 0 then return dialogue.new({}, {}, longest_gap) end
  sort.by(transcripts, function(one) return time.instant(one.startTime) or math.huge end)
  local fetched, err = client:gather {
    function() return fetch_entries(client, transcripts, next_limits) end,
    function() return fetch_names(client, record, next_limits) end,
  }
  if not fetched then return nil, err end
  local parts, names = fetched[1], fetched[2]
  local done, why = add_missing(client, parts, names, next_limits)
  if not done then return nil, why end
  return dialogue.new(parts, names, longest_gap)
end

--- Read all transcripts of a conference, in order of start; without any the report is empty.
---@param client googlemeet.Client
---@param record googlemeet.ConferenceRecord
---@param opts? googlemeet.TranscriptOptions
---@return googlemeet.TranscriptReport? report
---@return googlemeet.Error? err
function transcript.of_record(client, record, opts)
  local next_limits, longest_gap = read_options(client, opts)
  local named, why = answer.given(record, "conferenceRecords/*", "record:transcript: the record")
  if not named then return nil, why end
  local transcripts, err = read_all(client.transcripts, record, next_limits)
  if not transcripts then return nil, err end
  return build(client, record.name, transcripts, next_limits, longest_gap)
end

--- Read one transcript.
---@param client googlemeet.Client
---@param one googlemeet.Transcript
---@param opts? googlemeet.TranscriptOptions
---@return googlemeet.TranscriptReport? report
---@return googlemeet.Error? err
function transcript.of_transcript(client, one, opts)
  local next_limits, longest_gap = read_options(client, opts)
  local named, why = answer.given(one, "conferenceRecords/*/transcripts/*",
    "transcript:read: the transcript")
  if not named then return nil, why end
  return build(client, one.name:match "^conferenceRecords/[^/]+", { one }, next_limits, longest_gap)
end

return transcript
