import { readdirSync, readFileSync } from 'node:fs';
import type { Call, SequentialModel } from '../../src/checkers/linearizability/reference-search.ts';

const FOLDER = new URL('./histories/', import.meta.url);

/** One line of a recorded history. */
interface Line {
  readonly process: number;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: string;
  readonly key?: string;
  readonly value?: Value;
  readonly version?: number;
}

type Value = number | string | null | readonly (number | string | null)[];

export interface RecordedHistory {
  readonly name: string;
  readonly model: string;
  readonly linearizable: boolean | null;
  readonly lines: readonly Line[];
}

/** Families that grow beyond what a plain search can do, from some size on. */
const TOO_HARD = /^(lostwrites-(18|22|30)|reversed-(12|16|24))/;

/** Those that are small enough for a plain search. */
export function recordedHistories(): RecordedHistory[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl'));
  const small = names.filter((name) => !TOO_HARD.test(name));
  return small.map((name) => {
    const [header = '{}', ...lines] = readFileSync(new URL(name, FOLDER), 'utf8')
      .trim()
      .split('\n');
    const { model, linearizable } = JSON.parse(header) as RecordedHistory;
    return { name, model, linearizable, lines: lines.map((line) => JSON.parse(line) as Line) };
  });
}

export interface Question {
  readonly f: string;
  readonly value: Value;
}

export interface Answer {
  readonly type: 'ok' | 'fail';
  readonly value: Value;
  readonly version: number;
}

/** The calls of a history, apart for each key; those that say nothing are left out. */
export function callsByKey({ lines }: RecordedHistory): Call<Question, Answer>[][] {
  const keys = new Map<string, Call<Question, Answer>[]>();
  lines.forEach((line, invokedAt) => {
    if (line.type !== 'invoke') return;
    const offset = lines.slice(invokedAt + 1).findIndex(({ process }) => process === line.process);
    const end = offset < 0 ? undefined : lines[invokedAt + 1 + offset];
    const answer = answerOf(line, end);
    if (answer === 'nothing') return;
    const input = { f: line.f, value: line.value ?? null };
    const returnedAt = answer === undefined ? Number.POSITIVE_INFINITY : invokedAt + 1 + offset;
    const calls = keys.get(line.key ?? '') ?? [];
    calls.push({ input, output: answer, invokedAt, returnedAt });
    keys.set(line.key ?? '', calls);
  });
  return [...keys.values()];
}

const READS = new Set(['read', 'get', 'dequeue']);

function answerOf(call: Line, end: Line | undefined): Answer | undefined | 'nothing' {
  if (end === undefined || end.type === 'info') {
    return READS.has(call.f) && call.f !== 'dequeue' ? 'nothing' : undefined;
  }
  if (end.type === 'fail' && call.f !== 'cas') return 'nothing';
  return {
    type: end.type === 'fail' ? 'fail' : 'ok',
    value: end.value ?? null,
    version: end.version ?? 0,
  };
}

type Model = SequentialModel<State, Question, Answer>;

interface State {
  readonly value: Value;
  readonly version: number;
}

/** A register with compare-and-set, as `register`, `cas-register` and `kv-register` have it. */
const REGISTER: Model = {
  initial: { value: null, version: 0 },
  step(state, { f, value }, answer) {
    if (f === 'read') return answer === undefined || answer.value === state.value ? state : null;
    if (f === 'write') return { value, version: 0 };
    const [from, to] = value as [Value, Value];
    const succeeds = state.value === from;
    if (answer !== undefined && succeeds !== (answer.type === 'ok')) return null;
    return succeeds ? { value: to, version: 0 } : state;
  },
  keyOf: ({ value }) => JSON.stringify(value),
};

/** A znode's data and version. */
const ZNODE: Model = {
  initial: { value: null, version: 0 },
  step(state, { f, value }, answer) {
    if (f === 'get') {
      const isSame = answer?.value === state.value && answer.version === state.version;
      return isSame ? state : null;
    }
    const [expected, written] = f === 'cas' ? (value as [number, Value]) : [state.version, value];
    const succeeds = expected === state.version;
    if (answer !== undefined && succeeds !== (answer.type === 'ok')) return null;
    if (!succeeds) return state;
    const version = state.version + 1;
    if (answer !== undefined && answer.version !== version) return null;
    return { value: written, version };
  },
  keyOf: ({ value, version }) => JSON.stringify([value, version]),
};

/** First in, first out; `null` says that it was empty. */
const QUEUE: Model = {
  initial: { value: [], version: 0 },
  step(state, { f, value }, answer) {
    const items = state.value as readonly number[];
    if (f === 'enqueue') return { value: [...items, value as number], version: 0 };
    const first = items[0] ?? null;
    if (answer !== undefined && answer.value !== first) return null;
    return { value: items.slice(1), version: 0 };
  },
  keyOf: ({ value }) => JSON.stringify(value),
};

/** A string, put or grown at its end. */
const STRING: Model = {
  initial: { value: '', version: 0 },
  step(state, { f, value }, answer) {
    if (f === 'get') return answer?.value === state.value ? state : null;
    return { value: f === 'put' ? value : `${state.value}${value}`, version: 0 };
  },
  keyOf: ({ value }) => JSON.stringify(value),
};

const MODELS: Readonly<Record<string, Model>> = {
  register: REGISTER,
  'cas-register': REGISTER,
  'kv-register': REGISTER,
  znode: ZNODE,
  queue: QUEUE,
  kv: STRING,
};

export function modelOf({ model }: RecordedHistory): Model {
  const found = MODELS[model];
  if (found === undefined) throw new Error(`no model ${model}`);
  return found;
}
