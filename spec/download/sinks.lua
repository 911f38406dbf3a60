--- Sinks of worker.lua: a path, and functions that behave in different ways. What a function gets
-- is written to the job's target.

local sinks = {}

local Sink = {}
local SINK = {
  __index = Sink,
  __close = function(self)
    if self.file then self.file:close() end
  end,
}

--- What a function does after it has written a chunk.
local behaviours = {}

function behaviours.plain() end

--- It takes so many bytes a second, and holds its thread up.
function behaviours.slow(self, chunk)
  require("socket").sleep(#chunk / self.job.pace)
end

--- It does so, but lets other tasks go on.
function behaviours.yielding(self, chunk)
  self.client:sleep(#chunk / self.job.pace)
end

--- It makes its own call.
function behaviours.calling(self)
  if self.calls % 8 == 1 then
    self.answered = (self.answered or 0) + (self.client:request("GET", "/small") and 1 or 0)
  end
end

--- It yields to whoever resumes its coroutine, which is no task.
function behaviours.bare(self)
  if coroutine.isyieldable() then
    self.yields = (self.yields or 0) + 1
    coroutine.yield()
  end
end

function behaviours.raising(self)
  if self.bytes >= self.job.raise_at then error("the sink has had enough", 0) end
end

function behaviours.closing(self)
  if self.bytes >= self.job.close_at then
    self.closed = true
    self.client:close()
  end
end

--- Functions around the call: nothing, a gather with others, a coroutine of a host.
local surroundings = {}

function surroundings.nothing(_, call) return call() end

function surroundings.gather(self, call)
  local results
  local done, err = self.client:gather({
    function()
      results = table.pack(call())
      return true
    end,
    function()
      while not results do
        if not self.client:request("GET", "/small") then break end
        self.beside = (self.beside or 0) + 1
        self.client:sleep(0.01)
      end
      return true
    end,
  }, { collect = true })
  if not results then return nil, err and err[1] or done end
  return table.unpack(results, 1, results.n)
end

--- A gather that has no time for it.
function surroundings.deadline(self, call)
  local results, err = self.client:gather({ call }, { deadline = 0.3 })
  if not results then return nil, err end
  return results[1]
end

--- A gather with another function, which closes the client meanwhile.
function surroundings.closer(self, call)
  local results
  self.client:gather({
    function()
      results = table.pack(call())
      return true
    end,
    function()
      self.client:sleep(0.3)
      self.closed = true
      self.client:close()
      return true
    end,
  }, { collect = true })
  return table.unpack(results, 1, results.n)
end

function surroundings.host(self, call)
  local thread = coroutine.create(call)
  while true do
    local results = table.pack(coroutine.resume(thread))
    if not results[1] then error(results[2], 0) end
    if coroutine.status(thread) == "dead" then return table.unpack(results, 2, results.n) end
    self.resumed = (self.resumed or 0) + 1
  end
end

---@param job table
---@param client table
function sinks.open(job, client)
  local sink = setmetatable({ job = job, client = client, calls = 0, bytes = 0, most = 0 }, SINK)
  if job.sink then
    sink.file = assert(io.open(job.target, "wb"))
    sink.file:setvbuf("full", 1 << 16)
    sink.behave = assert(behaviours[job.sink], job.sink)
  end
  return sink
end

--- Call `request` with what is to be its sink.
---@return boolean is_whole false where it raised
function Sink:run(request)
  local target = self.file and function(chunk) return self:take(chunk) end or self.job.target
  local surround = surroundings[self.job.within or "nothing"]
  return pcall(surround, self, function() return request(target) end)
end

function Sink:take(chunk)
  self.calls, self.bytes = self.calls + 1, self.bytes + #chunk
  self.most = math.max(self.most, #chunk)
  assert(self.file:write(chunk))
  self:behave(chunk)
end

--- What there was of it.
function Sink:seen()
  if self.file then self.file:flush() end
  return {
    calls = self.calls, bytes = self.bytes, most = self.most, yields = self.yields,
    answered = self.answered, beside = self.beside, resumed = self.resumed, closed = self.closed,
  }
end

return sinks
