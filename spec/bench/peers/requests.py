"""The package requests: a session, and threads for what goes on at once. See peers.lua."""
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.pop(0)  # or this file would be the package
import requests  # noqa: E402

kind, base, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
root = base + "/google-meet/v2/conferenceRecords/"
session = requests.Session()
session.headers["Authorization"] = "Bearer bench"
session.trust_env = False  # a bundle of the environment's would win
session.verify = os.environ["BENCH_CA_FILE"]
adapter = requests.adapters.HTTPAdapter(pool_maxsize=100)
session.mount("https://", adapter)
paths = {"get": "bench", "list": "bench/participants?pageSize=250", "calls": "limited",
         "once": "bench", "many": "slow"}


def read(_):
    answer = session.get(root + paths[kind])
    if answer.status_code != 200:
        return None
    found = answer.json()
    if "participants" in found:
        return sum(len(p["name"]) + len(p["latestEndTime"])
                   + len(p["signedinUser"]["displayName"]) for p in found["participants"])
    return sum(len(found[name]) for name in ("name", "startTime", "endTime", "space"))


if kind == "many":
    with ThreadPoolExecutor(100) as pool:
        read(0)
        began = time.monotonic()
        sums = list(pool.map(read, range(count)))
else:
    began = time.monotonic()
    sums = [read(i) for i in range(count)]
wall = time.monotonic() - began
print(f"sum={sum(s or 0 for s in sums)} lost={sums.count(None)} wall={wall:.6f}")
