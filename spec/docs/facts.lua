--- What the generated parts are made from, read from the tree: operations, types, enums.

local annotations = require "spec.docs.annotations"
local operations = require "spec.docs.operations"
local tree = require "spec.support.tree"
local cjson = require("cjson").new()

local facts = {}

--- Return the methods of resources that call a service: `resource`, `method`, `service`, `calls`.
local function read_links(source)
  local links, rows = {}, source:match "\nlocal links = (%b{})":sub(2, -2)
  for resource, methods in rows:gmatch "([%l_]+) = (%b{})" do
    for method, service, calls in methods:gmatch '([%l_]+) = { "([%l_]+)", "([%l_]+)" }' do
      links[#links + 1] = { resource = resource, method = method, service = service, calls = calls }
    end
  end
  return links
end

--- Return the paths of the declarations for editors.
---@return string[] paths in order
function facts.declarations()
  return tree.find("lua/googlemeet/types", "*.lua")
end

--- Return all declarations for editors as one text.
---@return string
function facts.types()
  local texts = {}
  for _, path in ipairs(facts.declarations()) do texts[#texts + 1] = tree.read(path) end
  return table.concat(texts, "\n")
end

--- Read the facts from the tree, which is the current folder.
function facts.read()
  return {
    operations = operations.read(tree.read "src/operation.c"),
    links = read_links(tree.read "lua/googlemeet/resources.lua"),
    types = annotations.read(facts.types()),
    enums = cjson.decode(tree.read "spec/contract/meet-v2.json").enums,
  }
end

return facts
