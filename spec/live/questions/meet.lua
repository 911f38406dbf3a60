--- Questions about Meet: contract/api-notes.md, "Open questions", and what stands there as not
-- documented.

local answer = require "spec.live.answer"

local say = answer.say

local RECORDS = "/google-meet/v2/conferenceRecords"
local MADE_UP = { space = "ZZZZZZZZZZZZ", code = "zzz-zzzz-zzz", record = "no-such-record" }

local function count_of(body, name)
  local items = type(body) == "table" and body[name]
  return type(items) == "table" and #items or 0
end

local function records(query)
  return function(here)
    local result, body = here:outcome(RECORDS, { query = query })
    return body == nil and result or say.sizes(result, count_of(body, "conferenceRecords"))
  end
end

--- Return the path of the conference record that was found, or nil and why not.
local function record_path(here)
  local record = here.found["conference record"]
  local id = record and tostring(record.name):match "^conferenceRecords/([%w._-]+)$"
  if id then return RECORDS .. "/" .. id end
  return nil, say.none_seen(answer.term("thing", "conference record"))
end

local function participants(query, describe)
  return function(here)
    local path, why = record_path(here)
    if not path then return why end
    local result, body = here:outcome(path .. "/participants", { query = query })
    return body == nil and result or describe(result, body)
  end
end

local function items_of(result, body) return say.sizes(result, count_of(body, "participants")) end

local function total_of(result, body)
  return say.has_total(result, type(body) == "table" and body.totalSize ~= nil)
end

local function foreign_token(here)
  local first, body = here:outcome(RECORDS, { query = { pageSize = 1 } })
  if body == nil then return first end
  local token = type(body) == "table" and body.nextPageToken
  if type(token) ~= "string" or token == "" then return say.one_page() end
  return (here:outcome(RECORDS, { query = {
    pageSize = 1, pageToken = token, filter = 'start_time>="2020-01-01T00:00:00Z"',
  } }))
end

local function path_of(here) return "/google-meet/v2/" .. here:own "space" end

local function ids(kind, pattern)
  return function(here)
    local list = {}
    for _, item in ipairs(here.lists[kind] or {}) do
      local name = kind == "space" and item or type(item) == "table" and item.name
      list[#list + 1] = type(name) == "string" and name:match(pattern) or nil
    end
    if #list == 0 then return say.none_seen(answer.term("thing", kind)) end
    return answer.ids(list)
  end
end

local function space_ids(here)
  local names = {}
  for _, record in ipairs(here.lists["conference record"] or {}) do
    names[#names + 1] = record.space
  end
  here.lists.space = names
  return ids("space", "^spaces/(.+)$")(here)
end

local function member_user(here)
  local members = here.lists.member or {}
  if #members == 0 then return say.none_seen(answer.term("thing", "member")) end
  for _, member in ipairs(members) do
    if member.user ~= nil then return say.yes() end
  end
  return say.no()
end

--- Make a row that writes by hand on what was made.
local function write(kind, run)
  return function(here)
    if not here.writes then return say.skipped_writes() end
    if kind == "member" and not here.member then return say.skipped_member() end
    local name = here:own(kind)
    if not name then return say.not_made() end
    return run(here, name)
  end
end

local function send(here, verb, path, options)
  local body, response = here:call(here.client.request, here.client, verb, path, options)
  return body == nil and answer.failure(response) or say.ok(response.status), body
end

local function member_twice(here)
  local result, body = send(here, "POST", path_of(here) .. "/members",
    { body = { email = here.member } })
  local is_new = type(body) == "table" and body.name ~= here:own "member"
  if is_new then here:keep("member", body.name) end
  return result
end

local function open_space(here, name)
  local result = send(here, "PATCH", path_of(here), { body = { config = { accessType = "OPEN" } } })
  local space = here:call(here.client.spaces.get, here.client.spaces, name)
  if not space then return result end
  return say.type_written(result, type(space.config) == "table"
    and space.config.accessType == "OPEN")
end

--- Clear the role of a member, beside a request that cannot be met.
local function half_batch(here, name)
  here:call(here.client.members.patch, here.client.members, name, { role = "COHOST" })
  local missing = here:own "space" .. "/members/no-such-member"
  local result = send(here, "POST", path_of(here) .. "/members:batchUpdate", { body = {
    updateMask = "role", requests = {
      { member = { name = name }, updateMask = "role" },
      { member = { name = missing }, updateMask = "role" },
    },
  } })
  local member = here:call(here.client.members.get, here.client.members, name)
  if not member then return result end
  return member.role == "COHOST" and say.not_applied(result) or say.applied(result)
end

local function raise_role(here, name)
  local result = send(here, "PATCH", "/google-meet/v2/" .. name, { body = { role = "COHOST" } })
  local member = here:call(here.client.members.get, here.client.members, name)
  return member and say.role_written(result, member.role == "COHOST") or result
end

local function delete_twice(here)
  if not here.writes then return say.skipped_writes() end
  if not here.member then return say.skipped_member() end
  if not here.deleted_member then return say.not_made() end
  return (send(here, "DELETE", "/google-meet/v2/" .. here.deleted_member))
end

local meet = {}

meet.reads = {
  { "conferenceRecords: pageSize=0", records { pageSize = 0 } },
  { "conferenceRecords: pageSize=-1", records { pageSize = -1 } },
  { "conferenceRecords: pageSize=1000", records { pageSize = 1000 } },
  { "participants: pageSize=0", participants({ pageSize = 0 }, items_of) },
  { "participants: fields=totalSize", participants({ fields = "totalSize" }, total_of) },
  { "participants: totalSize without fields", participants({ pageSize = 1 }, total_of) },
  { "a pageToken that there was never", records { pageToken = "no-such-token" } },
  { "a pageToken with another filter", foreign_token },
  { "filter: end_time IS NOT NULL", records { filter = "end_time IS NOT NULL" } },
  { "filter: <", records { filter = 'start_time<"2100-01-01T00:00:00Z"' } },
  { "filter: !=", records { filter = 'space.name!="spaces/ZZZZZZZZZZZZ"' } },
  { "filter: OR", records { filter = "end_time IS NULL OR end_time IS NULL" } },
  { "filter: NOT", records { filter = "NOT end_time IS NULL" } },
  { "filter: brackets", records { filter = "(end_time IS NULL)" } },
  { "filter: \\\" in a value", records { filter = 'space.meeting_code="a\\"b"' } },
  { "filter: camelCase", records { filter = "endTime IS NULL" } },
  { "a space that there is not", function(here)
    return (here:outcome("/google-meet/v2/spaces/" .. MADE_UP.space))
  end },
  { "a meeting code that there is not", function(here)
    return (here:outcome("/google-meet/v2/spaces/" .. MADE_UP.code))
  end },
  { "a conference record that there is not", function(here)
    return (here:outcome(RECORDS .. "/" .. MADE_UP.record))
  end },
  { "ids of spaces", space_ids },
  { "ids of conference records", ids("conference record", "^conferenceRecords/(.+)$") },
  { "ids of members", ids("member", "/members/(.+)$") },
  { "ids of participants", ids("participant", "/participants/(.+)$") },
  { "ids of participant sessions", ids("participant session", "/participantSessions/(.+)$") },
  { "ids of recordings", ids("recording", "/recordings/(.+)$") },
  { "ids of smart notes", ids("smart note", "/smartNotes/(.+)$") },
  { "ids of transcripts", ids("transcript", "/transcripts/(.+)$") },
  { "ids of transcript entries", ids("transcript entry", "/entries/(.+)$") },
  { "a member has the field user", member_user },
  { "personal accounts and organisations", answer.cannot "needs_kinds" },
  { "the quota that members count for", answer.cannot "needs_many" },
  { "the most members of a space", answer.cannot "needs_many" },
  { "a mail to a new member", answer.cannot "needs_inbox" },
  { "another address for a member", answer.cannot "needs_second" },
}

--- Asked between the writes that begin and those that finish.
meet.writes = {
  { "a space by PATCH without updateMask", write("space", open_space) },
  { "a member that is there already", write("member", member_twice) },
  { "a member by PATCH without updateMask", write("member", raise_role) },
}

--- Asked before the member goes.
meet.batch = {
  { "a batch of which one request cannot be met", write("member", half_batch) },
}

--- Asked when it is gone.
meet.last = {
  { "a member that is gone already", delete_twice },
  { "%3A before endActiveConference", write("space", function(here)
    return (send(here, "POST", path_of(here) .. "%3AendActiveConference", { body = {} }))
  end) },
}

return meet
