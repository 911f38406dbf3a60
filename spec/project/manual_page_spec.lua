-- The manual as `make docs` makes it a page: cmark-gfm converts it, Chromium shows it.

local core = require "googlemeet.core"
local manual = require "spec.docs.manual"
local page = require "spec.docs.page"
local tree = require "spec.support.tree"

local MANUAL <const> = "lua/README.md"

local function found(program)
  return tree.run("command -v " .. program):match "^[^\n]+"
end

local converter = found "cmark-gfm"
local browser = found "chromium" or found "chromium-browser"

--- Make the page of a text.
local function page_of(text)
  local folder = tree.temporary()
  tree.write(folder .. "/manual.md", text)
  local html, ok = tree.run(("%s --extension table --extension autolink %s/manual.md"):format(
    converter, folder))
  tree.remove(folder)
  assert(ok, html)
  return page.write(text, html, tree.read "spec/docs/page.css", tree.read "spec/docs/page.js")
end

--- A spec that is pending where a program is not there.
local function it_with(program, name, title, f)
  it(title, program and f or function() pending(name .. " is not there") end)
end

describe("the page of the manual", function()
  it_with(converter, "cmark-gfm", "has a section for each heading, and a link to it", function()
    local html = page_of(tree.read(MANUAL))
    for index, heading in ipairs(manual.headings(tree.read(MANUAL))) do
      assert(html:find(('<section id="%s">'):format(heading.anchor), 1, true), heading.title)
      assert(index == 1 or html:find(('<a href="#%s">'):format(heading.anchor), 1, true),
        heading.title)
    end
    local _, opened = html:gsub("<section", "")
    local _, closed = html:gsub("</section>", "")
    assert.equal(opened, closed)
  end)

  it_with(converter, "cmark-gfm", "loads nothing from the network", function()
    local html = page_of(tree.read(MANUAL))
    for _, pattern in ipairs {
      "<link", "%ssrc=\"%a+:", "<script [^>]", "@import", "url%(", "fetch%(", "<iframe",
    } do
      assert.is_nil(html:match("[^\n]*" .. pattern .. "[^\n]*"))
    end
  end)

  it_with(converter, "cmark-gfm", "has links to the tree as seen from build/", function()
    local html = page_of "# A\n\n[1](a/types.lua), [2](../README.md), [3](#a), ![4](a.png)\n"
    for _, link in ipairs {
      'href="../lua/a/types.lua"', 'href="../README.md"', 'href="#a"', 'src="../lua/a.png"',
    } do
      assert(html:find(link, 1, true), link)
    end
  end)

  it_with(converter, "cmark-gfm", "marks comments, strings and keywords of Lua", function()
    local html = page_of '# A\n\n```lua\nlocal ends = "a -- < b" -- it\'s\n```\n'
    assert(html:find('<span class="keyword">local</span> ends = '
      .. '<span class="string">&quot;a -- &lt; b&quot;</span> '
      .. '<span class="comment">-- it\'s</span>', 1, true), html)
  end)

  --- What Chromium says about a page in a frame of some width: an expression in JavaScript. It has
  -- the page's document and window as `page` and `view`; `type` enters words in the search field,
  -- and `shown` returns the elements of a selector that are not hidden.
  local function measured(html, width, scheme, expression)
    local folder = tree.temporary()
    tree.write(folder .. "/page.html", html)
    tree.write(folder .. "/frame.html", ([[
      <!DOCTYPE html><meta name="color-scheme" content="light dark"><title></title>
      <iframe id="frame" src="page.html" width="%d" height="800" style="border: 0"></iframe>
      <script>addEventListener("load", () => {
        const page = frame.contentDocument, view = frame.contentWindow;
        const type = (words) => {
          page.getElementById("words").value = words;
          page.getElementById("words").dispatchEvent(new Event("input"));
        };
        const shown = (query) => [...page.querySelectorAll(query)].filter((one) => !one.hidden);
        document.title = JSON.stringify(%s);
      })</script>]]):format(width, expression))
    local output = tree.run(([[cd %s && timeout 120 %s --headless --no-sandbox --disable-gpu \
      --allow-file-access-from-files --user-data-dir=profile --window-size=1300,900 \
      --blink-settings=preferredColorScheme=%d --dump-dom "file://$PWD/frame.html" 2>/dev/null]])
      :format(tree.quote(folder), browser, scheme == "dark" and 0 or 1))
    tree.remove(folder)
    local title = output:match "<title>({.-})</title>"
    return assert(core.decode(assert(title, output):gsub("&amp;", "&")))
  end

  local both = converter and browser

  for _, width in ipairs { 1200, 390 } do
    it_with(both, "cmark-gfm or chromium", ("fits %d px, its search open or not"):format(width),
      function()
        assert.same({ before = true, after = true },
          measured(page_of(tree.read(MANUAL)), width, "light", [[(() => {
            const fits = () => page.documentElement.scrollWidth <= view.innerWidth;
            const before = fits();
            type("space");
            return { before, after: fits() };
          })()]]))
      end)
  end

  local SMALL <const> = "# Top\n\n## Fish\n\n### Perch\n\nIt swims, it swims.\n\n"
    .. "### Crab\n\nIt walks.\n\n## Birds\n\nThey fly, and some swim.\n"

  it_with(both, "cmark-gfm or chromium", "shows the sections and links that have the words",
    function()
      assert.same({ sections = { "perch" }, links = { "Fish", "Perch" }, marks = 4,
        found = "1 section", none = "no sections", all = 5 },
        measured(page_of(SMALL), 1200, "light", [[(() => {
          type("swims IT");
          const sections = shown("main > section").map((one) => one.id);
          const links = shown("#contents li").map((one) => one.querySelector("a").textContent);
          const marks = view.CSS.highlights.get("found").size;
          const found = page.getElementById("found").value;
          type("whale");
          const none = page.getElementById("found").value;
          type("");
          return { sections, links, marks, found, none, all: shown("main > section").length };
        })()]]))
    end)

  it_with(both, "cmark-gfm or chromium", "shows a section that a link leads to and the search hid",
    function()
      assert.same({ hidden = false, words = "" }, measured(page_of(SMALL), 1200, "light", [[(() => {
        type("walks");
        view.history.replaceState(null, "", "#perch");
        view.dispatchEvent(new HashChangeEvent("hashchange"));
        return { hidden: page.getElementById("perch").hidden,
          words: page.getElementById("words").value };
      })()]]))
    end)

  it_with(both, "cmark-gfm or chromium", "is dark where the reader's other pages are", function()
    local background = "{ red: parseInt(getComputedStyle(page.body).backgroundColor.slice(4)) }"
    local html = page_of(SMALL)
    assert.is_true(measured(html, 1200, "light", background).red > 200)
    assert.is_true(measured(html, 1200, "dark", background).red < 60)
  end)
end)
