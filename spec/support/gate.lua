--- What the gates that run scenarios in processes have in common: which of them to run, and how
-- they end. The names of scenarios are the arguments of the command.

local uv = require "luv"

local gate = {}

local function all_scenarios(folder, parts)
  local list = {}
  for _, name in ipairs(parts) do
    local more = require(folder .. name)
    table.move(more, 1, #more, #list + 1, list)
  end
  return list
end

--- Return the scenarios that were named; without names all, but for those that are left out of a
-- short run.
---@param folder string of the modules that hold them, such as "spec.limiter."
---@param parts string[] names of these modules
---@param is_short boolean
---@return table[] scenarios
function gate.chosen(folder, parts, is_short)
  local wanted, found, all = {}, {}, all_scenarios(folder, parts)
  for _, name in ipairs(arg) do wanted[name] = true end
  for _, scenario in ipairs(all) do
    local is_wanted = wanted[scenario[1]]
    if #arg == 0 then is_wanted = not (is_short and scenario.is_long) end
    if is_wanted then found[#found + 1] = scenario end
  end
  if #arg > 0 and #found ~= #arg then
    local known = {}
    for index, scenario in ipairs(all) do known[index] = scenario[1] end
    error("a scenario that does not exist, or twice; there are " .. table.concat(known, " "), 0)
  end
  return found
end

--- See that nothing of the caller's reaches the processes, and that what was started ends with this
-- one.
---@param worlds { abandon: function }[]
function gate.prepare(worlds)
  for _, name in ipairs { "MATON_API_URL", "MATON_CONNECTION" } do uv.os_unsetenv(name) end
  for _, name in ipairs { "sigint", "sigterm" } do
    local signal = uv.new_signal()
    signal:start(name, function()
      for _, here in ipairs(worlds) do here:abandon() end
      os.exit(1)
    end)
    signal:unref()
  end
end

return gate
