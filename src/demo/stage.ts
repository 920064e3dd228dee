import type { Operation } from '../client/history.ts';
import type { RecordedEvent } from '../client/recipes/log.ts';
import { eventName } from '../faults/event-names.ts';
import type { ConnectResponse, ServerMessage } from '../keeper/requests.ts';
import { assert, Defect } from '../kernel/assert.ts';
import type { Run, TraceObserver } from '../scenario/run.ts';
import type { RunView } from '../scenario/run-view.ts';
import { lookAtServer, type ServerLook } from '../scenario/server-look.ts';
import { ZAB_EVENTS } from '../zab/events.ts';
import { type ClientLook, lookAtClient } from './client-look.ts';

/** A step of a story as it was told: what the run had come to, and what everybody believed then. */
export interface Frame {
  /** Microseconds of simulated time. */
  readonly at: number;
  readonly title: string;
  readonly text: string;
  readonly servers: readonly ServerLook[];
  readonly clients: readonly ClientLook[];
}

/** Something that has happened at a host. */
export interface Happening {
  /** As a trace shows it. */
  readonly name: string;
  readonly host: number;
  readonly value: number;
  readonly peer: number;
}

/** What a story waits for before it goes on. */
interface Wait {
  /** In words, for the error if it never comes. */
  readonly what: string;
  isOver(): boolean;
  hear(happening: Happening): void;
}

/** Tells of a run in the course of it: goes on when what it waits for has come. */
export type Story = Generator<Wait, void, void>;

type Telling<Result> = Generator<Wait, Result, void>;

/**
 * Where a run is watched and told of. Nothing here has any influence on the run: the story looks at
 * it between one event and the next, and what it says has happened by then.
 */
export class Stage implements TraceObserver {
  readonly frames: Frame[] = [];
  private readonly story: Story;
  private view: RunView | null = null;
  private result: Run | null = null;
  private wait: Wait | null = null;
  private isOver = false;
  private eventCount = -1;
  private readonly votes = new Map<number, number>();
  /** By client: the server that has taken up its session last. */
  private readonly attachments = new Map<number, number>();

  constructor(tell: (stage: Stage) => Story) {
    this.story = tell(this);
  }

  // For stories

  /** Microseconds of simulated time. */
  get now(): number {
    return this.run.now;
  }

  get servers(): ServerLook[] {
    const { run, votes } = this;
    return run.ensemble.serverIds.map((id) =>
      lookAtServer(run.ensemble, id, votes.get(id) ?? null),
    );
  }

  server(id: number): ServerLook {
    return lookAtServer(this.run.ensemble, id, this.votes.get(id) ?? null);
  }

  /** Whoever serves as a leader, the one of the highest epoch if several do. */
  get leader(): ServerLook | null {
    const leaders = this.servers.filter(({ role, isServing }) => role === 'LEADING' && isServing);
    return leaders.sort((a, b) => b.currentEpoch - a.currentEpoch)[0] ?? null;
  }

  client(number: number): ClientLook {
    return lookAtClient(this.run, number, this.attachments.get(number) ?? null);
  }

  /** What clients have asked for, in order. */
  get operations(): readonly Operation[] {
    return this.run.clients.history.operations;
  }

  /** What those have noted who follow a recipe. */
  get journal(): readonly RecordedEvent[] {
    return this.run.clients.journal.events;
  }

  /** Goes on when something is the case. @param what in words */
  *until(what: string, isOver: () => boolean): Telling<void> {
    yield { what, isOver, hear: () => {} };
  }

  /**
   * Goes on when something has happened at a host, from now on.
   *
   * @param host a server, 0 for any
   * @param names one of these, as a trace shows them
   */
  *event(host: number, ...names: readonly string[]): Telling<Happening> {
    const heard: Happening[] = [];
    const hear = (happening: Happening): void => {
      const isThere = host === 0 || happening.host === host;
      if (isThere && names.includes(happening.name)) heard.push(happening);
    };
    const where = host === 0 ? 'some server' : `server ${host}`;
    const what = `the event ${names.join(' or ')} at ${where}`;
    yield { what, isOver: () => heard.length > 0, hear };
    const [first] = heard;
    assert(first !== undefined, 'an event that was waited for has come');
    return first;
  }

  /** Goes on after some time. */
  *pass(micros: number): Telling<void> {
    const end = this.now + micros;
    yield* this.until(`${micros / 1e6} s`, () => this.now >= end);
  }

  /** Goes on when all servers that run serve clients. */
  *everybodyServes(): Telling<void> {
    yield* this.until('everybody to serve', () => {
      return this.servers.every(({ isServing, condition }) => isServing || condition !== 'up');
    });
  }

  /** Goes on when there is somebody who leads and serves. @param but not this one */
  *someLeader(but = 0): Telling<ServerLook> {
    const find = (): ServerLook | null => {
      const { leader } = this;
      return leader === null || leader.server === but ? null : leader;
    };
    yield* this.until(but === 0 ? 'a leader' : `a leader other than ${but}`, () => find() !== null);
    const leader = find();
    assert(leader !== null, 'a leader that was waited for is there');
    return leader;
  }

  /** Goes on when the run is over, with what it came to. */
  *end(): Telling<Run> {
    yield* this.until('the end of the run', () => this.result !== null);
    assert(this.result !== null, 'a run that is over has a result');
    return this.result;
  }

  /** Tells what has happened, and shows what everybody believes at this moment. */
  tell(title: string, ...sentences: readonly string[]): void {
    const { now: at, servers, run } = this;
    const clients = run.clients.hostIds.map((_, index) => this.client(index + 1));
    this.frames.push({ at, title, text: sentences.join(' '), servers, clients });
  }

  // TraceObserver

  begin(view: RunView): void {
    this.view = view;
  }

  observe(host: number, kind: number, value: number, peer: number): void {
    this.goOnBetweenEvents();
    if (kind === ZAB_EVENTS.voteChanged) this.votes.set(host, peer);
    this.wait?.hear({ name: eventName(kind), host, value, peer });
  }

  sent(): void {
    this.goOnBetweenEvents();
  }

  received(from: number, to: number, port: string, message: unknown): void {
    this.goOnBetweenEvents();
    if (port !== 'client' || this.run.ensemble.serverIds.includes(to)) return;
    // What a client gets from a server is one of these.
    if ('xid' in (message as ConnectResponse | ServerMessage)) return;
    this.attachments.set(to - this.run.ensemble.serverIds.length, from);
  }

  /**
   * The run is over.
   *
   * @throws {@link Defect} if the story waits for what has not come
   */
  close(result: Run): void {
    this.result = result;
    this.goOn();
    if (!this.isOver) throw new Defect(`the story has waited in vain for ${this.wait?.what}`);
  }

  private get run(): RunView {
    assert(this.view !== null, 'a story is told of a run');
    return this.view;
  }

  /** While an event is being handled nobody's state is whole. */
  private goOnBetweenEvents(): void {
    const { eventCount } = this.run;
    if (eventCount === this.eventCount) return;
    this.eventCount = eventCount;
    this.goOn();
  }

  private goOn(): void {
    while (!this.isOver && this.wait?.isOver() !== false) {
      const { done, value } = this.story.next();
      this.isOver = done === true;
      this.wait = done === true ? null : value;
    }
  }
}
