--- Who a participant is: the one of its fields that holds the person.
-- Pure; requires nothing.

local identity = {}

--- Field of a participant, and our word for its kind.
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

--- A field of an answer; what is no text is as none.
local function text_of(value)
  return type(value) == "string" and value or nil
end

--- The name shown in the meeting, or nil when the server gave none.
---@param participant table
---@return string|nil
function identity.display_name(participant)
  local person = person_of(participant)
  return person and text_of(person.displayName)
end

--- Who it is: "signed_in", "anonymous" or "phone", and `users/…` if signed in.
---@param participant table
---@return string|nil kind
---@return string|nil user
function identity.of(participant)
  local person, kind = person_of(participant)
  return kind, person and text_of(person.user)
end

return identity
