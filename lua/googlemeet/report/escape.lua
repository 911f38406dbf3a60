--- Escapes user-supplied text for a terminal, Markdown and HTML.
-- Pure; requires nothing.

local escape = {}

local BLANK = (" "):byte()
local REPLACEMENT = "\u{FFFD}"

--- Replace every byte that is not part of a UTF-8 character by U+FFFD.
---@param text string
---@return string
function escape.mend(text)
  local good, bad = utf8.len(text)
  if good then
    return text
  end
  local parts, from = {}, 1
  while not good do
    parts[#parts + 1] = text:sub(from, bad - 1)
    parts[#parts + 1] = REPLACEMENT
    from = bad + 1
    good, bad = utf8.len(text, from)
  end
  parts[#parts + 1] = text:sub(from)
  return table.concat(parts)
end

--- Convert a text to one line of valid UTF-8, without anything that controls a terminal.
-- Runs of blanks, tabs and line ends become one blank, and are removed at both ends. Other control
-- characters and broken UTF-8 become U+FFFD. Characters that change the writing direction are
-- removed.
---@param text string
---@return string
function escape.clean(text)
  local needs_nothing = not text:find "[\0-\31\127\xC2\xE2\xEF]" and not text:find "  "
    and text:byte(1) ~= BLANK and text:byte(-1) ~= BLANK and utf8.len(text)
  if needs_nothing then return text end
  text = escape.mend(text)
  if text:find "[\xC2\xE2\xEF]" then
    text = text:gsub("\u{85}", " "):gsub("\xE2\x80[\xA8\xA9]", " ") -- line and paragraph ends
      :gsub("\xC2[\x80-\x9F]", REPLACEMENT)
      :gsub("\xE2\x80[\xAA-\xAE]", ""):gsub("\xE2\x81[\xA6-\xA9]", "")
      :gsub("\u{FEFF}", "")
  end
  text = text:gsub("[ \t-\r]+", " "):gsub("[\0-\31\127]", REPLACEMENT)
  return (text:gsub("^ ", ""):gsub(" $", ""))
end

local ENTITIES = {
  ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;",
}

--- Clean a text and escape it for an HTML element or a quoted attribute.
---@param text string
---@return string
function escape.html(text)
  return (escape.clean(text):gsub("[&<>\"']", ENTITIES))
end

--- Characters with a meaning in Markdown anywhere in a line. A bar and angle brackets become
-- entities, since some readers split cells and find tags before they process backslashes.
local ALWAYS = {
  ["\\"] = "\\\\", ["`"] = "\\`", ["*"] = "\\*", ["_"] = "\\_", ["{"] = "\\{", ["}"] = "\\}",
  ["["] = "\\[", ["]"] = "\\]", ["#"] = "\\#", ["~"] = "\\~", ["$"] = "\\$", ["^"] = "\\^",
  ["="] = "\\=", ["|"] = "&#124;", ["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;",
}

--- Clean a text and escape it for a Markdown paragraph or cell.
-- The result contains no markup, HTML, link, table or list. A word joiner (U+2060) follows an `@`,
-- since readers make links of e-mail addresses and mentions in spite of a backslash.
---@param text string
---@return string
function escape.markdown(text)
  text = escape.clean(text):gsub("[\\`*_{}%[%]#~$^=|<>&]", ALWAYS)
    :gsub("%-%-+", function(run) return ("\\-"):rep(#run) end)
    :gsub("^[+-]", "\\%0"):gsub("^(%d+)([.)])%f[ \0]", "%1\\%2")
  return (text
    :gsub("()([.:])%f[^ \0.:]", function(at, mark) -- web addresses, not numbers and times
      local is_number = text:find("^%d[.:]%d", at - 1)
      return not is_number and "\\" .. mark
    end)
    :gsub("@%f[^ \0@]", "@\u{2060}"))
end

return escape
