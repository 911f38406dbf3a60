"""subtitles.py FILE: read the SRT texts of a JSON array with the module `srt`, strictly; print each's cues."""

import json
import sys

import srt

MILLISECOND = srt.timedelta(milliseconds=1)


def cues(text):
    return [
        {
            "number": cue.index,
            "from": cue.start // MILLISECOND,
            "to": cue.end // MILLISECOND,
            "text": cue.content,
        }
        for cue in srt.parse(text, ignore_errors=False)
    ]


with open(sys.argv[1], encoding="utf-8") as file:
    print(json.dumps([cues(text) for text in json.load(file)]))
