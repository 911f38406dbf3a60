-- Show what happens in conferences while it happens: who comes and goes, ends, and files.
package.path = arg[0]:gsub("[^/]*$", "?.lua;", 1) .. package.path -- finds shared/
local command = require "shared.command"
local _ <close> = command.ending() -- Ctrl-C is one line from here on
local account = require "shared.account"
local core = require "googlemeet.core"
local json = require "cjson.safe"
local meet = require "googlemeet"
local rehearsal = require "shared.rehearsal"

local usage = [[
Usage: lua5.4 monitor.lua [OPTION]... [WHAT]...
Show who joins and leaves conferences, when they start and end, and when their files are there: a
line for each event, with its time (UTC). Ctrl-C ends it, with status 130.

  --interval SECONDS  the time between two polls (5)
  --state FILE        go on where FILE says that an earlier run ended, and keep it up to date;
                      needs WHAT
  --no-limiter        share the limit with no other program
  --help              show this text

WHAT is the link, code or name of a meeting: the conference that runs in it, and all that follow.
Or it is the name of a conference record; when all of these are over, with their files there, it
ends by itself. Without WHAT these are the records of the conferences that run now.
]] .. account.usage

local WIDTH = 24 -- of names

local options, words = command.read(usage, 0, math.huge)
if options.interval == 0 then command.refuse "--interval: more than 0 seconds expected" end
if options.state and #words == 0 then command.refuse "--state needs WHAT" end
local names = account.resolve_all(words)

local client <close> = account.open(options, { stage = rehearsal.new() })

local NO_SUCH_FILE = 2 -- ENOENT

local _ <close> = options.state and command.lock(options.state)

--- What an earlier run kept in a file, if there is one.
local function stored(path)
  local text, problem, number = core.file.read(path)
  if not text and number ~= NO_SUCH_FILE then command.fail(problem) end
  local state = text and json.decode(text)
  if text and type(state) ~= "table" then
    command.fail(path .. ": this is not what --state has written")
  end
  return state
end

local kept -- covers what was printed, and no more

--- Keep where a next run goes on.
local function keep(watcher)
  kept = json.encode(watcher:state())
  if options.state then command.replace(kept, options.state) end
end

local said, has_failed = {}, false

--- Say what is wrong, once until a poll succeeds.
local function complain(failure)
  local line = command.one_line(failure)
  has_failed = true
  if not said[line] then io.stderr:write(line, "\n") end
  said[line] = true
end

local function after_poll(watcher)
  if not has_failed then said = {} end
  has_failed = false
  keep(watcher)
end

if #words == 0 then names.conference_record = account.running(client) end
local is_good, watcher, err = pcall(meet.watch, client, {
  spaces = names.space, records = names.conference_record, interval = options.interval,
  state = options.state and stored(options.state), on_poll = after_poll, on_error = complain,
})
if not is_good then command.fail(watcher) end
if not watcher then command.fail(options.state .. ": " .. tostring(err)) end
keep(watcher) -- before the first poll: whether it can be written is known at once

local function line_of(event)
  local file = event.recording or event.transcript or event.smart_note
  local place = file and (file.driveDestination or file.docsDestination)
  local who = place and place.exportUri or event.participant and event.participant:display_name()
  who = command.one_line(who or "")
  local gap = (" "):rep(WIDTH - (utf8.len(who) or #who))
  return ("%s %s  %-16s  %s  %s\n"):format(event.time:sub(1, 10), event.time:sub(12, 19),
    event.type:gsub("_", " "), who .. gap, meet.name.id(event.record))
end

io.stdout:setvbuf "line" -- in a pipe too
local is_over, problem = pcall(function()
  for event in watcher do
    command.write(line_of(event))
    keep(watcher)
  end
  keep(watcher) -- that all is over
end)
if options.state then command.replace(kept, options.state) end -- Ctrl-C may have come before it
if not is_over then command.fail(problem) end
