---@meta googlemeet
-- Definitions of the public API for editors (LuaLS). Never loaded.

--- A client of the Google Meet REST API v2 behind the Maton gateway.
---@class googlemeet
---@field version string
---@field preload fun() loads what is otherwise loaded at its first use
---@field archive googlemeet.archive|fun(client: googlemeet.Client, store: googlemeet.ArchiveStore, options?: googlemeet.ArchiveOptions): googlemeet.ArchiveSummary?, googlemeet.Error, googlemeet.ArchiveSummary? copies conferences before Google deletes them
---@field attendance googlemeet.attendance attendance over several conferences
---@field connections googlemeet.connections selection of the gateway's connection
---@field doctor googlemeet.doctor diagnosis of failing calls
---@field filter googlemeet.filter|fun(given: googlemeet.Filter, kind?: googlemeet.FilterKind): string, (fun(item: table): boolean)? list filters
---@field limiter googlemeet.limiter one limit for several processes and machines
---@field loop googlemeet.loop tasks in an event loop of the host's
---@field mask googlemeet.mask update masks
---@field name googlemeet.name resource names
---@field sequence googlemeet.sequence operations on iterators
---@field talk_time googlemeet.talk_time talk time over several conferences
---@field testing googlemeet.testing the gateway fake, and a check of limiters
---@field time googlemeet.time RFC 3339 times
---@field watch googlemeet.watch|fun(client: googlemeet.Client, opts: googlemeet.WatchOptions): googlemeet.Watcher?, googlemeet.Error
local googlemeet = {}

--- Make a client. It sends nothing before its first call.
-- A missing key, or a malformed variable of the environment, is `nil, err` of kind `config`; an
-- unknown or malformed option raises.
---@param options? googlemeet.Options
---@return googlemeet.Client? client
---@return googlemeet.Error err
function googlemeet.new(options) end

--- Mark a table, or a new one, as a list: it is written to JSON as `[]` even when empty.
---@generic T
---@param items? T[]
---@return T[]
function googlemeet.array(items) end

return googlemeet
