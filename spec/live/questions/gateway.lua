--- Questions about the gateway: contract/gateway.md, "Open questions".

local answer = require "spec.live.answer"

local say = answer.say

local RECORDS = "/google-meet/v2/conferenceRecords"
local ONE = { pageSize = 1 }
local UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
local BURST = 30 -- requests: three seconds' worth
local AT_ONCE = 8 -- requests, to see whether they share a socket
local PACE = 1.1 -- seconds in which the gateway forgets what came before
local MOST_COMPARED = 5 -- connections
local OTHERS = { -- apps to be asked for without a connection; the module's own first
  { "google-drive", "/google-drive/drive/v3/files/none" },
  { "google-docs", "/google-docs/v1/documents/none" },
  { "google-calendar", "/google-calendar/calendar/v3/calendars/primary" },
  { "google-forms", "/google-forms/v1/forms/none" },
  { "google-slides", "/google-slides/v1/presentations/none" },
}

local function ask(path, query)
  return function(here) return (here:outcome(path, { query = query })) end
end

--- Name a connection in the header that Meet cannot use.
local function named(find)
  return function(here)
    local id = find(here)
    if not id then return say.no_other() end
    return (here:outcome(RECORDS, { query = ONE, connection = id }))
  end
end

local function of_another_app(here)
  return here:connection_of "google-drive" or here:connection_of "google-docs"
    or here:connection_of "google-calendar"
end

local function of_status(status)
  return function(here) return here:connection_of("google-meet", status) end
end

local function without_connection(here)
  for _, row in ipairs(OTHERS) do
    local app, path = row[1], row[2]
    if not here:connection_of(app) then
      return say.of_app(answer.term("app", app), (here:outcome(path)))
    end
  end
  return say.all_connected()
end

--- Describe the body of a refusal as it comes.
local function body_of(here, path, is_stranger)
  local body = here:body(path, is_stranger)
  return body and answer.error_body(body) or say.no_curl()
end

local function body_without_connection(here)
  for _, row in ipairs(OTHERS) do
    if not here:connection_of(row[1]) then return body_of(here, row[2]) end
  end
  return say.all_connected()
end

local function ids_of(body)
  local ids = {}
  for index, connection in ipairs(type(body) == "table" and body.connections or {}) do
    ids[index] = type(connection) == "table" and tostring(connection.connection_id) or "?"
  end
  return table.concat(ids, " ")
end

local function paging(here)
  local result, body = here:outcome("/connections", { query = { limit = 1 } })
  if type(body) ~= "table" then return result end
  local list = type(body.connections) == "table" and body.connections or {}
  result = say.sizes(say.ok_fields(result, answer.fields("ConnectionList", { body })), #list)
  local token = body.next_token
  if type(token) ~= "string" or token == "" then return say.next_page(result, say.no_token()) end
  local second, more = here:outcome("/connections", { query = { limit = 1, next_token = token } })
  if more == nil then return say.next_page(result, second) end
  return say.next_page(result, ids_of(more) ~= ids_of(body) and say.another_page()
    or say.same_page())
end

--- The first records that a connection shows, as one text, which is only compared.
local function first_records(here, id)
  local body = here:get(RECORDS, { query = { pageSize = 5 }, connection = id })
  local names = {}
  for index, record in ipairs(type(body) == "table" and body.conferenceRecords or {}) do
    names[index] = tostring(record.name)
  end
  return body and table.concat(names, " ")
end

local function usable(here)
  local list = {}
  for _, connection in ipairs(here.connections or {}) do
    if connection.app == "google-meet" and connection.status == "ACTIVE"
      and type(connection.connection_id) == "string" then
      list[#list + 1] = connection
    end
  end
  table.sort(list, function(left, right)
    return tostring(left.creation_time) < tostring(right.creation_time)
  end)
  return list
end

local function without_header(here)
  local list = usable(here)
  if here.fixed_connection then return say.connection_set() end
  if #list < 2 then return say.one_connection() end
  if #list > MOST_COMPARED then return say.too_many() end
  local mine, fits = first_records(here), {}
  for index, connection in ipairs(list) do
    if first_records(here, connection.connection_id) == mine then fits[#fits + 1] = index end
  end
  if #fits ~= 1 then return say.cannot_tell() end
  return fits[1] == 1 and say.oldest() or say.newer()
end

local function encoded_slash(here)
  local record = here.found["conference record"]
  local id = record and tostring(record.name):match "^conferenceRecords/([%w_-]+)$"
  if not id then return say.none_seen(answer.term("thing", "conference record")) end
  return (here:outcome(RECORDS .. "%2F" .. id))
end

--- Send some requests at once, where a socket is there: over HTTP/2 no other is opened, or one that
-- takes its place. The pause before has the client's pace hold none of them up.
local function protocol(here)
  if not here.has_sockets then return say.no_sockets() end
  local calls = {}
  for index = 1, AT_ONCE do
    calls[index] = function() return here:get("/connections", { query = { limit = 1 } }) end
  end
  here:get("/connections", { query = { limit = 1 } })
  here.client:sleep(PACE)
  local before = here.client:stats().sockets_opened
  local ok, err = here.client:gather(calls)
  if not ok then return answer.failed(err) end
  local opened = here.client:stats().sockets_opened - before
  return opened <= 1 and say.http2(AT_ONCE, opened) or say.http1(AT_ONCE, opened)
end

local function header_names(path)
  return function(here)
    local result, body, response = here:outcome(path)
    return body == nil and result or answer.headers(response.headers)
  end
end

local function encoding(path)
  return function(here)
    local result, body, response = here:outcome(path)
    if body == nil then return result end
    local name = response.headers["content-encoding"]
    if name == nil then return say.not_encoded() end
    return answer.term("encoding", name) or say.unknown_kind()
  end
end

--- Send more than ten requests in a second, once, without the client's pace and its retries.
local function burst(path, query)
  return function(here)
    if not here.burst then return say.skipped_burst() end
    local quick = here:sibling { rate = false, retry = false }
    local calls, refused, first, other = {}, 0, nil, nil
    for index = 1, BURST do
      calls[index] = function()
        local body, response = here:get(path, { query = query }, quick)
        if body == nil and response.status == 429 then
          refused, first = refused + 1, first or response
        else
          other = other or (body == nil and answer.failure(response))
            or answer.number(response.status)
        end
        return true
      end
    end
    quick:gather(calls)
    local of_first = first and say.burst_first(answer.failure(first), first.retry_after ~= nil)
    return say.burst(refused, BURST, of_first or answer.join {}, other or say.none())
  end
end

--- Send a batch of nothing: no request is in it, yet it is a POST.
local function empty_batch(here)
  if not here.writes then return say.skipped_writes() end
  local body, response = here:call(here.client.request, here.client, "POST", "/google-meet/batch", {
    headers = { ["Content-Type"] = "multipart/mixed; boundary=live" }, body = "--live--\r\n",
  })
  return body == nil and answer.failure(response) or say.ok(response.status)
end

--- Make a second connection: is it another one?
local function second_connection(here)
  if not here.writes then return say.skipped_writes() end
  if not here.knows_all then return say.too_many_to_know() end
  local ids = {}
  for index = 1, 2 do
    local made, err = here:call(here.client.connections.create, here.client.connections)
    if not made then return answer.failed(err) end
    if made.connection_id ~= ids[1] and not here:keep_connection(made) then
      return say.existing(here.status or 0)
    end
    ids[index] = made.connection_id
  end
  return say.distinct(say.ok(here.status or 0), ids[1] ~= ids[2] and say.another() or say.same())
end

local gateway = {}

gateway.reads = {
  { "a wrong key: /connections", function(here)
    return (here:outcome("/connections", nil, here:stranger()))
  end },
  { "a wrong key: Meet", function(here)
    return (here:outcome(RECORDS, { query = ONE }, here:stranger()))
  end },
  { "the body of a 401", function(here) return body_of(here, "/connections", true) end },
  { "the body of a 404", function(here) return body_of(here, "/connections/" .. UNKNOWN_ID) end },
  { "an app segment that there is not", ask "/no-such-app/v1/things" },
  { "a path of Meet that there is not", ask "/google-meet/v2/noSuchThings" },
  { "an app without a connection", without_connection },
  { "an app without a connection: the body", body_without_connection },
  { "Maton-Connection: an id that there is not", named(function() return UNKNOWN_ID end) },
  { "Maton-Connection: of another app", named(of_another_app) },
  { "Maton-Connection: a PENDING one", named(of_status "PENDING") },
  { "Maton-Connection: a FAILED one", named(of_status "FAILED") },
  { "Maton-Connection: none, with several accounts", without_header },
  { "Maton-Connection: does it go on to Google", answer.cannot "only_google_sees" },
  { "/connections/{id}: an id that there is not", ask("/connections/" .. UNKNOWN_ID) },
  { "/connections: limit=1, and the next page", paging },
  { "/connections: method=OAUTH2", ask("/connections", { method = "OAUTH2" }) },
  { "/connections: a query parameter that there is not", ask("/connections", { noSuch = 1 }) },
  { "/connections: a second one of an app", second_connection },
  { "Meet: a query parameter that there is not", ask(RECORDS, { pageSize = 1, noSuch = 1 }) },
  { "Meet: prettyPrint=false", ask(RECORDS, { pageSize = 1, prettyPrint = "false" }) },
  { "Meet: prettyPrint=False", ask(RECORDS, { pageSize = 1, prettyPrint = "False" }) },
  { "Meet: %2F between segments", encoded_slash },
  { "Meet: POST of an empty batch", empty_batch },
  { "HTTP/2", protocol },
  { "Content-Encoding: Meet", encoding(RECORDS) },
  { "Content-Encoding: /connections", encoding "/connections" },
  { "header fields: Meet", header_names(RECORDS) },
  { "header fields: /connections", header_names "/connections" },
  { "the scopes of the consent", answer.cannot "see_scopes" },
  { "timeouts and limits of size", answer.cannot "needs_slow" },
  { "500 where a consent has lapsed", answer.cannot "needs_lapsed" },
}

--- Asked at the end: a 429 may hold up what comes behind it.
gateway.bursts = {
  { "30 requests at once: /connections", burst("/connections", { limit = 1 }) },
  { "30 requests at once: Meet", burst(RECORDS, ONE) },
}

return gateway
