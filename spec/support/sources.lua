--- Who uses whom among C sources, and whether that goes round. A node is a name, its .c and its .h
-- together; `edges[from][to]` is true where `from` uses `to`.

local sources = {}

--- The headers that a C text includes: "buffer" for "buffer.h", "<curl>" and "<lua>" for theirs.
function sources.headers_of(text)
  local included = {}
  for open, header in text:gmatch '#%s*include%s*([<"])([^>"]+)' do
    if open == '"' then
      included[#included + 1] = header:gsub("%.h$", "")
    elseif header:find "^curl/" then
      included[#included + 1] = "<curl>"
    elseif header:find "^lua[%w]*%.h" or header:find "^lauxlib" then
      included[#included + 1] = "<lua>"
    end
  end
  return included
end

local function add(edges, from, to)
  edges[from] = edges[from] or {}
  if to and to ~= from then edges[from][to] = true end
end

--- The edges of #include, from the text of each file by its path.
---@param texts table<string, string>
function sources.includes(texts)
  local edges = {}
  for path, text in pairs(texts) do
    local name = path:match "([^/]+)%.[ch]$"
    add(edges, name)
    for _, header in ipairs(sources.headers_of(text)) do add(edges, name, header) end
  end
  return edges
end

--- The edges of calls and other uses: from an object with an undefined symbol to the object that
--- defines it. `listing` is what `nm -A -P` prints.
function sources.calls(listing)
  local edges, definer, uses = {}, {}, {}
  for name, symbol, type in listing:gmatch "([^/\n]+)%.o: (%S+) (%a)" do
    add(edges, name)
    if type == "U" then
      uses[#uses + 1] = { name, symbol }
    elseif type:find "%u" then
      definer[symbol] = name
    end
  end
  for _, use in ipairs(uses) do add(edges, use[1], definer[use[2]]) end
  return edges
end

local function sorted(set)
  local names = {}
  for name in pairs(set) do names[#names + 1] = name end
  table.sort(names)
  return names
end

--- Name a circle, as "a -> b -> a", or give nil: depth first, and an edge back to a node that the
--- path comes through closes one.
function sources.circle(edges)
  local path, place, done = {}, {}, {}

  local function visit(name)
    if place[name] then
      path[#path + 1] = name
      return table.concat(path, " -> ", place[name])
    elseif done[name] then
      return nil
    end
    path[#path + 1] = name
    place[name] = #path
    for _, used in ipairs(sorted(edges[name] or {})) do
      local found = visit(used)
      if found then return found end
    end
    path[#path], place[name], done[name] = nil, nil, true
  end

  for _, name in ipairs(sorted(edges)) do
    local found = visit(name)
    if found then return found end
  end
end

return sources
