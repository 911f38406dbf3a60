// node clusters.js FILE: for each of a JSON array of { text, lines }, the places where a line begins or
// ends inside a grapheme cluster of the text, as Intl.Segmenter has them.
"use strict";

const fs = require("fs");

const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });

function cuts({ text, lines }) {
  const edges = new Set([text.length]);
  for (const { index } of segmenter.segment(text)) edges.add(index);
  const found = [];
  let at = 0;
  for (const line of lines) {
    const from = text.indexOf(line, at);
    if (from < 0) return [`not in the text: ${line}`];
    at = from + line.length;
    if (!edges.has(from) || !edges.has(at)) found.push(line);
  }
  return found;
}

console.log(JSON.stringify(JSON.parse(fs.readFileSync(process.argv[2], "utf8")).map(cuts)));
