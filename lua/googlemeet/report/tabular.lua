--- What reports that are a list of rows have in common: how the rows are read and written.

local clock = require "googlemeet.report.clock"
local csv = require "googlemeet.report.csv"
local misuse = require "googlemeet.misuse"

local tabular = {}

---@class googlemeet.TabularShape
---@field name string `__name` of the reports
---@field what string as errors call one, such as "a report"
---@field use string what to write to read its rows
---@field choices string the names of the formats, as errors list them
---@field formats table<string, fun(report: table, offset: integer?, opts: table): string?, table?>

--- Make the metatable of reports, each with its rows in `list`.
---@param shape googlemeet.TabularShape
---@return table metatable
function tabular.metatable(shape)
  local methods = {}

  --- Iterate over the rows.
  ---@return fun(): table?
  function methods:rows()
    local index = 0
    return function()
      index = index + 1
      return self.list[index]
    end
  end

  --- Write the report.
  ---@param format? string default: text
  ---@param opts? googlemeet.ZoneOptions `bom` and `separator` are of `csv` only
  ---@return string? text
  ---@return googlemeet.Error? err
  function methods:render(format, opts)
    local write = shape.formats[format or "text"]
    if not write then
      error(("render: unknown format '%s'; use %s"):format(tostring(format), shape.choices), 2)
    end
    if format == "csv" then
      return write(self, clock.options(opts, csv.OPTIONS, csv.problem))
    end
    return write(self, clock.options(opts))
  end

  return misuse.guard_array({ __name = shape.name, __index = methods }, shape.what, shape.use)
end

return tabular
