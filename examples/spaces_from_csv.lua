-- Make a meeting space for each row of a CSV file, and write the links into another one. A run that
-- was cut short is taken up where it stopped, and no space is made twice.
package.path = arg[0]:gsub("[^/]*$", "?.lua;", 1) .. package.path -- finds shared/
local command = require "shared.command"
local _ <close> = command.ending() -- Ctrl-C is one line from here on
local account = require "shared.account"
local meetings = require "shared.meetings"
local spaces = require "shared.spaces"

local usage = [[
Usage: lua5.4 spaces_from_csv.lua [OPTION]... MEETINGS LINKS
Make a meeting space for each row of the CSV file MEETINGS, and write the CSV file LINKS. The same
command goes on where a run was cut short, and tries again what failed. A second run at the same
time ends at once; while a run goes on there is an empty file LINKS.lock.

  --again       make those spaces too of which it is not known whether they were made
  --no-limiter  share the limit with no other program
  --help        show this text

]] .. meetings.usage .. "\n" .. account.usage

local STOPS = { -- what the next row would meet as well
  auth = true, connection = true, config = true, tls = true, transport = true, rate_limited = true,
}

local options, words = command.read(usage, 2, 2)
local rows, links = meetings.read(words[1]), words[2]
local _ <close> = command.lock(links) -- two runs would make each space twice
meetings.recall(rows, links)
local client <close>, seeded = account.open(options)
local DONE = seeded and "made up" or "created"

--- Write down how it stands with a row, before anything else happens.
local function note(row, status, reason)
  row.status, row.reason = status, reason and tostring(reason) or ""
  meetings.save(rows, links)
end

local function is_due(row)
  if row.status == "created" or row.status == DONE then return false end
  return row.status ~= "ambiguous" or options.again
end

--- Make the space of a row. The row says "creating" only while a request may be under way, so that
-- a kill leaves no doubt about one that waits for the limit of new spaces.
local function create(row)
  local config = {
    accessType = row.access ~= "" and row.access or nil,
    moderation = row.moderation ~= "" and row.moderation or nil,
  }
  local space, err = spaces.create(client, { config = config }, function(state, seconds)
    if state == "sending" then return note(row, "creating") end
    note(row, "", "cut short while it waited for the limit of new spaces")
    command.progress(("waiting %.0f s: only so many spaces can be made in a minute"):format(
      seconds))
  end)
  if not space then return err end
  row.meeting_uri, row.meeting_code, row.name = space.meetingUri, space.meetingCode, space.name
  note(row, "failed", "cut short before the cohosts were added")
end

--- Add those cohosts that the space of a row does not have; give the last error and all of them.
local function add_cohosts(row)
  local present, err = client.members:list(row.name):all()
  if not present then return err, err end
  local has, reasons = {}, {}
  for _, member in ipairs(present) do has[(member.email or ""):lower()] = true end
  for email in row.cohosts:gmatch "[^;,%s]+" do
    local added, problem = has[email:lower()], nil
    if not added then
      added, problem = client.members:create(row.name, { email = email, role = "COHOST" })
    end
    if not added then
      err = problem
      reasons[#reasons + 1] = ("cohost %s: %s"):format(email, tostring(problem))
    end
  end
  return err, table.concat(reasons, "; ")
end

--- Do what is still to be done for a row; give the error that ends the run.
local function make(row)
  if row.status == "made up" or row.status == "ambiguous" then row.name = "" end
  local err, reason
  if row.name == "" then
    err = create(row)
    reason = err
  end
  if not err and row.cohosts:find "%S" then err, reason = add_cohosts(row) end
  if not err then return note(row, DONE) end
  local is_open = err.ambiguous and row.name == ""
  if seeded then row.name = "" end -- the next run has another made-up account
  note(row, is_open and "ambiguous" or "failed", reason)
  return STOPS[err.kind] and not is_open
end

local function report()
  local counts, left = {}, 0
  for _, row in ipairs(rows) do
    counts[row.status] = (counts[row.status] or 0) + 1
    if row.status == "failed" or row.status == "ambiguous" then
      local title, reason = command.one_line(row.title), command.one_line(row.reason)
      io.stderr:write(row.status, ": ", title, ": ", reason, "\n")
    end
    left = left + (row.status ~= "created" and row.status ~= DONE and 1 or 0)
  end
  local parts = {}
  for _, status in ipairs { "created", "made up", "failed", "ambiguous", "" } do
    local name = status == "" and "not tried" or status
    if counts[status] then parts[#parts + 1] = counts[status] .. " " .. name end
  end
  command.write(("%d meetings: %s; see %s\n"):format(#rows, table.concat(parts, ", "), links))
  return left == 0
end

meetings.save(rows, links) -- a file that cannot be written shows now
local is_whole, problem = pcall(function() -- Ctrl-C, too, ends with a report
  for number, row in ipairs(rows) do
    command.progress(("%d of %d"):format(number, #rows))
    if is_due(row) and make(row) then break end
  end
end)
command.progress ""
for _, row in ipairs(rows) do
  if row.status == "creating" then note(row, "ambiguous", "cut short while it was made") end
end
local is_good = report()
if not is_whole then command.fail(problem) end
if not is_good then command.stop(1) end
