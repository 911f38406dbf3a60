--- Search in an SQLite archive, by its index.

local database = require "googlemeet.archive.database"
local index = require "googlemeet.archive.index"
local names = require "googlemeet.report.names"
local options = require "googlemeet.options"
local query = require "googlemeet.archive.query"
local tokens = require "googlemeet.archive.tokens"

local search = {}

--- Different words at most: FTS5 takes seconds over ten thousands.
search.MOST_WORDS = 1000

local OPTIONS = {
  limit = 20, record = options.of "string or table", speaker = options.of "string",
}

local MOST_TRIES = 20

--- Parts of messages that say nothing of the index itself.
local ELSEWHERE = { "locked", "readonly", "no such module", "full", "disk I/O" }

---@class googlemeet.ArchiveQuery
---@field words? string query of FTS5; nil: there is no word
---@field count integer different words
---@field limit integer
---@field record? string
---@field speaker? string

--- Read what is asked for.
---@param words any
---@param given any
---@return googlemeet.ArchiveQuery? wanted
---@return string? problem
function search.read(words, given)
  if type(words) ~= "string" then return nil, "a string of words expected" end
  local problem = options.problem(given, OPTIONS)
  if problem then return nil, problem end
  local wanted = options.merge(given, OPTIONS)
  wanted.limit = math.tointeger(wanted.limit)
  if not wanted.limit or wanted.limit < 1 then
    return nil, "option 'limit': a positive integer expected"
  end
  if type(wanted.record) == "table" then wanted.record = wanted.record.name end
  if given and given.record and (type(wanted.record) ~= "string" or wanted.record:find "\0") then
    return nil, "option 'record': a conference record or its name expected"
  end
  wanted.words, wanted.count = tokens.query(words)
  return wanted
end

--- List the display names that are compared as equal to a given one.
local function names_like(connection, speaker)
  local rows, message = database.execute(connection, query.NAMES)
  if not rows then return nil, message end
  local folded, list = names.fold(speaker), {}
  for _, row in ipairs(rows) do
    if names.fold(row.name) == folded then list[#list + 1] = row.name end
  end
  return list
end

--- Ask an index that is whole; nil without a message where it is not.
local function ask(connection, wanted)
  local is_whole, message = index.is_whole(connection)
  if not is_whole then return nil, message end
  local speakers
  if wanted.speaker then
    speakers, message = names_like(connection, wanted.speaker)
    if not speakers then return nil, message end
  end
  local hits, why = database.execute(connection, query.statement(wanted.words, wanted.limit,
    wanted.record, speakers))
  for _, hit in ipairs(hits or {}) do hit.snippet = tokens.join(hit.snippet) end
  return hits, why
end

--- Ask the index as soon as it is up to date: another run may store conferences meanwhile.
local function try(connection, wanted)
  local hits, message
  for _ = 1, MOST_TRIES do
    local ok, why = database.in_transaction(connection, function()
      hits, message = ask(connection, wanted)
      return not message, message
    end, "DEFERRED")
    if hits or not ok then return hits, why end
    local fresh, reason = index.refresh(connection)
    if not fresh then return nil, reason end
  end
  return nil, "database is locked: another run goes on storing conferences"
end

--- Find texts, the best first. An index that is damaged is built anew.
---@param connection any
---@param wanted googlemeet.ArchiveQuery
---@return googlemeet.ArchiveHit[]?
---@return string? message
function search.find(connection, wanted)
  if not wanted.words then return {} end
  local hits, message = try(connection, wanted)
  if hits then return hits end
  for _, words in ipairs(ELSEWHERE) do
    if message:find(words, 1, true) then return nil, message end
  end
  local dropped, why = index.drop(connection)
  if not dropped then return nil, why end
  return try(connection, wanted)
end

return search
