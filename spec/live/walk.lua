--- The walk of `make live`: its rows in order, each asked once, whatever becomes of the others.

local answer = require "spec.live.answer"
local calendar = require "spec.live.questions.calendar"
local files = require "spec.live.questions.files"
local gateway = require "spec.live.questions.gateway"
local meet = require "spec.live.questions.meet"
local operations = require "spec.live.operations"
local world = require "spec.live.world"

local say = answer.say
local walk = {}

local CLEANING = "what was made here"

--- What the interpreter says when it ends a script by Ctrl-C.
walk.INTERRUPTED = "interrupted!"

--- In this order: what writes make is asked about, too, before it goes.
local CHAPTERS = {
  { "Operations: connections", operations.connections },
  { "Operations: writes on what is made here", operations.begin },
  { "Operations: reads", operations.reads },
  { "Meet", meet.reads },
  { "Meet: writes on what was made here", meet.writes },
  { "Meet: batches", meet.batch },
  { "Operations: the other writes", operations.finish },
  { "Meet: what is gone", meet.last },
  { "The gateway", gateway.reads },
  { "Drive and Docs", files },
  { "Calendar", calendar },
  { "More requests than the gateway takes", gateway.bursts },
}

--- Return the titles of all rows: constants.
---@return string[]
function walk.titles()
  local titles = { CLEANING }
  for _, chapter in ipairs(CHAPTERS) do
    titles[#titles + 1] = chapter[1]
    for _, row in ipairs(chapter[2]) do titles[#titles + 1] = row[1] end
  end
  return titles
end

--- Ask one question. An error is none of the walk's, but for the end and Ctrl-C.
local function ask(here, question)
  here:begin()
  local asked, result = pcall(question, here)
  if asked and answer.is(result) then return result end
  if result == world.STOP then
    here.stopped = true
    return here.problem
  elseif result == world.ENDLESS then
    return say.endless()
  elseif type(result) == "string" and result:find(walk.INTERRUPTED, 1, true) then
    error(result, 0)
  end
  here.redact:note(result)
  return say.raised()
end

local function ask_all(here, rows)
  for _, chapter in ipairs(CHAPTERS) do
    rows[#rows + 1] = { chapter = chapter[1] }
    for _, row in ipairs(chapter[2]) do
      local result = here.stopped and say.stopped() or ask(here, row[2])
      rows[#rows + 1] = { title = row[1], answer = result }
    end
  end
end

--- Withhold the rows that show what they must not.
local function check(here, rows)
  local lines = {}
  for index, row in ipairs(rows) do
    lines[index] = row.chapter or ("%s  %s"):format(row.title, row.answer.text)
  end
  for index in pairs(here.redact:find(lines)) do
    rows[index].answer = rows[index].answer and say.withheld()
  end
end

--- Walk an account. What is made there is deleted, whatever happens.
---@param client googlemeet.Client
---@param options table as for `world.open`, without titles
---@return { chapter: string?, title: string?, answer: { text: string }? }[] rows
---@return { requests: integer, stopped: boolean } facts
function walk.run(client, options)
  local opened = { titles = walk.titles() }
  for name, value in pairs(options) do opened[name] = value end
  local here, rows = world.open(client, opened), {}
  local went, problem = pcall(ask_all, here, rows)
  local deleted, left, spaces = here:clean()
  if not went then error(problem, 0) end
  if here.writes then
    rows[#rows + 1] = { title = CLEANING, answer = say.cleaned(deleted, left, spaces) }
  end
  check(here, rows)
  return rows, { requests = here.requests, stopped = here.stopped == true }
end

--- Write rows as lines of plain text.
---@return string
function walk.write(rows)
  local lines, width = {}, 0
  for _, row in ipairs(rows) do width = math.max(width, #(row.title or "")) end
  for _, row in ipairs(rows) do
    if row.chapter then
      lines[#lines + 1] = "\n" .. row.chapter
    else
      lines[#lines + 1] = ("  %-" .. width .. "s  %s"):format(row.title, row.answer.text)
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

return walk
