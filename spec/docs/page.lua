--- The manual as one HTML page: contents, a search field, no network. Pure.

local manual = require "spec.docs.manual"

local page = {}

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

local function escape(text)
  return (text:gsub('[&<>"]', ENTITIES))
end

--- The title of a heading as HTML, its code marked.
local function title_of(heading)
  return (escape(heading.title):gsub("`([^`]*)`", "<code>%1</code>"))
end

--- Links of the manual start in lua/, those of the page in build/.
local function relocate(target)
  if target:find "^#" or target:find "^%a+:" then return target end
  return target:find "^%.%./" and target or "../lua/" .. target
end

--- Give each heading its anchor, and each section an element.
local function sections_of(body, headings)
  local index = 0
  local text = body:gsub("<h(%d)>(.-)</h%d>", function(level, title)
    index = index + 1
    local heading = assert(headings[index], "more headings than the text has")
    assert(tonumber(level) == heading.level, heading.title)
    local start = index > 1 and "</section>\n" or ""
    return ('%s<section id="%s"><h%s>%s <a class="here" href="#%s" aria-label="Link to this"'
      .. ">#</a></h%s>"):format(start, heading.anchor, level, title, heading.anchor, level)
  end)
  assert(index == #headings, "fewer headings than the text has")
  return text .. "</section>\n"
end

local KEYWORDS <const> = " and break do else elseif end false for function goto if in local nil "
  .. "not or repeat return then true until while "

--- Give comments, strings and keywords of Lua a class. `code` is escaped.
local function coloured(code)
  local parts, at = {}, 1
  local function add(class, from, to)
    parts[#parts + 1] = ('<span class="%s">%s</span>'):format(class, code:sub(from, to))
    at = to + 1
  end
  while at <= #code do
    local _, comment = code:find("^%-%-[^\n]*", at)
    local _, text = code:find("^&quot;.-&quot;", at)
    local _, name = code:find("^[%a_][%w_]*", at)
    if comment then
      add("comment", at, comment)
    elseif text then
      add("string", at, text)
    elseif name and KEYWORDS:find(" " .. code:sub(at, name) .. " ", 1, true) then
      add("keyword", at, name)
    else
      local last = name or select(2, code:find("^&%a+;", at)) or at
      parts[#parts + 1] = code:sub(at, last)
      at = last + 1
    end
  end
  return table.concat(parts)
end

--- Give each cell its column's title, for narrow screens, where a row is a block.
local function labelled(html)
  local titles = {}
  for title in html:gmatch "<th[^>]*>(.-)</th>" do
    titles[#titles + 1] = title:gsub("<[^>]*>", "")
  end
  return (html:gsub("<tr>.-</tr>", function(row)
    local column = 0
    return (row:gsub("<td", function()
      column = column + 1
      return ('<td data-title="%s"'):format(titles[column])
    end))
  end))
end

local function body_of(html, headings)
  html = html:gsub("<!%-%- .- %-%->\n?", "")
  html = html:gsub('( %l+)="([^"]*)"', function(name, target)
    if name == " href" or name == " src" then
      return ('%s="%s"'):format(name, relocate(target))
    end
  end)
  html = html:gsub('(<code class="language%-lua">)(.-)(</code>)', function(open, code, close)
    return open .. coloured(code) .. close
  end)
  html = html:gsub("<table>.-</table>", function(found)
    return '<div class="wide">' .. labelled(found) .. "</div>"
  end)
  return sections_of(html, headings)
end

--- Chapters, each with the headings below it.
local function contents_of(headings)
  local lines, is_open = {}, false
  for _, heading in ipairs(headings) do
    local item = ('<a href="#%s">%s</a>'):format(heading.anchor, title_of(heading))
    if heading.level == 2 then
      if is_open then lines[#lines + 1] = "</ul></details></li>" end
      lines[#lines + 1] = ("<li><details><summary>%s</summary><ul>"):format(item)
      is_open = true
    elseif heading.level > 2 then
      lines[#lines + 1] = ("<li>%s</li>"):format(item)
    end
  end
  if is_open then lines[#lines + 1] = "</ul></details></li>" end
  return table.concat(lines, "\n")
end

local TEMPLATE <const> = [[
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>@TITLE@</title>
<style>
@STYLE@</style>
</head>
<body>
<nav aria-label="Contents">
<search><input type="search" id="words" placeholder="Search" aria-label="Search the manual"
autocomplete="off" spellcheck="false"><output id="found" for="words"></output></search>
<details id="contents" open><summary>Contents</summary>
<ul>
@CONTENTS@
</ul>
</details>
</nav>
<main>
@BODY@</main>
<script>
@SCRIPT@</script>
</body>
</html>
]]

--- Write the page.
---@param text string the manual in Markdown
---@param html string the same as HTML, as a converter writes it
---@param style string CSS
---@param script string JavaScript
---@return string
function page.write(text, html, style, script)
  local headings = manual.headings(text)
  local parts = {
    TITLE = escape(headings[1].title), STYLE = style, SCRIPT = script,
    CONTENTS = contents_of(headings), BODY = body_of(html, headings),
  }
  return (TEMPLATE:gsub("@(%u+)@", parts))
end

return page
