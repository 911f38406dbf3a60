--- Search in an SQLite archive, by an index of SQLite's FTS5.

local database = require "googlemeet.archive.database"
local fts5 = require "googlemeet.archive.fts5"
local index = require "googlemeet.archive.index"
local names = require "googlemeet.report.names"
local options = require "googlemeet.options"
local tokens = require "googlemeet.archive.tokens"

local search = {}

local OPTIONS = {
  limit = 20, record = options.of "string or table", speaker = options.of "string",
}

local NOT_WHOLE = "the index is not whole"

--- Check what is asked for.
---@param words any
---@param given any
---@return { limit: integer, record?: string, speaker?: string }? wanted
---@return string? problem
function search.options(words, given)
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
  return wanted
end

--- List the display names that are compared as equal to a given one.
local function names_like(connection, speaker)
  local rows, message = database.execute(connection, fts5.NAMES)
  if not rows then return nil, message end
  local folded, list = names.fold(speaker), {}
  for _, row in ipairs(rows) do
    if names.fold(row.name) == folded then list[#list + 1] = row.name end
  end
  return list
end

--- Ask the index; nil and a message where it has to be brought up to date or built first.
local function ask(connection, query, wanted)
  local state, message = database.execute(connection, fts5.IS_WHOLE)
  if not state then return nil, message end
  if math.tointeger(state[1].is_whole) ~= 1 then return nil, NOT_WHOLE end
  local speakers
  if wanted.speaker then
    speakers, message = names_like(connection, wanted.speaker)
    if not speakers then return nil, message end
  end
  local hits
  hits, message = database.execute(connection, fts5.search(query, wanted.limit, wanted.record,
    speakers))
  for _, hit in ipairs(hits or {}) do
    if not (hit.name and hit.record) then return nil, NOT_WHOLE end
    hit.snippet = tokens.join(hit.snippet)
  end
  return hits, message
end

--- Find texts, the best first.
---@param connection any
---@param words string
---@param wanted { limit: integer, record?: string, speaker?: string }
---@return googlemeet.ArchiveHit[]?
---@return string? message
function search.find(connection, words, wanted)
  local query = tokens.query(words)
  if not query then return {} end
  local found, message
  for attempt, prepare in ipairs { function() return true end, index.build, index.rebuild } do
    local ok, why = database.in_transaction(connection, function()
      local ready, reason = prepare(connection)
      if not ready then return nil, reason end
      found, reason = ask(connection, query, wanted)
      return found, reason
    end, attempt == 1 and "DEFERRED" or nil)
    if ok then break end
    found, message = nil, why
    if why:find "^database is locked" then break end
  end
  return found, message
end

return search
