// Node's own fetch. See peers.lua.
const [kind, base, countText] = process.argv.slice(2);
const count = Number(countText);
const root = base + "/google-meet/v2/conferenceRecords/";
const paths = { get: "bench", list: "bench/participants?pageSize=250", calls: "limited",
  once: "bench", many: "slow" };

async function read() {
  const answer = await fetch(root + paths[kind], { headers: { Authorization: "Bearer bench" } });
  if (answer.status !== 200) {
    await answer.arrayBuffer();
    return null;
  }
  const found = await answer.json();
  if (found.participants) {
    return found.participants.reduce((sum, p) => sum + p.name.length + p.latestEndTime.length
      + p.signedinUser.displayName.length, 0);
  }
  return found.name.length + found.startTime.length + found.endTime.length + found.space.length;
}

const sums = [];
let next = 0;
async function work() {
  while (next < count) {
    const at = next++;
    sums[at] = await read();
  }
}
const began = performance.now();
await Promise.all(Array.from({ length: kind === "many" ? 100 : 1 }, work));
const wall = (performance.now() - began) / 1000;
const total = sums.reduce((sum, value) => sum + (value ?? 0), 0);
console.log(`sum=${total} lost=${sums.filter((s) => s === null).length} wall=${wall.toFixed(6)}`);
