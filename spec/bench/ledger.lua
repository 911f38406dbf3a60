--- The table of the bench: printed row by row, kept for RESULTS.md, failures counted.

local ledger = { failures = 0, missed = 0, rows = {} }

local ROW = "%-25s %-12s %8s %6s %6s  %-15s %s"
local HEAD = { "work", "figure", "ours", "goal", "limit", "least - most", "" }

function ledger.fail(message, ...)
  ledger.failures = ledger.failures + 1
  print("FAIL  " .. message:format(...))
end

function ledger.median(values)
  local sorted = table.move(values, 1, #values, 1, {})
  table.sort(sorted)
  local middle = #sorted // 2
  local value = #sorted % 2 == 1 and sorted[middle + 1] or (sorted[middle] + sorted[middle + 1]) / 2
  return value, sorted[1], sorted[#sorted]
end

local function write(cells)
  ledger.rows[#ledger.rows + 1] = cells
  print((ROW:format(table.unpack(cells)):gsub("%s+$", "")))
end

function ledger.head() print(ROW:format(table.unpack(HEAD))) end

local function number(value, form)
  return value and (value == math.floor(value) and "%d" or form):format(value) or ""
end

--- One figure: `values` of all rounds, of which the median counts, or one `value`. `goal` is where
--- it is to get, `limit` must hold.
---@param row { work: string, figure: string, values: number[]?, value: number?, goal: number?,
--- limit: number?, note: string? }
function ledger.row(row)
  local value, least, most = row.value, nil, nil
  if row.values then value, least, most = ledger.median(row.values) end
  local note = row.note or ""
  if row.goal and value > row.goal then
    ledger.missed = ledger.missed + 1
    note = "MISSED " .. note
  end
  write {
    row.work, row.figure, row.values and ("%.3f"):format(value) or number(value, "%.3f"),
    number(row.goal, "%.2f"), number(row.limit, "%.2f"),
    row.values and #row.values > 1 and ("%.3f - %.3f"):format(least, most) or "", note,
  }
  if row.limit and value > row.limit then
    ledger.fail("%s: %s is %.3f, over %.2f", row.work, row.figure, value, row.limit)
  end
end

--- A line that is there to be read: no goal, no limit.
function ledger.note(work, figure, note) write { work, figure, "", "", "", "", note } end

--- All rows as a table of Markdown.
function ledger.markdown()
  local lines = { "| work | figure | ours | goal | limit | least – most | |",
    "|---|---|---|---|---|---|---|" }
  for _, cells in ipairs(ledger.rows) do
    lines[#lines + 1] = "| " .. table.concat(cells, " | "):gsub(" %- ", " – ") .. " |"
  end
  return table.concat(lines, "\n") .. "\n"
end

return ledger
