import type { ChalkInstance } from 'chalk';
import { type CampaignReport, campaignVerdict } from '../campaign/fuzz.ts';
import { PROPERTIES, type Violation } from '../checkers/violation.ts';
import { beyondBudget } from '../scenario/budget.ts';
import type { Run, RunStats } from '../scenario/run.ts';
import { displaySeed } from '../scenario/seed.ts';
import {
  byName,
  type Count,
  count,
  describeCounts,
  mostFirst,
  plural,
  renderTable,
  seconds,
} from './text.ts';

/** Where a report is to be shown. */
export interface Screen {
  readonly color: ChalkInstance;
  /** Tables are wrapped to this; `Infinity`: not at all. */
  readonly columns: number;
}

const FAILURES_SHOWN = 10;
const LEADERS_SHOWN = 8;
/** Of what was reached, what has a line of its own. */
const PREFIXES = ['fault-', 'crash-point-', 'recipe-'];

/** A run as a person reads it: what happened, the verdict, and how to see it again. */
export function renderRun(run: Run, wallMicros: number, reproduce: string, screen: Screen): string {
  const { color } = screen;
  const { seed, bug } = run.plan;
  const withBug = bug === null ? '' : ` with the bug ${color.bold(bug)}`;
  return [
    `${color.bold('zabox')} seed ${color.bold(displaySeed(seed))}${withBug}`,
    renderOutcome(run, wallMicros, screen),
    `repeat   ${reproduce}`,
  ].join('\n');
}

/** What happened in a run, and what it came to. */
export function renderOutcome(run: Run, wallMicros: number, { color, columns }: Screen): string {
  const { stats, digest, events, simulatedMicros } = run;
  const { operations, faults, elections, syncs, proposals } = stats;
  const table = renderTable(columns, [
    ['ensemble', describeEnsemble(run)],
    ['leaders', describeLeaders(run)],
    ['elections', `${elections.won} won, in ${elections.begun} rounds that servers began`],
    ['syncs', describeCounts(Object.entries(syncs))],
    ['proposals', describeCounts(Object.entries(proposals))],
    ['faults', describeCounts(byName(faults)) || 'none'],
    ...describeExcess(run),
    ['packets', describePackets(run)],
    ['operations', describeCounts(mostFirst(operations)) || 'none'],
    ...(run.verdict === 'pass' ? describeUntested(stats.checked) : []),
    ['events', count(events)],
    ['time', `${seconds(simulatedMicros)} simulated in ${seconds(wallMicros)}`],
  ]);
  return [table, renderVerdict(run, color), `digest   ${digest}`].join('\n');
}

/** A plan that asks for more than ZAB promises to survive is not judged without a word. */
function describeExcess({ plan }: Run): [string, string][] {
  const excesses = beyondBudget(plan);
  return excesses.length === 0 ? [] : [['beyond ZAB', excesses.join(', ')]];
}

/**
 * A property that was never put to the test is shown as such, not as one that holds. Nobody
 * expects that of a run that was ended by a violation.
 */
function describeUntested(checked: RunStats['checked']): [string, string][] {
  const { tested, untested } = partProperties(checked);
  return tested.length === 0 || untested.length === 0 ? [] : [['untested', untested.join(', ')]];
}

function partProperties(checked: RunStats['checked']): { tested: string[]; untested: string[] } {
  const counts = Object.entries(checked);
  return {
    tested: counts.filter(([, times]) => times > 0).map(([property]) => property),
    untested: counts.filter(([, times]) => times === 0).map(([property]) => property),
  };
}

/** Whether all properties hold, or which does not. */
export function renderVerdict({ verdict, violations, stats }: Run, color: ChalkInstance): string {
  if (verdict === 'pass') {
    const { tested } = partProperties(stats.checked);
    return `${color.green.bold('PASS')}     all ${tested.length} properties that were tested hold`;
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

/**
 * A campaign as a person reads it.
 *
 * @param planned how many seeds were to be run; fewer were when it was interrupted
 */
export function renderCampaign(report: CampaignReport, planned: number, screen: Screen): string {
  const { seeds, passed, violated, events, wallMicros, seedsPerSecond } = report;
  const run = seeds < planned ? `${count(seeds)} of ${count(planned)}` : count(seeds);
  const reached = mostFirst(report.reached);
  const named = (prefix: string): Count[] => {
    return reached
      .filter(([name, runs]) => name.startsWith(prefix) && !name.includes('/') && runs > 0)
      .map(([name, runs]) => [name.slice(prefix.length), runs]);
  };
  const isNamed = ([name, runs]: Count): boolean => {
    return runs > 0 && PREFIXES.some((prefix) => name.startsWith(prefix));
  };
  const rest = reached.filter((entry) => !isNamed(entry));
  const never = rest.filter(([, runs]) => runs === 0).map(([name]) => name);
  const table = renderTable(screen.columns, [
    ['seeds', `${run} run, ${count(passed)} passed, ${count(violated)} violated a property`],
    ['events', count(events)],
    ['time', `${seconds(wallMicros)}, ${seedsPerSecond.toFixed(1)} seeds a second`],
    ['faults in runs', describeCounts(named('fault-')) || 'no fault'],
    ['crash points', describeCounts(named('crash-point-')) || 'no fault at any'],
    ['recipes in runs', describeCounts(named('recipe-')) || 'no recipe'],
    ['reached in runs', describeCounts(rest.filter(([, runs]) => runs > 0)) || 'nothing of note'],
    ['never reached', never.join(', ') || 'nothing'],
    ['tested in runs', describeCounts(mostFirst(testedIn(report)))],
    ['never tested', partProperties(report.checked).untested.join(', ') || 'nothing'],
  ]);
  return [table, ...renderFailures(report, screen), renderCampaignVerdict(report, screen)].join(
    '\n',
  );
}

function testedIn({ checked }: CampaignReport): Record<string, number> {
  return Object.fromEntries(Object.entries(checked).filter(([, runs]) => runs > 0));
}

function renderFailures({ failures }: CampaignReport, { color }: Screen): string[] {
  const lines = failures
    .slice(0, FAILURES_SHOWN)
    .map(({ property, reproduce }) => `${color.red.bold('VIOLATED')} ${property}: ${reproduce}`);
  const more = failures.length - lines.length;
  return more > 0 ? [...lines, `         and ${count(more)} more (--json lists all)`] : lines;
}

function renderCampaignVerdict(report: CampaignReport, { color }: Screen): string {
  switch (campaignVerdict(report)) {
    case 'pass':
      return `${color.green.bold('PASS')}     all ${partProperties(report.checked).tested.length} properties hold in every run`;
    case 'violation':
      return `${color.red.bold('FAIL')}     in ${count(report.violated)} of ${plural(report.seeds, 'run')}`;
    case 'unknown':
      return `${color.yellow.bold('UNKNOWN')}  a check came to no end in ${plural(report.unknown, 'run')}`;
    case 'nothing proved':
      return `${color.yellow.bold('NOTHING PROVED')}: no run committed a transaction, or none had a fault`;
  }
}

function describeEnsemble({ plan }: Run): string {
  const parts = [plural(plan.servers, 'server')];
  if (plan.observers > 0) parts.push(plural(plan.observers, 'observer'));
  parts.push(plural(plan.clients, 'client'));
  const { recipe, recipeClients } = plan.workload;
  if (recipe !== null) parts.push(`${recipeClients} of them with the recipe ${recipe}`);
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

function describePackets({ stats }: Run): string {
  const { sent, lost, corrupted, blackholed, ...others } = stats.packets;
  return describeCounts([
    ['sent', sent],
    ['dropped', lost + corrupted + blackholed],
    ...Object.entries(others),
  ]);
}
