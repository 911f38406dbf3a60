--- Copies conferences into a store of one's own, before the server forgets them.
--
-- `archive(client, store, options)` needs of a store three methods:
--   store:manifest()         array of entries (any order), or nil, err
--   store:put(entry, found)  keeps an entry and, where `found` is given, all its resources in place
--                            of any it has of that conference: both or neither, whatever happens
--                            meanwhile; true, or nil, err
--   store:close()            for its owner, archive does not call it
-- An entry has name, start_time, end_time, expire_time, state and counts; `found` has an array of
-- resources for each name in `googlemeet.archive.tables`. The manifest is all that a run knows of
-- those before it: what it has as "complete" is not asked for again.

local conference = require "googlemeet.archive.conference"
local directory = require "googlemeet.archive.directory"
local options = require "googlemeet.options"
local plan = require "googlemeet.archive.plan"
local progress = require "googlemeet.archive.progress"
local sqlite = require "googlemeet.archive.sqlite"
local tables = require "googlemeet.archive.tables"
local time = require "googlemeet.time"

local archive = {
  directory = directory.open,
  progress = progress.new,
  sqlite = sqlite.open,
}

local DEFAULTS = {
  since = options.of "string or number",
  on_progress = options.of "function",
  now = options.of "number", -- epoch seconds
  settle_after = 21600, -- seconds after its end in which a conference may get artifacts
}

--- Kinds of error that are about one conference; any other ends the run.
local OF_ONE = {
  not_found = true, permission = true, invalid = true, conflict = true, too_large = true,
}

local function check(client, store)
  local kind = type(client)
  if kind ~= "userdata" and kind ~= "table" or not client.conference_records then
    error(("archive: a client expected, got %s"):format(kind), 3)
  end
  if type(store) ~= "table" or not store.put or not store.manifest then
    error(("archive: a store with the methods manifest and put expected, got %s"):format(
      type(store)), 3)
  end
end

--- Write the filter of the server for records since a time.
local function filter_since(since)
  if since == nil then return nil end
  local text, reason
  if type(since) == "number" then
    local ok, written = pcall(time.format, since)
    text, reason = ok and written, written:gsub("^time%.format: ", "")
  else
    local seconds, nanoseconds = time.parse(since)
    text, reason = seconds and time.format(seconds, nanoseconds), nanoseconds
  end
  if not text then error(("archive: option 'since': %s"):format(reason), 3) end
  return ('start_time>="%s"'):format(text)
end

--- Tell a record that is gone from an error below a record that is there.
---@return boolean|nil is_gone nil: the run must end
---@return any err
local function is_gone(client, name, err)
  if err.kind ~= "not_found" then return false, err end
  local record, why = client.conference_records:get(name)
  if record then return false, err end
  if why.kind == "not_found" then return true, why end
  if OF_ONE[why.kind] then return false, why end
  return nil, why
end

--- Note in the store that a conference is gone; what there is of it stays.
local function keep_gone(run, step)
  local record, known = step.record or {}, step.known or {}
  local entry = {
    name = step.name, state = "gone",
    start_time = record.startTime or known.start_time, end_time = record.endTime or known.end_time,
    expire_time = step.expire_time, counts = known.counts or tables.count(),
  }
  local ok, err = run.store:put(entry)
  if not ok then return nil, err end
  table.insert(run.summary.gone, step.name)
  return entry
end

--- Fetch a conference; resources by table, or nil and err.
local function fetch(run, step)
  if step.record then return conference.fetch(run.client, step.record) end
  local record, err = run.client.conference_records:get(step.name)
  if not record then return nil, err end
  return conference.fetch(run.client, record)
end

--- What becomes of a conference that could not be fetched.
local function give_up(run, step, err)
  if not OF_ONE[err.kind] then return nil, err end
  local gone, why = is_gone(run.client, step.name, err)
  if gone == nil then return nil, why end
  if gone then return keep_gone(run, step) end
  table.insert(run.summary.failed, { name = step.name, err = why })
  return { name = step.name, state = "failed", counts = tables.count() }
end

--- Copy one conference.
---@return table|nil entry with what became of it
---@return any err that ends the run
local function copy(run, step)
  local found, err = fetch(run, step)
  if not found then return give_up(run, step, err) end
  local is_complete = conference.is_complete(found, run.ended_before)
  local entry = conference.entry(found, is_complete and "complete" or "due")
  local ok, why = run.store:put(entry, found)
  if not ok then return nil, why end
  local summary = run.summary
  summary.records = summary.records + 1
  summary.due = summary.due + (is_complete and 0 or 1)
  for part, count in pairs(entry.counts) do summary[part] = summary[part] + count end
  return entry
end

--- Say what there is to do; steps, or nil and err.
local function make_plan(run, filter)
  local manifest, records, err
  manifest, err = run.store:manifest()
  if not manifest then return nil, err end
  records, err = run.client.conference_records:list({ filter = filter }):all()
  if not records then return nil, err end
  return plan.make(records, manifest)
end

--- Copy what is not in the store yet, oldest-expiring first.
local function copy_all(run, filter, on_progress)
  local steps, skipped = make_plan(run, filter)
  if not steps then return nil, skipped end
  run.summary.skipped = skipped
  for index, step in ipairs(steps) do
    local entry, err = copy(run, step)
    if not entry then return nil, err, run.summary end
    if on_progress then
      on_progress {
        done = index, total = #steps, record = step.name, state = entry.state,
        counts = entry.counts,
      }
    end
  end
  return run.summary
end

--- Copy conference records, participants, participant sessions, recordings, transcripts with their
-- entries and smart notes into a store: what is not complete there, oldest-expiring first, one
-- conference after another, each put there whole.
--
-- A conference is complete when it ended more than `settle_after` seconds ago (artifacts appear
-- some time after the end) and every artifact has its file; another one is stored as far as it is,
-- and comes again in the next run, whatever `since` is then. One that is gone meanwhile is noted
-- and keeps what the store has of it.
---@param client googlemeet.Client
---@param store googlemeet.ArchiveStore
---@param given? googlemeet.ArchiveOptions
---@return googlemeet.ArchiveSummary? summary
---@return googlemeet.Error? err what ended the run; conferences put before are kept
---@return googlemeet.ArchiveSummary? so_far beside an err that came after the list
local function call(_, client, store, given)
  check(client, store)
  local opts = options.merge(given, DEFAULTS)
  local filter = filter_since(opts.since)
  local summary = tables.count()
  summary.records, summary.skipped, summary.due = 0, 0, 0
  summary.gone, summary.failed = {}, {}
  return copy_all({
    client = client, store = store, summary = summary,
    ended_before = math.floor((opts.now or os.time()) - opts.settle_after),
  }, filter, opts.on_progress)
end

return setmetatable(archive, { __call = call })
