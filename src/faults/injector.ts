import { WORLD_EVENTS } from '../world/events.ts';
import type { Host } from '../world/host.ts';
import { NO_PACKET_FAULTS, type PacketFaults } from '../world/link.ts';
import type { Observer } from '../world/timeline.ts';
import type { World } from '../world/world.ts';
import { EVENT_KIND_COUNT, eventKind } from './event-names.ts';
import type { Fault, FaultKind } from './fault.ts';
import { cutLinks, type DirectedLink } from './partition.ts';

type FaultOf<Kind extends FaultKind> = Extract<Fault, { readonly kind: Kind }>;

/** How long an exited process stays away until something starts it again. */
const SUPERVISOR_MICROS = 1_000_000;

/**
 * Strikes with the faults of a plan, each when its time or its event has come, and undoes it when
 * it is over. At the heal it undoes all that is left, and strikes no more.
 */
export class FaultInjector implements Observer {
  /** How often each kind has struck; partitions are counted by their shapes too. */
  readonly counts: Map<FaultKind | string, number> = new Map();

  private readonly world: World;
  /** Host ids: the servers of the ensemble, and the clients. */
  private readonly servers: readonly number[];
  private readonly clients: readonly number[];
  private readonly ongoing = new Set<() => void>();
  /** By the number of the event that they wait for. */
  private readonly triggers: (Trigger[] | undefined)[] = new Array(EVENT_KIND_COUNT).fill(
    undefined,
  );
  private isHealed = false;

  constructor(
    world: World,
    servers: readonly number[],
    clients: readonly number[],
    faults: readonly Fault[],
  ) {
    this.world = world;
    this.servers = servers;
    this.clients = clients;
    for (const fault of faults) {
      const { when } = fault;
      if ('at' in when) this.at(when.at, () => this.strike(fault));
      else this.addTrigger(when.on, new Trigger(fault, when.server, when.nth));
    }
  }

  /** Something has happened, which may be what a fault waits for. It strikes there and then. */
  observe(host: number, kind: number, value: number): void {
    const triggers = this.triggers[kind];
    if (triggers !== undefined) {
      for (const trigger of triggers) if (trigger.isPulledBy(host)) this.strike(trigger.fault);
    }
    if (kind === WORLD_EVENTS.processEnded && value === EXITED) this.restartLater(host);
  }

  /** Ends every fault. From now on the ensemble owes progress. */
  heal(): void {
    this.isHealed = true;
    for (const end of [...this.ongoing]) end();
    for (const id of this.servers) this.startAgain(this.world.host(id));
  }

  private strike(fault: Fault): void {
    if (this.isHealed) return;
    this.count(fault.kind);
    switch (fault.kind) {
      case 'crash':
        this.crash(fault.server, fault.losesPower, fault.forMicros);
        break;
      case 'powerLoss':
        for (const server of this.servers) this.crash(server, true, fault.forMicros);
        break;
      case 'rollingRestart':
        this.rollingRestart(fault);
        break;
      case 'crashLoop':
        this.crashLoop(fault);
        break;
      case 'pause':
        this.pause(this.world.host(fault.server), fault.forMicros);
        break;
      case 'pauseClient':
        this.pause(this.clientHost(fault.client), fault.forMicros);
        break;
      case 'partition':
        this.count(`partition-${fault.cut.shape}`);
        this.cut(cutLinks(fault.cut, this.servers), fault.forMicros);
        break;
      case 'flappingLink':
        this.flap(fault);
        break;
      case 'clientCut':
        this.cutClients(fault);
        break;
      case 'packets':
        this.disturbPackets(fault);
        break;
      case 'reset':
        this.world.resetConnections(fault.server, fault.peer);
        break;
      case 'slowDisk':
        this.slowDisk(fault);
        break;
      case 'stalledDisk':
        this.stallDisk(fault);
        break;
      case 'failingDisk':
        this.failDisk(fault);
        break;
      case 'slowThreads':
        this.slowThreads(fault);
        break;
      case 'clockJump':
        this.world.host(fault.server).clock.jump(fault.byMicros);
        break;
    }
  }

  // Processes

  private crash(server: number, losesPower: boolean, micros: number): void {
    const host = this.world.host(server);
    if (!host.isRunning) return;
    if (losesPower) host.losePower();
    else host.kill();
    this.during(micros, () => this.startAgain(host));
  }

  private rollingRestart({ forMicros, gapMicros }: FaultOf<'rollingRestart'>): void {
    const { now } = this.world.timeline;
    this.servers.forEach((server, index) => {
      this.at(now + index * (forMicros + gapMicros), () => this.crash(server, false, forMicros));
    });
  }

  private crashLoop({ server, times, upMicros, forMicros }: FaultOf<'crashLoop'>): void {
    const { now } = this.world.timeline;
    for (let n = 0; n < times; n++) {
      this.at(now + n * (upMicros + forMicros), () => this.crash(server, false, forMicros));
    }
  }

  private pause(host: Host, micros: number): void {
    const { process } = host;
    host.pause();
    this.during(micros, () => {
      if (host.process === process) host.resume();
    });
  }

  private slowThreads({ server, factor, forMicros }: FaultOf<'slowThreads'>): void {
    const { slowdown } = this.world.host(server);
    slowdown.add(factor);
    this.during(forMicros, () => slowdown.remove(factor));
  }

  /** A process that has ended by itself is started again, as a supervisor would. */
  private restartLater(id: number): void {
    const { now } = this.world.timeline;
    this.world.schedule(now + SUPERVISOR_MICROS, {
      perform: () => this.startAgain(this.world.host(id)),
    });
  }

  private startAgain(host: Host): void {
    if (!host.isRunning) host.start();
  }

  // Network

  private cut(links: readonly DirectedLink[], micros: number): void {
    for (const [from, to] of links) this.world.cutLink(from, to);
    this.during(micros, () => {
      for (const [from, to] of links) this.world.healLink(from, to);
    });
  }

  private flap({ a, b, times, upMicros, forMicros }: FaultOf<'flappingLink'>): void {
    const { now } = this.world.timeline;
    const links = bothWays([a], [b]);
    for (let n = 0; n < times; n++) {
      this.at(now + n * (upMicros + forMicros), () => this.cut(links, forMicros));
    }
  }

  private cutClients({ clients, servers, forMicros }: FaultOf<'clientCut'>): void {
    const hosts = clients.map((client) => this.clientHost(client).id);
    this.cut(bothWays(hosts, servers), forMicros);
  }

  private disturbPackets(fault: FaultOf<'packets'>): void {
    const links = bothWays(this.servers, fault.clients ? this.clients : this.servers);
    const faults: PacketFaults = { ...NO_PACKET_FAULTS, ...fault };
    for (const [from, to] of links) this.world.link(from, to).addFaults(faults);
    this.during(fault.forMicros, () => {
      for (const [from, to] of links) this.world.link(from, to).removeFaults(faults);
    });
  }

  // Disks

  private slowDisk({ server, factor, forMicros }: FaultOf<'slowDisk'>): void {
    const { slowdown } = this.world.host(server).disk;
    slowdown.add(factor);
    this.during(forMicros, () => slowdown.remove(factor));
  }

  private stallDisk({ server, forMicros }: FaultOf<'stalledDisk'>): void {
    const { disk } = this.world.host(server);
    disk.stall();
    this.during(forMicros, () => disk.unstall());
  }

  private failDisk({ server, logOnly, forMicros }: FaultOf<'failingDisk'>): void {
    const { disk } = this.world.host(server);
    disk.fail(logOnly, 1);
    this.during(forMicros, () => disk.fail(logOnly, -1));
  }

  // Times and triggers

  /** Calls `end` after `micros`, or at the heal if that is earlier; once in any case. */
  private during(micros: number, end: () => void): void {
    const once = (): void => {
      if (this.ongoing.delete(once)) end();
    };
    this.ongoing.add(once);
    this.world.schedule(this.world.timeline.now + micros, { perform: once });
  }

  private at(micros: number, begin: () => void): void {
    const perform = (): void => {
      if (!this.isHealed) begin();
    };
    this.world.schedule(micros, { perform });
  }

  private addTrigger(on: string, trigger: Trigger): void {
    const kind = eventKind(on);
    if (kind === undefined) return;
    const triggers = this.triggers[kind];
    if (triggers === undefined) this.triggers[kind] = [trigger];
    else triggers.push(trigger);
  }

  private clientHost(client: number): Host {
    return this.world.host(this.clients[client - 1] ?? 0);
  }

  private count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

/** How a process ends by its own decision; see `WORLD_EVENTS.processEnded`. */
const EXITED = 2;

/** Counts the occurrences that a fault waits for. */
class Trigger {
  readonly fault: Fault;
  private readonly server: number;
  private left: number;

  constructor(fault: Fault, server: number, nth: number) {
    this.fault = fault;
    this.server = server;
    this.left = nth;
  }

  isPulledBy(host: number): boolean {
    if (this.server !== 0 && this.server !== host) return false;
    return --this.left === 0;
  }
}

/** All links between two groups of hosts, in both directions, none twice. */
function bothWays(a: readonly number[], b: readonly number[]): DirectedLink[] {
  const links = new Map<string, DirectedLink>();
  for (const from of a) {
    for (const to of b) {
      if (from === to) continue;
      links.set(`${from}-${to}`, [from, to]);
      links.set(`${to}-${from}`, [to, from]);
    }
  }
  return [...links.values()];
}
