import type { Outcome, SessionEvent } from './format.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * Whether a step came to what the recording has.
 *
 * Events are compared session by session: their order between sessions carries no meaning.
 *
 * @param inAnyOrder the step has removed several nodes of a session that ended, so that the order
 *   of each session's events is not specified either
 */
export function isSameOutcome(expected: Outcome, got: Outcome, inAnyOrder: boolean): boolean {
  const { events: expectedEvents, ...expectedAnswer } = expected;
  const { events: gotEvents, ...gotAnswer } = got;
  return (
    isEqual(withoutShorthand(expectedAnswer), gotAnswer) &&
    isEqual(bySession(expectedEvents, inAnyOrder), bySession(gotEvents, inAnyOrder))
  );
}

function bySession(events: readonly SessionEvent[], inAnyOrder: boolean): Json {
  const sessions: Record<string, string[]> = {};
  for (const { session, type, path = '', when = '' } of events) {
    sessions[session] ??= [];
    sessions[session].push(JSON.stringify([type, path, when]));
  }
  if (inAnyOrder) for (const list of Object.values(sessions)) list.sort();
  return sessions;
}

/**
 * A recorded value with its runs of one character written out, and without the length of a body
 * that comes with an error: clients ignore it, and simulated answers have none.
 */
function withoutShorthand(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutShorthand);
  if (!isObject(value)) return value;
  const { fill, len } = value;
  if (typeof fill === 'string' && typeof len === 'number') return fill.repeat(len);
  const entries = Object.entries(value).filter(([field]) => field !== 'bodyBytes');
  return Object.fromEntries(entries.map(([field, part]) => [field, withoutShorthand(part)]));
}

/** Equal but for the order of fields; a field that is `undefined` is not there. */
function isEqual(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = fieldsOf(a);
  const right = new Map(fieldsOf(b));
  return (
    left.length === right.size && left.every(([field, part]) => isEqual(part, right.get(field)))
  );
}

function fieldsOf(value: object): [string, Json][] {
  return Object.entries(value).filter(([, part]) => part !== undefined);
}

/** The parts of two outcomes in which they differ. */
export function onlyDifferent(
  expected: Outcome,
  got: Outcome,
): { readonly expected: Json; readonly got: Json } {
  const [left, right] = prune(withoutShorthand(expected), got);
  return { expected: left, got: right };
}

function prune(a: Json, b: Json): [Json, Json] {
  if (!isObject(a) || !isObject(b)) return [a, b];
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const differing = fields.filter((field) => !isEqual(a[field], b[field]));
  const parts = differing.map((field) => [field, prune(a[field], b[field])] as const);
  return [
    Object.fromEntries(parts.map(([field, [left]]) => [field, left])),
    Object.fromEntries(parts.map(([field, [, right]]) => [field, right])),
  ];
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
