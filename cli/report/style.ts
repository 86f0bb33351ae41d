/** `--one` to `--six` tell parts of a plot apart: each at least 3:1 against the background. */
export const STYLE = `:root { --back: #fff; --card: #f6f7f9; --text: #1b1f24; --dim: #57606a; --line: #d0d7de; --link: #0550ae; --track: #e4e8ed;
  --one: #1f6feb; --two: #1a7f37; --three: #bc4c00; --four: #cf222e; --five: #8250df; --six: #6e7781; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --card: #161b22; --text: #e6edf3; --dim: #9ba5b0; --line: #30363d;
  --link: #79b8ff; --track: #262c34; --one: #4c94f8; --two: #3fb950; --three: #e0823d; --four: #f47067; --five: #b083f0; --six: #8b949e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 16px 64px; overflow-wrap: anywhere; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 19px; margin: 40px 0 12px; padding-top: 16px; border-top: 1px solid var(--line); }
h3 { font-size: 15px; margin: 0 0 8px; }
p { margin: 0 0 12px; max-width: 75ch; }
a { color: var(--link); }
.dim { color: var(--dim); }
.small { font-size: 13px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 12px 0 20px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 12px; margin: 0 0 16px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; }
.tile b { display: block; font-size: 22px; line-height: 1.3; font-weight: 600; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; margin: 0 0 16px; }
figure, .card { margin: 0; min-width: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
figcaption { font-weight: 600; margin-bottom: 8px; }
figcaption span { display: block; font-weight: 400; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 0 0 8px; padding: 0; list-style: none; font-size: 13px; }
.legend svg { width: 10px; height: 10px; margin-right: 5px; }
figure > svg { display: block; width: 100%; overflow: visible; }
svg text { font: 13px system-ui, sans-serif; fill: var(--text); unicode-bidi: isolate; }
svg text.dim { fill: var(--dim); font-size: 12px; }
.track { fill: var(--track); } .grid { stroke: var(--line); } .axis { stroke: var(--dim); }
.one { fill: var(--one); stroke: var(--one); } .two { fill: var(--two); stroke: var(--two); }
.three { fill: var(--three); stroke: var(--three); } .four { fill: var(--four); stroke: var(--four); }
.five { fill: var(--five); stroke: var(--five); } .six { fill: var(--six); stroke: var(--six); }
rect { stroke: none !important; }
.scroll { overflow-x: auto; margin: 0 0 16px; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; min-width: 104px; vertical-align: top; padding: 6px 12px; border-bottom: 1px solid var(--line); }
tr:last-child > td { border-bottom: 0; }
th { background: var(--card); font-weight: 600; vertical-align: bottom; }
td.n, th.n { text-align: right; min-width: 64px; overflow-wrap: normal; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
td.wide { min-width: 180px; max-width: 420px; }
td svg { display: block; width: 120px; height: 16px; overflow: visible; }
@media print { body { font-size: 12px; } main { max-width: none; padding: 0; } nav { display: none; }
  figure, .card, .tile, tr { break-inside: avoid; } h2 { break-after: avoid; } .scroll { overflow: visible; }
  table { font-size: 9px; } th, td, td.n, th.n, td.wide { min-width: 0; padding: 3px 5px; white-space: normal; overflow-wrap: anywhere; }
  td svg { width: 70px; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
