import type { HeardEvent, Operation } from '../client/history.ts';
import { CODE, codeName, OP } from '../keeper/codes.ts';
import {
  ADD_WATCH_MODE,
  EVENT_TYPE,
  type EventType,
  type SetWatches2Body,
  type SetWatchesBody,
  WATCHER_TYPE,
  type WatcherEvent,
} from '../keeper/requests.ts';
import type { Change, Transaction } from '../keeper/transaction.ts';
import { asZxid, formatZxid, ZXID_ZERO, type Zxid } from '../zab/zxid.ts';
import { describeOperation } from './answers.ts';
import { PREMADE, parentPath } from './models/model-node.ts';
import { type Kinds, WatchModel } from './models/watch-model.ts';
import { Tally } from './tally.ts';
import type { Property } from './violation.ts';

/** A promise about watches that a run breaks. */
export interface WatchFinding {
  readonly property: Property;
  readonly message: string;
  /** Microseconds of simulated time. */
  readonly at: number;
}

/**
 * Holds the watch events that clients heard against what was committed.
 *
 * A server tells a connection of a change before any answer that shows it. So what a connection
 * hears is fixed by its answers alone: between one that shows zxid a and the next, which shows b,
 * come exactly the events of the transactions from a to b that it watches, in their order. Behind
 * its last answer comes the beginning of what is committed later; how far, nobody can know.
 *
 * O(n log n) in the number of operations, events and transactions.
 *
 * @param operations in the order of their invocation; with those that clients send by themselves
 *   when they reconnect (`setWatches`), and each with its `connection`
 * @param events in the order of their `index`
 * @param committed every committed transaction, in order
 * @param tally says what is judged, and counts it
 * @returns the first finding, if there is one
 */
export function checkWatches(
  operations: readonly Operation[],
  events: readonly HeardEvent[],
  committed: readonly Transaction[],
  tally: Tally = new Tally(),
): WatchFinding[] {
  const finding = tally.keep(new WatchChecker(operations, events).check(committed));
  tally.count('watches', events.length);
  return finding === null ? [] : [finding];
}

/** What a connection received, and how much of it is explained. */
class Stream {
  readonly items: (Operation | HeardEvent)[] = [];
  finding: WatchFinding | null = null;
  private next = 0;

  /** Whether nothing is known to have come behind this. */
  get isOver(): boolean {
    return this.finding !== null || this.next >= this.items.length;
  }

  /**
   * The next thing to come should have been this event.
   *
   * @param zxid of the change; -1 if the connection only catches up with it
   */
  hear({ type, path }: WatcherEvent, zxid: number): boolean {
    if (this.isOver) return false;
    const item = this.items[this.next] as Operation | HeardEvent;
    const due = `${eventName(type)} ${path} of ${formatCause(zxid)}`;
    if (!isEvent(item)) {
      this.fail(item, `${describeOperation(item)} was answered before ${due} was heard`);
    } else if (item.type !== type || item.path !== path) {
      this.fail(item, `${describeEvent(item)}, where ${due} was due`);
    } else if (item.zxid >= 0 && item.zxid !== zxid) {
      this.fail(item, `${describeEvent(item)} with zxid ${item.zxid}, and it is ${due}`);
    } else this.next++;
    return !this.isOver;
  }

  /** The next thing to come should have been this answer. */
  answer(operation: Operation): void {
    if (this.isOver) return;
    const item = this.items[this.next] as Operation | HeardEvent;
    if (item === operation) this.next++;
    else if (isEvent(item)) this.fail(item, `${describeEvent(item)}, which nothing caused by then`);
    else this.fail(item, `${describeOperation(item)} was answered out of order`);
  }

  /** Nothing more is committed. */
  end(): void {
    const item = this.items[this.next];
    if (this.isOver || item === undefined || !isEvent(item)) return;
    this.fail(item, `${describeEvent(item)}, which nothing caused`);
  }

  /**
   * The connection broke before these requests to catch up were answered. What had already come of
   * them stands behind all else; of each path at most one event, in the order of the lists.
   */
  endCatchingUp(bodies: readonly (SetWatchesBody | SetWatches2Body)[]): void {
    const possible = bodies.flatMap(({ data, exist, child }) => [
      ...data.map((path) => ({ path, types: MISSED_DATA })),
      ...exist.map((path) => ({ path, types: MISSED_CREATION })),
      ...child.map((path) => ({ path, types: MISSED_CHILDREN })),
    ]);
    for (let item = this.items.at(-1); item !== undefined; item = this.items.at(-1)) {
      if (!isEvent(item) || item.zxid >= 0) return;
      const { path, type } = item;
      const index = possible.findLastIndex((one) => one.path === path && one.types.includes(type));
      if (index < 0) return;
      possible.length = index;
      this.items.pop();
    }
  }

  fail(item: Operation | HeardEvent, message: string): void {
    const at = isEvent(item) ? item.at : item.completedAt;
    this.finding ??= { property: 'watches', message, at };
  }
}

class WatchChecker {
  private readonly streams: Stream[] = [];
  /** The same by client and connection. */
  private readonly byClient = new Map<number, Map<number, Stream>>();
  private readonly watches = new WatchModel();
  private readonly nodes = new Nodes();
  /** Answers that show a state, by the state. */
  private readonly answers: Operation[];

  constructor(operations: readonly Operation[], events: readonly HeardEvent[]) {
    const answered = operations
      .filter(({ reply, connection, zxid }) => reply !== null && connection > 0 && zxid > ZXID_ZERO)
      .sort((a, b) => a.completedIndex - b.completedIndex);
    let next = 0;
    for (const operation of answered) {
      next = this.receiveUntil(events, next, operation.completedIndex);
      this.streamOf(operation).items.push(operation);
    }
    this.receiveUntil(events, next, Number.POSITIVE_INFINITY);
    this.dropUnansweredCatchUps(operations);
    this.answers = answered.sort((a, b) => a.zxid - b.zxid || a.completedIndex - b.completedIndex);
  }

  check(committed: readonly Transaction[]): WatchFinding | null {
    let next = 0;
    for (let index = -1; index < committed.length; index++) {
      const txn = committed[index];
      if (txn !== undefined) this.change(txn, txn.zxid);
      const until = committed[index + 1]?.zxid ?? Number.POSITIVE_INFINITY;
      for (let answer = this.answers[next]; answer !== undefined; answer = this.answers[next]) {
        if (answer.zxid >= until) break;
        next++;
        this.answered(answer);
      }
    }
    for (const stream of this.streams) stream.end();
    const findings = this.streams.flatMap(({ finding }) => finding ?? []);
    return findings.sort((a, b) => a.at - b.at)[0] ?? null;
  }

  private dropUnansweredCatchUps(operations: readonly Operation[]): void {
    const unanswered = new Map<Stream, (SetWatchesBody | SetWatches2Body)[]>();
    for (const operation of operations) {
      const { question, reply, connection } = operation;
      if (question.type !== OP.setWatches && question.type !== OP.setWatches2) continue;
      if (reply !== null || connection === 0) continue;
      const stream = this.streamOf(operation);
      unanswered.set(stream, [...(unanswered.get(stream) ?? []), question.body]);
    }
    for (const [stream, bodies] of unanswered) stream.endCatchingUp(bodies);
  }

  private receiveUntil(events: readonly HeardEvent[], from: number, index: number): number {
    let next = from;
    for (let event = events[next]; event !== undefined; event = events[next]) {
      if (event.index > index) break;
      this.streamOf(event).items.push(event);
      next++;
    }
    return next;
  }

  private streamOf({ client, connection }: Operation | HeardEvent): Stream {
    let streams = this.byClient.get(client);
    if (streams === undefined) {
      streams = new Map();
      this.byClient.set(client, streams);
    }
    let stream = streams.get(connection);
    if (stream === undefined) {
      stream = new Stream();
      streams.set(connection, stream);
      this.streams.push(stream);
    }
    return stream;
  }

  private change({ type, body }: Change, zxid: Zxid): void {
    switch (type) {
      case OP.create:
      case OP.create2:
      case OP.createContainer:
      case OP.createTTL:
        this.nodes.create(body.path, zxid);
        this.watches.created(body.path, zxid);
        break;
      case OP.delete:
      case OP.deleteContainer:
        this.delete(body.path, zxid);
        break;
      case OP.setData:
        this.nodes.change(body.path, zxid);
        this.watches.dataChanged(body.path, zxid);
        break;
      case OP.closeSession:
        for (const path of body.paths) this.delete(path, zxid);
        break;
      case OP.multi:
        for (const part of body.changes) this.change(part, zxid);
        break;
    }
  }

  private delete(path: string, zxid: Zxid): void {
    if (this.nodes.delete(path, zxid)) this.watches.deleted(path, zxid);
  }

  /** A server has answered: what it caught up with came before, what it now watches comes after. */
  private answered(operation: Operation): void {
    const stream = this.streamOf(operation);
    const { question, err } = operation;
    switch (question.type) {
      case OP.setWatches:
      case OP.setWatches2:
        if (err === CODE.OK) this.catchUp(stream, question.body);
        break;
      case OP.checkWatches:
      case OP.removeWatches:
        this.judgeKnown(stream, operation, question.body);
        break;
    }
    stream.answer(operation);
    this.register(stream, operation);
  }

  /** A connection watches what it has asked for and been granted. */
  private register(stream: Stream, { question, err }: Operation): void {
    const isOk = err === CODE.OK;
    switch (question.type) {
      case OP.exists:
      case OP.getData: {
        const isGranted = isOk || (question.type === OP.exists && err === CODE.NONODE);
        const { path, watch } = question.body;
        if (watch && isGranted) this.watches.add(stream, path, 'once', DATA);
        break;
      }
      case OP.getChildren:
      case OP.getChildren2: {
        const { path, watch } = question.body;
        if (watch && isOk) this.watches.add(stream, path, 'once', CHILD);
        break;
      }
      case OP.addWatch: {
        const { path, mode } = question.body;
        if (isOk) this.watches.add(stream, path, modeOf(mode), BOTH);
        break;
      }
      case OP.removeWatches: {
        const { path, watcherType } = question.body;
        if (isOk) this.watches.remove(stream, path, kindsOf(watcherType));
        break;
      }
    }
  }

  /** Whether the connection has a watch is known, so what it is told of that can be wrong. */
  private judgeKnown(
    stream: Stream,
    operation: Operation,
    { path, watcherType }: { readonly path: string; readonly watcherType: number },
  ): void {
    const { err, question } = operation;
    if (err !== CODE.OK && err !== CODE.NOWATCHER) return;
    const has = this.watches.has(stream, path, kindsOf(watcherType));
    if (has === (err === CODE.OK)) return;
    // Up to 3.8 a server may take another client's watch for the one that it was asked about.
    if (!has && question.type === OP.checkWatches) return;
    const fact = has ? 'it has that watch' : 'it has no such watch';
    stream.fail(operation, `${describeOperation(operation)}: ${codeName(err)}, but ${fact}`);
  }

  /** A connection begins with the watches of another: what it has missed is told at once. */
  private catchUp(stream: Stream, body: SetWatchesBody | SetWatches2Body): void {
    const { relativeZxid } = body;
    const tell = (type: EventType, path: string): void => {
      stream.hear({ type, path }, -1);
    };
    for (const path of body.data) {
      const node = this.nodes.get(path);
      if (node === undefined) tell(EVENT_TYPE.NodeDeleted, path);
      else if (node.mzxid > relativeZxid) tell(EVENT_TYPE.NodeDataChanged, path);
      else this.watches.add(stream, path, 'once', DATA);
    }
    for (const path of body.exist) {
      if (this.nodes.get(path) !== undefined) tell(EVENT_TYPE.NodeCreated, path);
      else this.watches.add(stream, path, 'once', DATA);
    }
    for (const path of body.child) {
      const node = this.nodes.get(path);
      if (node === undefined) tell(EVENT_TYPE.NodeDeleted, path);
      else if (node.pzxid > relativeZxid) tell(EVENT_TYPE.NodeChildrenChanged, path);
      else this.watches.add(stream, path, 'once', CHILD);
    }
    if (!('persistent' in body)) return;
    for (const path of body.persistent) this.watches.add(stream, path, 'persistent', BOTH);
    for (const path of body.persistentRecursive) this.watches.add(stream, path, 'recursive', BOTH);
  }
}

/** When the nodes that there are were written last, and when their children last changed. */
class Nodes {
  private readonly nodes = new Map<string, { mzxid: Zxid; pzxid: Zxid }>();

  constructor() {
    for (const path of PREMADE) this.nodes.set(path, { mzxid: ZXID_ZERO, pzxid: ZXID_ZERO });
  }

  get(path: string): { readonly mzxid: Zxid; readonly pzxid: Zxid } | undefined {
    return this.nodes.get(path);
  }

  create(path: string, zxid: Zxid): void {
    this.nodes.set(path, { mzxid: zxid, pzxid: zxid });
    this.touchParent(path, zxid);
  }

  change(path: string, zxid: Zxid): void {
    const node = this.nodes.get(path);
    if (node !== undefined) node.mzxid = zxid;
  }

  /** @returns whether it was there */
  delete(path: string, zxid: Zxid): boolean {
    this.touchParent(path, zxid);
    return this.nodes.delete(path);
  }

  private touchParent(path: string, zxid: Zxid): void {
    const parent = this.nodes.get(parentPath(path));
    if (parent !== undefined) parent.pzxid = zxid;
  }
}

/** What catching up may tell of a node that each kind of watch is on. */
const MISSED_DATA: readonly EventType[] = [EVENT_TYPE.NodeDeleted, EVENT_TYPE.NodeDataChanged];
const MISSED_CREATION: readonly EventType[] = [EVENT_TYPE.NodeCreated];
const MISSED_CHILDREN: readonly EventType[] = [
  EVENT_TYPE.NodeDeleted,
  EVENT_TYPE.NodeChildrenChanged,
];

const DATA: Kinds = { data: true };
const CHILD: Kinds = { child: true };
const BOTH: Kinds = { ...DATA, ...CHILD };

function kindsOf(watcherType: number): Kinds {
  if (watcherType === WATCHER_TYPE.CHILDREN) return CHILD;
  return watcherType === WATCHER_TYPE.DATA ? DATA : BOTH;
}

function modeOf(mode: number): 'persistent' | 'recursive' {
  return mode === ADD_WATCH_MODE.PERSISTENT ? 'persistent' : 'recursive';
}

function isEvent(item: Operation | HeardEvent): item is HeardEvent {
  return 'path' in item;
}

function describeEvent({ client, connection, type, path }: HeardEvent): string {
  return `client ${client} heard ${eventName(type)} ${path} on connection ${connection}`;
}

function eventName(type: EventType): string {
  return Object.entries(EVENT_TYPE).find(([, number]) => number === type)?.[0] ?? String(type);
}

function formatCause(zxid: number): string {
  return zxid < 0 ? 'what it had missed' : formatZxid(asZxid(zxid));
}
