-- Copy conferences into a database or a directory, before Google deletes them.
package.path = arg[0]:gsub("[^/]*$", "?.lua;", 1) .. package.path -- finds shared/
local command = require "shared.command"
local _ <close> = command.ending() -- Ctrl-C is one line from here on
local account = require "shared.account"
local archives = require "shared.archives"
local meet = require "googlemeet"

local usage = [[
Usage: lua5.4 archive.lua [OPTION]... PATH
Copy conferences, with all that Google deletes 30 days after their end, into the SQLite database
PATH. The next run copies what is new or was not complete; each may be cut short at any moment.

  --directory   PATH is a directory, with a file of JSON lines for each conference
  --files       copy texts of notes and transcripts into PATH, too, and recordings into PATH-files
                or, with --directory, PATH/files
  --since TIME  only conferences that began then or later: a day like 2026-11-01, or RFC 3339
  --list        copy nothing: list what is in PATH, in the order in which Google deletes it
  --search TEXT copy nothing: show what was said, or noted, in PATH with all words of TEXT in it
  --no-limiter  share the limit with no other program
  --help        show this text

]] .. account.usage

local options, words = command.read(usage, 1, 1)
local path, since = words[1], archives.read_since(options.since)
local store <close>, is_done = archives.begin(path, options)
if is_done then return end
local client <close>, seeded = account.open(options, { rate = false })
if seeded then archives.check(store, path, seeded) end
local is_whole, summary, err, so_far = pcall(meet.archive, client, store, {
  since = since, files = options.files, on_progress = meet.archive.progress(),
})
command.progress "" -- what follows begins on a line of its own
if not is_whole then command.fail(summary) end -- Ctrl-C
local is_good = archives.report(summary or so_far)
if err then command.fail(err) end
if not is_good then command.stop(1) end
