--- The fictional people of the demo account.

local people = {}

local FIRST = {
  "Ada", "Bo", "Cecilia", "David", "Elin", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Karin",
  "Lars", "Maja", "Nils", "Olivia", "Per", "Rosa", "Samir", "Tove", "Ulf", "Vera", "Wilhelm",
  "Yara", "Zoe", "Agnes", "Bastian", "Clara", "Dmitri", "Emma", "Felix", "Hanna", "Ivar",
  "Johanna", "Klara", "Leo", "Mina", "Noor", "Oskar", "Paula", "Ruben",
}

local LAST = {
  "Bergqvist", "Lindholm", "Åström", "Nowak", "Haddad", "Sandberg", "Keller", "Moreau", "Okafor",
  "Ekström", "Virtanen", "Holm", "Rossi", "Weber", "Dahl", "Singh", "Fransson", "Novák", "Costa",
  "Larsen", "Öberg", "Petrov", "Tanaka", "Ibrahim", "Schulz", "Nyman", "Garcia", "Lund", "Meyer",
  "Ahmed", "Hansen", "Björk", "Romano", "Wójcik", "Svensson", "Dubois", "Kovács", "Brandt",
  "Norén", "Pham",
}

local GUESTS = {
  "Guest from Oslo", "iPad (Lobby)", "Anna", "Room 4", "Mikael, external", "Visitor", "Pat K.",
  "Design intern",
}

--- Return the full name of person `number`; names repeat after 1600.
---@param number integer counted from 1
function people.name(number)
  local index = number - 1
  local round = index // #FIRST
  return FIRST[index % #FIRST + 1] .. " " .. LAST[(index * 7 + round) % #LAST + 1]
end

--- Return the user name of person `number`, the same in all conferences.
function people.user(number)
  return ("users/1172045600987%08d"):format(12345678 + number * 7919)
end

--- Return the address of person `number`: the first name, with a number from the 41st person on.
---@param number integer
function people.email(number)
  local round = (number - 1) // #FIRST
  return ("%s%s@example.com"):format(FIRST[(number - 1) % #FIRST + 1]:lower(),
    round > 0 and round + 1 or "")
end

--- Return a name that a guest might type.
function people.guest(number)
  return GUESTS[(number - 1) % #GUESTS + 1]
end

--- Return a phone number as Meet shows it.
function people.phone(number)
  return ("+46 8 5%d* *** **"):format(number % 10)
end

return people
