--- Methods of resources: each one is a call of a service with the resource
-- as its first argument.

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
    local called = core.client_of(self)[service]
    return called[method](called, self, ...)
  end
end

--- The kinds of participant: the field that holds the person, and our word.
local identities = {
  { "signedinUser", "signed_in" },
  { "anonymousUser", "anonymous" },
  { "phoneUser", "phone" },
}

local participant = {}

--- The name shown in the meeting, or nil when the server gave none.
---@return string|nil
function participant.display_name(self)
  for _, row in ipairs(identities) do
    local person = self[row[1]]
    if type(person) == "table" then return person.displayName end
  end
  return nil
end

--- Who it is: "signed_in", "anonymous" or "phone", and `users/…` if signed in.
---@return string|nil kind
---@return string|nil user
function participant.identity(self)
  for _, row in ipairs(identities) do
    local person = self[row[1]]
    if type(person) == "table" then return row[2], person.user end
  end
  return nil
end

--- Add to the core's shared method tables. May run twice.
function resources.extend(core)
  for kind, methods in pairs(links) do
    local target = core.resources[kind] or {}
    core.resources[kind] = target
    for name, to in pairs(methods) do target[name] = link(core, to[1], to[2]) end
  end
  local of = core.resources
  of.participant.display_name = participant.display_name
  of.participant.identity = participant.identity

  for _, kind in ipairs { "recording", "smart_note", "transcript" } do
    of[kind].wait_for_file = function(self, opts)
      return require "googlemeet.files".wait(self, opts)
    end
  end

  --- The space a conference was held in.
  function of.conference_record.get_space(self, opts)
    return core.client_of(self).spaces:get(self.space, opts)
  end

  --- The conferences held in a space; `opts.filter` narrows them further.
  function of.space.conference_records(self, opts)
    local client = core.client_of(self)
    if type(self.name) ~= "string" then
      error("space:conference_records: the space has no 'name'", 2)
    end
    if opts ~= nil and type(opts) ~= "table" then return client.conference_records:list(opts) end
    local copy = {}
    for name, value in pairs(opts or {}) do copy[name] = value end
    local filter = ('space.name="%s"'):format(self.name)
    if copy.filter == nil then
      copy.filter = filter
    elseif type(copy.filter) == "string" then
      copy.filter = filter .. " AND " .. copy.filter
    end -- anything else is for the core to refuse
    return client.conference_records:list(copy)
  end
end

return resources
