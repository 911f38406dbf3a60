--- Advice of the module, which is for scripts, as advice for a shell.

local advice = {}

--- What a script writes, and what does the same in a shell.
local ROWS <const> = {
  -- options of connections, which the command does not set
  { "pass the id of an ACTIVE [%w-]+ connection as the option 'connections%.%w+': ", "" },
  { "; then pass its id as the option 'connections%.%w+', or delete it", "" },
  { ",? or connections:create%(%),?", "" },
  { 'client%.connections:connect { app = "([%w-]+)"[^}]*}', "googlemeet connect --app %1" },
  { "client%.connections:connect", "googlemeet connect" },
  { 'client%.connections:list { app = "([%w-]+)" }', "googlemeet connect --list --app %1" },
  { "client%.connections:list%(%)", "googlemeet connect --list" },
  { "client%.connections:get%(id%)", "googlemeet get connections/ID" },
  { "as the option 'connection', or in MATON_CONNECTION", "in MATON_CONNECTION" },
  { "as the option 'connection'", "in MATON_CONNECTION" },
  { "set the option 'connection'", "set MATON_CONNECTION" },
  { " or the option 'api_key'", "" },
  { "option 'state': ", "" },
  { "give what watcher:state%(%) returned, or start without 'state'", "give --state another file" },
  { "client:doctor%(%)", "googlemeet doctor" },
  { "the option 'proxy', or ", "" },
  { ", or set 'ca_file'", "" },
  { ", or raise '[%w_]+'", "" },
  { "; 'details' may name the field", "" },
  { "; 'body', if set, holds the start of the response", "" },
  { "give meet%.limiter%.file [^]]+", "remove it, or add --no-limiter" },
  { "'retry_after' seconds, or a minute where it is nil,", "a minute," },
}

--- Replace calls and options in a text by commands and variables.
---@param text string
---@return string
function advice.in_a_shell(text)
  for _, row in ipairs(ROWS) do text = text:gsub(row[1], row[2]) end
  return text
end

return advice
