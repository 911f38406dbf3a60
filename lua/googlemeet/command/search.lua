--- `googlemeet search`: what was said or noted in archived conferences.

local core = require "googlemeet.core"
local listing = require "googlemeet.command.archive.listing"
local meet = require "googlemeet"
local output = require "googlemeet.command.output"
local storage = require "googlemeet.command.archive.storage"

local function show(found)
  for _, one in ipairs(found) do
    local speaker = one.kind == "note" and "(note)" or one.speaker or "(unknown)"
    local snippet = output.one_line(one.snippet):gsub("  +", " ")
    output.print(("%-16s  %s: %s"):format(listing.minute(one.time, "?"),
      output.one_line(speaker), snippet))
  end
end

--- Read the name of a conference record; nil is nil.
local function read_record(given)
  if not given then return nil end
  local name, problem = meet.name.resolve("conference_record", given)
  return name or output.refuse("--record: " .. problem)
end

local function run(options, words)
  local record, path = read_record(options.record), words[1]
  if core.file.size(path .. "/manifest.json") then
    output.fail(path .. " is a directory; search needs an archive that is an SQLite database")
  end
  local store <close> = storage.open(path, false, true)
  local found, err = store:search(table.concat(words, " ", 2), {
    limit = options.limit, record = record, speaker = options.speaker,
  })
  if not found then output.fail(err) end
  if options.json then output.json(core.array(found)) else show(found) end
  if #found == 0 then output.stop(1, "nothing was found") end
end

return {
  name = "search",
  summary = "Find what was said or noted in archived conferences",
  synopsis = "[OPTION]... ARCHIVE WORD...",
  options = {
    { "limit", "NUMBER", "show at most NUMBER results (default 20)" },
    { "record", "NAME", "search one conference record" },
    { "speaker", "NAME", "search what the person with this display name said" },
  },
  common = { "json" },
  words = { 2, math.huge },
  text = [[
ARCHIVE is an SQLite database that `googlemeet archive` has written. A
transcript entry or a note is found when it contains all words; case and
accents do not matter. The best match comes first. The archive has the texts of
notes only after `googlemeet archive --files`. The command needs no key. The
status is 1 if nothing is found.
]],
  examples = {
    { "googlemeet search meetings.db roadmap", "where a word was said or noted" },
    { 'googlemeet search meetings.db --speaker "Bo Moreau" --limit 5 customer',
      "the five best matches of one speaker" },
  },
  run = run,
}
