import type { Operation } from '../client/history.ts';
import { CODE, codeName, OP } from '../keeper/codes.ts';
import {
  ANY_VERSION,
  CREATE_MODE,
  type Data,
  type MultiOp,
  type SetDataBody,
} from '../keeper/requests.ts';
import type { Stat } from '../keeper/stat.ts';
import type { RunHistory } from '../scenario/run.ts';

/** An operation on a register, as the format has it. */
interface Entry {
  readonly operation: Operation;
  /** Its place among all invocations and answers: where it begins. */
  readonly from: number;
  readonly fromTime: number;
  readonly f: 'get' | 'localGet' | 'set' | 'cas';
  readonly key: string;
  readonly argument: unknown;
  readonly outcome: 'ok' | 'fail' | 'info';
  /** With `ok`: the answer. */
  readonly value: unknown;
  readonly stat: Stat | null;
}

/**
 * What a run's clients did with registers, as JSON lines of the model `znode`: for each line a text.
 *
 * A register is a node that was made empty and never removed. A get is a `get` behind a sync by the
 * leader, from where that was asked for; all others are a `localGet`. What a client asks for while
 * it waits for something else is another process's, and so is each further part of a multi.
 */
export function* runHistoryLines(history: RunHistory, madeBy: string): Generator<string> {
  const registers = registersOf(history.operations);
  const entries = entriesOf(history, registers);
  const lines = [...new Lanes().linesOf(entries)];
  const processes = new Set(lines.map(({ process }) => process)).size;
  yield JSON.stringify({
    model: 'znode',
    ops: entries.length,
    processes,
    keys: registers.size,
    madeBy,
  });
  for (const line of lines) yield JSON.stringify(line);
}

/** Paths that always lead to the same node, which begins with no data. */
function registersOf(operations: readonly Operation[]): ReadonlySet<string> {
  const made = new Set<string>();
  const others = new Set<string>();
  for (const { question } of operations) {
    const parts = question.type === OP.multi ? question.body.ops : [question];
    for (const { type, body } of parts) {
      if (type === OP.delete || type === OP.deleteContainer) others.add(body.path);
      else if (body !== null && 'flags' in body) {
        const isRegister = isPlainCreate(type) && body.flags === CREATE_MODE.PERSISTENT;
        (isRegister && body.data === null ? made : others).add(body.path);
      }
    }
  }
  return new Set([...made].filter((path) => !others.has(path)));
}

function isPlainCreate(type: number): boolean {
  return type === OP.create || type === OP.create2;
}

/** In the order in which they begin. */
function entriesOf(
  { operations, freshSyncs }: RunHistory,
  registers: ReadonlySet<string>,
): Entry[] {
  const syncs = new Map(freshSyncs.map((sync) => [sync.completedIndex + 1, sync]));
  return operations
    .filter(({ xid }) => xid !== 0)
    .flatMap((operation) => {
      const sync = syncs.get(operation.invokedIndex);
      const isBehind = sync !== undefined && sync.session === operation.session;
      return entriesOfOne(operation, isBehind ? sync : null);
    })
    .filter(({ key }) => registers.has(key))
    .sort((a, b) => a.from - b.from);
}

function entriesOfOne(operation: Operation, sync: Operation | null): Entry[] {
  const { question, reply } = operation;
  switch (question.type) {
    case OP.getData: {
      if (reply?.type !== OP.getData || reply.body === null) return [];
      const { data, stat } = reply.body;
      const begun = sync ?? operation;
      const f = sync === null ? 'localGet' : 'get';
      const asked = { operation, from: begun.invokedIndex, fromTime: begun.invokedAt, f } as const;
      const answer = { outcome: 'ok', value: textOf(data), stat } as const;
      return [{ ...asked, key: question.body.path, argument: null, ...answer }];
    }
    case OP.setData: {
      const body = reply?.type === OP.setData ? reply.body : null;
      return writeOf(operation, question.body, body?.stat ?? null, outcomeOf(operation));
    }
    case OP.multi:
      return partsOf(operation, question.body.ops);
    default:
      return [];
  }
}

type Outcome = Entry['outcome'];

/** Only who has a reply knows what became of a write. */
function outcomeOf({ reply }: Operation): Outcome {
  if (reply === null) return 'info';
  return reply.err === CODE.OK ? 'ok' : 'fail';
}

function writeOf(
  operation: Operation,
  { path, data, version }: SetDataBody,
  stat: Stat | null,
  outcome: Outcome,
): Entry[] {
  const isCas = version !== ANY_VERSION;
  // What failed otherwise has compared nothing, and had no effect.
  if (outcome === 'fail' && (!isCas || operation.err !== CODE.BADVERSION)) return [];
  const { invokedIndex: from, invokedAt: fromTime } = operation;
  const written = textOf(data);
  const asked = { operation, from, fromTime, f: isCas ? 'cas' : 'set', key: path } as const;
  const argument = isCas ? [version, written] : written;
  return [{ ...asked, argument, outcome, value: argument, stat }];
}

/**
 * The writes of a multi as if each was asked for alone: less than what was promised. All have one
 * zxid; where it writes a node twice, only the last is known to be the one that the zxid shows.
 */
function partsOf(operation: Operation, ops: readonly MultiOp[]): Entry[] {
  const { reply } = operation;
  const results = reply?.type === OP.multi ? (reply.body?.results ?? []) : [];
  // All or nothing; and which part is to blame does not say what the others would have found.
  const hasFailed = results.length === 0 || results.some(({ type }) => type === OP.error);
  if (reply !== null && hasFailed) return [];
  const written = new Set<string>();
  const entries: Entry[] = [];
  for (const [index, { type, body }] of [...ops.entries()].reverse()) {
    if (type !== OP.setData) continue;
    const result = results[index];
    const stat = result?.type === OP.setData ? result.body.stat : null;
    const isLast = !written.has(body.path);
    entries.push(...writeOf(operation, body, stat, stat !== null && isLast ? 'ok' : 'info'));
    written.add(body.path);
  }
  return entries.reverse();
}

/** A line of the file, in the order of its fields. */
interface Line {
  readonly process: number;
  readonly type: 'invoke' | Outcome;
  readonly f: string;
  readonly key: string;
  readonly value: unknown;
  readonly version?: number;
  readonly zxid?: number;
  readonly error?: string;
  readonly time: number;
}

/** A process asks for one thing at a time; a session that asks for more is several. */
class Lanes {
  private processCount = 0;
  private readonly idle = new Map<string, number[]>();
  private readonly processes = new Map<Entry, number>();

  /** @param entries in the order in which they begin */
  linesOf(entries: readonly Entry[]): Line[] {
    const ends = entries.flatMap((entry) => {
      const { completedIndex } = entry.operation;
      const begin = { at: entry.from, entry, isEnd: false };
      return completedIndex < 0 ? [begin] : [begin, { at: completedIndex, entry, isEnd: true }];
    });
    // What begins or ends together does so in the order of the parts.
    ends.sort((a, b) => a.at - b.at);
    return ends.map(({ entry, isEnd }) => (isEnd ? this.end(entry) : this.begin(entry)));
  }

  private begin(entry: Entry): Line {
    const { f, key, argument: value, fromTime: time } = entry;
    const process = this.idle.get(sessionOf(entry))?.pop() ?? this.processCount++;
    this.processes.set(entry, process);
    return { process, type: 'invoke', f, key, value, time };
  }

  private end(entry: Entry): Line {
    const { f, key, value, outcome: type, stat, operation } = entry;
    const process = this.processes.get(entry) ?? -1;
    if (type !== 'info') this.rest(sessionOf(entry), process);
    const { completedAt: time, err } = operation;
    const told = { process, type, f, key, value };
    if (stat === null || type !== 'ok') return { ...told, error: codeName(err), time };
    // To whom a register is there from the start, its making is no write.
    const { version, mzxid } = stat;
    return { ...told, version, zxid: version === 0 ? 0 : mzxid, time };
  }

  private rest(session: string, process: number): void {
    const idle = this.idle.get(session);
    if (idle === undefined) this.idle.set(session, [process]);
    else idle.push(process);
  }
}

function sessionOf({ operation }: Entry): string {
  return `${operation.client}/${operation.session}`;
}

const decoder = new TextDecoder();

/** Data as text, with the zeros that fill it up counted. */
function textOf(data: Data): string | null {
  if (data === null) return null;
  let end = data.length;
  while (end > 0 && data[end - 1] === 0) end--;
  const text = decoder.decode(data.subarray(0, end));
  return end === data.length ? text : `${text}+${data.length - end}`;
}
