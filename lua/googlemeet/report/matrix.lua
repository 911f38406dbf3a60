--- People over several conferences: a row for each person, a column for each conference.
-- Makes no requests; `attendance` and `talk_time` say what is counted.

local clock = require "googlemeet.report.clock"
local escape = require "googlemeet.report.escape"
local footer = require "googlemeet.report.footer"
local intervals = require "googlemeet.intervals"
local render = require "googlemeet.report.render"
local sort = require "googlemeet.sort"
local tabular = require "googlemeet.report.tabular"
local unique = require "googlemeet.unique"

local matrix = {}

---@class googlemeet.MatrixShape
---@field type string `__name` of the reports that are merged
---@field source string field of a report with the conference or transcript that it is about
---@field fields string[] fields of a row that `csv` and `json` show before the conferences
---@field people googlemeet.Column[] columns of `text` and `markdown`

--- Copy the reports: each source once, by start. A gap in the array is passed over.
---@param given table
---@param shape googlemeet.MatrixShape
---@return { name: string, source: table, report: table }[]? # nil when one is not a report
function matrix.sources(given, shape)
  local indexes, list = {}, {} -- by `#`, what is behind a gap could be left out
  for key in pairs(given) do -- `attendance:merge` gives the module, whose keys are names
    if math.type(key) == "integer" then
      indexes[#indexes + 1] = key
    elseif key ~= "n" then
      return nil
    end
  end
  table.sort(indexes)
  for _, index in ipairs(indexes) do
    local report = given[index]
    local metatable = getmetatable(report)
    if type(metatable) ~= "table" or metatable.__name ~= shape.type then return nil end
    local source = report[shape.source]
    list[#list + 1] = { name = source.name, source = source, report = report }
  end
  return sort.by(unique(list), function(one)
    return intervals.instant(one.source.startTime) or math.huge
  end)
end

--- Return the titles of the columns of conferences: their starts; the name of one that has none or
-- the same as another.
local function titles_of(conferences, offset)
  local count = {}
  for _, one in ipairs(conferences) do
    local at = intervals.instant(one.start_time)
    if at then count[at] = (count[at] or 0) + 1 end
  end
  local titles = {}
  for index, one in ipairs(conferences) do
    local start = count[intervals.instant(one.start_time)] == 1 and one.start_time
    titles[index] = start and (offset and clock.shift(start, offset) or start) or one.name
  end
  return titles
end

--- `text` and `markdown` have the sums. `csv` has the seconds of each conference in a separate
-- column, `json` under the conference's name.
local FORMATS = {
  text = function(self)
    return render.text(self.shape.people, self.list) .. footer.lines(self, escape.clean)
  end,
  markdown = function(self)
    return render.markdown(self.shape.people, self.list) .. footer.lines(self, escape.markdown)
  end,
  csv = function(self, offset, opts)
    local columns = render.columns(self.shape.fields)
    local titles = titles_of(self.conferences, offset)
    for index, one in ipairs(self.conferences) do
      columns[#columns + 1] = {
        title = titles[index], field = "by_conference",
        format = function(seconds) return seconds[one.name] end,
      }
    end
    return render.csv(columns, self.list, opts)
  end,
  json = function(self)
    local columns = render.columns(self.shape.fields)
    columns[#columns + 1] = { title = "by_conference", field = "by_conference" }
    return render.json(columns, self.list)
  end,
}

local METATABLE = tabular.metatable {
  name = "googlemeet.matrix", what = "a merged report", use = "for row in merged:rows() do",
  choices = "text, csv, markdown or json", formats = FORMATS,
}

--- Read a field of a response; a value that is not a string counts as absent.
local function text_of(value) return type(value) == "string" and value or nil end

--- Make the matrix.
---@param shape googlemeet.MatrixShape
---@param sources { name: string, source: table, report: table }[]
---@param rows table[] with `seconds` and `by_conference`; sorted in place
---@param missing? string[]
---@return table
function matrix.new(shape, sources, rows, missing)
  local conferences, incomplete = {}, {}
  for index, one in ipairs(sources) do
    conferences[index] = {
      name = one.name, start_time = text_of(one.source.startTime),
      end_time = text_of(one.source.endTime), title = one.report.title,
    }
    table.move(one.report.incomplete, 1, #one.report.incomplete, #incomplete + 1, incomplete)
  end
  return setmetatable({
    shape = shape, conferences = conferences, total = #rows, missing = missing or {},
    list = sort.by(rows, function(row) return -row.seconds end), incomplete = incomplete,
  }, METATABLE)
end

return matrix
