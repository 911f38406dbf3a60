--- What stands below the table of a report: who is missing, what is incomplete.
-- Pure.

local lines = {}

--- Return a sentence about what could not be read.
---@param report { incomplete: googlemeet.Incomplete[] }
---@return string? sentence nil when all could be read
function lines.incomplete(report)
  local kinds, seen, count = {}, {}, #report.incomplete
  if count == 0 then return nil end
  for _, one in ipairs(report.incomplete) do
    local kind = one.err.kind
    if not seen[kind] then kinds[#kinds + 1], seen[kind] = kind, true end
  end
  return ("Incomplete: %d participant%s could not be read whole (%s)"):format(count,
    count == 1 and "" or "s", table.concat(kinds, ", "))
end

--- Return the lines below a table.
---@param report { missing: string[], incomplete: googlemeet.Incomplete[] }
---@param to_text fun(text: string): string escapes a text
---@return string
function lines.below(report, to_text)
  local who, below = {}, ""
  for index, name in ipairs(report.missing) do who[index] = to_text(name) end
  if #who > 0 then below = "\nMissing: " .. table.concat(who, ", ") .. "\n" end
  local sentence = lines.incomplete(report)
  return sentence and below .. "\n" .. to_text(sentence) .. "\n" or below
end

return lines
