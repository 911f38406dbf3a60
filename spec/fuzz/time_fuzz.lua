-- Times: what is read is written and read as the same instant; and the reader of HTTP dates in C
-- agrees with the one of RFC 3339 in Lua about every instant that both can name.
-- A text is read as it is; its bytes are taken for the parts of a date, too.

local meet = require "googlemeet"

local time = meet.time
local NONSENSE = 1e9 -- seconds; the core takes a Retry-After beyond it for no date
local LONGEST_WAIT = 3600 -- seconds: however long a server asks for
local MONTHS = {
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
}

local function check_text(text)
  local seconds, nanoseconds = time.parse(text)
  if not seconds then
    assert(nanoseconds:find "^%C+$", "the reason is no line")
    return
  end
  assert(math.type(seconds) == "integer" and math.type(nanoseconds) == "integer")
  assert(nanoseconds >= 0 and nanoseconds <= 999999999)
  local again, rest = time.parse(time.format(seconds, nanoseconds))
  assert(again == seconds and rest == nanoseconds, "it is written as another instant")
end

--- Seconds from `now` that a Retry-After of this date asks for, as the core reads it; nil: no date.
local function retry_after(date, now)
  local client <close> = assert(meet.new {
    api_key = "k", rate = false, retry = false,
    clock = { now = function() return 0 end, sleep = function() end },
    transport = function()
      return { status = 503, headers = { ["Retry-After"] = date }, body = "{}" }
    end,
  })
  local before = now()
  local _, err = client.spaces:get "x"
  return err.retry_after and err.retry_after + before, now() - before
end

local function check_parts(text)
  local year, month, day, hour, minute, second = text:byte(1, 6)
  if not second then return end
  year, month, day = 2026 + year % 30, month % 12 + 1, day % 34
  hour, minute, second = hour % 26, minute % 62, second % 62
  local date = ("Mon, %02d %s %04d %02d:%02d:%02d GMT"):format(day, MONTHS[month], year, hour,
    minute, second)
  local seconds = time.parse(("%04d-%02d-%02dT%02d:%02d:%02dZ"):format(year, month, day, hour,
    minute, second))
  local asked, slack = retry_after(date, os.time)
  if not seconds then -- HTTP has leap seconds anywhere
    assert(not asked or second == 60, date .. " is a date in C only")
    return
  end
  local margin = slack + 2
  if seconds - os.time() > NONSENSE - margin and not asked then return end
  assert(asked, date .. " is no date in C")
  if asked > os.time() then -- what is past is no wait
    local expected = math.min(seconds, os.time() + LONGEST_WAIT)
    assert(math.abs(asked - expected) <= margin, date .. " is another instant in C")
  end
end

return function(text)
  check_text(text)
  check_parts(text)
end
