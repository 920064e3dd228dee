import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { showValue } from '../phrases.ts';
import { isSame, pairOf, textOf } from '../values.ts';

export interface RegisterState {
  readonly value: unknown;
}

const READ = { isRead: true } as const;
const REGISTER_OPERATIONS = { read: READ, write: {} } as const;
const CAS_OPERATIONS = { ...REGISTER_OPERATIONS, cas: { tellsWhenRefused: true } } as const;

function step(state: RegisterState, operation: RecordedOperation): RegisterState | null {
  const { f, input, output, outcome } = operation;
  if (f === 'read') return outcome === 'info' || isSame(output, state.value) ? state : null;
  if (f === 'write') return { value: input };
  const [from, to] = pairOf(input);
  const succeeds = isSame(state.value, from);
  if (outcome !== 'info' && succeeds !== (outcome === 'ok')) return null;
  return succeeds ? { value: to } : state;
}

/** One value's compare-and-set makes the next, and that it failed may be due to any other value. */
function mentions({ f, input, output }: RecordedOperation): readonly unknown[] | null {
  if (f === 'cas') return null;
  return f === 'read' ? [output] : [input];
}

const STEPS: Omit<HistoryModel<RegisterState>, 'name'> = {
  init: { value: null },
  step,
  hash: ({ value }) => (typeof value === 'number' ? value : textOf(value)),
  describeState: ({ value }) => `the value is ${showValue(value)}`,
  mentions,
  shape: 'register',
};

/** `read` and `write` of one register, which is `null` at first. */
export const REGISTER: HistoryModel<RegisterState> = {
  name: 'register',
  operations: REGISTER_OPERATIONS,
  ...STEPS,
};

/** A register for each key. */
export const KV_REGISTER: HistoryModel<RegisterState> = { ...REGISTER, name: 'kv-register' };

/** A register that can also `cas` with `[from, to]`; one that fails has found another value. */
export const CAS_REGISTER: HistoryModel<RegisterState> = {
  name: 'cas-register',
  operations: CAS_OPERATIONS,
  ...STEPS,
};
