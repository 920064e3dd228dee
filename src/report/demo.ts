import type { ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { ClientLook } from '../demo/client-look.ts';
import type { Demo, PlayedAct } from '../demo/demo.ts';
import type { Frame } from '../demo/stage.ts';
import type { ServerLook } from '../scenario/server-look.ts';
import { formatZxid } from '../zab/zxid.ts';
import { renderVerdict, type Screen } from './terminal.ts';
import { plural, renderTable } from './text.ts';

/** Lines that are longer than this are hard to read. */
const TEXT_COLUMNS_MAX = 80;
const TEXT_COLUMNS_MIN = 40;

const LEGEND =
  'The tables show what each server believes. FOLLOWING 5: it follows server 5, and if it is joining ' +
  'it is not in step yet. LOOKING 5?: it has no leader, and votes for 5. Accepted is the epoch that ' +
  'it has promised to follow, current the one whose history it has. Where its log ends, and what ' +
  'its data show, are zxids: 0x100000003 is transaction 3 of epoch 1.';

/** The demos that there are, one a line. */
export function renderDemos(demos: readonly Demo[], { columns }: Screen): string {
  return renderTable(
    columns,
    demos.map(({ name, title }) => [name, title]),
  );
}

/** What a demo is about, and how to read it. */
export function renderOpening({ name, title, about }: Demo, screen: Screen): string {
  const heading = `${screen.color.bold(name)}: ${screen.color.bold(title)}`;
  return [heading, '', wrap(about, screen), '', wrap(LEGEND, screen)].join('\n');
}

export function renderActTitle({ title, run }: PlayedAct, { color }: Screen): string {
  const { bug } = run.plan;
  return `\n${color.bold.underline(title)}${bug === null ? '' : ` (with the bug ${bug})`}`;
}

/**
 * A step: what has happened, and what everybody believes now.
 *
 * @param before the step before; what has changed since is marked
 */
export function renderFrame(frame: Frame, before: Frame | null, screen: Screen): string {
  const { color } = screen;
  const at = `${(frame.at / 1e6).toFixed(3)} s`;
  return [
    '',
    `${color.dim(at)}  ${color.bold(frame.title)}`,
    wrap(frame.text, screen),
    renderServers(frame.servers, before?.servers ?? null, color),
    ...frame.clients.map((client) => wrap(describeClient(client), screen)),
  ].join('\n');
}

/** What an act came to. */
export function renderActEnd({ run }: PlayedAct, { color }: Screen): string {
  return `\n${renderVerdict(run, color)}`;
}

const HEAD = ['server', 'role', 'accepted', 'current', 'log ends', 'data show', ''];

function renderServers(
  servers: readonly ServerLook[],
  before: readonly ServerLook[] | null,
  color: ChalkInstance,
): string {
  const table = new Table({
    head: HEAD,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    chars: RULES_ONLY,
    colAligns: ['right', 'left', 'right', 'right', 'left', 'left', 'left'],
  });
  const rowsBefore = before?.map((look) => cellsOf(look, before));
  servers.forEach((look, index) => {
    const cells = cellsOf(look, servers);
    const oldCells = rowsBefore?.[index] ?? cells;
    table.push(
      cells.map((cell, column) => (cell === oldCells[column] ? cell : color.yellow(cell))),
    );
  });
  return table.toString().replaceAll(/ +$/gm, '');
}

function cellsOf(look: ServerLook, all: readonly ServerLook[]): string[] {
  const { server, acceptedEpoch, currentEpoch, lastLogged, lastApplied } = look;
  return [
    String(server),
    describeRole(look),
    String(acceptedEpoch),
    String(currentEpoch),
    formatZxid(lastLogged),
    lastApplied === null ? '-' : formatZxid(lastApplied),
    remarksOn(look, all).join(', '),
  ];
}

function describeRole({ role, leader }: ServerLook): string {
  if (role === null) return '-';
  if (role === 'LEADING' || leader === null) return role;
  return role === 'LOOKING' ? `${role} ${leader}?` : `${role} ${leader}`;
}

function remarksOn(look: ServerLook, all: readonly ServerLook[]): string[] {
  const { condition, role, isServing, cutFrom } = look;
  if (role === null) return [condition];
  const remarks: string[] = [];
  if (condition !== 'up') remarks.push(condition);
  if (role !== 'LOOKING' && !isServing) remarks.push('joining');
  if (isCutOff(look, all)) return [...remarks, 'cut off'];
  const others = all.filter((other) => cutFrom.includes(other.server) && !isCutOff(other, all));
  if (others.length > 0) remarks.push(`cut from ${others.map(({ server }) => server).join(', ')}`);
  return remarks;
}

/** Whether it can reach no majority. */
function isCutOff({ cutFrom }: ServerLook, all: readonly ServerLook[]): boolean {
  return 2 * cutFrom.length >= all.length;
}

function describeClient({
  client,
  condition,
  server,
  lastSeen,
  openCount,
  token,
}: ClientLook): string {
  const parts = [server === null ? 'not connected' : `connected to server ${server}`];
  if (condition !== 'up') parts.unshift(condition);
  parts.push(`has seen ${formatZxid(lastSeen)}`);
  if (openCount > 0) parts.push(`waits for ${plural(openCount, 'answer')}`);
  if (token !== null) parts.push(`believes to have the lock, as ${formatZxid(token)}`);
  return `client ${client}: ${parts.join(', ')}`;
}

/** Lines above, below and under the head, and nothing between the columns. */
const RULES_ONLY = {
  top: '─',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '─',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '─',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

function wrap(text: string, { columns }: Screen): string {
  const width = Math.max(TEXT_COLUMNS_MIN, Math.min(columns, TEXT_COLUMNS_MAX));
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
