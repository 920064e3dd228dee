import type { RecordedOperation } from '../linearizability/operation.ts';

const SHOWN_MAX = 40;

/** A value as a sentence shows it: not too long. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}

/** What an operation is on; where a history has one object only, that has no name. */
export function nameObject(key: string | number | null): string {
  return key === null ? 'the object' : String(key);
}

/** Whose operation, on what, and where it stands: `process 3's set /k1 7 [499–502]`. */
export function nameOperation(operation: RecordedOperation): string {
  const { process, f, key, input } = operation;
  const object = key === null ? '' : ` ${key}`;
  const argument = input === null ? '' : ` ${showValue(input)}`;
  return `process ${process}'s ${f}${object}${argument} ${showPlaces(operation)}`;
}

/** Where an operation begins and ends. */
export function showPlaces({ invokedAt, returnedAt }: RecordedOperation): string {
  return returnedAt === Number.POSITIVE_INFINITY
    ? `[${invokedAt}–]`
    : `[${invokedAt}–${returnedAt}]`;
}
