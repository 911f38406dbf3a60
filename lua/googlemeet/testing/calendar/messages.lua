--- The messages of Calendar, for masks of fields.

local message = require "googlemeet.testing.message"

local messages = {
  Events = message [[
    kind etag summary description updated timeZone accessRole defaultReminders:EventReminder
    items:Event nextPageToken nextSyncToken]],
  Event = message [[
    kind etag id status htmlLink created updated summary description location colorId
    creator:EventPerson organizer:EventPerson start:EventDateTime end:EventDateTime
    endTimeUnspecified recurrence recurringEventId originalStartTime:EventDateTime transparency
    visibility iCalUID sequence attendees:EventAttendee attendeesOmitted extendedProperties
    hangoutLink conferenceData:ConferenceData gadget anyoneCanAddSelf guestsCanInviteOthers
    guestsCanModify guestsCanSeeOtherGuests privateCopy locked reminders:EventReminders source
    attachments:EventAttachment workingLocationProperties outOfOfficeProperties
    focusTimeProperties birthdayProperties eventType]],
  EventPerson = message "id email displayName self",
  EventDateTime = message "date dateTime timeZone",
  EventAttendee = message [[
    id email displayName organizer self resource optional responseStatus comment
    additionalGuests]],
  ConferenceData = message [[
    createRequest:CreateConferenceRequest entryPoints:EntryPoint
    conferenceSolution:ConferenceSolution conferenceId signature notes parameters]],
  CreateConferenceRequest = message [[
    requestId conferenceSolutionKey:ConferenceSolutionKey status:ConferenceRequestStatus]],
  ConferenceRequestStatus = message "statusCode",
  ConferenceSolution = message "key:ConferenceSolutionKey name iconUri",
  ConferenceSolutionKey = message "type",
  EntryPoint = message [[
    entryPointType entryPointFeatures uri label regionCode pin accessCode meetingCode passcode
    password]],
  EventAttachment = message "fileUrl title mimeType iconLink fileId",
  EventReminders = message "useDefault overrides:EventReminder",
  EventReminder = message "method minutes",
}

return messages
