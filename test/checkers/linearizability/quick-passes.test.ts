import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Columns } from '../../../src/checkers/linearizability/columns.ts';
import { MemoryBudget } from '../../../src/checkers/linearizability/memory-budget.ts';
import type { HistoryModel } from '../../../src/checkers/linearizability/model.ts';
import { HISTORY_MODELS } from '../../../src/checkers/linearizability/models/models.ts';
import type { RecordedOperation } from '../../../src/checkers/linearizability/operation.ts';
import type { Conflict, PassResult } from '../../../src/checkers/linearizability/passes/pass.ts';
import { PASSES } from '../../../src/checkers/linearizability/passes/passes.ts';
import { Scratch } from '../../../src/checkers/linearizability/passes/scratch.ts';
import { isLegalOrder, isLinearizable } from './brute-force.ts';
import { type Draw, drawArbitrary, historyOf, type Vocabulary } from './drawn-history.ts';
import { VOCABULARIES } from './vocabularies.ts';

const RUNS = 4000;
const LOCK_PROCESSES = 3;

function vocabularyOf(name: string): Vocabulary {
  const vocabulary = VOCABULARIES[name];
  if (vocabulary === undefined) throw new Error(`no vocabulary ${name}`);
  return vocabulary;
}

interface Decided {
  readonly operations: readonly RecordedOperation[];
  readonly result: PassResult;
}

function decide(history: readonly RecordedOperation[], model: HistoryModel<unknown>): Decided[] {
  const columns = Columns.of(history, model, new MemoryBudget(2 ** 30));
  const way = model.shape === undefined ? undefined : PASSES[model.shape];
  if (columns === null || way === undefined) throw new Error('nothing to decide it by');
  const scratch = new Scratch();
  return Array.from({ length: columns.partCount }, (_, index) => {
    const part = columns.part(index);
    const operations = Array.from(part.members, (at) => history[at] as RecordedOperation);
    return { operations, result: way.pass(part, history, true, scratch) };
  });
}

/** The calls that are wrong by themselves. */
function callsOf(conflict: Conflict): readonly number[] {
  if (conflict.kind === 'phantom') return [conflict.reader];
  if (conflict.kind === 'turned') return [conflict.earlier, conflict.later, ...conflict.links];
  if ('calls' in conflict) return conflict.calls;
  throw new Error(`no conflict of these: ${conflict.kind}`);
}

/** Compares what was found with trying every order. */
function judge({ operations, result }: Decided, model: HistoryModel<unknown>): void {
  if (result.verdict === 'unclear') return;
  expect(result.verdict).toBe(isLinearizable(operations, model) ? 'pass' : 'violation');
  if (result.verdict === 'violation') {
    const calls = callsOf(result.conflict);
    expect(new Set(calls).size).toBe(calls.length);
    const few = calls.map((call) => operations[call] as RecordedOperation);
    expect(isLinearizable(few, model)).toBe(false);
    return;
  }
  const order = Array.from(result.order ?? [], (call) => operations[call] as RecordedOperation);
  const answered = operations.filter(({ outcome }) => outcome === 'ok');
  expect(new Set(order).size).toBe(order.length);
  expect(answered.filter((operation) => !order.includes(operation))).toEqual([]);
  expect(isLegalOrder(order, model)).toBe(true);
}

const QUEUE = vocabularyOf('a queue whose values are put in once');
const PRIORITIES = vocabularyOf('a queue by priority whose values are put in once');
const COUNTER = vocabularyOf('a counter');
const INCREMENTS: Vocabulary = {
  ...COUNTER,
  input: (f, argument) => (f === 'add' ? Math.min(argument, 1) : null),
};
const DECREMENTS: Vocabulary = {
  ...COUNTER,
  operations: ['add', 'read'],
  input: (f) => (f === 'add' ? -2 : null),
  answers: (f, count) =>
    f === 'add' ? COUNTER.answers(f, count) : [1, 0, -1, -2, -4, -6].map((output) => ok(output)),
};
const LOCK: Vocabulary = { ...vocabularyOf('a lock'), processes: LOCK_PROCESSES };

function ok(output: unknown): { output: unknown; outcome: 'ok' } {
  return { output, outcome: 'ok' };
}

/** Each process asks for one thing after the other, in most cases for the two by turns. */
function oneByOne(draws: readonly Draw[]): Draw[] {
  const free = new Array<number>(LOCK_PROCESSES).fill(0);
  return draws.map((draw, index) => {
    const process = draw.argument % LOCK_PROCESSES;
    const start = (free[process] as number) + (draw.start % 8);
    free[process] = start + draw.length + 1;
    const before = draws.slice(0, index).filter(isOf(process)).length;
    const isLast = !draws.slice(index + 1).some(isOf(process));
    const choice = draw.isWild ? draw.choice : before;
    return { ...draw, start, choice, isLost: draw.isLost && isLast };
  });
}

function isOf(process: number): (draw: Draw) => boolean {
  return ({ argument }) => argument % LOCK_PROCESSES === process;
}

const DECIDED: Readonly<Record<string, Vocabulary>> = {
  'a queue': QUEUE,
  'a queue of which every answer came': { ...QUEUE, canBeLost: false },
  'a queue by priority of which every answer came': { ...PRIORITIES, canBeLost: false },
  'a counter that goes up by one': INCREMENTS,
  'a counter that goes down by two': DECREMENTS,
};

/** For those that repeat values, or that a later answer may explain. */
const MOSTLY_DECIDED: Readonly<Record<string, Vocabulary>> = {
  'a queue by priority with lost answers': PRIORITIES,
  'a queue with equal values': vocabularyOf('a queue with equal values'),
  'a queue by priority with equal values': vocabularyOf('a queue by priority with equal values'),
  'a set': vocabularyOf('a set'),
  'a counter of several amounts': COUNTER,
};

const drawsArbitrary = fc.array(drawArbitrary, { minLength: 1, maxLength: 7 });

/** How many parts came to which end. */
type Tally = Record<PassResult['verdict'], number>;

function judgeDrawn(
  { model }: Vocabulary,
  history: (draws: readonly Draw[]) => readonly RecordedOperation[],
): Tally {
  const tally: Tally = { pass: 0, violation: 0, unclear: 0 };
  const property = fc.property(drawsArbitrary, (draws) => {
    for (const decided of decide(history(draws), model)) {
      tally[decided.result.verdict]++;
      judge(decided, model);
    }
  });
  fc.assert(property, { numRuns: RUNS, seed: 1 });
  return tally;
}

function expectAllDecided({ pass, violation, unclear }: Tally): void {
  expect(unclear).toBe(0);
  expect(pass).toBeGreaterThan(RUNS / 10);
  expect(violation).toBeGreaterThan(RUNS / 10);
}

describe('without a search', () => {
  it.each(Object.entries(DECIDED))('%s is always decided rightly', (_name, vocabulary) => {
    expectAllDecided(judgeDrawn(vocabulary, (draws) => historyOf(draws, vocabulary)));
  });

  it('a lock is always decided rightly where a process asks for one thing at a time', () => {
    expectAllDecided(judgeDrawn(LOCK, (draws) => historyOf(oneByOne(draws), LOCK)));
  });

  it.each(Object.entries(MOSTLY_DECIDED))('%s is decided rightly, if at all', (_name, one) => {
    const { pass, violation, unclear } = judgeDrawn(one, (draws) => historyOf(draws, one));
    expect(pass + violation).toBeGreaterThan(unclear);
    expect(pass).toBeGreaterThan(RUNS / 10);
  });
});

/** An operation by its ends; 0 for one that never returns. */
type Row = readonly [f: string, value: unknown, invokedAt: number, returnedAt: number];

function conflictOf(name: string, rows: readonly Row[]): Conflict | null {
  const history = rows.map(([f, value, invokedAt, returnedAt], process): RecordedOperation => {
    const isAsked = f !== 'dequeue' && f !== 'read';
    const isLost = returnedAt === 0;
    return {
      process,
      f,
      key: null,
      input: isAsked ? value : null,
      output: isAsked ? null : value,
      outcome: isLost ? 'info' : 'ok',
      invokedAt,
      returnedAt: isLost ? Number.POSITIVE_INFINITY : returnedAt,
    };
  });
  const model = HISTORY_MODELS.get(name);
  if (model === undefined) throw new Error(`no model ${name}`);
  const [decided] = decide(history, model);
  return decided?.result.verdict === 'violation' ? decided.result.conflict : null;
}

const TWO_IN: readonly Row[] = [
  ['enqueue', 'a', 1, 2],
  ['enqueue', 'b', 3, 4],
];

describe('the conflict of a queue', () => {
  it('names the two items of which the second left first', () => {
    const rows: readonly Row[] = [...TWO_IN, ['dequeue', 'b', 5, 6], ['dequeue', 'a', 7, 8]];
    const conflict = conflictOf('queue', rows);
    expect(conflict).toMatchObject({ kind: 'overtaken', first: 0, second: 1 });
  });

  it('is none if a dequeue without an answer may have taken the first', () => {
    expect(conflictOf('queue', [...TWO_IN, ['dequeue', null, 5, 0], ['dequeue', 'b', 6, 7]])).toBe(
      null,
    );
  });

  it('counts the dequeues without an answer that may have taken what is missing', () => {
    const rows: readonly Row[] = [
      ...TWO_IN,
      ['enqueue', 'c', 5, 6],
      ['dequeue', null, 7, 0],
      ['dequeue', 'c', 8, 9],
      ['dequeue', null, 10, 0],
    ];
    const conflict = conflictOf('queue', rows);
    expect(conflict).toMatchObject({ kind: 'overtaken', first: 1, second: 2 });
    expect(new Set(conflict === null ? [] : callsOf(conflict))).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it('names the items that together were in while it was said to be empty', () => {
    const rows: readonly Row[] = [
      ['enqueue', 'a', 1, 2],
      ['dequeue', null, 3, 9],
      ['enqueue', 'b', 4, 5],
      ['dequeue', 'a', 6, 7],
      ['dequeue', 'b', 10, 11],
    ];
    expect(conflictOf('queue', rows)).toMatchObject({ kind: 'covered', dequeue: 1 });
    expect(conflictOf('queue', rows.toSpliced(2, 1, ['enqueue', 'b', 4, 8]))).toBe(null);
  });

  it('is the enqueue and both dequeues of what left twice', () => {
    const rows: readonly Row[] = [...TWO_IN, ['dequeue', 'a', 5, 6], ['dequeue', 'a', 7, 8]];
    expect(conflictOf('queue', rows)).toEqual({ kind: 'repeated', calls: [0, 2, 3] });
  });
});

describe('the conflict of a queue by priority', () => {
  it('names what was more urgent than what left', () => {
    const rows: readonly Row[] = [
      ['enqueue', ['a', 1], 1, 2],
      ['enqueue', ['b', 2], 3, 4],
      ['dequeue', 'b', 5, 6],
    ];
    const conflict = conflictOf('priority-queue', rows);
    expect(conflict).toEqual({ kind: 'covered', dequeue: 2, calls: [1, 2, 0] });
    expect(conflictOf('priority-queue', [...rows, ['dequeue', null, 4.5, 0]])).toBe(null);
  });
});

describe('the conflict of a counter', () => {
  it('names a read that shows less than an earlier one', () => {
    const rows: readonly Row[] = [
      ['inc', null, 1, 10],
      ['inc', null, 2, 0],
      ['read', 1, 3, 4],
      ['read', 0, 5, 6],
    ];
    const conflict = conflictOf('counter', rows);
    expect(conflict).toMatchObject({ kind: 'miscounted', reader: 3 });
  });
});

describe('the versions of a znode', () => {
  const lost = { output: null, outcome: 'info', returnedAt: Number.POSITIVE_INFINITY } as const;

  function ofZnode(rows: readonly Partial<RecordedOperation>[]): RecordedOperation[] {
    const rest = { key: null, input: null, output: null, outcome: 'ok' } as const;
    return rows.map((row, process) => {
      return { process, f: 'get', invokedAt: 0, returnedAt: 0, ...rest, ...row };
    });
  }

  function verdictOf(history: readonly RecordedOperation[]): PassResult['verdict'] | undefined {
    const model = vocabularyOf('a znode').model;
    const [decided] = decide(history, model);
    const verdict = decided?.result.verdict;
    const right = isLinearizable(history, model) ? 'pass' : 'violation';
    expect([right, 'unclear']).toContain(verdict);
    return verdict;
  }

  it('were written by whoever was in time for what was refused', () => {
    const history = ofZnode([
      { f: 'set', input: 'x', ...lost, invokedAt: 1 },
      { f: 'cas', input: [0, 'y'], outcome: 'fail', invokedAt: 2, returnedAt: 3 },
      { f: 'set', input: 'x', ...lost, invokedAt: 4 },
      { output: 'x', version: 1, invokedAt: 5, returnedAt: 6 },
      { f: 'set', input: 'z', version: 3, invokedAt: 7, returnedAt: 8 },
    ]);
    expect(verdictOf(history)).toBe('pass');
  });

  it('may be more than anybody saw, where something was refused by the last', () => {
    const history = ofZnode([
      { f: 'set', input: 'x', version: 1, invokedAt: 1, returnedAt: 2 },
      { f: 'set', input: 'y', ...lost, invokedAt: 3 },
      { f: 'cas', input: [1, 'z'], outcome: 'fail', invokedAt: 4, returnedAt: 5 },
      { f: 'cas', input: [2, 'z'], ...lost, invokedAt: 6 },
      { f: 'cas', input: [2, 'z'], outcome: 'fail', invokedAt: 7, returnedAt: 8 },
    ]);
    expect(verdictOf(history)).not.toBe('violation');
    expect(verdictOf(history.slice(0, 3))).toBe('pass');
    expect(verdictOf(history.filter(({ invokedAt }) => invokedAt !== 3))).toBe('violation');
    const late = history
      .slice(0, 3)
      .map((one) => (one.outcome === 'info' ? { ...one, invokedAt: 6 } : one));
    expect(verdictOf(late)).toBe('violation');
  });
});
