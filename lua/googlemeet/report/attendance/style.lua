--- The style sheet of the page of an attendance report: light and dark, for desks and phones.
-- Pure.

local style = {}

style.SHEET = [[
:root {
  --ground: #fff; --text: #1d2430; --soft: #5b6577; --line: #dfe3ea; --band: #f4f6f9;
  --signed-in: #2b6cb0; --guest: #b7791f; --phone: #2f855a; --unknown: #718096;
  --label: 13rem; --time: 4.8rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181f; --text: #e4e8ef; --soft: #9aa5b8; --line: #2d3542; --band: #1b212b;
    --signed-in: #63a4e8; --guest: #e0a84a; --phone: #5fc393; --unknown: #a0aec0;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .4rem; }
h1 bdi { display: inline-block; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; }
ul { margin: .4rem 0; padding-left: 1.4rem; }
h1, p, li { overflow-wrap: anywhere; }
small { color: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; color: var(--soft); }
.legend b {
  display: inline-block; width: .9rem; height: .6rem; margin-right: .4rem; border-radius: 2px;
  background: var(--bar);
}
.signed_in { --bar: var(--signed-in); }
.anonymous { --bar: var(--guest); }
.phone { --bar: var(--phone); }
.unknown { --bar: var(--unknown); }
.legend .open b { background: var(--soft); }
.legend .open b, .open { opacity: .6; }
.legend .open { opacity: 1; }
.rows { position: relative; }
.axis { position: relative; margin: 0 var(--time) 0 var(--label); }
.axis { height: 2.6rem; font-size: .8rem; font-variant-numeric: tabular-nums; }
.axis:first-child { position: sticky; top: 0; z-index: 2; background: var(--ground); }
.axis span {
  position: absolute; bottom: .2rem; transform: translateX(-50%); text-align: center;
  line-height: 1.15; white-space: nowrap;
}
.axis small { display: block; }
.axis .first { transform: none; text-align: left; }
.axis .last { transform: translateX(-100%); text-align: right; }
.grid { position: absolute; inset: 0 var(--time) 0 var(--label); border: 0 solid var(--line);
  border-width: 1px 0; }
.grid i { position: absolute; top: 0; bottom: 0; border-left: 1px solid var(--line); }
ol { list-style: none; margin: 0; padding: 0; }
ol li {
  display: grid; grid-template-columns: var(--label) 1fr var(--time); align-items: center;
  min-height: 1.6rem;
}
ol li:nth-child(even) { background: var(--band); }
.who { padding: 0 .75rem 0 .4rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.time { padding-right: .4rem; text-align: right; font-variant-numeric: tabular-nums; }
ol svg { display: block; position: relative; z-index: 1; width: 100%; height: .85rem; }
rect { fill: var(--bar); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .9rem .3rem .4rem; text-align: left; white-space: nowrap; }
thead th { color: var(--soft); font-weight: 600; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 400; white-space: normal; overflow-wrap: anywhere; min-width: 9rem; }
tbody tr:nth-child(even) { background: var(--band); }
.number { text-align: right; }
.number + :not(.number) { padding-left: 1.2rem; }
@media (max-width: 40rem) {
  h1 { font-size: 1.3rem; }
  main { padding: 1rem .75rem 2rem; }
  .axis { margin: 0; }
  .grid { inset: 0; }
  ol li { grid-template-columns: 1fr auto; padding: .3rem 0 .45rem; row-gap: .15rem; }
  ol svg { grid-row: 2; grid-column: 1 / 3; }
  .who { white-space: normal; overflow-wrap: anywhere; }
  .who, .time { position: relative; z-index: 1; }
}
]]

return style
