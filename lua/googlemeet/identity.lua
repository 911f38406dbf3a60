--- Identifies a participant: kind of user, name, user id.
-- Pure.

local identity = {}

--- The field of a participant for each kind of user.
local KINDS = {
  { "signedinUser", "signed_in" },
  { "anonymousUser", "anonymous" },
  { "phoneUser", "phone" },
}

local function person_of(participant)
  for _, row in ipairs(KINDS) do
    local person = participant[row[1]]
    if type(person) == "table" then return person, row[2] end
  end
  return nil
end

--- Read a field of a response; a value that is not a string counts as absent.
local function text_of(value)
  return type(value) == "string" and value or nil
end

--- Say whether a name has a visible character. Most names have a letter of ASCII.
local function is_seen(name)
  return name:find "[!-~]" or not require "googlemeet.report.names".is_blank(name)
end

--- Return the name shown in the meeting; nil when the server sent none, or one without a visible
-- character.
---@param participant table
---@return string|nil
function identity.display_name(participant)
  local person = person_of(participant)
  local name = person and text_of(person.displayName)
  return name and is_seen(name) and name or nil
end

--- Return the kind, "signed_in", "anonymous" or "phone", and `users/…` if signed in.
---@param participant table
---@return string|nil kind
---@return string|nil user
function identity.of(participant)
  local person, kind = person_of(participant)
  return kind, person and text_of(person.user)
end

return identity
