--- `googlemeet get`: a resource, or all items of a list, as JSON.

local account = require "googlemeet.command.account"
local core = require "googlemeet.core"
local meet = require "googlemeet"
local options = require "googlemeet.options"
local output = require "googlemeet.command.output"

local TEXT = [[
NAME is one of:

  the link or the code of a meeting, or spaces/ID
  conferenceRecords/ID, or a name below it
  connections/ID
  one of these lists, which are printed as one array:
      conferenceRecords
      conferenceRecords/ID/participants
      conferenceRecords/ID/participants/ID/participantSessions
      conferenceRecords/ID/recordings
      conferenceRecords/ID/smartNotes
      conferenceRecords/ID/transcripts
      conferenceRecords/ID/transcripts/ID/entries
      connections
      spaces/ID/members

The fields are those of the API. The url of a connection is a secret: whoever
has it can approve the connection.
]]

--- The resources by the words of their names.
local ROWS = {
  ["spaces"] = { service = "spaces", kind = "space" },
  ["spaces/members"] = { service = "members", kind = "member" },
  ["conferenceRecords"] = {
    service = "conference_records", kind = "conference_record", takes_filter = true,
  },
  ["conferenceRecords/participants"] = {
    service = "participants", kind = "participant", takes_filter = true,
  },
  ["conferenceRecords/participants/participantSessions"] = {
    service = "participant_sessions", kind = "participant_session", takes_filter = true,
  },
  ["conferenceRecords/recordings"] = { service = "recordings", kind = "recording" },
  ["conferenceRecords/smartNotes"] = { service = "smart_notes", kind = "smart_note" },
  ["conferenceRecords/transcripts"] = { service = "transcripts", kind = "transcript" },
  ["conferenceRecords/transcripts/entries"] = {
    service = "transcript_entries", kind = "transcript_entry",
  },
  ["connections"] = { service = "connections" },
}

local function refuse_name(name)
  output.refuse(("malformed resource name '%s'"):format(name))
end

--- Return the row of a name, split at its slashes: the odd parts are words, the others ids.
local function row_of(parts)
  local path = parts[1]
  for place = 3, #parts, 2 do
    local known, above = {}, path
    for other in pairs(ROWS) do
      local word = other:match("^" .. above .. "/(%a+)$")
      if word then known[word] = true end
    end
    if not next(known) then refuse_name(table.concat(parts, "/")) end
    path = above .. "/" .. parts[place]
    if not ROWS[path] then
      output.refuse(options.unknown("there is no list", parts[place], known))
    end
  end
  return ROWS[path]
end

--- Refuse a name that the core would refuse.
local function check_name(row, parts)
  local name = table.concat(parts, "/")
  if not row.kind then -- a connection, whose name in the API is its id
    if not core.name.resolve("*", parts[2]) then refuse_name(name) end
    return parts[2]
  end
  local fits, problem = meet.name.resolve(row.kind, name)
  if not fits then output.refuse(problem) end
  return name
end

--- Return the row that an argument means, and what its service takes: the name of a resource, or
-- with `is_list` the name of the parent, which a list at the top lacks.
---@return table row, string? name, boolean is_list
local function read_name(given)
  local text, parts = given:match "^%s*(.-)/?%s*$", {}
  for part in (text .. "/"):gmatch "([^/]*)/" do parts[#parts + 1] = part end
  if not ROWS[parts[1]] then -- a link, a code, an id
    if parts[1]:find "^%a+$" and options.nearest(parts[1], ROWS) then -- a code has hyphens
      output.refuse(options.unknown("there is no list", parts[1], ROWS))
    end
    local kind, name = account.resolve(text)
    return ROWS[kind == "space" and "spaces" or "conferenceRecords"], name, false
  end
  local row = row_of(parts)
  if #parts % 2 == 0 then return row, check_name(row, parts), false end
  if text == "spaces" then
    output.refuse "Meet has no list of spaces: give the link, the code or the name of one"
  end
  parts[#parts] = nil
  return row, parts[1] and check_name(row_of(parts), parts), true
end

local function check_options(given, row, is_list)
  if not is_list and (given.limit or given.filter) then
    output.refuse "--limit and --filter are for lists"
  elseif given.filter and not row.takes_filter then
    output.refuse "--filter: the API has no filter for this list"
  end
end

local function read_list(service, row, parent, given)
  local opts = { limit = given.limit, filter = given.filter }
  if not row.kind then opts.app = false end -- connections, of all apps
  local is_good, pager
  if parent then is_good, pager = pcall(service.list, service, parent, opts) end
  if not parent then is_good, pager = pcall(service.list, service, opts) end
  if is_good then return pager:all() end
  if output.is_interrupt(pager) then output.fail(pager) end
  output.refuse(pager) -- a filter that cannot be sent
end

local function run(given, words)
  local row, name, is_list = read_name(words[1])
  check_options(given, row, is_list)
  local client <close> = account.open(given)
  local service = client[row.service]
  local value, err
  if is_list then value, err = read_list(service, row, name, given) end
  if not is_list then value, err = service:get(name) end
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
  common = { "json", "demo", "no-limiter" },
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
