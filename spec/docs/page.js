// The search field, and where the reader is. Without scripts the page is whole, but has neither.
const field = document.getElementById("words");
const found = document.getElementById("found");
const contents = document.getElementById("contents");
const sections = [...document.querySelectorAll("main > section")];
const texts = sections.map((section) => section.textContent.toLowerCase());
const links = new Map([...contents.querySelectorAll("a")].map((a) => [a.hash.slice(1), a]));

if (matchMedia("(max-width: 50rem)").matches) contents.open = false;

// A range for each place in a section where one of the words is.
function placesIn(section, words) {
  const places = [];
  const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.toLowerCase();
    for (const word of words) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
        const range = new Range();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + word.length);
        places.push(range);
      }
    }
  }
  return places;
}

// Show the sections that have all words, and their links.
function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const places = [];
  let count = 0;
  sections.forEach((section, index) => {
    const fits = words.every((word) => texts[index].includes(word));
    section.hidden = !fits;
    const item = links.get(section.id)?.closest("li");
    if (item) item.hidden = !fits;
    if (fits) count += 1;
    if (fits && words.length) places.push(...placesIn(section, words));
  });
  for (const chapter of contents.querySelectorAll("li > details")) {
    const below = chapter.querySelector("li:not([hidden])");
    if (below) chapter.parentElement.hidden = false;
    if (words.length) chapter.open = below !== null;
  }
  if (words.length && contents.querySelector("li:not([hidden])")) contents.open = true;
  found.value = !words.length ? "" : count === 1 ? "1 section" : `${count || "no"} sections`;
  if (window.Highlight) CSS.highlights.set("found", new Highlight(...places));
  if (!words.length) mark();
}

// Open the chapter that the reader is in, and mark its heading.
let current;
function mark() {
  const shown = sections.filter((section) => !section.hidden);
  const here = shown.findLast((section) => section.getBoundingClientRect().top < 80) ?? shown[0];
  const link = here && links.get(here.id);
  if (link === current) return;
  current?.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "true");
  current = link;
  if (!link || field.value) return;
  const chapter = link.closest("li > details");
  for (const other of contents.querySelectorAll("li > details")) other.open = other === chapter;
  if (contents.parentElement.scrollHeight > innerHeight) link.scrollIntoView({ block: "nearest" });
}

// A link to a section that the search hides ends the search.
function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.hidden) return;
  field.value = "";
  search();
  target.scrollIntoView();
}

field.addEventListener("input", search);
addEventListener("hashchange", follow);
addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== field) {
    event.preventDefault();
    field.focus();
  } else if (event.key === "Escape" && document.activeElement === field) {
    field.value = "";
    search();
  }
});
for (const link of contents.querySelectorAll("ul ul a")) {
  link.addEventListener("click", () => {
    if (matchMedia("(max-width: 50rem)").matches) contents.open = false;
  });
}
mark();
