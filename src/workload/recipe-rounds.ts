import { Configuration } from '../client/recipes/configuration.ts';
import { DoubleBarrier } from '../client/recipes/double-barrier.ts';
import { FifoQueue } from '../client/recipes/fifo-queue.ts';
import { GroupMembership } from '../client/recipes/group-membership.ts';
import { LeaderElection } from '../client/recipes/leader-election.ts';
import { type Grant, Lock } from '../client/recipes/lock.ts';
import { standInBlindly } from '../client/recipes/naive.ts';
import { Naming } from '../client/recipes/naming.ts';
import { PRIORITY_MAX, PriorityQueue } from '../client/recipes/priority-queue.ts';
import { ReadWriteLock } from '../client/recipes/read-write-lock.ts';
import { ServiceDiscovery } from '../client/recipes/service-discovery.ts';
import type { Steps } from '../client/task.ts';
import type { Player } from './player.ts';
import type { RecipeName } from './settings.ts';

/** What a client does again and again. */
interface Round {
  /** Whether a round that has begun comes to its end when nobody begins another. */
  readonly ends: boolean;
  play(player: Player): Steps<void>;
  /** What goes on beside the rounds. */
  watch?(player: Player): Steps<void>;
}

const DIR = '/recipe';
const PARTS = ['host', 'port', 'user'];
const NAMES = ['primary', 'backup'];
const PRIORITIES = 3;

export const ROUNDS: Readonly<Record<RecipeName, Round>> = {
  lock: {
    ends: true,
    play: (player) => holdLock(player, new Lock(player.participant, `${DIR}/lock`)),
  },
  'unfenced-lock': {
    ends: true,
    play: (player) => holdLock(player, new Lock(player.participant, `${DIR}/lock`)),
  },
  'blind-lock': {
    ends: true,
    play: (player) => holdLock(player, new Lock(player.participant, `${DIR}/lock`, standInBlindly)),
  },
  'read-write-lock': { ends: true, play: readOrWrite },
  'leader-election': { ends: true, play: lead, watch: lookForLeader },
  'double-barrier': { ends: false, play: passBarrier },
  'fifo-queue': {
    ends: false,
    play: (player) => {
      const queue = new FifoQueue(player.participant, `${DIR}/fifo`);
      return offerOrTake(player, queue, (item) => queue.offer(item));
    },
  },
  'priority-queue': {
    ends: false,
    play: (player) => {
      const queue = new PriorityQueue(player.participant, `${DIR}/priority`);
      return offerOrTake(player, queue, (item) => {
        const priority = player.random.pick([0, player.random.below(PRIORITIES), PRIORITY_MAX]);
        return queue.offer(item, priority);
      });
    },
  },
  'group-membership': {
    ends: true,
    play: joinAndLeave,
    watch: ({ participant }) => new GroupMembership(participant, `${DIR}/group`).watch(() => {}),
  },
  naming: { ends: true, play: takeNames },
  configuration: {
    ends: true,
    play: publish,
    watch: ({ participant }) => configurationOf(participant).watch(() => {}),
  },
  'service-discovery': {
    ends: true,
    play: serve,
    watch: ({ participant }) => new ServiceDiscovery(participant, `${DIR}/service`).watch(() => {}),
  },
};

function think({ participant, random, settings }: Player): Steps<void> {
  return participant.sleep(random.between(settings.thinkMinMicros, settings.thinkMaxMicros));
}

function* holdLock(player: Player, lock: Lock): Steps<void> {
  const grant = yield* lock.acquire();
  yield* use(player, grant);
  yield* lock.release(grant);
}

/** Writes under the right as long as it may be used: not without a connection. */
function* use(player: Player, { token }: Grant): Steps<void> {
  const { participant, random, resource } = player;
  for (let writes = random.between(1, 3); writes > 0; writes--) {
    yield* think(player);
    if (participant.isConnected) resource.write(participant, token);
  }
}

function* readOrWrite(player: Player): Steps<void> {
  const lock = new ReadWriteLock(player.participant, `${DIR}/rw`);
  const isWriter = player.random.chance(400_000);
  const grant = isWriter ? yield* lock.acquireWrite() : yield* lock.acquireRead();
  if (isWriter) yield* use(player, grant);
  else yield* think(player);
  yield* lock.release(grant);
}

function* lead(player: Player): Steps<void> {
  const election = electionOf(player);
  const grant = yield* election.lead();
  yield* use(player, grant);
  yield* election.resign(grant);
}

function* lookForLeader(player: Player): Steps<void> {
  const election = electionOf(player);
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    yield* think(player);
    yield* think(player);
    yield* election.leader();
  }
}

const LOOKS_MAX = 20;

function electionOf({ participant, number }: Player): LeaderElection {
  return new LeaderElection(participant, `${DIR}/election`, `candidate-${number}`);
}

function* passBarrier(player: Player): Steps<void> {
  const { participant, number, size, memory } = player;
  const dir = `${DIR}/round-${memory.round}`;
  const barrier = new DoubleBarrier(participant, dir, `p${number}`, size);
  const own = yield* barrier.enter();
  memory.round++;
  yield* think(player);
  yield* barrier.leave(own);
}

interface Queue {
  open(): Steps<void>;
  take(): Steps<unknown>;
}

/** Every other client offers, the others take. */
function* offerOrTake(
  player: Player,
  queue: Queue,
  offer: (item: string) => Steps<void>,
): Steps<void> {
  yield* queue.open();
  yield* think(player);
  if (player.number % 2 === 0) yield* queue.take();
  else yield* offer(`${player.number}-${++player.memory.count}`);
}

function* joinAndLeave(player: Player): Steps<void> {
  const group = new GroupMembership(player.participant, `${DIR}/group`);
  const member = yield* group.join(`member-${player.number}`);
  yield* think(player);
  yield* group.leave(member);
}

function* takeNames(player: Player): Steps<void> {
  const naming = new Naming(player.participant, `${DIR}/naming`);
  yield* naming.uniqueId();
  const holding = yield* naming.register(player.random.pick(NAMES));
  yield* think(player);
  if (holding !== null) yield* naming.unregister(holding);
}

function* publish(player: Player): Steps<void> {
  const configuration = configurationOf(player.participant);
  yield* configuration.open();
  const count = ++player.memory.count;
  yield* configuration.publish(PARTS.map((part) => `${part}-${player.number}-${count}`));
}

function configurationOf(participant: Player['participant']): Configuration {
  return new Configuration(participant, `${DIR}/configuration`, PARTS);
}

function* serve(player: Player): Steps<void> {
  const services = new ServiceDiscovery(player.participant, `${DIR}/service`);
  const endpoint = `10.0.0.${player.number}:${8000 + ++player.memory.count}`;
  const holding = yield* services.register(`instance-${player.number}`, endpoint);
  yield* think(player);
  yield* services.unregister(holding);
}
