// node subtitles.js FOLDER FILE: reads the WebVTT texts of a JSON array with the parser of W3C, and
// prints for each its complaints and its cues. FOLDER is where `npm install` has put it.
"use strict";

const fs = require("fs");
const path = require("path");

const folder = path.resolve(process.argv[2], "node_modules", "webvtt-parser");
const { WebVTTParser } = require(folder);
const entities = require(path.join(folder, "html-entities.json"));

function textOf(node) {
  return node.type === "text" ? node.value : node.children.map(textOf).join("");
}

function cueOf(cue) {
  const voice = cue.tree.children[0];
  return {
    from: Math.round(cue.startTime * 1000),
    to: Math.round(cue.endTime * 1000),
    // The standard has references in voices, this parser leaves them.
    speaker: voice && voice.name === "v" ? voice.value.replaceAll("&amp;", "&") : null,
    text: textOf(cue.tree),
  };
}

const texts = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
console.log(JSON.stringify(texts.map((text) => {
  const { cues, errors } = new WebVTTParser(entities).parse(text, "captions");
  return { errors: errors.map((err) => `line ${err.line}: ${err.message}`), cues: cues.map(cueOf) };
})));
