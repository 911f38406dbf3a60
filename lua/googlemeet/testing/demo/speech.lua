--- The fictional transcripts of the demo account.

local time = require "googlemeet.time"

local speech = {}

local LANGUAGES = {
  ["en-US"] = {
    templates = {
      "Good morning, shall we start with {topic}?",
      "I looked at {topic} on {day}, and it is better than I feared.",
      "Can you say a little more about {topic}?",
      "The numbers for {topic} are up by {number} percent.",
      "I would rather wait until {day} before we decide.",
      "{person} asked me about that too.",
      "We have {number} open tickets, and most of them are about {topic}.",
      "Sorry, I was on mute.",
      "Yes.",
      "No, I think that is fine.",
      "Let me share my screen, one moment.",
      "So the plan is to finish {topic} by {day} and then show it to {person}.",
      "What is the risk if we leave {topic} as it is?",
      "That took me about {number} hours, half of it reading old mail.",
      "I agree with {person}, although I would begin with {topic}.",
      "Who can take {topic}?",
      "I can take it, if somebody else looks after {other}.",
      "We promised the customer an answer on {topic} before {day}.",
      "Honestly, {topic} surprised me; the test run was clean {number} times in a row.",
      "Let us write that down.",
      "Next point: {topic}.",
      "Between {topic} and {other}, the second one hurts more.",
      "Is anybody against that?",
      "Good, then {person} and I will meet on {day}.",
      "Could you repeat the last part? The sound dropped.",
      "If I remember correctly, we tried that {number} weeks ago and it did not help.",
      "Thank you, that was all from me.",
    },
    topics = {
      "the release notes", "the new onboarding", "the budget for next quarter", "the search page",
      "the backup job", "the accessibility review", "the price list", "the move to the new office",
      "the export to spreadsheets", "the support rota", "the login problem", "the roadmap",
      "the translation", "the load test", "the contract with the printer",
    },
    days = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "the end of the month" },
    people = { "Elin", "Farid", "the customer", "finance", "Hugo", "legal", "Maja" },
  },
  ["sv-SE"] = {
    templates = {
      "Ja, gärna – vi hör dig.",
      "Jag tittade på {topic} i {day}, och det ser bättre ut än jag trodde.",
      "Kan du berätta lite mer om {topic}?",
      "Vi har {number} öppna ärenden, de flesta handlar om {topic}.",
      "Precis.",
      "Nej, det tror jag inte.",
      "Vem tar {topic}?",
      "Jag kan ta det om någon annan sköter {other}.",
      "Det tog ungefär {number} timmar, mest för att jag läste gamla mejl.",
      "Ska vi vänta till {day} med att bestämma?",
      "{person} frågade mig om samma sak.",
      "Förlåt, jag hade ljudet av.",
      "Om jag minns rätt försökte vi det för {number} veckor sedan.",
      "Då säger vi så, {person} och jag ses på {day}.",
      "Nästa punkt är {topic}.",
      "Jag håller med {person}, men jag skulle börja med {topic}.",
      "Tack, det var allt från mig.",
      "Kan du dela skärmen?",
    },
    topics = {
      "budgeten", "söksidan", "översättningen", "prislistan", "säkerhetskopiorna",
      "flytten till nya kontoret", "inloggningen", "färdplanen", "supportschemat", "lasttestet",
    },
    days = { "måndag", "tisdag", "onsdag", "torsdag", "fredag" },
    people = { "Elin", "Farid", "kunden", "ekonomi", "Hugo", "Maja" },
  },
}

--- Make one sentence.
local function sentence(random, language)
  local words = LANGUAGES[language]
  local slots = {
    topic = random:pick(words.topics), other = random:pick(words.topics),
    day = random:pick(words.days), person = random:pick(words.people),
    number = tostring(random:between(2, 19)),
  }
  local text = random:pick(words.templates):gsub("{(%a+)}", slots)
  local first = text:match("^" .. utf8.charpattern)
  return first:upper() .. text:sub(#first + 1)
end

local function milliseconds(text)
  local seconds, nanoseconds = time.parse(text)
  return seconds * 1000 + nanoseconds // 1000000
end

local function stays(participant)
  local list = {}
  for _, session in ipairs(participant.participantSessions) do
    local stop = session.resource.endTime
    list[#list + 1] = {
      milliseconds(session.resource.startTime), stop and milliseconds(stop) or math.huge,
    }
  end
  return list
end

local function is_present(stay_list, from, to)
  for _, stay in ipairs(stay_list) do
    if stay[1] <= from and to <= stay[2] then
      return true
    end
  end
  return false
end

--- Choose the next speaker: often the last one, else anybody who is present.
local function choose(random, speakers, last, from, to)
  if last and random:below(100) < 35 and is_present(last.stays, from, to) then
    return last
  end
  local there = {}
  for _, speaker in ipairs(speakers) do
    if is_present(speaker.stays, from, to) then
      there[#there + 1] = speaker
    end
  end
  return #there > 0 and random:pick(there) or nil
end

local function stamp(moment)
  return time.format(moment // 1000, moment % 1000 * 1000000)
end

--- Fill a transcript with entries between `from` and `to`.
---@param add_entry fun(entry: table)
---@param random table generator
---@param speakers { participant: table, language: string }[]
---@param count integer number of entries; fewer when nobody is present
---@param from integer epoch seconds
---@param to integer epoch seconds
function speech.fill(add_entry, random, speakers, count, from, to)
  for _, speaker in ipairs(speakers) do
    speaker.stays = stays(speaker.participant)
  end
  local slot = (to - from) * 1000 // count
  local last, free_from = nil, from * 1000
  for i = 1, count do
    local start = math.max(free_from, from * 1000 + (i - 1) * slot + random:below(slot // 3 + 1))
    local speaker = choose(random, speakers, last, start, start + slot)
    if speaker then
      local text = sentence(random, speaker.language)
      local _, blanks = text:gsub(" ", " ")
      local length = math.min((blanks + 1) * random:between(300, 420) + 250, slot)
      add_entry {
        participant = speaker.participant, text = text, language = speaker.language,
        start_time = stamp(start), end_time = stamp(math.min(start + length, to * 1000)),
      }
      last, free_from = speaker, start + length + random:between(80, 900)
    end
  end
end

return speech
