--- What the specs of `make live` share: an account on the fake, a walk of it, and a judge of what
-- the table shows of it.

local assert = require "luassert"
local contract = require "spec.support.contract"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"
local raw = require "spec.live.raw"
local walk = require "spec.live.walk"

local live = { KEY = "test-key", MEMBER = "zoe.andersson@example.org" }

--- A fake with an account, and what a walk of it takes.
function live.account(options)
  local clock = manual_clock()
  local gateway = meet.testing.gateway { clock = clock, limits = options and options.limits }
  gateway:seed()
  return { gateway = gateway, clock = clock, transport = gateway.transport }
end

--- Walk an account; give the table, its rows and the facts.
function live.walked(here, options)
  local client <close> = assert(meet.new {
    api_key = live.KEY, transport = here.transport, clock = here.clock,
  })
  local all = {
    secrets = { live.KEY, live.MEMBER }, raw = raw.by_transport(here.transport, live.KEY),
  }
  for name, value in pairs(options or {}) do all[name] = value end
  local rows, facts = walk.run(client, all)
  return walk.write(rows), rows, facts
end

--- Give the answers by the titles of their rows.
function live.answers_of(rows)
  local answers = {}
  for _, row in ipairs(rows) do
    if row.title then answers[row.title] = row.answer.text end
  end
  return answers
end

--- Add every text of a value, but for the names of the contract: they are no secret.
local function add_texts(texts, value, exempt)
  if type(value) == "table" then
    for name, item in next, value do
      add_texts(texts, name, exempt)
      add_texts(texts, item, exempt)
    end
  elseif type(value) == "string" and #value >= 4 and not exempt[value] then
    texts[value:lower()] = true
  end
end

--- The names that the contract has: fields, values of enums, apps.
local function contract_names()
  local names = {}
  for _, set in ipairs { contract, contract.others } do
    for _, schema in pairs(set.schemas) do
      for name in pairs(schema.fields) do names[name] = true end
    end
    for _, enum in pairs(set.enums) do
      for _, value in ipairs(enum.values) do names[value] = true end
    end
  end
  for _, name in ipairs { "google-meet", "google-drive", "google-docs", "google-calendar" } do
    names[name] = true
  end
  return names
end

--- Every text of the resources of a fake: connections, what Meet has, files, events.
local function texts_of(gateway)
  local texts, exempt, seen = {}, contract_names(), {}
  local function add_nodes(value)
    if type(value) ~= "table" or seen[value] then return end
    seen[value] = true
    if type(rawget(value, "resource")) == "table" then
      add_texts(texts, value.resource, exempt)
      if type(value.name) == "string" then texts[value.name:lower()] = true end
    end
    for _, item in next, value do add_nodes(item) end
  end
  add_nodes(gateway.state.connections.list)
  return texts
end

--- Fail with every text of an account, and every word of a name or an address, in the output.
function live.assert_silent(output, gateway)
  local lowered, count = output:lower(), 0
  for text in pairs(texts_of(gateway)) do
    count = count + 1
    assert(not lowered:find(text, 1, true), "the table shows " .. text)
  end
  assert.is_true(count > 1000)
  for _, word in ipairs { live.KEY, live.MEMBER, "andersson", "bergqvist", "moreau", "hpk-vtwd-ens",
    "qm7xt2klw9za", "example.com", "example.org", "session_token", "5b0f7c7e", "482913377" } do
    assert(not lowered:find(word, 1, true), "the table shows " .. word)
  end
end

function live.writes_of(log)
  local writes = {}
  for _, entry in ipairs(log) do
    if entry.method ~= "GET" then writes[#writes + 1] = entry end
  end
  return writes
end

--- The operations of Meet and the gateway in a log, by their ids; how many there are.
function live.operations_in(log)
  local ours, found, count = {}, {}, 0
  for _, row in ipairs(contract.operations) do ours[row.id] = true end
  for _, entry in ipairs(log) do
    local id = entry.operation
    if ours[id] and not found[id] then found[id], count = true, count + 1 end
  end
  return found, count
end

function live.assert_whole(rows)
  local titles = {}
  for _, title in ipairs(walk.titles()) do titles[title] = true end
  for _, row in ipairs(rows) do
    titles[row.chapter or row.title] = nil
    local text = row.answer and row.answer.text or ""
    assert(not text:find "^failed" and not text:find "^withheld", (row.title or "") .. text)
  end
  titles["what was made here"] = nil
  assert.same({}, titles)
end

return live
