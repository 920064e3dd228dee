import type { Consistency } from '../checkers/consistency/judge.ts';
import type { RecordedOperation } from '../checkers/linearizability/operation.ts';
import { showPlaces } from '../checkers/linearizability/phrases.ts';
import type { CheckResult } from '../checkers/linearizability/result.ts';
import type { RecordedHistory } from '../histories/intake.ts';
import type { Screen } from './terminal.ts';
import { count, plural, renderTable, seconds } from './text.ts';

/** A history that was judged. */
export interface CheckedHistory {
  readonly file: string;
  readonly consistency: Consistency;
  readonly history: RecordedHistory;
  readonly result: CheckResult;
  /** The check alone took so long, in microseconds of real time. */
  readonly checkMicros: number;
  readonly timeoutMicros: number;
}

/** As `zabox check --json` prints it. */
export interface CheckDocument {
  readonly file: string;
  readonly consistency: Consistency;
  readonly model: string;
  readonly verdict: CheckResult['verdict'];
  readonly operations: number;
  readonly checkMicros: number;
  readonly peakBytes: number;
  readonly routes: CheckResult['routes'];
  /** What the places of operations count. */
  readonly places: RecordedHistory['places'];
  /** A return that never came is `null`. */
  readonly evidence: CheckResult['evidence'];
  readonly progress: CheckResult['progress'];
}

export function checkDocument({
  file,
  consistency,
  history,
  result,
  checkMicros,
}: CheckedHistory): CheckDocument {
  const { verdict, peakBytes, routes, evidence, progress } = result;
  const { model, places, operations } = history;
  return {
    file,
    consistency,
    model,
    verdict,
    operations: operations.length,
    checkMicros,
    peakBytes,
    routes,
    places,
    evidence,
    progress,
  };
}

/** What each verdict says. */
const HOLDS: Readonly<Record<Consistency, string>> = {
  linearizable: 'one order in real time explains every answer',
  session: 'every session has seen what it was promised',
  sequential: 'one order that each process agrees with explains every answer',
};

const BROKEN: Readonly<Record<Consistency, string>> = {
  linearizable: 'no order in real time explains every answer',
  session: 'a session has not seen what it was promised',
  sequential: 'no order that each process agrees with explains every answer',
};

const WAYS: Readonly<Record<CheckResult['routes'][number], string>> = {
  blocks: 'by what must stand together',
  witness: 'by the versions in the answers',
  queue: 'by what no queue can do',
  counts: 'by how much was added',
  phases: 'by when each element was in',
  search: 'by search',
};

/** The verdict on a history as a person reads it, with the reason. */
export function renderCheck(checked: CheckedHistory, screen: Screen): string {
  const { color, columns } = screen;
  const { file, consistency, history, result, checkMicros } = checked;
  const { operations, model } = history;
  const processes = new Set(operations.map(({ process }) => process)).size;
  const keys = new Set(operations.map(({ key }) => key)).size;
  const table = renderTable(columns, [
    ['model', model],
    [
      'operations',
      `${count(operations.length)} by ${processes} process${processes === 1 ? '' : 'es'} on ${plural(keys, 'object')}`,
    ],
    ['judged', `${consistency}${waysOf(result)}`],
    ['check', `${milliseconds(checkMicros)}, ${megabytes(result.peakBytes)} beside the history`],
  ]);
  const title = `${color.bold('zabox')} check ${color.bold(file)}`;
  return [title, table, ...renderVerdict(checked, screen)].join('\n');
}

/** Histories, one a line, what is wrong with those that are, and how many there are of each. */
export function renderChecks(all: readonly CheckedHistory[], screen: Screen): string {
  const { color } = screen;
  const lines = all.flatMap((checked) => {
    const { file, history, result, checkMicros } = checked;
    const size = plural(history.operations.length, 'operation');
    const line = `${file}: ${history.model}, ${size}, ${milliseconds(checkMicros)}${waysOf(result)}`;
    if (result.verdict === 'pass') return [`${color.green.bold('PASS')}     ${line}`];
    return [line, ...renderVerdict(checked, screen)];
  });
  const tally = (['pass', 'violation', 'unknown'] as const).map((verdict) => {
    return `${all.filter(({ result }) => result.verdict === verdict).length} ${verdict}`;
  });
  const micros = all.reduce((sum, { checkMicros }) => sum + checkMicros, 0);
  const total = `${all.length === 1 ? '1 history' : `${all.length} histories`} in ${milliseconds(micros)}`;
  return [...lines, `${total}: ${tally.join(', ')}`].join('\n');
}

/** Of more operations the rest is only counted. */
const SHOWN_MAX = 40;

function renderVerdict(checked: CheckedHistory, { color }: Screen): string[] {
  const { consistency, result, history } = checked;
  const { verdict, evidence } = result;
  const what = describeVerdict(checked);
  if (verdict === 'pass') return [`${color.green.bold('PASS')}     ${what}`];
  if (verdict === 'unknown') return [`${color.yellow.bold('UNKNOWN')}  ${what}`];
  const title = `${color.red.bold('VIOLATED')} ${color.bold(consistency)}: ${what}`;
  if (evidence === null) return [title];
  const { operations, explanation } = evidence;
  return [
    title,
    ...explanation.map((sentence) => `         ${sentence}`),
    `these ${operations.length} are wrong by themselves, by their ${history.places}:`,
    ...describeOperations(operations.slice(0, SHOWN_MAX)),
    ...(operations.length > SHOWN_MAX
      ? [`  and ${count(operations.length - SHOWN_MAX)} more, which --json tells`]
      : []),
  ];
}

/** What a verdict says, in a sentence. */
export function describeVerdict(checked: CheckedHistory): string {
  const { consistency, result } = checked;
  if (result.verdict === 'unknown') return whyUnknown(checked);
  return (result.verdict === 'pass' ? HOLDS : BROKEN)[consistency];
}

/** Each on a line, in columns. */
function describeOperations(operations: readonly RecordedOperation[]): string[] {
  const places = operations.map(showPlaces);
  const names = operations.map(({ process, f, key, input }) => {
    return [`process ${process}:`, f, key, input === null ? null : JSON.stringify(input)]
      .filter((word) => word !== null)
      .join(' ');
  });
  const widthOf = (texts: readonly string[]): number => {
    return Math.max(...texts.map(({ length }) => length));
  };
  const [placeWidth, nameWidth] = [widthOf(places), widthOf(names)];
  return operations.map((operation, index) => {
    const place = (places[index] ?? '').padStart(placeWidth);
    return `  ${place}  ${(names[index] ?? '').padEnd(nameWidth)} → ${describeEnd(operation)}`;
  });
}

/** What came of an operation. */
export function describeEnd(operation: RecordedOperation): string {
  const { outcome, input, output, version, zxid } = operation;
  if (outcome === 'info') return 'no answer';
  // Nothing is an answer only to who has asked for something.
  const isAnswer = outcome === 'ok' && input === null && version === undefined;
  const shown = output === null && !isAnswer ? [] : [output];
  return [
    outcome,
    ...shown.map((value) => JSON.stringify(value)),
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(zxid === undefined ? [] : [`zxid ${zxid}`]),
  ].join(', ');
}

function waysOf({ routes }: CheckResult): string {
  return routes.length === 0 ? '' : `, ${routes.map((route) => WAYS[route]).join(', then ')}`;
}

function whyUnknown({ result, history, timeoutMicros }: CheckedHistory): string {
  const { progress } = result;
  if (progress === null) return 'the check came to no end';
  const { parts, partsDecided, key, operations, placed } = progress;
  const caps = {
    caller: `no verdict within ${seconds(timeoutMicros)} (--timeout)`,
    memory: `no verdict within ${megabytes(result.peakBytes)} (--memory)`,
    steps: `no verdict within ${count(result.steps)} steps`,
  };
  const where = key === null ? '' : ` of ${key}`;
  const done = parts > 1 ? `${partsDecided} of ${parts} parts are right; ` : '';
  const all = count(history.operations.length);
  const most =
    placed > 0
      ? `${count(placed)} of ${count(operations)} operations${where} had a place`
      : `${all} operations`;
  return `${caps[progress.cap]}; ${done}${most}`;
}

function milliseconds(micros: number): string {
  return micros < 10_000_000
    ? `${(micros / 1000).toFixed(micros < 100_000 ? 1 : 0)} ms`
    : seconds(micros);
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 24 ? 1 : 0)} MB`;
}
