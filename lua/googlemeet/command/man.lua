--- `googlemeet man`: the manual page, from the tables of the subcommands.

local arguments = require "googlemeet.command.arguments"
local meet = require "googlemeet"
local output = require "googlemeet.command.output"
local roff = require "googlemeet.command.roff"
local subcommands = require "googlemeet.command.subcommands"

local RELEASED = "2026-11-30" -- the day of this version in CHANGELOG.md

local HEAD = [[
.\" Printed by `googlemeet man`.
.TH GOOGLEMEET 1 %s "googlemeet %s" "User Commands"
.nh
.ad l
.SH NAME
googlemeet \- Google Meet from the command line
.SH SYNOPSIS
.B googlemeet
.I SUBCOMMAND
.RI [ OPTION ]...
.RI [ ARGUMENT ]...
.br
.B googlemeet help
.RI [ SUBCOMMAND ]
.br
.B googlemeet \-\-version
.SH DESCRIPTION
.B googlemeet
reads and changes the meetings of a Google account through the Maton gateway.
It uses the Google account connected to
.BR MATON_API_KEY ,
a key from the settings at https://maton.ai.
With
.B \-\-demo
it uses a demo account in memory and needs no key: it sends nothing, and its
changes are lost when it ends.
.SH COMMON OPTIONS
Every subcommand takes
.BR \-\-help .
It takes the other options if its section lists them.
]]

local TAIL = [[
.SH EXIT STATUS
.TP
.B 0
Success.
.TP
.B 1
Failure, described on standard error.
.TP
.B 2
The arguments cannot be used.
.TP
.B 130
Ctrl\-C ended the command.
.SH ENVIRONMENT
.TP
.B MATON_API_KEY
The API key.
.TP
.B MATON_API_URL
The base URL of another gateway, such as the one that
.B googlemeet serve
prints.
.TP
.B MATON_CONNECTION
The id of the connection to use if several are ACTIVE.
.TP
.BR https_proxy ", " no_proxy
The proxy, and the hosts that are reached without it.
.TP
.B GOOGLEMEET_TRACE
With any value, each attempt at a request writes one line to standard error.
.SH FILES
.TP
.I /tmp/googlemeet\-UID/limit
The rate limit that processes of one user share, unless they have
.BR \-\-no\-limiter .
]]

--- Write an option as a paragraph with a tag.
local function option(row)
  local name = roff.escape("--" .. row[1])
  local tag = row[2] and (".BI %s \" %s\""):format(name, row[2]) or ".B " .. name
  return (".TP\n%s\n%s\n"):format(tag, roff.fill(row[3]:gsub("^%l", string.upper) .. "."))
end

local function example(row)
  return (".PP\n%s:\n.PP\n.RS\n.nf\n%s\n.fi\n.RE\n"):format(
    roff.escape(row[2]:gsub("^%l", string.upper)), roff.escape(row[1]))
end

--- List the shared options that a subcommand takes, in one sentence.
local function common(subcommand)
  local names = {}
  for index, name in ipairs(subcommand.common) do names[index] = roff.escape("--" .. name) end
  local last = table.remove(names)
  if not last then return "" end
  local before = names[1] and (".B %s\nand\n"):format(table.concat(names, ", ")) or ""
  return (".PP\nCommon options:\n%s.BR %s .\n"):format(before, last)
end

local function section(subcommand)
  local parts = {
    (".SS \"googlemeet %s %s\"\n%s.\n"):format(subcommand.name, roff.escape(subcommand.synopsis),
      roff.escape(subcommand.summary)),
  }
  for _, row in ipairs(subcommand.options) do parts[#parts + 1] = option(row) end
  parts[#parts + 1] = common(subcommand)
  parts[#parts + 1] = subcommand.text and roff.prose(subcommand.text) or ""
  for _, row in ipairs(subcommand.examples) do parts[#parts + 1] = example(row) end
  return table.concat(parts)
end

local function page()
  local parts = { HEAD:format(RELEASED, meet.version) }
  for _, row in ipairs(arguments.shared_rows()) do parts[#parts + 1] = option(row) end
  parts[#parts + 1] = ".SH SUBCOMMANDS\n"
  for _, subcommand in ipairs(subcommands.all()) do parts[#parts + 1] = section(subcommand) end
  parts[#parts + 1] = TAIL
  return table.concat(parts)
end

return {
  name = "man",
  summary = "Print the manual page of the command",
  synopsis = "[OPTION]...",
  options = {},
  common = {},
  words = { 0, 0 },
  text = "make install installs this page.\n",
  examples = {
    { "googlemeet man | man -l -", "read the page" },
  },
  run = function() output.write(page()) end,
}
