"""How the report looks: system fonts, a colour with a word beside it, a page that prints."""

STYLE = """
:root { --ink: #1c2830; --soft: #55626b; --ground: #fff; --line: #d5dadd; --track: #e3e6e8;
  --passed: #1f6f43; --stale: #7a5c00; --started: #1d5fa8; --skipped: #6b6b6b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ea; --soft: #a9b2ba; --ground: #1b2127;
  --line: #3a434b; --track: #3a434b; --passed: #6fcf97; --stale: #e0b84c; --started: #7db7ee;
  --skipped: #a5a9b5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { margin: 0; font-size: 1.9rem; font-weight: 600; }
h2 { margin: 2.2rem 0 .6rem; font-size: 1.25rem; font-weight: 600; }
a { color: var(--started); }
.who { margin: .2rem 0 0; color: var(--soft); }
.sums { display: grid; grid-template-columns: repeat(3, 1fr); gap: .8rem;
  margin: 1.6rem 0 0; padding: 0; list-style: none; }
.sums li { padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .4rem; }
.sums strong { display: block; font-size: 1.3rem; }
.sums span, .far, caption { color: var(--soft); }
.phase { display: grid; grid-template-columns: 1fr auto; gap: .2rem .8rem; margin-bottom: .8rem; }
.phase span + span { color: var(--soft); }
.phase svg { grid-column: 1 / -1; width: 100%; height: .5rem; border-radius: .25rem; }
rect.track { fill: var(--track); } rect.passed { fill: var(--passed); }
rect.stale { fill: var(--stale); } rect.started { fill: var(--started); }
rect.skipped { fill: var(--skipped); }
.wide { overflow-x: auto; margin-bottom: 1.2rem; }
table { width: 100%; border-collapse: collapse; }
caption { padding: .3rem 0; text-align: left; }
th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left;
  font-weight: 400; vertical-align: top; }
thead th { color: var(--soft); white-space: nowrap; }
.state { white-space: nowrap; font-weight: 600; }
.passed { color: var(--passed); } .stale { color: var(--stale); }
.started { color: var(--started); } .skipped { color: var(--skipped); }
.state.open { color: var(--soft); font-weight: 400; }
@media (max-width: 30rem) { .sums { grid-template-columns: repeat(2, 1fr); } }
@media print { main { max-width: none; padding: 0; } tr, .phase, .sums { break-inside: avoid; }
  h2, caption { break-after: avoid; } rect { print-color-adjust: exact; }
  .wide { overflow: visible; } }
""".strip()
