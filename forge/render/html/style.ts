/** How pages of ours look. Classes `good`, `bad`, `fair`, `none` colour a `.badge`; a `.wide` scrolls by itself. */
export const STYLE = `:root {
  color-scheme: light dark;
  --text: light-dark(#1d1f23, #e6e7ea);
  --dim: light-dark(#5b6069, #a3a8b3);
  --back: light-dark(#ffffff, #16181c);
  --raised: light-dark(#f4f5f7, #20242a);
  --line: light-dark(#d9dce1, #363b44);
  --good: light-dark(#1a7037, #6cd08f);
  --bad: light-dark(#b3261e, #ff9b93);
  --fair: light-dark(#8a5a00, #eabf5f);
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); background: var(--back); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
p, li, dd, summary, td, th { overflow-wrap: anywhere; }
.dim { color: var(--dim); }
code, pre { font: 0.875em/1.45 ui-monospace, monospace; }
pre { margin: 0.25rem 0; padding: 0.5rem; background: var(--raised); white-space: pre-wrap; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
.wide th, .wide td { overflow-wrap: break-word; }
.wide td:last-child { min-width: 10rem; }
.wide code { white-space: nowrap; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem 0.35rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
details { border: 1px solid var(--line); border-radius: 6px; margin: 0.5rem 0; padding: 0.5rem 0.75rem; }
summary { cursor: pointer; }
.badge { display: inline-block; border: 1px solid; border-radius: 4px; padding: 0 0.4rem; font-size: 0.8rem; font-weight: 600; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.fair { color: var(--fair); }
.none { color: var(--dim); }
.tiles { display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0; list-style: none; }
.tiles li { border: 1px solid var(--line); border-radius: 6px; padding: 0.4rem 0.75rem; }
.tiles b { font-size: 1.3rem; margin-right: 0.4rem; }
@media (max-width: 30rem) {
  ul, ol { padding-left: 1.25rem; }
  main { padding: 1rem 0.75rem 3rem; }
  h1 { font-size: 1.3rem; }
}
@media print {
  .wide { overflow: visible; }
  .wide th, .wide td { overflow-wrap: anywhere; }
  .wide td:last-child { min-width: 0; }
  .wide code { white-space: normal; }
  details { break-inside: avoid; }
}
`;
