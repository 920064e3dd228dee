import type { Host } from '../world/host.ts';
import { NO_PACKET_FAULTS, type PacketFaults } from '../world/link.ts';
import type { World } from '../world/world.ts';
import { bothWays, cutLinks, type DirectedLink, type Parties } from './cuts.ts';
import type { Cut, FaultAction, FaultKind, Reach, Whom } from './fault.ts';

/** What a fault works on, as it is at the time when it strikes. */
export interface Stage extends Parties {
  readonly world: World;
  /** Host ids. */
  readonly clients: readonly number[];
  /** An integer from 0 to `bound` - 1. */
  random(bound: number): number;
  /** Does something later, unless the ensemble has been healed by then. */
  later(micros: number, begin: () => void): void;
  /** Undoes something after a while, or at the heal if that is earlier; once in any case. */
  during(micros: number, end: () => void): void;
}

/** @returns whether there was anybody, or anything, to strike */
type Afflict<Kind extends FaultKind> = (fault: ActionOf<Kind>, stage: Stage) => boolean;

type ActionOf<Kind extends FaultKind> = Extract<FaultAction, { readonly kind: Kind }>;

const AFFLICT: { readonly [Kind in FaultKind]: Afflict<Kind> } = {
  crash: (fault, stage) => stop(hostOf(fault.server, stage), fault.forMicros, stage, kill),
  powerOff: (fault, stage) => stop(hostOf(fault.server, stage), fault.forMicros, stage, powerOff),
  tornTail: (fault, stage) => {
    const host = hostOf(fault.server, stage);
    return stop(host, fault.forMicros, stage, (victim) => victim.losePower({ tearsTail: true }));
  },
  powerLoss: (fault, stage) => stopAll(fault.forMicros, stage, powerOff),
  allRestart: (fault, stage) => stopAll(fault.forMicros, stage, kill),
  rollingRestart: ({ forMicros, gapMicros }, stage) => {
    stage.servers.forEach((id, index) => {
      const begin = (): boolean => stop(stage.world.host(id), forMicros, stage, kill);
      stage.later(index * (forMicros + gapMicros), begin);
    });
    return true;
  },
  pause: (fault, stage) => pause(hostOf(fault.server, stage), fault.forMicros, stage),
  slowThreads: ({ server, factor, forMicros }, stage) => {
    return slow(hostOf(server, stage)?.slowdown, factor, forMicros, stage);
  },

  crashClient: (fault, stage) => stop(clientOf(fault.client, stage), fault.forMicros, stage, kill),
  pauseClient: (fault, stage) => pause(clientOf(fault.client, stage), fault.forMicros, stage),
  deafClient: (fault, stage) => {
    const host = clientOf(fault.client, stage);
    const { process } = host;
    if (process === null) return false;
    host.stopReading();
    stage.during(fault.forMicros, () => {
      if (host.process === process) host.readAgain();
    });
    return true;
  },

  split: cut,
  isolate: cut,
  oneWay: cut,
  bridge: cut,
  ring: cut,
  cutLink: cut,
  halfDeadLink: cut,
  clientCut: cut,

  loss: (fault, stage) => disturb(fault, { lossPpm: fault.ratePpm }, stage),
  corruption: (fault, stage) => disturb(fault, { corruptPpm: fault.ratePpm }, stage),
  duplication: (fault, stage) => disturb(fault, { duplicatePpm: fault.ratePpm }, stage),
  reordering: (fault, stage) => {
    const { ratePpm: reorderPpm, delayMicros } = fault;
    return disturb(fault, { reorderPpm, delayMicros }, stage);
  },
  delay: (fault, stage) => {
    const { ratePpm: delayPpm, delayMicros } = fault;
    return disturb(fault, { delayPpm, delayMicros }, stage);
  },
  slowLink: (fault, stage) => {
    return disturbLinks(oneLink(fault, stage), { slowMicros: fault.delayMicros }, fault, stage);
  },
  flakyLink: (fault, stage) => {
    return disturbLinks(oneLink(fault, stage), { lossPpm: fault.ratePpm }, fault, stage);
  },
  bandwidth: ({ reach, bytesPerSecond, forMicros }, stage) => {
    const links = within(reach, stage).map(([from, to]) => stage.world.link(from, to));
    for (const link of links) link.limit(bytesPerSecond);
    stage.during(forMicros, () => {
      for (const link of links) link.unlimit(bytesPerSecond);
    });
    return links.length > 0;
  },
  reset: ({ server, peer }, stage) => {
    const host = stage.whom(server);
    const other = peer === null ? null : stage.whom(peer);
    if (host === null || (peer !== null && other === null)) return false;
    return stage.world.resetConnections(host, other);
  },

  slowSync: ({ server, factor, forMicros }, stage) => {
    return slow(hostOf(server, stage)?.disk.slowdown, factor, forMicros, stage);
  },
  stalledDisk: ({ server, forMicros }, stage) => {
    const disk = hostOf(server, stage)?.disk;
    if (disk === undefined) return false;
    disk.stall();
    stage.during(forMicros, () => disk.unstall());
    return true;
  },
  failingSync: (fault, stage) => failWrites(fault, true, stage),
  fullDisk: (fault, stage) => failWrites(fault, false, stage),
  rotRecord: ({ server, which }, stage) => {
    const disk = hostOf(server, stage)?.disk;
    const count = disk?.durableCount ?? 0;
    if (disk === undefined || count === 0) return false;
    const any = which === 'any' ? stage.random(count) : 0;
    disk.rotRecord(which === 'last' ? count - 1 : any);
    return true;
  },
  rotSnapshot: ({ server }, stage) => {
    const disk = hostOf(server, stage)?.disk;
    const newest = disk?.snapshots.findLastIndex(({ flaw }) => flaw === null) ?? -1;
    if (disk === undefined || newest < 0) return false;
    disk.rotSnapshot(newest);
    return true;
  },
  lyingDisk: ({ server, forMicros }, stage) => {
    const disk = hostOf(server, stage)?.disk;
    if (disk === undefined) return false;
    disk.lie(true);
    stage.during(forMicros, () => disk.lie(false));
    return true;
  },

  clockJump: ({ server, byMicros }, stage) => {
    const host = hostOf(server, stage);
    host?.clock.jump(byMicros);
    return host !== null;
  },
  clockDrift: ({ server, driftPpm, forMicros }, stage) => {
    const host = hostOf(server, stage);
    if (host === null) return false;
    const { clock } = host;
    const { timeline } = stage.world;
    clock.addDrift(timeline.now, driftPpm);
    stage.during(forMicros, () => clock.removeDrift(timeline.now, driftPpm));
    return true;
  },
};

/** Strikes. @returns `false` if there was nobody, or nothing, to strike */
export function afflict(fault: FaultAction, stage: Stage): boolean {
  // The table has for every kind what takes that kind.
  const strike = AFFLICT[fault.kind] as (fault: FaultAction, stage: Stage) => boolean;
  return strike(fault, stage);
}

function hostOf(server: Whom, stage: Stage): Host | null {
  const id = stage.whom(server);
  return id === null ? null : stage.world.host(id);
}

function clientOf(client: number, stage: Stage): Host {
  return stage.world.host(stage.clientHost(client));
}

// Processes

function kill(host: Host): void {
  host.kill();
}

function powerOff(host: Host): void {
  host.losePower();
}

function stop(host: Host | null, micros: number, stage: Stage, end: (host: Host) => void): boolean {
  if (host?.isRunning !== true) return false;
  end(host);
  stage.during(micros, () => {
    if (!host.isRunning) host.start();
  });
  return true;
}

function stopAll(micros: number, stage: Stage, end: (host: Host) => void): boolean {
  const struck = stage.servers.map((id) => stop(stage.world.host(id), micros, stage, end));
  return struck.includes(true);
}

function pause(host: Host | null, micros: number, stage: Stage): boolean {
  if (host?.isRunning !== true) return false;
  const { process } = host;
  host.pause();
  stage.during(micros, () => {
    if (host.process === process) host.resume();
  });
  return true;
}

function slow(
  slowdown: Host['slowdown'] | undefined,
  factor: number,
  micros: number,
  stage: Stage,
): boolean {
  if (slowdown === undefined) return false;
  slowdown.add(factor);
  stage.during(micros, () => slowdown.remove(factor));
  return true;
}

// Network

function cut(fault: Cut & { readonly forMicros: number }, stage: Stage): boolean {
  const { world } = stage;
  const links = cutLinks(fault, stage);
  for (const [from, to] of links) world.cutLink(from, to);
  stage.during(fault.forMicros, () => {
    for (const [from, to] of links) world.healLink(from, to);
  });
  return links.length > 0;
}

function disturb(
  fault: { readonly reach: Reach; readonly forMicros: number },
  faults: Partial<PacketFaults>,
  stage: Stage,
): boolean {
  return disturbLinks(within(fault.reach, stage), faults, fault, stage);
}

function disturbLinks(
  pairs: readonly DirectedLink[],
  some: Partial<PacketFaults>,
  { forMicros }: { readonly forMicros: number },
  stage: Stage,
): boolean {
  const faults: PacketFaults = { ...NO_PACKET_FAULTS, ...some };
  const links = pairs.map(([from, to]) => stage.world.link(from, to));
  for (const link of links) link.addFaults(faults);
  stage.during(forMicros, () => {
    for (const link of links) link.removeFaults(faults);
  });
  return links.length > 0;
}

function within(reach: Reach, { servers, clients }: Stage): readonly DirectedLink[] {
  return bothWays(servers, reach === 'all' ? [...servers, ...clients] : servers);
}

function oneLink(ends: { readonly from: Whom; readonly to: Whom }, stage: Stage): DirectedLink[] {
  const from = stage.whom(ends.from);
  const to = stage.whom(ends.to);
  return from === null || to === null || from === to ? [] : [[from, to]];
}

// Disks

function failWrites(
  { server, forMicros }: { readonly server: Whom; readonly forMicros: number },
  logOnly: boolean,
  stage: Stage,
): boolean {
  const disk = hostOf(server, stage)?.disk;
  if (disk === undefined) return false;
  disk.fail(logOnly, 1);
  stage.during(forMicros, () => disk.fail(logOnly, -1));
  return true;
}
