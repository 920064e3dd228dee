import type { Part } from '../columns.ts';
import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import type { Lookahead } from './lookahead.ts';
import { type Machine, NO_MEMORY } from './machine.ts';
import { RegisterLookahead } from './register-lookahead.ts';
import { StringLookahead } from './string-lookahead.ts';
import { withUnseenAlike } from './unseen-values.ts';

/** The operations of one part, as a search looks at them. */
export interface SearchCalls {
  readonly initial: number;
  /** For each the number of its kind. */
  readonly kinds: Int32Array;
  /** 1 for those that never change the state. */
  readonly observers: Uint8Array;
  readonly lookahead: Lookahead | null;
}

/** @returns `null` if there is no memory for their states and kinds */
export function searchCalls(
  part: Part,
  operations: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
  machine: Machine<unknown>,
): SearchCalls | null {
  const { members } = part;
  const initial = machine.idOf(model.init);
  if (initial === NO_MEMORY) return null;
  const kinds = new Int32Array(members.length);
  const observers = new Uint8Array(members.length);
  const calls = Array.from(members, (index) => operations[index] as RecordedOperation);
  const asked = model.shape === 'register' ? withUnseenAlike(calls) : calls;
  for (let call = 0; call < members.length; call++) {
    const kind = machine.kindOf(asked[call] as RecordedOperation);
    if (kind === NO_MEMORY) return null;
    kinds[call] = kind;
    observers[call] = machine.isObserver(kind) ? 1 : 0;
  }
  const lookahead = lookaheadOf(part, asked, kinds, model, machine);
  return { initial, kinds, observers, lookahead };
}

function lookaheadOf(
  part: Part,
  calls: readonly RecordedOperation[],
  kinds: Int32Array,
  { shape }: HistoryModel<unknown>,
  machine: Machine<unknown>,
): Lookahead | null {
  if (shape === 'register') return new RegisterLookahead(kinds, machine);
  if (shape !== 'strings') return null;
  return new StringLookahead(part, calls, machine);
}
