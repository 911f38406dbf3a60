--- The conference of an event: what a meeting code puts into it.

local checked = require "googlemeet.testing.checked"
local json = require "googlemeet.testing.json"
local random = require "googlemeet.testing.random"

local conference = {}

local ICON = "https://fonts.gstatic.com/s/i/productlogos/meet_2020q4/v6/web-512dp/logo.png"

local function entry_points(code, phones)
  local pin = ("%013d"):format(random.new("pin " .. code):below(1 << 31))
  local points = json.array { {
    entryPointType = "video", uri = "https://meet.google.com/" .. code,
    label = "meet.google.com/" .. code,
  } }
  for _, phone in ipairs(phones or {}) do
    points[#points + 1] = {
      entryPointType = "phone", uri = "tel:" .. phone.phoneNumber, label = phone.phoneNumber,
      pin = phone.pin, regionCode = phone.regionCode,
    }
  end
  points[#points + 1] = {
    entryPointType = "more", uri = ("https://tel.meet/%s?pin=%s"):format(code, pin), pin = pin,
  }
  return points
end

--- Take what is given in place of a piece; `false` leaves it out.
local function piece(given, made)
  if given == nil then return made end
  return given or nil
end

--- Check that an override is false or a value.
local function check(what, options)
  for _, name in ipairs { "entry_points", "hangout_link", "conference_id" } do
    if options[name] == true then
      checked.misuse("%s: %s: false, or what stands in its place, expected", what, name)
    end
  end
  local points = options.entry_points
  if not points then return end
  checked.json(what .. ": entry_points", points)
  for _, point in ipairs(#points == 0 and next(points) ~= nil and { false } or points) do
    if type(point) ~= "table" then
      checked.misuse("%s: entry_points: an array of { entryPointType =, uri = } expected", what)
    end
  end
end

--- Return `conferenceData` and `hangoutLink` of an event, both nil where it has none.
---@param what string for messages
---@param options table `entry_points`, `hangout_link`, `conference_id` in place of what is made
---@param code string? meeting code
---@param phones table[]? of the space
---@return table?
---@return string?
function conference.of(what, options, code, phones)
  check(what, options)
  local id = piece(options.conference_id, code)
  local points = piece(options.entry_points, code and entry_points(code, phones))
  local link = piece(options.hangout_link, code and "https://meet.google.com/" .. code)
  if not id and not points then return nil, link end
  return {
    conferenceId = id, entryPoints = points and json.array(json.copy(points)),
    conferenceSolution = {
      key = { type = "hangoutsMeet" }, name = "Google Meet", iconUri = ICON,
    },
  }, link
end

return conference
