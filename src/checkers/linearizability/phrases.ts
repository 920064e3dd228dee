import type { RecordedOperation } from './operation.ts';

const SHOWN_MAX = 40;
const SHOWN_AT_END = 15;

/** A value as a sentence shows it: not too long. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  if (text.length <= SHOWN_MAX) return text;
  return `${text.slice(0, SHOWN_MAX - SHOWN_AT_END)}…${text.slice(-SHOWN_AT_END)}`;
}

/** What an operation is on; where a history has one object only, that has no name. */
export function nameObject(key: string | number | null): string {
  return key === null ? 'the object' : String(key);
}

/** Whose operation, on what, and where it stands: `process 3's set /k1 7 [499–502]`. */
export function nameOperation(operation: RecordedOperation): string {
  return `process ${operation.process}'s ${askedFor(operation)} ${showPlaces(operation)}`;
}

/** The same with what came of it: `process 3's get /k1 → 6, version 4 [499–502]`. */
export function nameAnswered(
  operation: RecordedOperation,
  describe: (operation: RecordedOperation) => string = askedFor,
): string {
  const asked = describe(operation);
  return `process ${operation.process}'s ${asked}${endOf(operation)} ${showPlaces(operation)}`;
}

function askedFor({ f, key, input }: RecordedOperation): string {
  const object = key === null ? '' : ` ${key}`;
  return `${f}${object}${input === null ? '' : ` ${showValue(input)}`}`;
}

/** Those that ask for nothing and answer nothing but that they are done. */
const SILENT: ReadonlySet<string> = new Set(['acquire', 'release', 'inc']);

function endOf({ f, input, output, outcome, version }: RecordedOperation): string {
  if (outcome === 'info') return ', never answered,';
  if (outcome === 'fail') return ', refused,';
  const hasAnswer = output !== null || (input === null && !SILENT.has(f));
  const answers = hasAnswer ? [showValue(output)] : [];
  if (version !== undefined) answers.push(`version ${version}`);
  return answers.length === 0 ? '' : ` → ${answers.join(', ')}`;
}

/** Where an operation begins and ends. */
export function showPlaces({ outcome, invokedAt, returnedAt }: RecordedOperation): string {
  return outcome === 'info' || returnedAt === Number.POSITIVE_INFINITY
    ? `[${invokedAt}–]`
    : `[${invokedAt}–${returnedAt}]`;
}

/** A clause as a sentence. */
export function asSentence(clause: string): string {
  return `${clause.slice(0, 1).toUpperCase()}${clause.slice(1)}.`;
}
