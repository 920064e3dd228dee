import type { HistoryModel } from '../../../src/checkers/linearizability/model.ts';
import { HISTORY_MODELS } from '../../../src/checkers/linearizability/models/models.ts';
import type { Answer, Vocabulary } from './drawn-history.ts';

function modelOf(name: string): HistoryModel<unknown> {
  const model = HISTORY_MODELS.get(name);
  if (model === undefined) throw new Error(`no model ${name}`);
  return model;
}

function ok(output: unknown): Answer {
  return { output, outcome: 'ok' };
}

const DONE = [ok(null)];
const REFUSED: Answer = { output: null, outcome: 'fail' };

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Values 1 to the number of operations are written once each. */
function onceValues(count: number): Answer[] {
  return [ok(null), ...upTo(count).map((index) => ok(index + 1))];
}

const FEW_VALUES = [ok(null), ok(0), ok(1), ok(2)];

const REGISTER_ONCE: Vocabulary = {
  model: modelOf('register'),
  operations: ['write', 'read', 'read'],
  input: (f, _argument, index) => (f === 'write' ? index + 1 : null),
  answers: (f, count) => (f === 'write' ? DONE : onceValues(count)),
};

const REGISTER_FEW: Vocabulary = {
  ...REGISTER_ONCE,
  input: (f, argument) => (f === 'write' ? argument % 3 : null),
  answers: (f) => (f === 'write' ? DONE : FEW_VALUES),
};

const CAS_ONCE: Vocabulary = {
  model: modelOf('cas-register'),
  operations: ['cas', 'read', 'write', 'cas', 'read'],
  input(f, argument, index) {
    if (f === 'write') return index + 1;
    const from = argument === 0 ? null : Math.max(1, index - argument);
    return f === 'cas' ? [from, index + 1] : null;
  },
  answers(f, count) {
    if (f === 'cas') return [...DONE, REFUSED];
    return f === 'write' ? DONE : onceValues(count);
  },
};

const CAS_FEW: Vocabulary = {
  ...CAS_ONCE,
  input(f, argument, index) {
    if (f === 'write') return argument % 3;
    return f === 'cas' ? [argument === 0 ? null : argument - 1, index % 3] : null;
  },
  answers(f) {
    if (f === 'cas') return [...DONE, REFUSED];
    return f === 'write' ? DONE : FEW_VALUES;
  },
};

const LETTERS = 'abcdefg';

/** Every string of up to three different letters of those that are written. */
function stringsOf(letters: string): string[] {
  const grown = (text: string): string[] => {
    const longer = [...letters].filter((letter) => !text.includes(letter));
    return text.length === 3 ? [text] : [text, ...longer.flatMap((letter) => grown(text + letter))];
  };
  return grown('');
}

const STRINGS_ONCE: Vocabulary = {
  model: modelOf('kv'),
  operations: ['append', 'get', 'get', 'put', 'append'],
  input: (f, _argument, index) => (f === 'get' ? null : (LETTERS[index] ?? '')),
  answers: (f, count) => (f === 'get' ? stringsOf(LETTERS.slice(0, count)).map(ok) : DONE),
};

const STRINGS_FEW: Vocabulary = {
  ...STRINGS_ONCE,
  input: (f, argument) => (f === 'get' ? null : ['a', 'b', 'ab'][argument % 3]),
  answers: (f) => (f === 'get' ? ['', 'a', 'b', 'ab', 'aa', 'ba', 'aab'].map(ok) : DONE),
};

const ZNODE: Vocabulary = {
  model: modelOf('znode'),
  operations: ['set', 'get', 'cas', 'get', 'cas'],
  input(f, argument, index) {
    if (f === 'get') return null;
    return f === 'set' ? index : [argument, index];
  },
  answers(f, count) {
    const versions = upTo(count + 1);
    if (f === 'set') return versions.map((version) => ({ ...ok(null), version }));
    if (f === 'cas') return [...versions.map((version) => ({ ...ok(null), version })), REFUSED];
    const values = [null, ...upTo(count)];
    return versions.flatMap((version) => values.map((value) => ({ ...ok(value), version })));
  },
};

const ZNODE_FEW: Vocabulary = {
  ...ZNODE,
  input(f, argument, index) {
    if (f === 'get') return null;
    return f === 'set' ? index % 2 : [argument, index % 2];
  },
  answers(f, count) {
    if (f !== 'get') return ZNODE.answers(f, count);
    return upTo(count + 1).flatMap((version) => {
      return [null, 0, 1].map((value) => ({ ...ok(value), version }));
    });
  },
};

const QUEUE_ONCE: Vocabulary = {
  model: modelOf('queue'),
  operations: ['enqueue', 'dequeue'],
  input: (f, _argument, index) => (f === 'enqueue' ? index + 1 : null),
  answers: (f, count) => (f === 'enqueue' ? DONE : onceValues(count)),
};

const QUEUE_FEW: Vocabulary = {
  ...QUEUE_ONCE,
  input: (f, argument) => (f === 'enqueue' ? argument % 2 : null),
  answers: (f) => (f === 'enqueue' ? DONE : [ok(null), ok(0), ok(1)]),
};

const PRIORITIES_ONCE: Vocabulary = {
  ...QUEUE_ONCE,
  model: modelOf('priority-queue'),
  input: (f, argument, index) => (f === 'enqueue' ? [index + 1, argument] : null),
};

const PRIORITIES_FEW: Vocabulary = {
  ...QUEUE_FEW,
  model: modelOf('priority-queue'),
  input: (f, argument, index) => (f === 'enqueue' ? [argument % 2, index % 2] : null),
};

const SET: Vocabulary = {
  model: modelOf('set'),
  operations: ['add', 'contains', 'remove', 'contains'],
  input: (_f, argument) => argument % 2,
  answers: (f) => (f === 'contains' ? [ok(true), ok(false)] : DONE),
};

const COUNTER: Vocabulary = {
  model: modelOf('counter'),
  operations: ['inc', 'read', 'add', 'read'],
  input: (f, argument) => (f === 'add' ? argument - 1 : null),
  answers: (f) => (f === 'read' ? [-1, 0, 1, 2, 3, 4].map(ok) : DONE),
};

/** Of few processes: only who has it can release it. */
const LOCK: Vocabulary = {
  model: modelOf('lock'),
  operations: ['acquire', 'release'],
  input: () => null,
  answers: () => DONE,
  processes: 2,
};

/** What histories are drawn from, by what it asks of the checker. */
export const VOCABULARIES: Readonly<Record<string, Vocabulary>> = {
  'a register whose values are written once': REGISTER_ONCE,
  'a register of few values': REGISTER_FEW,
  'two registers': { ...REGISTER_ONCE, model: modelOf('kv-register'), keys: 2 },
  'a register with cas whose values are written once': CAS_ONCE,
  'a register with cas of few values': CAS_FEW,
  'strings put together of letters that are written once': STRINGS_ONCE,
  'strings put together of few letters': STRINGS_FEW,
  'a znode': ZNODE,
  'a znode with equal data': ZNODE_FEW,
  'a queue whose values are put in once': QUEUE_ONCE,
  'a queue with equal values': QUEUE_FEW,
  'a queue by priority whose values are put in once': PRIORITIES_ONCE,
  'a queue by priority with equal values': PRIORITIES_FEW,
  'a set': SET,
  'a counter': COUNTER,
  'a lock': LOCK,
};
