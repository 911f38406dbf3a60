--- What the generated parts are made from, read from the tree: operations, types, enums.

local annotations = require "spec.docs.annotations"
local files = require "spec.docs.files"
local operations = require "spec.docs.operations"
local cjson = require("cjson").new()

local facts = {}

local read <const> = files.read

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

--- Read the facts from the tree, which is the current folder.
function facts.read()
  return {
    operations = operations.read(read "src/operation.c"),
    links = read_links(read "lua/googlemeet/resources.lua"),
    types = annotations.read(files.read_types()),
    enums = cjson.decode(read "spec/contract/meet-v2.json").enums,
  }
end

return facts
