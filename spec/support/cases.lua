--- One case for each operation, against a seeded fake, in any order: what to call, and the
-- literal value that a right answer holds. Ids are the seed's.

local PLANNING = "conferenceRecords/cr-planning-7f3a"
local SPACE = "spaces/Qm7xT2kLw9Za"

local cases = {}

local function names(pager)
  local list = {}
  for item in pager do list[#list + 1] = item.name:match("[^/]+$") end
  return table.concat(list, " ")
end

cases["spaces.create"] = function(client)
  local space = assert(client.spaces:create { config = { accessType = "RESTRICTED" } })
  assert(space.meetingUri == "https://meet.google.com/" .. space.meetingCode)
  return space.config.accessType, "RESTRICTED"
end

cases["spaces.get"] = function(client)
  return assert(client.spaces:get("https://meet.google.com/HPK-vtwd-ens?authuser=1")).name, SPACE
end

cases["spaces.patch"] = function(client)
  local space = assert(client.spaces:patch(SPACE, { config = { accessType = "OPEN" } }))
  return space.config.accessType .. " " .. space.config.entryPointAccess, "OPEN ALL"
end

cases["spaces.endActiveConference"] = function(client)
  local live = "spaces/b4Kd_yR8sJvN"
  assert(client.spaces:end_active_conference(live))
  return select(2, client.spaces:end_active_conference(live)), "idle"
end

cases["spaces.members.create"] = function(client)
  local person = { email = "new@example.com", role = "COHOST" }
  local member = assert(client.members:create(SPACE, person))
  assert(client.members:delete(member)) -- other cases count the members
  return member.email .. " " .. member.role, "new@example.com COHOST"
end

cases["spaces.members.get"] = function(client)
  return assert(client.members:get(SPACE .. "/members/mb-1")).email, "ada@example.com"
end

cases["spaces.members.list"] = function(client)
  return #assert(client.members:list(SPACE):all()), 3
end

cases["spaces.members.patch"] = function(client)
  return assert(client.members:patch(SPACE .. "/members/mb-2", { role = "COHOST" })).role, "COHOST"
end

cases["spaces.members.delete"] = function(client)
  local member = assert(client.members:create(SPACE, { email = "short@example.com" }))
  assert(client.members:delete(member))
  return select(2, client.members:get(member)).kind, "not_found"
end

cases["spaces.members.batchUpdate"] = function(client)
  local changed = assert(client.members:batch_update(SPACE, {
    { member = { name = SPACE .. "/members/mb-1", role = "COHOST" } },
    { member = { name = SPACE .. "/members/mb-2", role = "COHOST" } },
  }))
  return changed[1].role .. " " .. changed[2].role, "COHOST COHOST"
end

cases["conferenceRecords.get"] = function(client)
  return assert(client.conference_records:get "cr-planning-7f3a").space, SPACE
end

cases["conferenceRecords.list"] = function(client)
  return names(client.conference_records:list { filter = ('space.name="%s"'):format(SPACE) }),
    "cr-empty-0e0e cr-planning-7f3a cr-planning-2 cr-planning-3 cr-planning-4"
end

cases["conferenceRecords.participants.get"] = function(client)
  return assert(client.participants:get(PLANNING .. "/participants/p-1005")):display_name(),
    "Elin Meyer"
end

cases["conferenceRecords.participants.list"] = function(client)
  local count = 0
  for _ in client.participants:list("cr-webinar-19be", { page_size = 100 }) do count = count + 1 end
  return count, 280
end

cases["conferenceRecords.participants.participantSessions.get"] = function(client)
  local name = PLANNING .. "/participants/p-1008/participantSessions/ps-2"
  return assert(client.participant_sessions:get(name)).name, name
end

cases["conferenceRecords.participants.participantSessions.list"] = function(client)
  return names(client.participant_sessions:list(PLANNING .. "/participants/p-1008")), "ps-2 ps-1"
end

cases["conferenceRecords.recordings.get"] = function(client)
  return assert(client.recordings:get(PLANNING .. "/recordings/rec-1")).state, "FILE_GENERATED"
end

cases["conferenceRecords.recordings.list"] = function(client)
  return names(client.recordings:list(PLANNING)), "rec-1 rec-2"
end

cases["conferenceRecords.smartNotes.get"] = function(client)
  return assert(client.smart_notes:get(PLANNING .. "/smartNotes/sn-1")).state, "FILE_GENERATED"
end

cases["conferenceRecords.smartNotes.list"] = function(client)
  return names(client.smart_notes:list(PLANNING)), "sn-1"
end

cases["conferenceRecords.transcripts.get"] = function(client)
  return assert(client.transcripts:get(PLANNING .. "/transcripts/tr-1")).state, "FILE_GENERATED"
end

cases["conferenceRecords.transcripts.list"] = function(client)
  return names(client.transcripts:list(PLANNING)), "tr-1"
end

cases["conferenceRecords.transcripts.entries.get"] = function(client)
  local entries = client.transcript_entries:list(PLANNING .. "/transcripts/tr-1", { limit = 1 })
  local first = assert(entries:first())
  return assert(client.transcript_entries:get(first)).text, first.text
end

cases["conferenceRecords.transcripts.entries.list"] = function(client)
  return #assert(client.transcript_entries:list(PLANNING .. "/transcripts/tr-1"):all()), 320
end

cases["connections.list"] = function(client)
  return assert(client.connections:list { status = "ACTIVE" }:first()).connection_id,
    "5b0f7c7e-3a64-4f0e-9d5c-2c1f6b7a8d90"
end

cases["connections.create"] = function(client)
  local connection = assert(client.connections:create())
  return connection.app .. " " .. connection.status, "google-meet PENDING"
end

cases["connections.get"] = function(client)
  return assert(client.connections:get "5b0f7c7e-3a64-4f0e-9d5c-2c1f6b7a8d90").status, "ACTIVE"
end

cases["connections.delete"] = function(client)
  local connection = assert(client.connections:create())
  assert(client.connections:delete(connection))
  return select(2, client.connections:get(connection)).kind, "not_found"
end

return cases
