--- Reads messages that are written as a list of their fields, for masks of fields.

--- Read "name" and "name:Message" into rows of `googlemeet.testing.schema`.
---@param text string
---@return table<string, table>
local function message(text)
  local rows = {}
  for name, of in text:gmatch "(%a[%w]*):?(%a*)" do
    rows[name] = { type = of ~= "" and "object" or "string", of = of ~= "" and of or nil }
  end
  return rows
end

return message
