-- An archive of conferences: opened, listed, and what a run did with it.
local command = require "shared.command"
local meet = require "googlemeet"

local archives = {}

local LINE = "%-16s  %-8s  %-16s  %6s  %7s  %s"
local PARTS = {
  "participants", "participant_sessions", "recordings", "transcripts", "transcript_entries",
  "smart_notes",
}

--- Check a day or an RFC 3339 time; nil is nil.
function archives.read_since(text)
  if text and not meet.time.read(text) then
    command.refuse(("--since: '%s' is no time"):format(text))
  end
  return text
end

--- Open the archive at a path. One that is only looked at has to be there.
local function open(path, is_directory, has_to_be_there)
  local file = has_to_be_there and io.open(path, "rb") -- a folder, too
  if file then file:close() end
  if has_to_be_there and not file then command.fail(path .. ": there is no such archive") end
  local store, err = meet.archive[is_directory and "directory" or "sqlite"](path)
  return store or command.fail(err)
end

local function read(store)
  local entries, err = store:manifest()
  return entries or command.fail(err)
end

--- Keep what is made up out of an archive of real conferences: these would count as deleted.
function archives.check(store, path, seeded)
  local made_up = {}
  for _, record in pairs(seeded.records) do made_up[record.name] = true end
  for _, entry in ipairs(read(store)) do
    if not made_up[entry.name] then
      command.fail(path .. " has conferences of a real account, and there is no MATON_API_KEY")
    end
  end
end

local function minute(time, otherwise)
  return time and command.one_line(time:sub(1, 16):gsub("T", " ")) or otherwise
end

--- Print what is in an archive, that first which the server deletes first.
function archives.list(store)
  local states = { complete = 0, due = 0, gone = 0 }
  print(LINE:format("Deleted (UTC)", "State", "Began (UTC)", "People", "Entries", "Conference"))
  for _, entry in ipairs(read(store)) do
    states[entry.state] = states[entry.state] + 1
    print(LINE:format(minute(entry.expire_time, "still running"), entry.state,
      minute(entry.start_time, "?"), entry.counts.participants, entry.counts.transcript_entries,
      command.one_line(entry.name:match "[^/]*$")))
  end
  print(("%d complete, %d due to be copied again, %d gone before they were complete"):format(
    states.complete, states.due, states.gone))
end

--- Print what was said or noted with all words of a text in it, the best match first.
function archives.search(store, text)
  local found, err = store:search(text)
  if not found then command.fail(err) end
  for _, one in ipairs(found) do
    local speaker = one.kind == "note" and "(note)" or one.speaker or "(unknown)"
    local snippet = command.one_line(one.snippet):gsub("  +", " ")
    print(("%-16s  %s: %s"):format(minute(one.time, "?"), command.one_line(speaker), snippet))
  end
  if #found == 0 then command.stop(1, "nothing was found") end
end

local APART = {
  { "since", "list" }, { "files", "list" }, { "search", "list" }, { "since", "search" },
  { "files", "search" },
}

--- Open the archive at a path, and do what asks nobody: --list and --search. Say whether that is
-- all.
function archives.begin(path, options)
  for _, pair in ipairs(APART) do
    if options[pair[1]] and options[pair[2]] then
      command.refuse(("--%s or --%s, not both"):format(pair[1], pair[2]))
    end
  end
  local store = open(path, options.directory, options.list or options.search)
  if options.list then archives.list(store) end
  if options.search then archives.search(store, options.search) end
  return store, options.list or options.search
end

--- Print what a run did, as far as it came; say whether nothing failed.
function archives.report(summary)
  if not summary then return end
  print(("%d conferences copied, %d of them not complete yet; %d were complete before"):format(
    summary.records, summary.due, summary.skipped))
  local parts = {}
  for index, part in ipairs(PARTS) do
    parts[index] = ("%d %s"):format(summary[part], (part:gsub("_", " ")))
  end
  print(table.concat(parts, ", "))
  if summary.files then
    print(("%d files copied, %.1f MB; %d are not complete yet"):format(summary.files,
      summary.bytes / 1000000, summary.files_due))
  end
  for _, one in ipairs(summary.unavailable or {}) do
    io.stderr:write("no file: ", command.one_line(one.name .. ": " .. tostring(one.err)), "\n")
  end
  for _, name in ipairs(summary.gone) do
    io.stderr:write("gone before it was complete: ", command.one_line(name), "\n")
  end
  for _, one in ipairs(summary.failed) do
    local name = one.file or one.name
    io.stderr:write("failed: ", command.one_line(name .. ": " .. tostring(one.err)), "\n")
  end
  return #summary.failed == 0
end

return archives
