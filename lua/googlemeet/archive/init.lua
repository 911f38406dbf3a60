--- Copies conferences into a store before the server deletes them.
--
-- `archive(client, store, options)` takes any store with three methods:
--   store:manifest()         array of entries in any order, or nil, err
--   store:put(entry, found)  stores an entry and, if `found` is given, all its resources in place
--                            of those stored before: both or neither, whatever happens; true, or
--                            nil, err
--   store:close()            for the owner of the store; the archive does not call it
-- An entry has name, start_time, end_time, expire_time, state and counts; `found` has an array of
-- resources for each name in `googlemeet.archive.tables`. The manifest is all that a run knows of
-- earlier runs: a conference that is "complete" there is not requested again.

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
  since = options.of "string or number or table",
  on_progress = options.of "function",
  now = options.of "string or number or table",
  settle_after = 21600, -- seconds after its end for which a conference may get artifacts
}

--- Kinds of error that concern one conference; any other ends the run.
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

--- Write the server's filter for records since a time.
local function filter_since(since)
  if since == nil then return nil end
  local seconds, nanoseconds = time.read(since)
  if not seconds then error(("archive: option 'since': %s"):format(nanoseconds), 3) end
  return ('start_time>="%s"'):format(time.format(seconds, nanoseconds))
end

--- Distinguish a deleted record from an error below a record that exists.
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

--- Mark a conference as gone; its stored resources stay.
local function mark_gone(run, step)
  local record, old = step.record or {}, step.entry or {}
  local entry = {
    name = step.name, state = "gone",
    start_time = record.startTime or old.start_time, end_time = record.endTime or old.end_time,
    expire_time = step.expire_time, counts = old.counts or tables.count(),
  }
  local ok, err = run.store:put(entry)
  if not ok then return nil, err end
  table.insert(run.summary.gone, step.name)
  return entry
end

--- Fetch a conference; return its resources by table, or nil and err.
local function fetch(run, step)
  if step.record then return conference.fetch(run.client, step.record) end
  local record, err = run.client.conference_records:get(step.name)
  if not record then return nil, err end
  return conference.fetch(run.client, record)
end

--- Handle a conference that could not be fetched: mark it as gone or as failed, or end the run.
local function give_up(run, step, err)
  if not OF_ONE[err.kind] then return nil, err end
  local gone, why = is_gone(run.client, step.name, err)
  if gone == nil then return nil, why end
  if gone then return mark_gone(run, step) end
  table.insert(run.summary.failed, { name = step.name, err = why })
  return { name = step.name, state = "failed", counts = tables.count() }
end

--- Copy one conference.
---@return table|nil entry with its new state
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

--- Return the steps of the run and how many records are skipped, or nil and err.
local function make_plan(run, filter)
  local manifest, records, err
  manifest, err = run.store:manifest()
  if not manifest then return nil, err end
  records, err = run.client.conference_records:list({ filter = filter }):all()
  if not records then return nil, err end
  return plan.make(records, manifest)
end

--- Copy every conference that is not complete in the store, the next to expire first.
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
-- entries and smart notes into a store: one conference after another, the next to expire first,
-- each stored as a whole. Conferences that are complete in the store are skipped.
--
-- A conference is complete when it ended more than `settle_after` seconds ago (artifacts appear
-- some time after the end) and every artifact has its file. Any other conference is stored as it
-- is, and copied again by the next run, whatever its `since`. A conference that the server has
-- deleted is marked as gone and keeps its stored resources.
---@param client googlemeet.Client
---@param store googlemeet.ArchiveStore
---@param given? googlemeet.ArchiveOptions
---@return googlemeet.ArchiveSummary? summary
---@return googlemeet.Error? err that ended the run; conferences stored before are kept
---@return googlemeet.ArchiveSummary? so_far with an err that came after the list of records
local function call(_, client, store, given)
  check(client, store)
  local opts = options.merge(given, DEFAULTS)
  local filter = filter_since(opts.since)
  local now, reason = time.read(opts.now or os.time())
  if not now then error("archive: option 'now': " .. reason, 2) end
  local summary = tables.count()
  summary.records, summary.skipped, summary.due = 0, 0, 0
  summary.gone, summary.failed = {}, {}
  return copy_all({
    client = client, store = store, summary = summary,
    ended_before = math.floor(now - opts.settle_after),
  }, filter, opts.on_progress)
end

return setmetatable(archive, { __call = call })
