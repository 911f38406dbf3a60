---@meta _

---@class googlemeet.AttendanceOptions
---@field now? googlemeet.When default: `os.time()`; end of the time counted for people who are still present
---@field cheap? boolean one request for 250 participants instead of one for each; a row then counts from the first join to the last leave
---@field merge_guests? boolean one row for all guests with the same name, and for all phones with the same number
---@field late_after? number seconds after the start of the conference; people who join later are `late`
---@field left_before? number seconds before the end; people who leave earlier have `left_early`
---@field minimum? number seconds; people who were present for less are `short`
---@field expected? table<integer|string, string> for `missing`: an array of display names, user ids (`users/{id}` or the id alone), and aliases `[name or number shown] = real name`; the row still shows the name of the conference
---@field event? boolean|googlemeet.CalendarEvent compare with the guests of this calendar event; `true`: find the event
---@field strict? boolean every failure fails the report, as does a missing event with `event = true`
---@field timeout? number seconds of one attempt
---@field deadline? number seconds of the whole report, all its requests together
---@field connection? string|googlemeet.Connection the gateway connection to Meet for this call, or its id

--- The calendar event that a conference was held for. One that a script makes needs `guests` only.
---@class googlemeet.CalendarEvent
---@field guests googlemeet.Guest[] the people invited, without meeting rooms; the organiser only if on the list
---@field title? string nil if the calendar shows none
---@field organiser? googlemeet.Organiser `{ display_name =, email = }`; either is nil if unknown
---@field guests_omitted? true the calendar hides some guests
---@field id? string
---@field calendar? string id of the calendar that has it
---@field start_time? string RFC 3339; with `all_day`, a date
---@field end_time? string RFC 3339; with `all_day`, the date after the last day
---@field all_day? true
---@field series? string id of the series that it is an instance of
---@field url? string its page in the calendar
---@field resource? table the event as Google sent it

---@class googlemeet.Organiser
---@field display_name? string
---@field email? string

---@class googlemeet.Guest
---@field display_name? string nil if the calendar knows only the address
---@field email? string
---@field response? "accepted"|"declined"|"tentative"|"needs_action" the guest's reply
---@field optional? true the guest need not come
---@field user? string `users/{id}`

--- What a report could not read.
---@class googlemeet.Incomplete
---@field name? string of the participant, as the server sent it
---@field err googlemeet.Error

---@class googlemeet.ZoneOptions
---@field utc_offset? integer|string default: UTC; time zone: seconds east of UTC, in whole minutes, or a string such as `"+01:00"`; `os.date "%z"` returns the machine's
---@field bom? boolean `csv`: begin with a byte order mark, for Excel
---@field separator? ","|";"|"\t" default: `","`; `csv`: between cells

---@class googlemeet.Attendance
---@field record googlemeet.ConferenceRecord
---@field total integer number of rows
---@field missing string[] the people in `expected` who never came
---@field incomplete googlemeet.Incomplete[] `{ name =, err = }` for each participant whose sessions could not be read
---@field event? googlemeet.CalendarEvent with the option `event`
---@field event_error? googlemeet.Error of kind `not_found`: why there is no calendar event
---@field title? string title of the calendar event
---@field organiser? googlemeet.Organiser `{ display_name =, email = }` of the calendar event; either is nil if unknown
---@field absent googlemeet.Guest[] guests with a name who match no row and have not declined
---@field undecided googlemeet.Guest[] guests who have not declined and cannot be matched by name: only the address is known, or fewer people of a shared name came
local Attendance = {}

--- Iterate over the rows, by first join, then name.
---@return fun(): googlemeet.AttendanceRow?
function Attendance:rows() end

--- Write the report.
---@param format? "text"|"csv"|"markdown"|"json"|"html" default: text
---@param opts? googlemeet.ZoneOptions
---@return string? text
---@return googlemeet.Error err
function Attendance:render(format, opts) end

---@class googlemeet.AttendanceRow
---@field display_name string the name shown; `""` if it has no visible character
---@field kind "signed_in"|"anonymous"|"phone"|"unknown" `"unknown"`: a kind newer than this module
---@field user? string `users/{id}` of a signed-in user
---@field first_join? string as the server sent it
---@field last_leave? string as the server sent it; nil while present
---@field present boolean
---@field joins integer number of sessions, on all devices; with `cheap`, one for each participant
---@field seconds number in the conference; time on two devices at once counts once
---@field sessions { start_time: string?, end_time: string? }[] in order of time
---@field late? boolean with `late_after`
---@field left_early? boolean with `left_before`; nil while the conference runs
---@field short? boolean with `minimum`
---@field invited? boolean with `event`: true for a guest or the organiser, false for others, nil if unknown
---@field cheap? true no sessions were read, or there were none: only the first join and the last leave count
---@field incomplete? true sessions could not be read: only the first join and the last leave count

---@class googlemeet.MergedConference
---@field name string of the conference record, or of a transcript that was read without its record
---@field start_time? string
---@field end_time? string
---@field title? string of the calendar event, if the attendance was read with one

--- One row for each person over several conferences, the longest time first.
---@class googlemeet.Matrix
---@field conferences googlemeet.MergedConference[] in order of start
---@field total integer rows
---@field missing string[] expected people whom every report misses; empty for talk time
---@field incomplete googlemeet.Incomplete[] of all reports
local Matrix = {}

--- Write the rows: the sums in `text` and `markdown`, a column for each conference in `csv`.
---@param format? "text"|"csv"|"markdown"|"json" default: text
---@param opts? googlemeet.ZoneOptions of the titles in `csv`
---@return string? text
---@return googlemeet.Error err
function Matrix:render(format, opts) end

---@class googlemeet.AttendanceMatrix: googlemeet.Matrix
---@field rows fun(self: googlemeet.AttendanceMatrix): fun(): googlemeet.MergedAttendance?

---@class googlemeet.MergedAttendance
---@field display_name string
---@field kind "signed_in"|"anonymous"|"phone"|"unknown"
---@field user? string `users/{id}`
---@field conferences integer number of conferences
---@field joins integer
---@field seconds number
---@field by_conference table<string, number> seconds by the record's name
---@field incomplete? true the sessions of at least one conference could not be read

---@class googlemeet.TranscriptOptions
---@field merge? boolean|number join consecutive transcript entries of one speaker: `true`, or the longest gap between them in seconds
---@field strict? boolean fail if a speaker cannot be read
---@field timeout? number seconds of one attempt
---@field deadline? number seconds of the whole report, all its requests together
---@field connection? string|googlemeet.Connection the gateway connection for this call, or its id

---@class googlemeet.SpokenEntry
---@field speaker string display name, or "Unknown speaker", "Unknown speaker 2", …
---@field text string
---@field start_time? string as the server sent it
---@field end_time? string as the server sent it
---@field language? string BCP 47, such as `en-US`
---@field participant? string the participant's name
---@field parts? googlemeet.SpokenEntry[] of a merged entry: the entries that it joins, in order

---@class googlemeet.TalkTime
---@field speaker string
---@field participant? string the participant's name, which distinguishes speakers of the same name
---@field user? string `users/{id}` of a signed-in speaker
---@field seconds number seconds of speech; if two people speak at once, both count
---@field share number from 0 to 1, of the seconds of all speakers
---@field turns integer a turn lasts until somebody else speaks
---@field longest number seconds spoken in the longest turn

---@class googlemeet.TalkTimeMatrix: googlemeet.Matrix
---@field rows fun(self: googlemeet.TalkTimeMatrix): fun(): googlemeet.MergedTalkTime?

---@class googlemeet.MergedTalkTime
---@field speaker string
---@field user? string `users/{id}`
---@field conferences integer number of conferences
---@field turns integer
---@field longest number seconds spoken in the longest turn
---@field share number from 0 to 1, of the seconds of all speakers
---@field seconds number
---@field by_conference table<string, number> seconds by the record's name

---@class googlemeet.TranscriptRenderOptions
---@field start_time? googlemeet.When default: the start of the first transcript, else of the first entry; time 0 of `text`, `markdown`, `vtt` and `srt`; entries that ended before it are left out
---@field width? integer default: 80 in `text`, 42 in `vtt` and `srt`; maximum columns of a line, at least 20
---@field lines? integer default: 2; `vtt`, `srt`: maximum lines of a caption
---@field bom? boolean `csv`: begin with a byte order mark, for Excel
---@field separator? ","|";"|"\t" default: `","`; `csv`: between cells

--- The transcript of a conference, in order of start.
---@class googlemeet.TranscriptReport
---@field incomplete googlemeet.Incomplete[] participants who could not be read
local TranscriptReport = {}

---@return fun(): googlemeet.SpokenEntry?
function TranscriptReport:entries() end

--- Return who spoke for how long, the longest first.
---@return googlemeet.TalkTime[]
function TranscriptReport:talk_time() end

---@param format? "text"|"markdown"|"vtt"|"srt"|"csv"|"json"|"jsonl" default: text
---@param opts? googlemeet.TranscriptRenderOptions
---@return string
function TranscriptReport:render(format, opts) end
