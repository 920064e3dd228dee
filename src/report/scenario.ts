import { replayLine } from '../scenario/reproduction.ts';
import type { Run } from '../scenario/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ScenarioDocument } from './json.ts';
import { renderOutcome, type Screen } from './terminal.ts';
import { plural, renderTable, seconds } from './text.ts';

/**
 * A scenario as a person reads it: its story, what happened, and whether that was expected.
 *
 * @param differences how the run differs from what the scenario expects
 */
export function renderScenario(
  { name, why, look, expect, plan }: Scenario,
  file: string,
  run: Run,
  differences: readonly string[],
  wallMicros: number,
  screen: Screen,
): string {
  const { color, columns } = screen;
  const bug: [string, string][] = plan.bug === null ? [] : [['bug', plan.bug]];
  const story = renderTable(columns, [
    ['why', why],
    ...(look === undefined ? [] : [['look', look] as const]),
    ...bug,
    ...describeIdle(run),
  ]);
  return [
    `${color.bold('zabox')} scenario ${color.bold(name)}`,
    story,
    renderOutcome(run, wallMicros, screen),
    renderExpectation(Object.keys(expect), differences, screen),
    `repeat   ${replayLine(file)}`,
  ].join('\n');
}

/** Scenarios, one a line, and how many of them came to what they expect. */
export function renderScenarios(documents: readonly ScenarioDocument[], screen: Screen): string {
  const { color } = screen;
  const failed = documents.filter(({ differences }) => differences.length > 0);
  const wallMicros = documents.reduce((sum, document) => sum + document.wallMicros, 0);
  const lines = documents.flatMap(({ file, differences, verdict, violations }) => {
    const came = verdict === 'pass' ? 'pass' : `violates ${violations[0]?.property}`;
    if (differences.length === 0) return [`${color.green('ok')}   ${file}: ${came}`];
    return [
      `${color.red('FAIL')} ${file}`,
      ...differences.map((difference) => `     ${difference}`),
    ];
  });
  const total = `${plural(documents.length, 'scenario')} in ${seconds(wallMicros)}`;
  const verdict =
    failed.length === 0
      ? `${color.green.bold('PASS')} ${total}: each is what its file expects`
      : `${color.red.bold('FAIL')} ${total}: ${failed.length} not what the file expects`;
  return [...lines, verdict].join('\n');
}

/** Faults that a scenario plans and that never struck. */
function describeIdle({ plan, stats }: Run): [string, string][] {
  const { idleFaults } = stats;
  if (idleFaults.length === 0) return [];
  const list = idleFaults.map((index) => `${index + 1} (${plan.faults[index]?.kind})`);
  return [['not struck', `faults ${list.join(', ')}`]];
}

function renderExpectation(
  fields: readonly string[],
  differences: readonly string[],
  { color }: Screen,
): string {
  if (differences.length > 0) {
    return differences.map((line) => `${color.red.bold('DIFFERS')}  ${line}`).join('\n');
  }
  const compared = fields.length === 0 ? 'pass' : fields.join(', ');
  return `${color.green.bold('EXPECTED')} as in the file: ${compared}`;
}
