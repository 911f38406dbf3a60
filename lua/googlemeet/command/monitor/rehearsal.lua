--- What happens in the running conference of the demo account while it is watched: a quarter of an
-- hour from ten o'clock on, which takes three seconds.

local meet = require "googlemeet"

local SPEED = 300
local OPENING = os.time() // 86400 * 86400 + 36000

--- List what happens: seconds after ten o'clock, and a method of the fake with its arguments.
local function script_of(record)
  local ada, bo = record.participants[1], record.participants[2]
  return {
    { 21.4, "add_participant", record, {
      display_name = "Guest from Lund", kind = "anonymous", start_time = OPENING + 21.4,
    } },
    { 48.7, "leave", bo },
    { 95.2, "add_session", bo, { start_time = OPENING + 95.2 } },
    { 160.5, "leave", ada },
    { 181.9, "end_conference", record },
    { 255, "set_state", record.recordings[1], "FILE_GENERATED" },
    { 300, "set_state", record.transcripts[1], "FILE_GENERATED" },
  }
end

local rehearsal = {}

--- Make a `stage` for `account.open`: a clock that only sleeping moves, and what happens meanwhile.
---@return table
function rehearsal.new()
  local real, seconds = meet.new { api_key = "none", transport = function() end }, OPENING
  local stage, script, due, gateway = { clock = {} }, {}, 1, nil

  function stage.play(fake, seeded)
    gateway, script = fake, script_of(seeded.records.live)
  end

  function stage.clock.now() return seconds end

  function stage.clock.sleep(length)
    local target = seconds + length
    while script[due] and OPENING + script[due][1] <= target do
      seconds = math.max(seconds, OPENING + script[due][1])
      gateway[script[due][2]](gateway, table.unpack(script[due], 3))
      due = due + 1
    end
    seconds = target
    real:sleep(length / SPEED)
  end

  return stage
end

return rehearsal
