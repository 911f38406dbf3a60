--- How a download has ended, held against how it has to. Pure: files and journals are read before.

local judge = {}

local MODE = 384 -- 0600: for its owner alone
local LATER = 3 -- seconds that a call may take more than it has to, if not given

---@class Seen
---@field result? table of worker.lua; none where the process did not end
---@field content? string the name of what is in the target: "1" to "5", "old", "none", a "start" of
--- 1 or 2, or "mixed"
---@field length? integer of the target
---@field mode? integer of the target
---@field left integer how many files are beside it
---@field part? integer size of the part
---@field asked table[] of the server

--- What a call came to: a kind, or the content that has come whole, "short" if it is a start.
function judge.outcome(seen)
  local result = seen.result
  if not result then return "no end" end
  if result.raised then return "raised" end
  if result.kind then return result.kind end
  if seen.content == "start" then return "short" end
  return seen.content
end

local function has(words, word)
  return (" " .. words .. " "):find(" " .. word .. " ", 1, true) ~= nil
end

local function check_error(seen, is_path, check)
  local result = seen.result
  check(result.hint and result.hint ~= "", "no hint: %s", result.error)
  check(not result.error:find "%c", "more than a line: %s", result.error)
  local untouched = is_path and (seen.content == "old" or seen.content == "none")
  local start = seen.content == "start" or seen.content == "4" or tonumber(seen.content)
  check(untouched or not is_path and start, "after an error the target has %s", seen.content)
end

local function check_result(seen, is_path, check)
  local result = seen.result
  if result.raised then return check(false, "it raised %s", result.raised) end
  check(result.usable, "the client is of no use any more")
  if result.kind then return check_error(seen, is_path, check) end
  check(result.bytes == seen.length, "%s is there, %s reported", seen.length, result.bytes)
  check(result.progress.calls > 0 and result.progress.bytes == result.bytes,
    "on_progress ended at %d of %d", result.progress.bytes, result.bytes)
  if not is_path then return end
  check(seen.left == 0, "%d files are left beside it", seen.left)
  check(seen.mode == MODE, "its mode is %o", seen.mode or 0)
end

--- Check one request; the first byte that it asks for, nil without a range.
local function check_request(entry, case, check)
  if (case.version or case.versions) == nil then
    check(not entry.range or entry.if_range, "%s without If-Range", entry.range)
  end
  check(not (entry.if_range or ""):find "^W/", "If-Range with %s", entry.if_range)
  check(not entry.encoding or entry.encoding == "identity", "Accept-Encoding: %s", entry.encoding)
  if not entry.range then return nil end
  local first = tonumber(entry.range:match "^bytes=(%d+)%-$")
  check(first, "a strange range: %s", entry.range)
  return first
end

local function check_asked(seen, case, way, size, check)
  local sent, has_resumed = 0, false
  for _, entry in ipairs(seen.asked) do
    sent = sent + entry.sent
    local first = check_request(entry, case, check)
    if entry.status == 206 and first and first > 0 then has_resumed = true end
  end
  local is_cut_short = way == "sink" and seen.result.kind
  local resumes = case.resumes and not is_cut_short
  check(not resumes or has_resumed, "it did not go on, but began anew")
  check(not case.most or #seen.asked <= case.most, "%d requests", #seen.asked)
  check(#seen.asked > 0, "nothing was asked for")
  check(not case.served or sent <= case.served * size, "%d bytes sent for %d", sent, size)
end

local function check_part(seen, case, outcome, check)
  if not case.part or not has(case.path, outcome) then return end
  if case.part == "kept" then
    check(seen.part and seen.part > 0, "no part is left")
  else
    check(seen.left == 0, "%d files are left", seen.left)
  end
end

--- What is wrong with a call of a case, in words; none where all is as it has to be.
---@param seen Seen
---@param case OddCase
---@param way "path"|"sink"|"again"
---@param size integer of what was to come
---@return string[]
function judge.problems(seen, case, way, size)
  local problems = {}
  local function check(is_so, text, ...)
    if not is_so then problems[#problems + 1] = text:format(...) end
  end
  local outcome = judge.outcome(seen)
  check(has(case[way], outcome), "%s, not %s", outcome, case[way])
  if not seen.result then return problems end
  check_result(seen, way ~= "sink", check)
  if way ~= "again" then
    local least, seconds = case.seconds or 0, seen.result.seconds
    local is_in_time = seconds >= least and seconds <= (case.longest or least + LATER)
    check(is_in_time, "it took %.2f s", seconds)
  end
  -- With a second call to come, that one is judged by all requests.
  if way ~= "path" or not case.again then check_asked(seen, case, way, size, check) end
  if way == "path" then check_part(seen, case, outcome, check) end
  return problems
end

return judge
