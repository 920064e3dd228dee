/** What the values of one kind of event may be. */
interface Shape {
  /** In words, for somebody who gave something else. */
  readonly right: string;
  /** Whether all of them are vectors. */
  readonly isVector?: boolean;
  fits(value: unknown): boolean;
}

/** How one operation is written. */
export interface OperationFormat {
  readonly argument: Shape;
  /** `null`: an answer says no more than that it came; it may repeat the argument. */
  readonly answer: Shape | null;
}

/** How histories of one model are written. */
export interface HistoryFormat {
  readonly model: string;
  readonly keys: 'none' | 'optional' | 'required';
  /** Whether an answer carries the version of what it shows, or has written. */
  readonly hasVersions: boolean;
  readonly operations: ReadonlyMap<string, OperationFormat>;
}

const NOTHING: Shape = { right: 'no value', fits: (value) => value === null };

const ANYTHING: Shape = { right: 'any value', fits: () => true };

const SOMETHING: Shape = { right: 'a value', fits: (value) => value !== null };

const TEXT_IF_ANY: Shape = {
  right: 'text',
  fits: (value) => value === null || typeof value === 'string',
};

const TEXT: Shape = { right: 'text', fits: (value) => typeof value === 'string' };

const WHOLE_NUMBER: Shape = { right: 'a whole number', fits: Number.isSafeInteger };

const TRUTH: Shape = { right: 'true or false', fits: (value) => typeof value === 'boolean' };

const PAIR: Shape = { right: '[from, to]', isVector: true, fits: isPair };

const VERSION_AND_VALUE: Shape = {
  right: '[expected version, value]',
  isVector: true,
  fits: (value) => isPair(value) && Number.isSafeInteger(value[0]),
};

const VALUE_AND_PRIORITY: Shape = {
  right: '[value, priority], the priority a number',
  isVector: true,
  fits: (value) => isPair(value) && value[0] !== null && Number.isFinite(value[1]),
};

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

const READ = { argument: NOTHING, answer: ANYTHING };
const WRITE = { argument: ANYTHING, answer: null };
const CAS = { argument: PAIR, answer: null };
const BARE = { argument: NOTHING, answer: null };

const FORMATS: readonly HistoryFormat[] = [
  format('register', 'none', { read: READ, write: WRITE }),
  format('kv-register', 'required', { read: READ, write: WRITE }),
  format('cas-register', 'optional', { read: READ, write: WRITE, cas: CAS }),
  format('kv', 'optional', {
    get: { argument: NOTHING, answer: TEXT_IF_ANY },
    put: { argument: TEXT, answer: null },
    append: { argument: TEXT, answer: null },
  }),
  format('queue', 'optional', {
    enqueue: { argument: SOMETHING, answer: null },
    dequeue: { argument: NOTHING, answer: ANYTHING },
  }),
  format('priority-queue', 'optional', {
    enqueue: { argument: VALUE_AND_PRIORITY, answer: null },
    dequeue: { argument: NOTHING, answer: ANYTHING },
  }),
  format('set', 'optional', {
    add: { argument: SOMETHING, answer: null },
    remove: { argument: SOMETHING, answer: null },
    contains: { argument: SOMETHING, answer: TRUTH },
  }),
  format('counter', 'optional', {
    add: { argument: WHOLE_NUMBER, answer: null },
    inc: BARE,
    read: { argument: NOTHING, answer: WHOLE_NUMBER },
  }),
  format('lock', 'optional', { acquire: BARE, release: BARE }),
  {
    ...format('znode', 'optional', {
      get: READ,
      localGet: READ,
      set: WRITE,
      cas: { argument: VERSION_AND_VALUE, answer: null },
    }),
    hasVersions: true,
  },
];

function format(
  model: string,
  keys: HistoryFormat['keys'],
  operations: Readonly<Record<string, OperationFormat>>,
): HistoryFormat {
  return { model, keys, hasVersions: false, operations: new Map(Object.entries(operations)) };
}

/** The models that histories can be of. */
export const MODEL_NAMES: readonly string[] = FORMATS.map(({ model }) => model);

export function findFormat(model: string): HistoryFormat | undefined {
  return FORMATS.find((format) => format.model === model);
}
