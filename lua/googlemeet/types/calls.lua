---@meta _

--- Options of every call.
---@class googlemeet.CallLimits
---@field timeout? number default: the client's; seconds of one attempt
---@field deadline? number default: the client's; seconds of the whole call; in a list, of each page

--- Options of a call to Google.
---@class googlemeet.CallOptions: googlemeet.CallLimits
---@field fields? string the fields to return, in Google's syntax: `"name,meetingUri"`; in a list, inside the name of its array: `"conferenceRecords(name,startTime)"`
---@field connection? string|googlemeet.Connection default: the client's; the gateway connection for this call, or its id

---@class googlemeet.PatchOptions: googlemeet.CallOptions
---@field update_mask? string the fields to change; default: those in the body

---@class googlemeet.ListOptions: googlemeet.CallOptions
---@field page_size? integer default: the server's maximum; items of one page
---@field page_token? string start of the list, from `pager:token()`
---@field limit? integer maximum number of items in all

---@class googlemeet.FilterOptions: googlemeet.ListOptions
---@field filter? googlemeet.Filter|string a table of conditions, or a string in Google's syntax

--- A time: RFC 3339 text, a date alone (its start in UTC), epoch seconds, or a table of
-- `os.date "*t"` (local time).
---@alias googlemeet.When string|number|osdate

--- Bounds of a time: `from` and `to` are included, `after` and `before` are not.
---@class googlemeet.Range
---@field from? googlemeet.When at this time or later
---@field to? googlemeet.When at this time or earlier
---@field after? googlemeet.When later than this
---@field before? googlemeet.When earlier than this

--- Conditions on the items of a list. All must hold.
---@class googlemeet.Filter
---@field space? googlemeet.SpaceRef of conference records: held in this space
---@field meeting_code? string of conference records: held in the space of this code or link
---@field start_time? googlemeet.When|googlemeet.Range of conference records and sessions: began then
---@field end_time? googlemeet.When|googlemeet.Range of conference records and sessions: ended then
---@field earliest_start_time? googlemeet.When|googlemeet.Range of participants: first joined then
---@field latest_end_time? googlemeet.When|googlemeet.Range of participants: last left then
---@field live? boolean `true`: still running, or still present; `false`: ended, or left
---@field ended? boolean of conference records: the opposite of `live`
---@field must_exist? boolean of conference records: if the list is empty and the space does not exist, return the error of the space's lookup

---@alias googlemeet.FilterKind "conference_record"|"participant"|"participant_session"

---@class googlemeet.ConnectOptions
---@field on_url fun(url: string, connection: googlemeet.Connection) required; called once, to show the consent page to a person. Keep `url` out of logs
---@field timeout? number default: 300; seconds to wait for the approval, up to 86400
---@field app? string default: google-meet
---@field method? string default: the gateway's; such as `OAUTH2`

---@class googlemeet.ConnectionListOptions: googlemeet.CallLimits
---@field app? string|false default: google-meet; `false`: the connections of all apps
---@field status? "ACTIVE"|"PENDING"|"FAILED"
---@field method? string such as `OAUTH2`
---@field limit? integer default: no limit; maximum number of items

---@class googlemeet.ConnectionCreateOptions: googlemeet.CallLimits
---@field app? string default: google-meet
---@field method? string default: the gateway's; such as `OAUTH2`
