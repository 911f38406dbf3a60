--- The transcript report: fetches transcripts and the names of the speakers.

local deadline = require "googlemeet.deadline"
local dialogue = require "googlemeet.report.transcript.dialogue"
local failure = require "googlemeet.failure"
local identity = require "googlemeet.identity"
local intervals = require "googlemeet.intervals"
local options = require "googlemeet.options"
local sort = require "googlemeet.sort"
local unique = require "googlemeet.unique"
local validate = require "googlemeet.validate"

local transcript = {}

local OPTIONS = {
  merge = options.of "boolean or number", strict = false,
  connection = options.of "string or table",
  timeout = options.of "number",
  deadline = options.of "number",
}

--- Return the settings of a report: the function that makes the options of each call, the longest
-- gap to merge over, and whether the report is strict.
local function read_options(client, given)
  local opts = options.merge(given, OPTIONS, 4)
  local longest_gap = opts.merge == true and math.huge or opts.merge or nil
  if longest_gap and (longest_gap < 0 or longest_gap ~= longest_gap) then
    error("option 'merge': true, or the seconds of the longest gap", 3)
  end
  return {
    next_options = deadline.share(client, opts), longest_gap = longest_gap, strict = opts.strict,
  }
end

--- Say whether the report continues without the resource that failed.
local function is_bearable(err, settings)
  return not settings.strict and failure.is_of_resource(err)
end

--- Read all items of a list, each once, or return nil and the error.
local function read_all(service, parent, settings)
  local opts, late = settings.next_options()
  if not opts then return nil, late end
  local items, err = service:list(parent, opts):all()
  return items and unique(items), err
end

local function fetch_entries(client, transcripts, settings)
  return client:map(transcripts, function(one)
    local named, why = validate.resource(one, "conferenceRecords/*/transcripts/*")
    if not named then return nil, why end
    local entries, err = read_all(client.transcript_entries, named, settings)
    return entries and { start_time = one.startTime, entries = entries }, err
  end)
end

--- Make the table of participants: display names, and users of those signed in, by the name of the
-- participant.
local function new_people()
  return { names = {}, users = {} }
end

--- Note a participant. One without a display name has "": it is not read again.
local function note(people, name, participant)
  local _, user = identity.of(participant)
  people.names[name] = identity.display_name(participant) or ""
  people.users[name] = user
end

--- Read the participants. If the list is refused, the speakers are read one by one.
local function fetch_people(client, record, settings)
  local people = new_people()
  local list, err = read_all(client.participants, record, settings)
  if not list and not is_bearable(err, settings) then return nil, err end
  for _, participant in ipairs(list or {}) do
    if type(participant.name) == "string" then note(people, participant.name, participant) end
  end
  return people
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

--- Read one participant; another resource is an error of kind `decode`.
local function read_participant(client, name, opts)
  local participant, err = client.participants:get(name, opts)
  if not participant then return nil, err end
  return validate.resource(participant, "conferenceRecords/*/participants/*")
end

--- Read the speakers that the list lacks. Return what could not be read, and why.
local function add_missing(client, parts, people, settings)
  local wanted = missing(parts, people.names)
  local errors = {}
  local done, failed = client:map(wanted, function(name, index)
    local opts, late = settings.next_options()
    if not opts then return nil, late end
    local participant, err = read_participant(client, name, opts)
    if participant then
      note(people, name, participant)
    elseif is_bearable(err, settings) then
      errors[index] = err
    else
      return nil, err
    end
    return true
  end)
  if not done then return nil, failed end
  local incomplete = {}
  for index, name in ipairs(wanted) do
    if errors[index] then incomplete[#incomplete + 1] = { name = name, err = errors[index] } end
  end
  return incomplete
end

--- Make the report on what was said in `source`, a conference record or a transcript. Its name is
-- that of before the first request: meanwhile the script may change its resource.
local function build(client, source, name, transcripts, settings)
  local record = name:match "^conferenceRecords/[^/]+"
  sort.by(transcripts, function(one) return intervals.instant(one.startTime) or math.huge end)
  local fetched, err = client:gather {
    function() return fetch_entries(client, transcripts, settings) end,
    function()
      if #transcripts == 0 then return new_people() end
      return fetch_people(client, record, settings)
    end,
  }
  if not fetched then return nil, err end
  local parts, people = fetched[1], fetched[2]
  local incomplete, why = add_missing(client, parts, people, settings)
  if not incomplete then return nil, why end
  local report = dialogue.new(parts, people.names, settings.longest_gap, people.users)
  report.source, report.incomplete = source, incomplete
  return report
end

--- Read all transcripts of a conference, in order of start. Without any, the report is empty.
-- All entries have to be read. A speaker whom the server refuses stays unknown and is listed
-- in `incomplete`; with `strict` the report fails instead.
---@param client googlemeet.Client
---@param record googlemeet.ConferenceRecord
---@param opts? googlemeet.TranscriptOptions
---@return googlemeet.TranscriptReport? report
---@return googlemeet.Error? err
function transcript.of_record(client, record, opts)
  local settings, name = read_options(client, opts), record.name
  local named, why = validate.receiver(record, "conferenceRecords/*",
    "record:transcript: the record")
  if not named then return nil, why end
  local transcripts, err = read_all(client.transcripts, record, settings)
  if not transcripts then return nil, err end
  return build(client, record, name, transcripts, settings)
end

--- Read one transcript.
---@param client googlemeet.Client
---@param one googlemeet.Transcript
---@param opts? googlemeet.TranscriptOptions
---@return googlemeet.TranscriptReport? report
---@return googlemeet.Error? err
function transcript.of_transcript(client, one, opts)
  local settings, name = read_options(client, opts), one.name
  local named, why = validate.receiver(one, "conferenceRecords/*/transcripts/*",
    "transcript:read: the transcript")
  if not named then return nil, why end
  return build(client, one, name, { one }, settings)
end

return transcript
