"""The usual snippet: urllib, a fresh request each time. See peers.lua."""
import json
import sys
import time
import urllib.error
import urllib.request

kind, base, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
root = base + "/google-meet/v2/conferenceRecords/"


def ask(path):
    request = urllib.request.Request(root + path)
    request.add_header("Authorization", "Bearer bench")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def read(path):
    found = ask(path)
    if "participants" in found:
        return sum(len(p["name"]) + len(p["latestEndTime"])
                   + len(p["signedinUser"]["displayName"]) for p in found["participants"])
    return sum(len(found[name]) for name in ("name", "startTime", "endTime", "space"))


paths = {"get": "bench", "list": "bench/participants?pageSize=250", "calls": "limited",
         "once": "bench"}
total, lost = 0, 0
began = time.monotonic()
for _ in range(count):
    try:
        total += read(paths[kind])
    except urllib.error.HTTPError:
        lost += 1
print(f"sum={total} lost={lost} wall={time.monotonic() - began:.6f}")
