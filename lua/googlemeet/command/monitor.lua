--- `googlemeet monitor`: what happens in conferences while it happens.

local account = require "googlemeet.command.account"
local core = require "googlemeet.core"
local meet = require "googlemeet"
local output = require "googlemeet.command.output"
local rehearsal = require "googlemeet.command.monitor.rehearsal"
local width = require "googlemeet.unicode.width"

local NO_SUCH_FILE = 2 -- ENOENT
local WIDTH = 24 -- of names

--- Read what an earlier run kept in a file, if there is one.
local function stored(path)
  local text, problem, number = core.file.read(path)
  if not text and number ~= NO_SUCH_FILE then output.fail(problem) end
  local state = text and core.decode(text)
  if text and type(state) ~= "table" then
    output.fail(path .. ": this is not what --state has written")
  end
  return state
end

--- Make the functions that print failures: each once, until a poll succeeds.
local function make_complaints()
  local printed, has_failed = {}, false
  local function complain(failure)
    local line = tostring(failure)
    has_failed = true
    if not printed[line] then output.complain(line) end
    printed[line] = true
  end
  local function after_poll()
    if not has_failed then printed = {} end
    has_failed = false
  end
  return complain, after_poll
end

--- Open a watcher, and return it with the function that keeps where a next run goes on.
local function open(options, names, client)
  local complain, after_poll = make_complaints()
  local keeper = {}
  function keeper.keep(watcher)
    keeper.state = core.encode(watcher:state()) -- covers what was printed, and no more
    if options.state then output.replace(keeper.state, options.state) end
  end
  local is_good, watcher, err = pcall(meet.watch, client, {
    spaces = names.space, records = names.conference_record, interval = options.interval,
    state = options.state and stored(options.state), on_error = complain,
    on_poll = function(watcher)
      after_poll()
      keeper.keep(watcher)
    end,
  })
  if not is_good then output.fail(watcher) end
  if not watcher then output.fail(options.state .. ": " .. tostring(err)) end
  keeper.keep(watcher) -- before the first poll: whether it can be written is known at once
  return watcher, keeper
end

--- Print an event for people: time, what happened, who or which file, and the conference.
local function print_event(event)
  local file = event.recording or event.transcript or event.smart_note
  local place = file and (file.driveDestination or file.docsDestination)
  local who = place and place.exportUri or event.participant and event.participant:display_name()
  who = output.one_line(who or "")
  local gap = (" "):rep(WIDTH - (utf8.len(who) and width.of(who) or #who))
  output.print(("%s %s  %-16s  %s  %s"):format(event.time:sub(1, 10), event.time:sub(12, 19),
    event.type:gsub("_", " "), who .. gap, meet.name.id(event.record)))
end

local function run(options, words)
  if options.interval == 0 then output.refuse "--interval: more than 0 seconds expected" end
  if options.state and #words == 0 then output.refuse "--state needs WHAT" end
  local names = account.resolve_all(words)
  local client <close> = account.open(options, options.demo and { stage = rehearsal.new() })
  local _ <close> = options.state and output.lock(options.state)
  if #words == 0 then names.conference_record = account.running(client) end
  local watcher, keeper = open(options, names, client)
  local show = options.json and output.json or print_event
  local is_over, problem = pcall(function()
    for event in watcher do
      show(event)
      keeper.keep(watcher)
    end
    keeper.keep(watcher) -- that all is over
  end)
  if options.state then output.replace(keeper.state, options.state) end -- Ctrl-C came before it?
  if not is_over then output.fail(problem) end
end

return {
  name = "monitor",
  summary = "Show what happens in conferences while it happens",
  synopsis = "[OPTION]... [WHAT]...",
  options = {
    { "interval", "SECONDS", "time between two polls (default 5)" },
    { "state", "FILE", "continue where the last run with FILE ended; needs WHAT" },
  },
  common = { "json", "demo", "no-limiter" },
  words = { 0, math.huge },
  text = [[
The command prints a line for each event, with its time in UTC: a conference
starts or ends, someone joins or leaves, a file is ready. With --json each line
is a JSON object.

If WHAT is a meeting (its link, code or name), the command watches all its
conferences until Ctrl-C (status 130). If WHAT is the name of a conference
record, the command ends when all records have ended and their files are ready,
or will not come. Without WHAT it watches the conferences that run now, as
records.

With --state each event is printed exactly once over all runs. One exception: a
kill between printing an event and writing FILE repeats that event.
]],
  examples = {
    { "googlemeet monitor --demo", "a conference of the demo account, in three seconds" },
    { "googlemeet monitor --state meeting.json hpk-vtwd-ens",
      "one meeting, over several runs" },
  },
  run = run,
}
