---@meta _

--- `meet.watch(client, opts)`: the events of conferences, each once and in time order.
---@class googlemeet.watch
---@overload fun(client: googlemeet.Client, opts: googlemeet.WatchOptions): googlemeet.Watcher?, googlemeet.Error

--- Either `spaces` or `records`.
---@class googlemeet.WatchOptions
---@field spaces? googlemeet.SpaceRef[] watch the conferences that run in these spaces, and all that begin later
---@field records? (googlemeet.ConferenceRecord|string)[] watch these conferences, from their start to their last file
---@field interval? number default: 5; seconds between two polls
---@field settle_after? number default: 600; seconds after the end of a conference in which Google may list another artifact: a watch of `records` lasts at least as long
---@field state? googlemeet.WatchState resume from this result of `watcher:state()`, of this process or an earlier one
---@field cheap? boolean fewer requests, and fewer events; see [What a poll costs](#what-a-poll-costs)
---@field on_poll? fun(watcher: googlemeet.Watcher) called after each poll, before its events are returned; store the state here
---@field on_error? fun(err: googlemeet.Error) called with each failure that the watch survives

---@class googlemeet.WatchEvent
---@field type "started"|"joined"|"left"|"ended"|"recording_ready"|"transcript_ready"|"smart_note_ready"
---@field time string RFC 3339, by the server's clock
---@field record googlemeet.ConferenceRecord
---@field room? googlemeet.SpaceRef the element of the option `spaces`; nil in a watch of `records`
---@field participant? googlemeet.Participant in `joined` and `left`
---@field recording? googlemeet.Recording in `recording_ready`
---@field transcript? googlemeet.Transcript in `transcript_ready`
---@field smart_note? googlemeet.SmartNote in `smart_note_ready`

--- Plain data: names and times.
---@class googlemeet.WatchState
---@field version integer
---@field latest? string time of the latest event
---@field begun table<string, number>
---@field spaces table<string, string>
---@field records table<string, table>

---@class googlemeet.Watcher
---@overload fun(): googlemeet.WatchEvent?
local Watcher = {}

--- Return where another process can resume; it covers the events that were returned.
---@return googlemeet.WatchState
function Watcher:state() end

--- Return who is present by the events that were returned, in the order in which they joined.
---@param record googlemeet.ConferenceRecord|string
---@return googlemeet.Participant[]?
---@return googlemeet.Error
function Watcher:present(record) end

--- End the watch; may be repeated.
---@return boolean
function Watcher:close() end
