-- The documents: what they have to name, what is generated in them, where their links lead. Their
-- scripts and commands are run by console_spec.

local blocks = require "spec.docs.blocks"
local contract = require "spec.support.contract"
local facts = require "spec.docs.facts"
local manual = require "spec.docs.manual"
local surface = require "spec.support.surface"
local tree = require "spec.support.tree"

local MANUAL <const> = "lua/README.md"

--- A pattern that finds `name` as a whole word.
local function word(name)
  return "%f[%w_]" .. name:gsub("%p", "%%%0") .. "%f[^%w_]"
end

describe(MANUAL, function()
  local text = tree.read(MANUAL)
  local known = facts.read()

  local headings = {}
  for _, heading in ipairs(manual.headings(text)) do headings[#headings + 1] = heading.title end

  --- Say whether no heading names it.
  local function lacks_heading(name)
    for _, title in ipairs(headings) do
      if title:find(word(name)) then return false end
    end
    return true
  end

  local function with_prefix(prefix, names)
    for index, name in ipairs(names) do names[index] = prefix .. name end
    return names
  end

  local subjects = {}
  for _, subject in ipairs(manual.subjects(text)) do subjects[subject] = true end

  local function lacks_block(subject)
    return not subjects[subject]
  end

  local function lacks_code(name)
    return not text:find("`[^`\n]*" .. word(name))
  end

  it("has the generated blocks that `make docs` writes", function()
    local filled = manual.fill(text, function(...) return blocks.write(known, ...) end)
    assert(text == filled, MANUAL .. " is out of step: make docs")
  end)

  it("names what the module exports", function()
    surface.complete(MANUAL, with_prefix("meet.", surface.modules()), function(name)
      return not text:find(word(name))
    end)
  end)

  it("has a heading for every function of a submodule", function()
    surface.complete(MANUAL, with_prefix("meet.", surface.functions()), lacks_heading)
  end)

  it("has a heading and the facts of every method of a service", function()
    for service, methods in pairs(surface.methods "services") do
      surface.complete(MANUAL, with_prefix("operation " .. service .. ".", methods), lacks_block)
    end
    for service, methods in pairs(surface.methods "services") do
      surface.complete(MANUAL, with_prefix("client." .. service .. ":", methods), lacks_heading)
    end
    assert(subjects.services, "no table of services")
  end)

  it("has a heading for every method of a resource; of several resources one is enough", function()
    for _, methods in pairs(surface.methods "resources") do
      surface.complete(MANUAL, methods, function(name)
        for _, title in ipairs(headings) do
          if title:find(":" .. name .. "%f[^%w_]") or title == name then return false end
        end
        return true
      end)
    end
  end)

  it("has a heading for every method of clients, lists, watchers, reports and the fake", function()
    for _, what in ipairs { "client", "pager", "gateway", "watcher", "report" } do
      surface.complete(MANUAL, with_prefix(what .. ":", surface.methods_of(what)), lacks_heading)
    end
  end)

  it("has an example under the heading of every function, or the way to one", function()
    local functions, lacking = 0, {}
    for title, from in text:gmatch "\n### ([%a_][%w_.]*[.:][%w_]+)\n()" do
      local body = text:sub(from, text:find("\n##+ ", from))
      functions = functions + 1
      if not body:find "\n```lua\n" and not body:find "%]%(#" then lacking[#lacking + 1] = title end
    end
    assert.same({}, lacking)
    assert.is_true(functions > 100, functions)
  end)

  it("has the fields of options, errors and resources", function()
    local names = {
      "Options", "Retry", "Rate", "AppConnections", "Clock", "RequestOptions", "CallOptions",
      "Error", "Event", "Stats", "Connection",
    }
    for schema in pairs(contract.schemas) do
      if known.types.classes["googlemeet." .. schema] then names[#names + 1] = schema end
    end
    surface.complete(MANUAL, with_prefix("class googlemeet.", names), lacks_block)
    surface.complete(MANUAL, surface.options "call_rows", lacks_code)
  end)

  it("has every class of options", function()
    local names = {}
    for name in pairs(known.types.classes) do
      if name:find "Options$" then names[#names + 1] = "class " .. name end
    end
    table.sort(names)
    surface.complete(MANUAL, names, lacks_block)
  end)

  it("has every value of the API, and every kind of error", function()
    surface.complete(MANUAL, { "alias googlemeet.Kind" }, lacks_block)
    local values = surface.error_kinds()
    for name, alias in pairs(known.types.aliases) do
      if contract.enums[name:gsub("^googlemeet%.", "")] then
        for _, row in ipairs(alias.values) do values[#values + 1] = row.value end
      end
    end
    surface.complete(MANUAL, values, lacks_code)
  end)
end)

describe("the documents", function()
  local documents = { "README.md", MANUAL, "examples/README.md", "src/README.md", "spec/README.md",
    "CHANGELOG.md", "src/DECISIONS.md" }
  table.move(tree.find(".github", "*.md"), 1, 1000, #documents + 1, documents)

  --- A document without code; an absent one is empty.
  local function prose_of(path)
    local file <close> = io.open(path, "rb")
    if not file then return "" end
    return (("\n" .. file:read "a"):gsub("\n%s*```.-\n%s*```%f[^`]", "\n"):gsub("`[^`\n]*`", ""))
  end

  --- The path of `target` as seen from the document at `path`.
  local function resolve(path, target)
    local full = (path:match "^(.*/)" or "") .. target
    repeat
      local times
      full, times = full:gsub("[^/]+/%.%./", "", 1)
    until times == 0
    return full
  end

  local anchors = {}
  local function anchors_of(path)
    if not anchors[path] then
      anchors[path] = {}
      for _, heading in ipairs(manual.headings(tree.read(path))) do
        anchors[path][heading.anchor] = true
      end
    end
    return anchors[path]
  end

  --- Say what is wrong with a link; nil where it leads to something.
  local function problem(path, target)
    if target:find "^https?://" or target:find "^mailto:" then return nil end
    local file, anchor = target:match "^([^#]*)#?(.*)$"
    local full = file == "" and path or resolve(path, file)
    local found = io.open(full) or io.open(full .. "/.")
    if not found then return "no file " .. full end
    found:close()
    if anchor ~= "" and not (full:find "%.md$" and anchors_of(full)[anchor]) then
      return ("no heading #%s in %s"):format(anchor, full)
    end
  end

  it("have links to files and headings that are there", function()
    local problems, count = {}, 0
    for _, path in ipairs(documents) do
      local prose = prose_of(path)
      for _, pattern in ipairs { "%]%(([^)%s]+)[^)]*%)", 'href="([^"]+)"', 'src="([^"]+)"' } do
        for target in prose:gmatch(pattern) do
          local found = problem(path, target)
          count = count + 1
          if found then problems[#problems + 1] = ("%s: %s"):format(path, found) end
        end
      end
    end
    assert(#problems == 0, table.concat(problems, "\n"))
    assert.is_true(count > 20)
  end)

  it("have the heading of one level below another, never of two", function()
    for _, path in ipairs(documents) do
      local before = 0
      for _, heading in ipairs(manual.headings(prose_of(path))) do
        assert(heading.level <= before + 1, path .. ": " .. heading.title)
        before = heading.level
      end
    end
  end)

  it("name every file in examples/, and no other, in the list of examples", function()
    local named = {}
    for name in tree.read("examples/README.md"):gmatch "%f[%w_]([%w_/]+%.lua)" do
      named[name:gsub("^examples/", "")] = true
    end
    for _, path in ipairs(tree.find("examples", "*.lua")) do
      local name = path:gsub("^examples/", "")
      assert(named[name], path)
      named[name] = nil
    end
    for name in pairs(named) do assert(io.open("examples/" .. name), name):close() end
  end)
end)
