import fc from 'fast-check';
import type { HistoryModel } from '../../../src/checkers/linearizability/model.ts';
import type { RecordedOperation } from '../../../src/checkers/linearizability/operation.ts';

/** What is drawn of one operation; all of it small numbers. */
export interface Draw {
  readonly choice: number;
  readonly argument: number;
  readonly answer: number;
  readonly key: number;
  /** When it is invoked and how long it takes, and how much of that has gone when it takes effect. */
  readonly start: number;
  readonly length: number;
  readonly effect: number;
  readonly isLost: boolean;
  /** Whether the answer is drawn too. */
  readonly isWild: boolean;
}

/** How draws become operations of a model. */
export interface Vocabulary {
  readonly model: HistoryModel<unknown>;
  readonly operations: readonly string[];
  /** @param index the operation's place among the drawn: for values that are written once */
  input(f: string, argument: number, index: number): unknown;
  /** All answers that there may be, and outcomes with them. */
  answers(f: string, count: number): readonly Answer[];
  readonly keys?: number;
  /** If given, only so many, who may ask for something while they wait. */
  readonly processes?: number;
  readonly canBeLost?: boolean;
}

export type Answer = Pick<RecordedOperation, 'output' | 'outcome' | 'version'>;

const SCALE = 100;

export const drawArbitrary: fc.Arbitrary<Draw> = fc.record({
  choice: fc.nat(5),
  argument: fc.nat(3),
  answer: fc.nat(20),
  key: fc.nat(1),
  start: fc.nat(60),
  length: fc.integer({ min: 1, max: 40 }),
  effect: fc.nat(100),
  isLost: fc.nat(4).map((one) => one === 0),
  isWild: fc.nat(7).map((one) => one === 0),
});

interface Timed {
  readonly draw: Draw;
  readonly index: number;
  readonly invokedAt: number;
  readonly returnedAt: number;
  readonly effectAt: number;
}

/** Carries the drawn operations out at their moments of effect; the wild ones answer anything. */
export function historyOf(draws: readonly Draw[], vocabulary: Vocabulary): RecordedOperation[] {
  const timed = draws.map((draw, index): Timed => {
    const invokedAt = draw.start * SCALE + index;
    const length = draw.length * SCALE + SCALE / 2;
    const effectAt = invokedAt + (length * draw.effect) / 101;
    return { draw, index, invokedAt, returnedAt: invokedAt + length, effectAt };
  });
  const states = new Map<unknown, unknown>();
  const byEffect = timed.toSorted((a, b) => a.effectAt - b.effectAt);
  return byEffect
    .map((one) => carryOut(one, draws.length, vocabulary, states))
    .sort((a, b) => a.invokedAt - b.invokedAt);
}

function carryOut(
  { draw, index, invokedAt, returnedAt }: Timed,
  count: number,
  { model, operations, input, answers, processes, keys = 1, canBeLost = true }: Vocabulary,
  states: Map<unknown, unknown>,
): RecordedOperation {
  const f = operations[draw.choice % operations.length] as string;
  const key = keys === 1 ? null : draw.key % keys;
  const process = processes === undefined ? index : draw.argument % processes;
  const asked = { process, f, key, input: input(f, draw.argument, index), invokedAt };
  const lost: RecordedOperation = {
    ...asked,
    output: null,
    outcome: 'info',
    returnedAt: Number.POSITIVE_INFINITY,
  };
  const part = model.partition?.(lost) ?? key;
  const before = states.has(part) ? states.get(part) : model.init;
  if (draw.isLost && canBeLost) {
    // Every other one takes effect.
    const after = draw.answer % 2 === 0 ? model.step(before, lost) : null;
    if (after !== null) states.set(part, after);
    return lost;
  }
  const possible = answers(f, count).map((answer) => ({ ...asked, returnedAt, ...answer }));
  const right = possible.filter((operation) => model.step(before, operation) !== null);
  const eligible = draw.isWild || right.length === 0 ? possible : right;
  const operation = eligible[draw.answer % eligible.length] as RecordedOperation;
  const after = model.step(before, operation);
  if (after !== null) states.set(part, after);
  return operation;
}
