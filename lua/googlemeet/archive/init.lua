--- Copies conferences into a store before the server deletes them.
--
-- `archive(client, store, options)` takes any store with three methods:
--   store:manifest()         array of entries in any order, or nil, err
--   store:put(entry, found)  stores an entry and, if `found` is given, all its resources in place
--                            of those stored before: both or neither, whatever happens; true, or
--                            nil, err
--   store:close()            for the owner of the store; the archive does not call it
-- and may have two more:
--   store:read(name)         the stored resources of a conference as in `found`, or nil: a copy
--                            that is not whole is completed from them
--   store:lock()             keeps other runs out until the lock that it returns is closed; or nil,
--                            err when another run holds the store
-- For the option `files` it has `read`, and three more:
--   store:files(name)            the rows of a conference's files (see `archive.file_rows`)
--   store:put_files(name, rows)  stores them in place of those stored before
--   store:folder()               the path of the folder that recordings go to
-- An entry has name, start_time, end_time, expire_time, state and counts; `found` has an array of
-- resources for each name in `googlemeet.archive.tables`. The manifest is all that a run knows of
-- earlier runs: a conference that is "complete" there is not requested again.

local conference = require "googlemeet.archive.conference"
local core = require "googlemeet.core"
local directory = require "googlemeet.archive.directory"
local entry = require "googlemeet.archive.entry"
local failure = require "googlemeet.failure"
local files = require "googlemeet.archive.files"
local hints = require "googlemeet.archive.hints"
local options = require "googlemeet.options"
local plan = require "googlemeet.archive.plan"
local progress = require "googlemeet.archive.progress"
local sqlite = require "googlemeet.archive.sqlite"
local stores = require "googlemeet.archive.store"
local tables = require "googlemeet.archive.tables"
local time = require "googlemeet.time"
local unique = require "googlemeet.unique"

local archive = {
  directory = directory.open,
  progress = progress.new,
  sqlite = sqlite.open,
}

local DEFAULTS = {
  since = options.of "string or number or table",
  on_progress = options.of "function",
  files = options.of "boolean or string", -- "again": what was unavailable before, too
  now = options.of "string or number or table",
  settle_after = 21600, -- seconds after its end for which a conference may get artifacts
}

--- Kinds of error that every other conference would meet too.
local OF_ALL = { auth = true, connection = true, config = true, cancelled = true }

--- After so many temporary failures in a row, the list of records is read to find the cause.
local PATIENCE = 3

local function check(client)
  local kind = type(client)
  if kind ~= "userdata" and kind ~= "table" or not client.conference_records then
    error(("archive: a client expected, got %s"):format(kind), 3)
  end
end

--- Return the RFC 3339 time from which records are copied.
local function read_since(since)
  if since == nil then return nil end
  local seconds, nanoseconds = time.read(since)
  if not seconds then error(("archive: option 'since': %s"):format(nanoseconds), 3) end
  return time.format(seconds, nanoseconds)
end

--- Note a conference that could not be copied.
local function note_failure(run, name, err)
  table.insert(run.summary.failed, { name = name, err = err })
  return { name = name, state = "failed", counts = tables.count() }
end

--- Mark a conference as gone; its stored resources stay.
local function mark_gone(run, step)
  local record, old = step.record or {}, step.entry or {}
  local gone = entry.read {
    name = step.name, state = "gone",
    start_time = record.startTime or old.start_time, end_time = record.endTime or old.end_time,
    expire_time = step.expire_time, counts = old.counts,
  }
  local ok, err = stores.ask(run.store, "put", gone)
  if not ok then return nil, err end
  run.entries[step.name] = gone
  table.insert(run.summary.gone, step.name)
  run.in_a_row = 0
  return gone
end

--- Fetch a conference as `conference.fetch` does.
local function fetch(run, step)
  if step.record then return conference.fetch(run.client, step.record) end
  local record, err = run.client.conference_records:get(step.name)
  if not record then return nil, err end
  if record.name ~= step.name then
    return nil, failure.new("decode", "archive: the server sent another record", hints.DATA)
  end
  return conference.fetch(run.client, record)
end

--- Return the error that ends the run, if the server or the network causes the failures, not the
-- conference.
local function error_of_run(run, err)
  run.in_a_row = (failure.is_temporary(err) or err.kind == "tls") and run.in_a_row + 1 or 0
  if run.in_a_row < PATIENCE then return nil end
  run.in_a_row = 0
  local records, why = run.client.conference_records:list({ limit = 1 }):all()
  return not records and why or nil
end

--- Handle a conference that could not be fetched: mark it as gone or as failed, or end the run.
local function give_up(run, step, err)
  if err.kind == "not_found" then -- the record itself, or something below it?
    local record, why = run.client.conference_records:get(step.name)
    if not record and why.kind == "not_found" then return mark_gone(run, step) end
    if not record then err = why end
  end
  if OF_ALL[err.kind] then return nil, err end
  local failed = note_failure(run, step.name, err)
  local ends = error_of_run(run, err)
  if ends then return nil, ends end
  return failed
end

--- Complete an incomplete copy from the store.
local function complete(found, store, name)
  local old = type(store.read) == "function" and store:read(name)
  if not old then return end
  for _, part in ipairs(tables.parts) do
    local list = old[part] or {}
    found[part] = unique(table.move(found[part], 1, #found[part], #list + 1, list))
  end
end

--- Say whether a copy has fewer resources of any table than the store.
local function is_less(counts, old)
  for part, count in pairs(old and old.counts or {}) do
    if (counts[part] or 0) < count then return true end
  end
  return false
end

--- Count a conference that was copied whole.
local function count(run, made)
  local summary = run.summary
  run.in_a_row = 0
  summary.records = summary.records + 1
  summary.due = summary.due + (made.state == "due" and 1 or 0)
  for part, number in pairs(made.counts) do summary[part] = summary[part] + number end
  return made
end

--- Copy one conference. An incomplete copy is completed from the store, unless the stored copy
-- cannot be read and is larger.
---@return table|nil entry with its new state
---@return any err that ends the run
local function copy(run, step)
  local found, err = fetch(run, step)
  if not found then return give_up(run, step, err) end
  if err then complete(found, run.store, step.name) end
  local is_complete = not err and conference.is_complete(found, run.ended_before)
  local made = conference.entry(found, is_complete and "complete" or "due")
  if err and is_less(made.counts, step.entry) then return give_up(run, step, err) end
  local ok, why = stores.ask(run.store, "put", made, found)
  if not ok then
    if stores.is_of_data(why) then return note_failure(run, step.name, why) end
    return nil, why
  end
  run.entries[step.name] = made
  if not err then return count(run, made) end
  step.entry = made
  return give_up(run, step, err)
end

--- Return the steps of the run, or nil and err. Counts what is skipped, and notes what is refused.
local function make_plan(run, filter)
  local manifest, records, err
  manifest, err = stores.ask(run.store, "manifest")
  if not manifest then return nil, err end
  records, err = run.client.conference_records:list({ filter = filter }):all()
  if not records then return nil, err end
  for _, one in ipairs(manifest) do
    local kept = entry.read(one)
    if kept then run.entries[kept.name] = kept end
  end
  local steps, skipped, refused = plan.make(records, manifest)
  run.summary.skipped = skipped
  for _, name in ipairs(refused) do
    name = type(name) == "string" and core.text.plain(name) or "(no name)"
    note_failure(run, name, failure.new("decode",
      "archive: a conference record whose name is not like conferenceRecords/*", hints.DATA))
  end
  return steps
end

--- Copy every conference that is not complete in the store, the next to expire first.
local function copy_all(run, filter)
  local steps, err = make_plan(run, filter)
  if not steps then return nil, err end
  for index, step in ipairs(steps) do
    local copied, why = copy(run, step)
    if not copied then return nil, why, run.summary end
    if run.on_progress then
      run.on_progress {
        done = index, total = #steps, record = step.name, state = copied.state,
        counts = copied.counts,
      }
    end
  end
  if run.with_files then
    local ok, why = files.copy(run)
    if not ok then return nil, why, run.summary end
  end
  return run.summary
end

--- Begin a summary.
local function new_summary(with_files)
  local summary = tables.count()
  summary.records, summary.skipped, summary.due = 0, 0, 0
  summary.gone, summary.failed = {}, {}
  if with_files then
    summary.files, summary.bytes, summary.files_due, summary.unavailable = 0, 0, 0, {}
  end
  return summary
end

--- Copy conference records, participants, participant sessions, recordings, transcripts with their
-- entries and smart notes into a store: one conference after another, the next to expire first,
-- each stored as a whole. Conferences that are complete in the store are skipped.
--
-- A conference is complete when it ended more than `settle_after` seconds ago (artifacts appear
-- some time after the end) and every artifact has its file. Any other conference is stored as it
-- is, and copied again by the next run, whatever its `since`. A conference that the server has
-- deleted is marked as gone and keeps its stored resources. One that cannot be read or stored is
-- noted in `failed`, and the run goes on. Failures of the account, the network or the store end the
-- run. Where a part of a conference can be read, that part completes the stored copy, which is due
-- again.
--
-- With `files`, the texts of transcripts' documents and smart notes and the recordings of all
-- conferences in the store follow; see `archive.files`.
---@param client googlemeet.Client
---@param store googlemeet.ArchiveStore
---@param given? googlemeet.ArchiveOptions
---@return googlemeet.ArchiveSummary? summary
---@return googlemeet.Error? err that ended the run; conferences stored before are kept
---@return googlemeet.ArchiveSummary? so_far with an err that came after the list of records
local function call(_, client, store, given)
  check(client)
  local opts = options.merge(given, DEFAULTS)
  if type(opts.files) == "string" and opts.files ~= "again" then
    error("archive: option 'files': true, false or \"again\" expected", 2)
  end
  stores.check(store, opts.files)
  if opts.settle_after < 0 or opts.settle_after ~= opts.settle_after then
    error("archive: option 'settle_after': seconds expected, 0 or more", 2)
  end
  local since = read_since(opts.since)
  local now, reason = time.read(opts.now or os.time())
  if not now then error("archive: option 'now': " .. reason, 2) end
  local held <close>, err = stores.lock(store)
  if not held then return nil, err end
  if opts.files then
    local ok, why = files.check(client)
    if not ok then return nil, why end
  end
  return copy_all({
    client = client, store = store, summary = new_summary(opts.files), in_a_row = 0,
    ended_before = math.floor(now - opts.settle_after), on_progress = opts.on_progress,
    entries = {}, since = since and time.instant(since), with_files = opts.files,
    is_again = opts.files == "again",
  }, since and ('start_time>="%s"'):format(since))
end

return setmetatable(archive, { __call = call })
