--- The messages of Calendar, for masks of fields.

local message = require "googlemeet.testing.message"

local messages = {}

messages.Events = message [[
  kind etag summary description updated timeZone accessRole defaultReminders:EventReminder
  items:Event nextPageToken nextSyncToken
]]
messages.Event = message [[
  kind etag id status htmlLink created updated summary description location colorId
  creator:EventPerson organizer:EventPerson start:EventDateTime end:EventDateTime
  endTimeUnspecified recurrence recurringEventId originalStartTime:EventDateTime transparency
  visibility iCalUID sequence attendees:EventAttendee attendeesOmitted extendedProperties
  hangoutLink conferenceData:ConferenceData gadget anyoneCanAddSelf guestsCanInviteOthers
  guestsCanModify guestsCanSeeOtherGuests privateCopy locked reminders:EventReminders source
  attachments:EventAttachment workingLocationProperties outOfOfficeProperties
  focusTimeProperties birthdayProperties eventType
]]
messages.EventPerson = message "id email displayName self"
messages.EventDateTime = message "date dateTime timeZone"
messages.EventAttendee = message [[
  id email displayName organizer self resource optional responseStatus comment additionalGuests
]]
messages.ConferenceData = message [[
  createRequest:CreateConferenceRequest entryPoints:EntryPoint
  conferenceSolution:ConferenceSolution conferenceId signature notes parameters
]]
messages.CreateConferenceRequest = message [[
  requestId conferenceSolutionKey:ConferenceSolutionKey status:ConferenceRequestStatus
]]
messages.ConferenceRequestStatus = message "statusCode"
messages.ConferenceSolution = message "key:ConferenceSolutionKey name iconUri"
messages.ConferenceSolutionKey = message "type"
messages.EntryPoint = message [[
  entryPointType entryPointFeatures uri label regionCode pin accessCode meetingCode passcode
  password
]]
messages.EventAttachment = message "fileUrl title mimeType iconLink fileId"
messages.EventReminders = message "useDefault overrides:EventReminder"
messages.EventReminder = message "method minutes"

return messages
