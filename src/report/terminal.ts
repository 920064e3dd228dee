import type { ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { CampaignReport } from '../campaign/fuzz.ts';
import { PROPERTIES, type Violation } from '../checkers/violation.ts';
import type { Run } from '../scenario/run.ts';
import { displaySeed } from '../scenario/seed.ts';

const PROPERTY_COUNT = Object.keys(PROPERTIES).length;
const FAILURES_SHOWN = 10;
const LEADERS_SHOWN = 8;

/** A run as a person reads it: what happened, the verdict, and how to see it again. */
export function renderRun(
  run: Run,
  wallMicros: number,
  reproduce: string,
  color: ChalkInstance,
): string {
  const { plan, stats, digest, events, simulatedMicros } = run;
  const { packets, operations, faults, elections, syncs } = stats;
  const table = newTable();
  table.push(
    ['ensemble', describeEnsemble(run)],
    ['leaders', describeLeaders(run)],
    ['elections', `${elections.won} won, in ${elections.begun} rounds that servers began`],
    ['syncs', describeCounts(syncs)],
    ['faults', describeCounts(faults) || 'none'],
    [
      'packets',
      describeCounts({
        sent: packets.sent,
        dropped: packets.lost + packets.corrupted,
        duplicated: packets.duplicated,
        reordered: packets.reordered,
        delayed: packets.delayed,
        retransmitted: packets.retransmitted,
      }),
    ],
    ['operations', describeCounts(operations) || 'none'],
    ['events', count(events)],
    ['time', `${seconds(simulatedMicros)} simulated in ${seconds(wallMicros)}`],
  );
  const bug = plan.bug === null ? '' : ` with the bug ${color.bold(plan.bug)}`;
  return [
    `${color.bold('zabox')} seed ${color.bold(displaySeed(plan.seed))}${bug}`,
    table.toString(),
    renderVerdict(run, color),
    `digest   ${digest}`,
    `repeat   ${reproduce}`,
  ].join('\n');
}

function renderVerdict({ verdict, violations }: Run, color: ChalkInstance): string {
  if (verdict === 'pass') {
    return `${color.green.bold('PASS')}     all ${PROPERTY_COUNT} properties hold`;
  }
  if (verdict === 'unknown') return `${color.yellow.bold('UNKNOWN')}  a check came to no end`;
  return violations.map((violation) => renderViolation(violation, color)).join('\n');
}

function renderViolation({ property, message, at, seq }: Violation, color: ChalkInstance): string {
  return [
    `${color.red.bold('VIOLATED')} ${color.bold(property)}: ${PROPERTIES[property]}`,
    `         after ${seconds(at)}, event ${count(seq)}: ${message}`,
  ].join('\n');
}

/** A campaign as a person reads it. */
export function renderCampaign(report: CampaignReport, color: ChalkInstance): string {
  const { seeds, passed, violated, unknown, failures, events, wallMicros } = report;
  const table = newTable();
  table.push(
    [
      'seeds',
      `${count(seeds)} run, ${count(passed)} passed, ${count(violated)} violated a property`,
    ],
    ['events', count(events)],
    ['time', `${seconds(wallMicros)}, ${report.seedsPerSecond.toFixed(1)} seeds a second`],
    ['reached', describeReached(report)],
  );
  const lines = [table.toString()];
  for (const { seed, property, reproduce } of failures.slice(0, FAILURES_SHOWN)) {
    lines.push(
      `${color.red.bold('VIOLATED')} ${property} by seed ${displaySeed(seed)}: ${reproduce}`,
    );
  }
  if (failures.length > FAILURES_SHOWN) {
    lines.push(`         and ${count(failures.length - FAILURES_SHOWN)} more (--json lists all)`);
  }
  if (unknown > 0) lines.push(`${color.yellow.bold('UNKNOWN')}  ${count(unknown)} runs`);
  if (violated === 0 && unknown === 0) {
    lines.push(
      `${color.green.bold('PASS')}     all ${PROPERTY_COUNT} properties hold in every run`,
    );
  }
  return lines.join('\n');
}

function describeEnsemble({ plan }: Run): string {
  const parts = [plural(plan.servers, 'server')];
  if (plan.observers > 0) parts.push(plural(plan.observers, 'observer'));
  parts.push(plural(plan.clients, 'client'));
  return parts.join(', ');
}

function describeLeaders({ stats }: Run): string {
  const { leaders } = stats;
  if (leaders.length === 0) return 'none';
  const shown = leaders
    .slice(0, LEADERS_SHOWN)
    .map(({ epoch, server, at }) => `epoch ${epoch}: server ${server} (${seconds(at)})`);
  const more = leaders.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** What was reached in fewer runs comes first: that is where a campaign is thin. */
function describeReached({ reached, seeds }: CampaignReport): string {
  return Object.entries(reached)
    .sort(([, a], [, b]) => a - b)
    .map(([name, runs]) => `${name} ${runs === seeds ? 'all' : count(runs)}`)
    .join(', ');
}

function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, value]) => `${name} ${count(value)}`)
    .join(', ');
}

function newTable(): Table.Table {
  return new Table({
    style: { head: [], border: [], compact: true },
    chars: BORDERLESS,
    colWidths: [12, 88],
    wordWrap: true,
  });
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

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function seconds(micros: number): string {
  return `${(micros / 1e6).toFixed(micros < 10e6 ? 2 : 1)} s`;
}
