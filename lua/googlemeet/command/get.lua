--- `googlemeet get`: a resource, or all items of a list, as JSON.

local account = require "googlemeet.command.account"
local core = require "googlemeet.core"
local meet = require "googlemeet"
local options = require "googlemeet.options"
local output = require "googlemeet.command.output"

local TEXT = [[
NAME is one of:

  spaces/ID, the link or the code of a meeting
  conferenceRecords/ID, or a name below it, such as
      conferenceRecords/ID/participants/ID
  connections/ID
  a list, which is printed as one array: conferenceRecords, connections,
      spaces/ID/members, conferenceRecords/ID/participants, /recordings,
      /transcripts, /smartNotes, conferenceRecords/ID/transcripts/ID/entries,
      conferenceRecords/ID/participants/ID/participantSessions

The fields are those of the API. The url of a connection is a secret: whoever
has it can approve the connection.
]]

--- The resources by the words of their names: service, kind of the name, and whether a list takes a
-- filter.
local ROWS = {
  ["spaces"] = { "spaces", "space" },
  ["spaces/members"] = { "members", "member" },
  ["conferenceRecords"] = { "conference_records", "conference_record", true },
  ["conferenceRecords/participants"] = { "participants", "participant", true },
  ["conferenceRecords/participants/participantSessions"] =
    { "participant_sessions", "participant_session", true },
  ["conferenceRecords/recordings"] = { "recordings", "recording" },
  ["conferenceRecords/smartNotes"] = { "smart_notes", "smart_note" },
  ["conferenceRecords/transcripts"] = { "transcripts", "transcript" },
  ["conferenceRecords/transcripts/entries"] = { "transcript_entries", "transcript_entry" },
  ["connections"] = { "connections" },
}

--- Return the row of a name, split at its slashes: the odd parts are words, the others ids.
local function row_of(parts)
  local path = parts[1]
  for place = 3, #parts, 2 do
    local known, above = {}, path
    for other in pairs(ROWS) do
      local word = other:match("^" .. above .. "/(%a+)$")
      if word then known[word] = true end
    end
    path = above .. "/" .. parts[place]
    if not ROWS[path] then
      output.refuse(options.unknown("there is no list", parts[place], known))
    end
  end
  return ROWS[path]
end

--- Return the row and the name that an argument means; of a list the name of its parent, and true.
local function read_name(given)
  local text, parts = given:match "^%s*(.-)/?%s*$", {}
  for part in text:gmatch "[^/]+" do parts[#parts + 1] = part end
  if not ROWS[parts[1]] then -- a link, a code, an id
    local kind, name = account.resolve(text)
    return kind == "space" and ROWS.spaces or ROWS.conferenceRecords, name
  end
  local row, is_list = row_of(parts), #parts % 2 == 1
  if text == "spaces" then
    output.refuse "Meet has no list of spaces: give the link, the code or the name of one"
  end
  if not is_list and not row[2] then -- a connection, whose name in the API is its id
    text = parts[2]
    if not core.name.resolve("*", text) then output.refuse("malformed id: " .. text) end
  elseif is_list and #parts > 1 then
    parts[#parts] = nil
    text = table.concat(parts, "/")
    row_of(parts)
  end
  return row, text, is_list
end

--- Refuse a name that the core would refuse.
local function check_name(row, name)
  local fits, problem = true, nil
  if row[2] then fits, problem = meet.name.resolve(row[2], name) end
  if not fits then output.refuse(problem) end
end

local function read_list(client, row, parent, given)
  local service, opts = client[row[1]], { limit = given.limit, filter = given.filter }
  local is_top = ROWS[parent] ~= nil
  if row[1] == "connections" then opts.app = false end
  local pager = is_top and service:list(opts) or not is_top and service:list(parent, opts)
  return pager:all()
end

local function run(given, words)
  local row, name, is_list = read_name(words[1])
  if not is_list then
    check_name(row, name)
    if given.limit or given.filter then
      output.refuse(("--limit and --filter are for lists; %s is none"):format(name))
    end
  elseif given.filter and not row[3] then
    output.refuse "--filter: this list takes none"
  end
  local client <close> = account.open(given)
  local value, err
  if is_list then
    value, err = read_list(client, row, name, given)
  else
    value, err = client[row[1]]:get(name)
  end
  if not value then output.fail(err) end
  output.json(is_list and meet.array(value) or value)
end

return {
  name = "get",
  summary = "Print a resource or a list of the API as JSON",
  synopsis = "[OPTION]... NAME",
  options = {
    { "filter", "FILTER", "let the server select items, such as 'end_time IS NULL'" },
    { "limit", "NUMBER", "print at most NUMBER items" },
  },
  common = { "demo", "no-limiter" },
  words = { 1, 1 },
  text = TEXT,
  examples = {
    { "googlemeet get hpk-vtwd-ens", "the space of a meeting code" },
    { "googlemeet get --limit 10 conferenceRecords", "the latest ten conferences" },
    { "googlemeet get --demo conferenceRecords/cr-planning-7f3a/participants",
      "who came to a conference of the demo account" },
  },
  run = run,
}
