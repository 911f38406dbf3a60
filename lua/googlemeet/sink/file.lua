--- The file of a download. A partial file grows beside the target, with a note of what it is a part
-- of, and is renamed when it is complete. Both survive the end of the process, so that the next one
-- continues.

local core = require "googlemeet.core"
local failure = require "googlemeet.failure"

local file = {}

local VERSION = 1 -- of the note

local HINTS = {
  absent = "create its folder, or give another path",
  descriptors = "allow the process more (ulimit -n), or have fewer downloads under way",
  denied = "let this user write there, or give another path; the disk may be mounted read-only",
  full = "free some disk space, then call it again: the part that has arrived is kept",
  lost = "call it again, and keep other programs out of the folder",
  locked = "wait until the other download to this path has ended, or give another path",
  name = "give a shorter path",
  type = "remove what has that name, or give another path",
}

local File = { __name = "googlemeet.sink.file" }
File.__index = File

--- Return an error from the results of core.file.
local function fail(message, number)
  local reason = core.file.reason(number)
  local kind = (reason == "locked" or reason == "lost") and "conflict" or "config"
  return nil, failure.new(kind, message, HINTS[reason])
end

--- Return a valid field of a note. A note is data: anybody may have written it.
local function validator_of(note)
  local text = note.validator
  return type(text) == "string" and not text:find "[^ -~]" and text or nil
end

local function total_of(note)
  local total = math.tointeger(note.total)
  return total and total > 0 and total or nil
end

--- Read the note about the partial file; nothing when that belongs to another download.
local function read_note(text, identity, version)
  local note = text and core.decode(text)
  if type(note) ~= "table" or note.format ~= VERSION or note.identity ~= identity then
    return nil
  end
  local validator = validator_of(note)
  if not validator and (version == nil or note.version ~= version) then return nil end
  return { validator = validator, total = total_of(note) }
end

--- Make the target for a path, not yet open. Its owner closes it, whatever happens.
---@param path string
---@param identity string of what is downloaded
---@param version? string
---@return table target
function file.new(path, identity, version)
  return setmetatable({
    part = false, path = path, identity = identity, have = { bytes = 0, version = version },
  }, File)
end

--- Open the partial file.
---@return true|nil
---@return googlemeet.Error? err of kind `conflict` where another download has it open
function File:open()
  local message, number
  self.part, message, number = core.file.part(self.path)
  if not self.part then return fail(message, number) end
  local have, size = self.have, self.part:size() or 0
  local known = size > 0 and read_note(self.part:note(), self.identity, have.version)
  if not known then return true end
  have.validator, have.total = known.validator, known.total
  -- The last of all its bytes is requested again, which shows whether the version is the same.
  have.bytes = have.total and math.min(size, have.total - 1) or size
  return true
end

--- Say whether another call can continue the partial file.
function File:is_kept()
  return self.have.bytes > 0 and (self.have.validator or self.have.version) ~= nil
end

--- Write a note of what an answer begins; nil when no call could continue it.
local function note_of(self)
  local have = self.have
  if not have.validator and not have.version then return nil end
  return assert(core.encode {
    format = VERSION, identity = self.identity, version = have.version,
    validator = have.validator, total = have.total,
  })
end

--- The partial file belongs to another version: drop it and request everything again.
---@return boolean is_over false
function File:changed()
  local have = self.have
  have.bytes, have.validator, have.total = 0, nil, nil
  return false
end

--- Drop the partial file, if there is one: a server without ranges may still send the whole body.
---@return boolean has_let_go
function File:lets_go()
  if self.have.bytes == 0 then return false end
  self:changed()
  return true
end

--- Continue behind the first bytes of the partial file.
---@param bytes integer
---@return true|nil
---@return googlemeet.Error? err
function File:cut(bytes)
  self.have.bytes = bytes
  local ok, message, number = self.part:cut(bytes)
  if not ok then return fail(message, number) end
  return true
end

--- Prepare for an answer's body: it continues the partial file, or starts again.
---@return true|nil
---@return googlemeet.Error? err
function File:prepare(answer)
  local have = self.have
  have.total = answer.total
  if answer.verdict == "goes on" then return self:cut(have.bytes) end
  have.bytes, have.validator = 0, answer.validator
  local ok, message, number = self.part:restart(note_of(self))
  if not ok then return fail(message, number) end
  return true
end

--- Append a chunk.
---@return true|nil
---@return googlemeet.Error? err
function File:put(chunk)
  local ok, message, number = self.part:write(chunk)
  if not ok then return fail(message, number) end
  self.have.bytes = self.have.bytes + #chunk
  return true
end

--- Append the body of a stream, below Lua.
---@param stream userdata
---@param on_bytes fun(): boolean? called now and then; nil and an error end it
---@return true|nil
---@return googlemeet.Error? err
function File:take(stream, on_bytes)
  local before = self.have.bytes
  while true do
    local count, over = core.stream.into(stream, self.part)
    self.have.bytes = count and before + count or self.part:size() or before
    if not count then
      if over.kind == "config" then over.message = ("%s: %s"):format(self.path, over.message) end
      return nil, over
    end
    if over then return true end
    local goes_on, err = on_bytes()
    if not goes_on then return nil, err end
  end
end

--- Say whether the download can continue after a broken answer. Without a version it starts again,
-- because the rest could be of any version.
---@return boolean
function File:may_go_on()
  if not (self.have.validator or self.have.version) then self:changed() end
  return true
end

--- The file is complete: put it in its place.
---@return true|nil
---@return googlemeet.Error? err
function File:finish()
  local ok, message, number = self.part:take()
  if not ok then return fail(message, number) end
  return true
end

--- Drop the bytes that have arrived: they are refused.
function File:drop()
  self.part:close(false)
  self.have.bytes = 0
end

--- Keep the partial file for another call, if that can continue it.
function File:close()
  if self.part then self.part:close(self:is_kept()) end
end

File.__close = File.close

return file
