--- `googlemeet spaces`: a meeting space for each row of a CSV file. A run that was interrupted is
-- continued by the next one, and no space is made twice.

local account = require "googlemeet.command.account"
local advice = require "googlemeet.command.advice"
local creation = require "googlemeet.command.spaces.creation"
local meetings = require "googlemeet.command.spaces.meetings"
local output = require "googlemeet.command.output"

--- Kinds of error that the next row would meet as well.
local STOPS = {
  auth = true, connection = true, config = true, tls = true, transport = true, rate_limited = true,
}

--- Write down the state of a row, before anything else happens.
local function note(job, row, status, reason)
  row.status, row.reason = status, reason and advice.in_a_shell(tostring(reason)) or ""
  meetings.save(job.rows, job.path)
end

local function is_done(job, row) return row.status == "created" or row.status == job.done end

local function is_due(job, row)
  return not is_done(job, row) and (row.status ~= "ambiguous" or job.is_again)
end

--- Make the space of a row. The row says "creating" only while a request may be under way, so that
-- a kill leaves no doubt about one that waits for the limit of new spaces. Return an error and
-- the reason, or nothing.
local function create(job, row)
  local config = {
    accessType = row.access ~= "" and row.access or nil,
    moderation = row.moderation ~= "" and row.moderation or nil,
  }
  local space, err = creation.create(job.client, { config = config }, function(state, seconds)
    if state == "sending" then return note(job, row, "creating") end
    note(job, row, "", "interrupted while it waited for the limit of new spaces")
    output.progress(("waiting %.0f s for the limit of new spaces"):format(seconds))
  end)
  if not space then return err, err end
  for _, field in ipairs { "name", "meetingUri", "meetingCode" } do
    if type(space[field]) ~= "string" then
      return { ambiguous = true }, ("the server returned a space without %s"):format(field)
    end
  end
  row.meeting_uri, row.meeting_code, row.name = space.meetingUri, space.meetingCode, space.name
  note(job, row, "failed", "interrupted before the cohosts were added")
end

--- Add those cohosts that the space of a row does not have. Return the last error and all of them.
local function add_cohosts(job, row)
  local members = job.client.members
  local present, err = members:list(row.name):all()
  if not present then return err, err end
  local has, reasons = {}, {}
  for _, member in ipairs(present) do has[(member.email or ""):lower()] = true end
  for email in row.cohosts:gmatch "[^;,%s]+" do
    local added, problem = has[email:lower()], nil
    if not added then
      added, problem = members:create(row.name, { email = email, role = "COHOST" })
    end
    if not added then
      err = problem
      reasons[#reasons + 1] = ("cohost %s: %s"):format(email, tostring(problem))
    end
  end
  return err, table.concat(reasons, "; ")
end

--- Forget the space of a row: this account does not have it, or it is unknown.
local function forget(row)
  row.meeting_uri, row.meeting_code, row.name = "", "", ""
end

--- Do what is due for a row. Return whether the run ends with it.
local function make(job, row)
  if row.status == "demo" or row.status == "ambiguous" then forget(row) end
  local err, reason
  if row.name == "" then
    err, reason = create(job, row)
  end
  if not err and row.cohosts:find "%S" then err, reason = add_cohosts(job, row) end
  if not err then return note(job, row, job.done) end
  local is_open = err.ambiguous and row.name == ""
  if job.is_demo then forget(row) end -- the next run has another demo account
  note(job, row, is_open and "ambiguous" or "failed", reason)
  return STOPS[err.kind] and not is_open
end

--- Write how many rows have each status; nothing of no rows.
local function totals(counts)
  local parts = {}
  for _, status in ipairs { "created", "demo", "failed", "ambiguous", "" } do
    local name = status == "" and "not tried" or status
    if counts[status] then parts[#parts + 1] = counts[status] .. " " .. name end
  end
  return parts[1] and ": " .. table.concat(parts, ", ") or ""
end

--- Print the totals, or all rows as JSON; and on standard error the rows that are not done. Return
-- whether all are.
local function report(job, is_json)
  local counts, left = {}, 0
  for _, row in ipairs(job.rows) do
    counts[row.status] = (counts[row.status] or 0) + 1
    if row.status == "failed" or row.status == "ambiguous" then
      output.complain(("%s: %s: %s"):format(row.status, row.title, row.reason))
    end
    left = left + (is_done(job, row) and 0 or 1)
  end
  if is_json then
    output.json(meetings.outcomes(job.rows))
    return left == 0
  end
  output.print(("%d meetings%s; see %s"):format(#job.rows, totals(counts), job.path))
  return left == 0
end

local function make_all(job)
  for number, row in ipairs(job.rows) do
    output.progress(("%d of %d"):format(number, #job.rows))
    if is_due(job, row) and make(job, row) then break end
  end
end

--- Keep the demo account out of a list of real spaces.
local function check(rows, path)
  for _, group in ipairs { rows, rows.gone } do
    for _, row in ipairs(group) do
      if row.status == "ambiguous" or row.name ~= "" and row.status ~= "demo" then
        output.fail(path .. " has spaces of a real account; --demo needs another file")
      end
    end
  end
end

local function run(options, words)
  local rows, path = meetings.read(words[1]), words[2]
  local _ <close> = output.lock(path) -- two runs would make each space twice
  meetings.recall(rows, path)
  local client <close>, seeded = account.open(options)
  if seeded then check(rows, path) end
  local job = {
    rows = rows, path = path, client = client, is_again = options.again, is_demo = seeded ~= nil,
    done = seeded and "demo" or "created",
  }
  meetings.save(rows, path) -- a file that cannot be written shows now
  local is_whole, problem = pcall(make_all, job) -- Ctrl-C, too, ends with a report
  output.progress ""
  for _, row in ipairs(rows) do
    if row.status == "creating" then
      note(job, row, "ambiguous", "interrupted while it was made")
    end
  end
  local is_good = report(job, options.json)
  if not is_whole then output.fail(problem) end
  if not is_good then output.stop(1) end
end

return {
  name = "spaces",
  summary = "Make a meeting space for each row of a CSV file",
  synopsis = "[OPTION]... MEETINGS LINKS",
  options = {
    { "again", false, "also retry ambiguous rows; their spaces can then exist twice" },
  },
  common = { "json", "demo", "no-limiter" },
  words = { 2, 2 },
  text = [[
The command reads MEETINGS and writes LINKS. If you run it again, it continues
where it was interrupted, and retries failed rows. It makes no space twice. A
second run at the same time ends at once. During a run the file LINKS.lock
exists. Google allows 10 new spaces a minute. --json prints the rows of LINKS.

Columns of MEETINGS, named in its first row and separated by commas, semicolons
or tabs:
  title       required; no two rows have the same title
  access      OPEN, TRUSTED or RESTRICTED; empty: the account's default
  moderation  ON or OFF; empty: the account's default
  cohosts     addresses, separated by semicolons, commas or blanks

Columns of LINKS: title, meeting_uri, meeting_code, name, status, reason.
Status:
  created     done
  failed      see the reason; the next run retries
  ambiguous   it is unknown whether the space exists; only --again retries
  creating    a request is under way, or was when the command was killed; the
              next run makes the row ambiguous
  demo        done in the demo account
  (empty)     not tried yet
]],
  examples = {
    { "googlemeet spaces --demo meetings.csv links.csv", "try a list in the demo account" },
    { "googlemeet spaces meetings.csv links.csv", "make the spaces" },
  },
  run = run,
}
