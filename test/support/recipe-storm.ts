import { Configuration } from '../../src/client/recipes/configuration.ts';
import { DoubleBarrier } from '../../src/client/recipes/double-barrier.ts';
import { FifoQueue } from '../../src/client/recipes/fifo-queue.ts';
import { GroupMembership } from '../../src/client/recipes/group-membership.ts';
import { LeaderElection } from '../../src/client/recipes/leader-election.ts';
import { type Grant, Lock } from '../../src/client/recipes/lock.ts';
import { UnfencedResource } from '../../src/client/recipes/naive.ts';
import { Naming } from '../../src/client/recipes/naming.ts';
import type { Participant } from '../../src/client/recipes/participant.ts';
import { PriorityQueue } from '../../src/client/recipes/priority-queue.ts';
import { ReadWriteLock } from '../../src/client/recipes/read-write-lock.ts';
import { FencedResource, type Resource } from '../../src/client/recipes/resource.ts';
import { ServiceDiscovery } from '../../src/client/recipes/service-discovery.ts';
import type { Steps } from '../../src/client/task.ts';
import { RandomStream } from '../../src/kernel/random.ts';
import { RecipeWorld } from './recipe-world.ts';

const CLIENTS = 4;
const SERVERS = 3;
const TURNS = 20;
const MS = 1000;

/** One session that follows a recipe for as long as the storm lasts. */
interface Player {
  readonly who: Participant;
  readonly random: RandomStream;
  readonly resource: Resource;
  /** Counts what all have made together. */
  next(): number;
  isOver(): boolean;
}

type Play = (player: Player, round: number) => Steps<void>;

interface Piece {
  readonly play: Play;
  /** What goes on beside it. */
  readonly watch?: (player: Player) => Steps<void>;
}

function* use({ who, random, resource }: Player, { token }: Grant): Steps<void> {
  for (let writes = 0; writes < 3; writes++) {
    yield* who.sleep(random.between(10 * MS, 300 * MS));
    if (who.isConnected) resource.write(who, token);
  }
}

function* holdLock(player: Player): Steps<void> {
  const lock = new Lock(player.who, '/lock');
  const grant = yield* lock.acquire();
  yield* use(player, grant);
  yield* lock.release(grant);
}

function* readOrWrite(player: Player): Steps<void> {
  const lock = new ReadWriteLock(player.who, '/rw');
  const isWriter = player.random.chance(400_000);
  const grant = isWriter ? yield* lock.acquireWrite() : yield* lock.acquireRead();
  if (isWriter) yield* use(player, grant);
  else yield* player.who.sleep(player.random.between(10 * MS, 900 * MS));
  yield* lock.release(grant);
}

function electionOf({ who }: Player): LeaderElection {
  return new LeaderElection(who, '/election', `candidate-${who.client}`);
}

function* lead(player: Player): Steps<void> {
  const grant = yield* electionOf(player).lead();
  yield* use(player, grant);
  yield* electionOf(player).resign(grant);
}

function* lookForLeader(player: Player): Steps<void> {
  while (!player.isOver()) {
    yield* player.who.sleep(100 * MS);
    yield* electionOf(player).leader();
  }
}

function* passBarrier({ who, random }: Player, round: number): Steps<void> {
  const barrier = new DoubleBarrier(who, `/round-${round}`, `p${who.client}`, CLIENTS - 1);
  const own = yield* barrier.enter();
  yield* who.sleep(random.between(10 * MS, 300 * MS));
  yield* barrier.leave(own);
}

function* offerOrTake({ who, random, next }: Player): Steps<void> {
  const queue = new FifoQueue(who, '/fifo');
  yield* queue.open();
  if (who.client % 2 === 0) yield* queue.take();
  else yield* queue.offer(`item-${next()}`);
  yield* who.sleep(random.between(0, 200 * MS));
}

function* offerOrTakeUrgent({ who, random, next }: Player): Steps<void> {
  const queue = new PriorityQueue(who, '/urgent');
  yield* queue.open();
  if (who.client % 2 === 0) yield* queue.take();
  else yield* queue.offer(`item-${next()}`, random.below(3));
  yield* who.sleep(random.between(0, 200 * MS));
}

function* joinAndLeave({ who, random }: Player): Steps<void> {
  const group = new GroupMembership(who, '/group');
  const member = yield* group.join(`member-${who.client}`);
  yield* who.sleep(random.between(10 * MS, 900 * MS));
  yield* group.leave(member);
}

function* takeNames({ who, random }: Player): Steps<void> {
  const naming = new Naming(who, '/naming');
  yield* naming.uniqueId();
  const name = yield* naming.register(random.pick(['primary', 'backup']));
  yield* who.sleep(random.between(10 * MS, 600 * MS));
  if (name !== null) yield* naming.unregister(name);
}

function configurationOf({ who }: Player): Configuration {
  return new Configuration(who, '/configuration', ['host', 'port']);
}

function* publish(player: Player): Steps<void> {
  const value = player.next();
  yield* player.who.sleep(player.random.between(10 * MS, 400 * MS));
  yield* configurationOf(player).open();
  yield* configurationOf(player).publish([`host-${value}`, `port-${value}`]);
}

function* serve({ who, random, next }: Player): Steps<void> {
  const services = new ServiceDiscovery(who, '/service');
  const holding = yield* services.register(`instance-${who.client}`, `10.0.0.1:${next()}`);
  yield* who.sleep(random.between(10 * MS, 900 * MS));
  yield* services.unregister(holding);
}

export type PieceName =
  | 'lock'
  | 'unfenced lock'
  | 'read/write lock'
  | 'leader election'
  | 'double barrier'
  | 'FIFO queue'
  | 'priority queue'
  | 'group'
  | 'naming'
  | 'configuration'
  | 'service discovery';

const PIECES: Readonly<Record<PieceName, Piece>> = {
  lock: { play: holdLock },
  'unfenced lock': { play: holdLock },
  'read/write lock': { play: readOrWrite },
  'leader election': { play: lead, watch: lookForLeader },
  'double barrier': { play: passBarrier },
  'FIFO queue': { play: offerOrTake },
  'priority queue': { play: offerOrTakeUrgent },
  group: {
    play: joinAndLeave,
    watch: ({ who }) => new GroupMembership(who, '/group').watch(() => {}),
  },
  naming: { play: takeNames },
  configuration: {
    play: publish,
    watch: (player) => configurationOf(player).watch(() => {}),
  },
  'service discovery': {
    play: serve,
    watch: ({ who }) => new ServiceDiscovery(who, '/service').watch(() => {}),
  },
};

/** Clients that follow a recipe while links, servers and they themselves fail, and then no more. */
export class RecipeStorm {
  readonly world: RecipeWorld;
  private readonly piece: Piece;
  private readonly random: RandomStream;
  private readonly resource: Resource;
  /** Who plays already, and which round every client is in. */
  private readonly players = new Set<Participant>();
  private readonly rounds: number[] = Array.from({ length: CLIENTS + 1 }, () => 1);
  private count = 0;
  private isOver = false;

  constructor(name: PieceName, seed: number) {
    this.world = new RecipeWorld(CLIENTS, `${name}/${seed}`);
    this.piece = PIECES[name];
    this.random = new RandomStream(`${name}/${seed}`, 'storm');
    const isFenced = name !== 'unfenced lock';
    this.resource = isFenced ? new FencedResource('disk') : new UnfencedResource('disk');
  }

  /** Leaves behind a world without faults, in which everybody has had time to come to an end. */
  rage(): RecipeWorld {
    const { world, random } = this;
    for (let turn = 0; turn < TURNS; turn++) {
      this.disturb();
      this.pass(random.between(50 * MS, 800 * MS));
    }
    this.isOver = true;
    world.until(() => this.clients().every((client) => world.participant(client).isConnected));
    this.pass(10_000 * MS);
    return world;
  }

  private clients(): number[] {
    return Array.from({ length: CLIENTS }, (_, index) => index + 1);
  }

  /** Time goes by, and whoever has a new session begins to play. */
  private pass(micros: number): void {
    const step = 50 * MS;
    for (let left = micros; left > 0; left -= step) {
      for (const client of this.clients()) this.begin(client);
      this.world.pass(Math.min(step, left));
    }
  }

  private begin(client: number): void {
    const who = this.world.participant(client);
    if (this.players.has(who) || !who.isConnected || this.isOver) return;
    this.players.add(who);
    const player: Player = {
      who,
      random: this.random,
      resource: this.resource,
      next: () => ++this.count,
      isOver: () => this.isOver,
    };
    who.run(this.playOn(player));
    if (this.piece.watch !== undefined) who.run(this.piece.watch(player));
  }

  private *playOn(player: Player): Steps<void> {
    const { client } = player.who;
    while (!this.isOver) {
      const round = this.rounds[client] ?? 1;
      yield* this.piece.play(player, round);
      this.rounds[client] = round + 1;
    }
  }

  /** Does something to a client or a server, and takes it back. */
  private disturb(): void {
    const { world, random } = this;
    const client = random.between(1, CLIENTS);
    const host = world.ensemble.world.host(world.hostOf(client));
    const server = world.ensemble.world.host(random.between(1, SERVERS));
    const faults: readonly Fault[] = [
      { longestMs: 1, begin: () => world.reset(client), end: () => {} },
      { longestMs: 3000, begin: () => world.silence(client), end: () => world.heal(client) },
      { longestMs: 4000, begin: () => world.cut(client), end: () => world.heal(client) },
      { longestMs: 4000, begin: () => host.pause(), end: () => host.resume() },
      { longestMs: 1000, begin: () => host.kill(), end: () => host.start() },
      { longestMs: 2000, begin: () => server.pause(), end: () => server.resume() },
      { longestMs: 1000, begin: () => server.kill(), end: () => server.start() },
    ];
    const { longestMs, begin, end } = random.pick(faults);
    begin();
    this.pass(random.between(MS, longestMs * MS));
    end();
  }
}

interface Fault {
  readonly longestMs: number;
  begin(): void;
  end(): void;
}
