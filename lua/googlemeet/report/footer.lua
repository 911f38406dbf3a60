--- The lines below the table of a report: who is missing, and what could not be read.
-- Pure.

local footer = {}

--- Return a sentence about what could not be read.
---@param report { incomplete: googlemeet.Incomplete[] }
---@return string? sentence nil when all could be read
function footer.incomplete(report)
  local kinds, seen, count = {}, {}, #report.incomplete
  if count == 0 then return nil end
  for _, one in ipairs(report.incomplete) do
    local kind = one.err.kind
    if not seen[kind] then kinds[#kinds + 1], seen[kind] = kind, true end
  end
  return ("Incomplete: %d participant%s could not be read completely (%s)"):format(count,
    count == 1 and "" or "s", table.concat(kinds, ", "))
end

--- Return a list of people as a line; "" without any.
---@param label string
---@param people string[]
---@param to_text fun(text: string): string escapes a text
---@return string
function footer.people(label, people, to_text)
  local who = {}
  for index, name in ipairs(people) do who[index] = to_text(name) end
  return #who > 0 and "\n" .. label .. ": " .. table.concat(who, ", ") .. "\n" or ""
end

--- Return the lines below a table.
---@param report { missing: string[], incomplete: googlemeet.Incomplete[] }
---@param to_text fun(text: string): string escapes a text
---@param guests? string lines about the guests of an event
---@return string
function footer.lines(report, to_text, guests)
  local sentence = footer.incomplete(report)
  return footer.people("Missing", report.missing, to_text) .. (guests or "")
    .. (sentence and "\n" .. to_text(sentence) .. "\n" or "")
end

return footer
