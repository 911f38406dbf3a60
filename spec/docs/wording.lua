--- Words of the generated declarations that no table of the sources has. Data.

local wording = {}

--- By resource: what it is called, one and several; the type of an argument that names one.
wording.resources = {
  space = { "space", "spaces", argument = "googlemeet.SpaceRef" },
  member = { "member", "members" },
  conference_record = { "conference record", "conference records", variable = "record" },
  participant = { "participant", "participants" },
  participant_session = { "session", "sessions", variable = "session" },
  recording = { "recording", "recordings" },
  smart_note = { "smart note", "smart notes" },
  transcript = { "transcript", "transcripts" },
  transcript_entry = { "transcript entry", "transcript entries", variable = "entry" },
  connection = { "connection", "connections" },
}

--- By the last collection of a path: its resource.
wording.collections = {
  spaces = "space", members = "member", conferenceRecords = "conference_record",
  participants = "participant", participantSessions = "participant_session",
  recordings = "recording", smartNotes = "smart_note", transcripts = "transcript",
  entries = "transcript_entry",
}

--- By Google's id of the operation: what it does, where that is more than reading, and the body.
wording.operations = {
  ["spaces.create"] = {
    text = "Create a space, and with it a meeting link.",
    body = "body? { config: googlemeet.SpaceConfig? }",
  },
  ["spaces.get"] = { text = "Read a space. No other method of Google's takes a meeting code." },
  ["spaces.patch"] = {
    text = "Change the given fields only.",
    body = "body { config: googlemeet.SpaceConfig? }",
  },
  ["spaces.endActiveConference"] = {
    text = "End the conference that runs in a space.",
    returns = { "true? ended", 'googlemeet.Error|"idle" err `"idle"` when none runs' },
  },
  ["spaces.members.create"] = {
    text = "Add a member to a space.",
    body = "body { email: string, role: googlemeet.Role? }",
  },
  ["spaces.members.list"] = { text = "List the members of a space." },
  ["spaces.members.patch"] = {
    text = "Change the given fields only.",
    body = "body { email: string?, role: googlemeet.Role? }",
  },
  ["spaces.members.delete"] = { text = "Remove a member from a space." },
  ["spaces.members.batchUpdate"] = {
    text = "Change up to 500 members of a space with one request.",
    body = "requests { member: { name: string, email: string?, role: googlemeet.Role? }, "
      .. "updateMask: string? }[] all change the same fields",
  },
  ["conferenceRecords.list"] = { text = "List conference records, newest first." },
  ["conferenceRecords.participants.list"] = {
    text = "List the participants of a conference, the latest to join first.",
  },
  ["conferenceRecords.participants.participantSessions.list"] = {
    text = "List the sessions of a participant.",
  },
  ["conferenceRecords.recordings.list"] = { text = "List the recordings of a conference." },
  ["conferenceRecords.smartNotes.list"] = { text = "List the smart notes of a conference." },
  ["conferenceRecords.transcripts.list"] = { text = "List the transcripts of a conference." },
  ["conferenceRecords.transcripts.entries.list"] = {
    text = "List the entries of a transcript in the order in which they were spoken.",
  },
  ["connections.list"] = { text = "List connections." },
  ["connections.create"] = {
    text = "Create a connection. It is PENDING until a person opens its `url` and approves it.",
    options = "googlemeet.ConnectionCreateOptions",
  },
  ["connections.delete"] = { text = "Delete a connection." },
}

return wording
