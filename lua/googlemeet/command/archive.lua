--- `googlemeet archive`: conferences copied before Google deletes them.

local account = require "googlemeet.command.account"
local arguments = require "googlemeet.command.arguments"
local listing = require "googlemeet.command.archive.listing"
local meet = require "googlemeet"
local output = require "googlemeet.command.output"
local storage = require "googlemeet.command.archive.storage"
local summaries = require "googlemeet.command.archive.summaries"

--- Check a day or an RFC 3339 time; nil is nil.
local function read_since(text)
  if text and not meet.time.read(text) then
    output.refuse(("--since: '%s' is not a time"):format(text))
  end
  return text
end

local function copy(options, path, store)
  local client <close>, seeded = account.open(options, { rate = false })
  if seeded then storage.check(store, path, seeded) end
  local is_whole, summary, err, so_far = pcall(meet.archive, client, store, {
    since = options.since, files = options.files, on_progress = meet.archive.progress(),
  })
  output.progress "" -- what follows begins on a new line
  if not is_whole then output.fail(summary) end -- Ctrl-C
  local is_good = summaries.show(summary or so_far, options.json)
  if err then output.fail(err) end
  if not is_good then output.stop(1) end
end

local function run(options, words)
  arguments.exclude(options, { "since", "list" })
  arguments.exclude(options, { "files", "list" })
  read_since(options.since)
  local path = words[1]
  local store <close> = storage.open(path, options.directory, options.list)
  if options.list then return listing.show(store, options.json) end
  copy(options, path, store)
end

return {
  name = "archive",
  summary = "Copy conferences before Google deletes them",
  synopsis = "[OPTION]... PATH",
  options = {
    { "directory", false, "PATH is a directory with one file of JSON lines per conference" },
    { "files", false, "also copy recordings and the texts of notes and transcripts" },
    { "since", "TIME",
      "copy only what began at TIME or later: a day such as 2026-11-01, or RFC 3339" },
    { "list", false, "copy nothing; list the conferences in PATH, the next to expire first" },
  },
  common = { "json", "demo", "no-limiter" },
  words = { 1, 1 },
  text = [[
PATH is an SQLite database, or with --directory a directory. Google deletes a
conference 30 days after its end. Run this daily: each run copies conferences
that are new or were incomplete. You can interrupt or kill a run at any moment.
A second run at the same time ends at once.

With --files, texts go into PATH, and recordings into the folder PATH-files or,
with --directory, PATH/files.

--json prints a summary of the run, or with --list an array of conferences.
]],
  examples = {
    { "googlemeet archive --demo demo.db", "all conferences of the demo account" },
    { "googlemeet archive --list demo.db", "what is in it, and when Google deletes it" },
    { "googlemeet archive --files --since 2026-11-01 meetings.db",
      "what began since a day, with texts and recordings" },
  },
  run = run,
}
