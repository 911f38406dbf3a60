--- A download's file: it grows beside its place, with a note of what it is a part of, and is put
-- there when it is whole. Both survive the end of the process, so that the next one goes on.

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
  type = "remove the file that is there, or give another path",
}

local File = { __name = "googlemeet.sink.file" }
File.__index = File

--- Fail with what core.file has returned.
local function fail(message, number)
  local reason = core.file.reason(number)
  local kind = (reason == "locked" or reason == "lost") and "conflict" or "config"
  return nil, failure.new(kind, message, HINTS[reason])
end

--- Return a note's field that can be used. A note is data: somebody may have written it.
local function validator_of(note)
  local text = note.validator
  return type(text) == "string" and not text:find "[^ -~]" and text or nil
end

local function total_of(note)
  local total = math.tointeger(note.total)
  return total and total > 0 and total or nil
end

--- Read what the note says of the bytes that are there; nothing where they are of something else.
local function read_note(text, identity, version)
  local note = text and core.decode(text)
  if type(note) ~= "table" or note.format ~= VERSION or note.identity ~= identity then
    return nil
  end
  local validator = validator_of(note)
  if not validator and (version == nil or note.version ~= version) then return nil end
  return { validator = validator, total = total_of(note) }
end

--- Make the target for a path, closed as yet: its owner closes it, whatever happens.
---@param path string
---@param identity string of what is downloaded
---@param version? string
---@return table target
function file.new(path, identity, version)
  return setmetatable({
    part = false, path = path, identity = identity, have = { bytes = 0, version = version },
  }, File)
end

--- Open the file that grows.
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
  -- Of all its bytes the last one is asked for again: that shows whether it is still the same.
  have.bytes = have.total and math.min(size, have.total - 1) or size
  return true
end

--- Say whether what is there can be gone on with by another call.
function File:is_kept()
  return self.have.bytes > 0 and (self.have.validator or self.have.version) ~= nil
end

--- Write a note of what an answer begins; nil where no call could go on with that.
local function note_of(self)
  local have = self.have
  if not have.validator and not have.version then return nil end
  return assert(core.encode {
    format = VERSION, identity = self.identity, version = have.version,
    validator = have.validator, total = have.total,
  })
end

--- What is there belongs to another version: it goes, and all is asked for again.
---@return boolean is_over false
function File:changed()
  local have = self.have
  have.bytes, have.validator, have.total = 0, nil, nil
  return false
end

--- Let go of what is there, if there is anything: a server that does not know ranges may still send
-- the whole.
---@return boolean has_let_go
function File:lets_go()
  if self.have.bytes == 0 then return false end
  self:changed()
  return true
end

--- Go on behind the first bytes that are there.
---@param bytes integer
---@return true|nil
---@return googlemeet.Error? err
function File:cut(bytes)
  self.have.bytes = bytes
  local ok, message, number = self.part:cut(bytes)
  if not ok then return fail(message, number) end
  return true
end

--- Prepare for an answer's body: it goes on behind what is there, or begins anew.
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

--- Write a chunk behind them.
---@return true|nil
---@return googlemeet.Error? err
function File:put(chunk)
  local ok, message, number = self.part:write(chunk)
  if not ok then return fail(message, number) end
  self.have.bytes = self.have.bytes + #chunk
  return true
end

--- Have the body of a stream written behind them, below Lua.
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

--- Say whether it can go on behind a broken answer: without a version from its beginning, since
-- the rest would be any version's.
---@return boolean
function File:may_go_on()
  if not (self.have.validator or self.have.version) then self:changed() end
  return true
end

--- It is whole: put it in its place.
---@return true|nil
---@return googlemeet.Error? err
function File:finish()
  local ok, message, number = self.part:take()
  if not ok then return fail(message, number) end
  return true
end

--- Let what has come go: it is refused.
function File:drop()
  self.part:close(false)
  self.have.bytes = 0
end

--- Leave what is there for another call, if that can go on with it.
function File:close()
  if self.part then self.part:close(self:is_kept()) end
end

File.__close = File.close

return file
