import type { RecordedOperation } from '../checkers/linearizability/operation.ts';
import { showPlaces } from '../checkers/linearizability/phrases.ts';
import { type CheckedHistory, describeEnd, describeVerdict } from './check.ts';
import { count, plural } from './text.ts';
import { type Bar, layOut, type Timeline } from './timeline-layout.ts';

const ROW_HEIGHT = 44;
const BAR_HEIGHT = 26;

/** A history as a page that needs nothing else: a row for each process, a bar for each operation. */
export function renderTimeline(checked: CheckedHistory): string {
  const { file, consistency, history, result } = checked;
  const timeline = layOut(checked);
  const { verdict, evidence } = result;
  const reasons = evidence?.explanation ?? [];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escaped(file)}: ${verdict}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(file)}</h1>
<p class="verdict ${verdict}"><strong>${verdict}</strong> ${escaped(describeVerdict(checked))}</p>
<p>${escaped(history.model)}, judged ${consistency}; ${plural(history.operations.length, 'operation')}</p>
${reasons.length === 0 ? '' : `<ol class="reasons">${reasons.map((reason) => `<li>${escaped(reason)}</li>`).join('')}</ol>`}
${describeView(timeline)}
${renderPicture(timeline)}
${renderConflict(evidence?.operations ?? [], history.places)}
${LEGEND}
<script>${SCROLL}</script>
</body>
</html>
`;
}

function describeView({ leftOut, rows }: Timeline): string {
  if (leftOut === 0) return '';
  const shown = rows.reduce((sum, { bars }) => sum + bars.length, 0);
  return `<p class="view">${count(shown)} operations are shown, ${count(leftOut)} are not.</p>`;
}

function renderPicture({ rows, moments, breaks, width, hasKeys }: Timeline): string {
  const height = rows.length * ROW_HEIGHT;
  const points = moments.map(({ x, row }) => `${x},${bottomOf(row)}`).join(' ');
  const names = rows
    .map(({ process }) => `<div class="name" title="process ${process}">${process}</div>`)
    .join('');
  const bars = rows
    .map(({ bars }, row) => bars.map((bar) => renderBar(bar, row, hasKeys)).join(''))
    .join('');
  const lines = rows
    .map(
      (_, row) =>
        `<line class="row" x1="0" x2="${width}" y1="${middleOf(row)}" y2="${middleOf(row)}"/>`,
    )
    .join('');
  const gaps = breaks
    .map(({ x, places }) => {
      return `<g class="break"><title>${count(places)} places are not shown</title><line x1="${x}" x2="${x}" y1="0" y2="${height}"/></g>`;
    })
    .join('');
  const dots = moments
    .map(({ operation, number, x, row }) => {
      return `<circle cx="${x}" cy="${bottomOf(row)}" r="4"><title>${number}. ${escaped(nameOf(operation))}</title></circle>`;
    })
    .join('');
  return `<div class="timeline">
<div class="names">${names}</div>
<div class="scroll"><div class="picture" style="width:${width}px;height:${height}px">
<svg class="below" width="${width}" height="${height}" aria-hidden="true">${lines}${gaps}</svg>
${bars}
<svg class="above" width="${width}" height="${height}"><polyline points="${points}"/>${dots}</svg>
</div></div>
</div>`;
}

function middleOf(row: number): number {
  return row * ROW_HEIGHT + ROW_HEIGHT / 2;
}

/** Of the bars: below what they say. */
function bottomOf(row: number): number {
  return middleOf(row) + BAR_HEIGHT / 2;
}

function renderBar(
  { operation, left, width, isConflict, isStuck, isOpen }: Bar,
  row: number,
  hasKeys: boolean,
): string {
  const { outcome } = operation;
  const classes = [
    'bar',
    outcome,
    ...(isConflict ? ['conflict'] : []),
    ...(isStuck ? ['stuck'] : []),
    ...(isOpen ? ['open'] : []),
  ];
  const top = middleOf(row) - BAR_HEIGHT / 2;
  const label = escaped(labelOf(operation, hasKeys));
  const about = escaped(
    `${nameOf(operation)} → ${describeEnd(operation)} ${showPlaces(operation)}`,
  );
  return `<div class="${classes.join(' ')}" style="left:${left}px;top:${top}px;width:${width}px" title="${about}">${label}</div>`;
}

/** As short as it can be. */
function labelOf({ f, key, input, output, outcome }: RecordedOperation, hasKeys: boolean): string {
  const object = hasKeys && key !== null ? ` ${key}` : '';
  const argument = input === null ? '' : ` ${JSON.stringify(input)}`;
  const isAsked = input === null && outcome === 'ok';
  return `${f}${object}${argument}${isAsked && output !== undefined ? ` ${JSON.stringify(output)}` : ''}`;
}

function nameOf({ process, f, key, input }: RecordedOperation): string {
  const object = key === null ? '' : ` ${key}`;
  return `process ${process}: ${f}${object}${input === null ? '' : ` ${JSON.stringify(input)}`}`;
}

function renderConflict(
  operations: readonly RecordedOperation[],
  places: CheckedHistory['history']['places'],
): string {
  if (operations.length === 0) return '';
  const rows = operations.map((operation) => {
    const cells = [showPlaces(operation), nameOf(operation), describeEnd(operation)];
    return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
  });
  return `<h2>Wrong by themselves</h2>
<table><thead><tr><th>${places}</th><th>operation</th><th>answer</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (char) => ESCAPES[char] ?? char);
}

/** What is wrong may be far to the right. If it is too wide, then what has no place is shown. */
const SCROLL = `const view = document.querySelector('.scroll');
for (const what of ['.conflict', '.stuck']) {
  const marked = [...view.querySelectorAll(what)];
  if (marked.length === 0) continue;
  const left = Math.min(...marked.map((bar) => bar.offsetLeft));
  const width = Math.max(...marked.map((bar) => bar.offsetLeft + bar.offsetWidth)) - left;
  view.scrollLeft = left - Math.max(20, (view.clientWidth - width) / 2);
  if (width < view.clientWidth) break;
}`;

const LEGEND = `<p class="legend"><span class="bar ok">answered</span> <span class="bar fail">refused</span>
<span class="bar info open">no answer</span> <span class="bar ok conflict">part of what is wrong</span>
<span class="bar ok conflict stuck">has no place in the order</span>
<span class="dot"></span> takes effect, in the order of the line. Each row is a process; time goes to the right, in equal steps.</p>`;

const STYLE = `
:root { color-scheme: light dark; --text: #1c2733; --page: #fff; --faint: #c9d2dc; --ok: #d6e6f7; --ok-edge: #6d9ccb;
  --fail: #e7e7e7; --info: #fdf0d2; --info-edge: #d2a544; --wrong: #c62828; --wrong-fill: #fbdcdc; --stuck: #f29a9a; --order: #2e7d32; }
@media (prefers-color-scheme: dark) { :root { --text: #dbe3ec; --page: #14191f; --faint: #3a4552; --ok: #1f3a57;
  --ok-edge: #5b89b8; --fail: #333b44; --info: #4a3c17; --info-edge: #b98f35; --wrong: #ff6b6b; --wrong-fill: #451c20; --stuck: #8e2f35; --order: #81c784; } }
body { margin: 1.5rem; font: 14px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); }
h1 { font-size: 1.2rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; }
.verdict strong { text-transform: uppercase; padding: 0 .4em; border-radius: 3px; color: var(--page); background: var(--order); }
.violation strong { background: var(--wrong); }
.unknown strong { background: var(--info-edge); }
.timeline { display: flex; border: 1px solid var(--faint); border-radius: 4px; margin: 1rem 0; }
.names { border-right: 1px solid var(--faint); }
.name { height: ${ROW_HEIGHT}px; line-height: ${ROW_HEIGHT}px; padding: 0 .8em; text-align: right; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; flex: 1; }
.picture { position: relative; }
svg { position: absolute; left: 0; top: 0; }
.above { pointer-events: none; }
.above circle { pointer-events: auto; }
.row { stroke: var(--faint); }
.break line { stroke: var(--text); stroke-dasharray: 2 4; }
polyline { fill: none; stroke: var(--order); stroke-width: 1.5; stroke-opacity: .7; }
circle { fill: var(--order); stroke: var(--page); }
.bar { box-sizing: border-box; height: ${BAR_HEIGHT}px; line-height: ${BAR_HEIGHT - 2}px; padding: 0 5px; font-size: 12px; white-space: nowrap;
  overflow: hidden; text-overflow: ellipsis; border: 1px solid var(--ok-edge); border-radius: 3px; background: var(--ok); }
.picture .bar { position: absolute; }
.bar.fail { background: var(--fail); border-color: var(--faint); }
.bar.info { background: var(--info); border-color: var(--info-edge); }
.bar.conflict { border: 2px solid var(--wrong); background: var(--wrong-fill); line-height: ${BAR_HEIGHT - 4}px; }
.bar.conflict.stuck { background: var(--stuck); font-weight: 600; }
.bar.open { border-right-style: dashed; border-top-right-radius: 0; border-bottom-right-radius: 0; }
.legend .bar { display: inline-block; vertical-align: middle; }
.dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; background: var(--order); margin-left: 1em; }
table { border-collapse: collapse; }
th, td { text-align: left; padding: .15em 1em .15em 0; border-bottom: 1px solid var(--faint); font-variant-numeric: tabular-nums; }
`;
