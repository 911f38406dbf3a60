---@meta _

--- Every `list` returns a pager as the first of the four values of a generic `for`. It is an iterator
-- itself, and raises the error in a loop; its other methods return `nil, err`. The next page is
-- prefetched when the second item of the current one is taken. Tasks may share a pager.
---@class googlemeet.Pager
---@overload fun(): table?
local Pager = {}

--- Iterate over arrays of items; raises like the pager itself.
---@return fun(): table[]?
function Pager:pages() end

--- Return the next page: an array, nothing at the end, or `nil, err`.
---@return table[]? items
---@return googlemeet.Error? err
function Pager:next_page() end

--- Return all remaining items.
---@return table[]? items
---@return googlemeet.Error err
function Pager:all() end

--- Return the next item; nil without an error when there is none.
---@return table? item
---@return googlemeet.Error? err
function Pager:first() end

--- Return the token where a new list resumes: of the current page while it has items left, else of
-- the next one; nil at the start and at the end.
---@return string? token
function Pager:token() end

--- End the list and drop the current page.
function Pager:close() end

-- generated: lists

--- A list of members.
---@class googlemeet.MemberPager: googlemeet.Pager
---@overload fun(): googlemeet.Member?
---@field pages fun(self: googlemeet.MemberPager): fun(): googlemeet.Member[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.MemberPager): googlemeet.Member[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.MemberPager): googlemeet.Member[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.MemberPager): googlemeet.Member?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of conference records.
---@class googlemeet.ConferenceRecordPager: googlemeet.Pager
---@overload fun(): googlemeet.ConferenceRecord?
---@field pages fun(self: googlemeet.ConferenceRecordPager): fun(): googlemeet.ConferenceRecord[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.ConferenceRecordPager): googlemeet.ConferenceRecord[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.ConferenceRecordPager): googlemeet.ConferenceRecord[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.ConferenceRecordPager): googlemeet.ConferenceRecord?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of participants.
---@class googlemeet.ParticipantPager: googlemeet.Pager
---@overload fun(): googlemeet.Participant?
---@field pages fun(self: googlemeet.ParticipantPager): fun(): googlemeet.Participant[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.ParticipantPager): googlemeet.Participant[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.ParticipantPager): googlemeet.Participant[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.ParticipantPager): googlemeet.Participant?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of sessions.
---@class googlemeet.ParticipantSessionPager: googlemeet.Pager
---@overload fun(): googlemeet.ParticipantSession?
---@field pages fun(self: googlemeet.ParticipantSessionPager): fun(): googlemeet.ParticipantSession[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.ParticipantSessionPager): googlemeet.ParticipantSession[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.ParticipantSessionPager): googlemeet.ParticipantSession[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.ParticipantSessionPager): googlemeet.ParticipantSession?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of recordings.
---@class googlemeet.RecordingPager: googlemeet.Pager
---@overload fun(): googlemeet.Recording?
---@field pages fun(self: googlemeet.RecordingPager): fun(): googlemeet.Recording[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.RecordingPager): googlemeet.Recording[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.RecordingPager): googlemeet.Recording[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.RecordingPager): googlemeet.Recording?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of smart notes.
---@class googlemeet.SmartNotePager: googlemeet.Pager
---@overload fun(): googlemeet.SmartNote?
---@field pages fun(self: googlemeet.SmartNotePager): fun(): googlemeet.SmartNote[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.SmartNotePager): googlemeet.SmartNote[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.SmartNotePager): googlemeet.SmartNote[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.SmartNotePager): googlemeet.SmartNote?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of transcripts.
---@class googlemeet.TranscriptPager: googlemeet.Pager
---@overload fun(): googlemeet.Transcript?
---@field pages fun(self: googlemeet.TranscriptPager): fun(): googlemeet.Transcript[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.TranscriptPager): googlemeet.Transcript[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.TranscriptPager): googlemeet.Transcript[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.TranscriptPager): googlemeet.Transcript?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of transcript entries.
---@class googlemeet.TranscriptEntryPager: googlemeet.Pager
---@overload fun(): googlemeet.TranscriptEntry?
---@field pages fun(self: googlemeet.TranscriptEntryPager): fun(): googlemeet.TranscriptEntry[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.TranscriptEntryPager): googlemeet.TranscriptEntry[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.TranscriptEntryPager): googlemeet.TranscriptEntry[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.TranscriptEntryPager): googlemeet.TranscriptEntry?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of connections.
---@class googlemeet.ConnectionPager: googlemeet.Pager
---@overload fun(): googlemeet.Connection?
---@field pages fun(self: googlemeet.ConnectionPager): fun(): googlemeet.Connection[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.ConnectionPager): googlemeet.Connection[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.ConnectionPager): googlemeet.Connection[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.ConnectionPager): googlemeet.Connection?, googlemeet.Error? return the next item; nil without an error when there is none

-- end
