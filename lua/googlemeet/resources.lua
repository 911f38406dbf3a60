--- Methods of resources: most call a service with the resource as the first argument.

local identity = require "googlemeet.identity"
local misuse = require "googlemeet.misuse"
local options = require "googlemeet.options"

local resources = {}

--- type = { method = { service, service's method } }
local links = {
  space = {
    patch = { "spaces", "patch" },
    end_active_conference = { "spaces", "end_active_conference" },
    members = { "members", "list" },
    reload = { "spaces", "get" },
  },
  member = {
    patch = { "members", "patch" },
    delete = { "members", "delete" },
    reload = { "members", "get" },
  },
  conference_record = {
    participants = { "participants", "list" },
    recordings = { "recordings", "list" },
    smart_notes = { "smart_notes", "list" },
    transcripts = { "transcripts", "list" },
    reload = { "conference_records", "get" },
  },
  participant = {
    sessions = { "participant_sessions", "list" },
    reload = { "participants", "get" },
  },
  participant_session = { reload = { "participant_sessions", "get" } },
  recording = { reload = { "recordings", "get" } },
  smart_note = { reload = { "smart_notes", "get" } },
  transcript = {
    entries = { "transcript_entries", "list" },
    reload = { "transcripts", "get" },
  },
  transcript_entry = { reload = { "transcript_entries", "get" } },
  connection = {
    delete = { "connections", "delete" },
    reload = { "connections", "get" },
  },
}

local function link(core, service, method)
  return function(self, ...)
    local called = core.client.of_resource(self)[service]
    return called[method](called, self, ...)
  end
end

--- Return the filter for a space's conferences, combined with the caller's filter.
local function filter_of_space(name, given)
  if type(given) == "table" then
    if given.space ~= nil then
      error("space:conference_records: the filter must not set 'space'", 3)
    end
    return options.with(given, "space", name)
  end
  local own = require "googlemeet.filter" { space = name }
  if given == nil or given == "" then return own end -- "": nothing for the server to do
  if type(given) == "string" then return own .. " AND " .. given end
  return given -- for the core to refuse
end

--- Add the methods to the core's shared method tables. May run twice.
function resources.extend(core)
  for kind, methods in pairs(links) do
    local target = core.shared.resources[kind] or {}
    core.shared.resources[kind] = target
    for name, to in pairs(methods) do target[name] = link(core, to[1], to[2]) end
  end
  local of, client_of = core.shared.resources, core.client.of_resource
  for method, f in pairs { display_name = identity.display_name, identity = identity.of } do
    of.participant[method] = misuse.with_colon("googlemeet.participant", "a participant", method, f)
  end

  for _, kind in ipairs { "recording", "smart_note", "transcript" } do
    of[kind].wait_for_file = function(self, opts)
      return require "googlemeet.files".wait(self, opts)
    end
  end

  --- Download a recording into a file; see `drive`.
  function of.recording.download(self, path, opts)
    return require "googlemeet.drive".download(client_of(self), self, path, opts)
  end

  for kind, method in pairs { smart_note = "text", transcript = "document" } do
    of[kind][method] = function(self, opts)
      return require "googlemeet.drive".document(client_of(self), self, opts)
    end
  end

  --- Read the space of a conference.
  function of.conference_record.get_space(self, opts)
    return client_of(self).spaces:get(self.space, opts)
  end

  --- Read all transcripts of a conference; see `report.transcript`.
  function of.conference_record.transcript(self, opts)
    return require "googlemeet.report.transcript".of_record(client_of(self), self, opts)
  end

  --- Read one transcript.
  function of.transcript.read(self, opts)
    return require "googlemeet.report.transcript".of_transcript(client_of(self), self, opts)
  end

  --- Find the calendar event that a conference was held for; see `calendar`.
  function of.conference_record.event(self, opts)
    return require("googlemeet.calendar").of(client_of(self), self, opts)
  end

  --- Read the attendance of a conference; see `report.attendance`.
  function of.conference_record.attendance(self, opts)
    return require("googlemeet.report.attendance").of(client_of(self), self, opts)
  end

  --- List the conferences held in a space; `opts.filter` narrows the list.
  function of.space.conference_records(self, opts)
    local client = client_of(self)
    if type(self.name) ~= "string" then
      error("space:conference_records: the space has no 'name'", 2)
    end
    if opts ~= nil and type(opts) ~= "table" then return client.conference_records:list(opts) end
    local narrowed = filter_of_space(self.name, opts and opts.filter)
    return client.conference_records:list(options.with(opts, "filter", narrowed))
  end
end

return resources
