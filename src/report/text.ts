import Table from 'cli-table3';

/** How often something was seen. */
export type Count = readonly [name: string, count: number];

export function byName(counts: Readonly<Record<string, number>>): Count[] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}

export function mostFirst(counts: Readonly<Record<string, number>>): Count[] {
  return byName(counts).sort(([, a], [, b]) => b - a);
}

export function describeCounts(counts: readonly Count[]): string {
  return counts.map(([name, value]) => `${name} ${count(value)}`).join(', ');
}

/** What cli-table3 leaves free at the end of a cell. */
const PADDING = 1;
const TEXT_WIDTH_MIN = 20;

export function renderTable(columns: number, rows: readonly (readonly [string, string])[]): string {
  const labelWidth = Math.max(...rows.map(([label]) => label.length)) + PADDING;
  const textWidth = Math.max(...rows.map(([, text]) => text.length)) + PADDING;
  const room = Math.max(TEXT_WIDTH_MIN, columns - labelWidth);
  const table = new Table({
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': PADDING },
    chars: BORDERLESS,
    colWidths: [labelWidth, Math.min(textWidth, room)],
    wordWrap: true,
  });
  for (const row of rows) table.push([...row]);
  return table.toString().replaceAll(/ +$/gm, '');
}

const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

export function seconds(micros: number): string {
  return `${(micros / 1e6).toFixed(micros < 10e6 ? 2 : 1)} s`;
}
