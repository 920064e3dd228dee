import { findBug } from '../../src/bugs/catalogue.ts';
import { CORRECT_SERVER_RULES } from '../../src/keeper/rules.ts';
import { describeMessage } from '../../src/report/trace.ts';
import { formatZxid } from '../../src/zab/zxid.ts';
import { type ServiceOptions, ServiceWorld } from './service-world.ts';

/** Half a second is a tick; ten of them to take office, four of silence until one is given up. */
const TIMING = { tickTimeMs: 500, initLimit: 10, syncLimit: 4, electionPollMaxMs: 60_000 };

export const MS = 1000;
export const SECOND = 1_000_000;

type Port = 'quorum' | 'election';

/** A packet, as a line of a recording tells it. */
interface Recorded {
  readonly from: number;
  readonly to: number;
  readonly port: string;
  readonly text: string;
}

/**
 * An ensemble with the settings with which real ones were recorded. Nothing runs to begin with, and
 * all that servers send to one another is written down as the recordings have it.
 */
export class FactsWorld extends ServiceWorld {
  private packets: Recorded[] = [];

  constructor({ bug = null, ...options }: ServiceOptions & { readonly bug?: string | null } = {}) {
    const mistaken = bug === null ? undefined : findBug(bug)?.rules?.(CORRECT_SERVER_RULES);
    super({
      seed: 'facts',
      isCold: true,
      rules: mistaken ?? CORRECT_SERVER_RULES,
      ...options,
      timing: { ...TIMING, ...options.timing },
    });
    this.world.timeline.addPacketObserver({
      sent: (from, to, port, message) => this.record(from, to, port, message),
      received: () => {},
    });
  }

  /** Starts servers in this order, and lets so much time pass after each. */
  start(order: readonly number[], gapMs = 0): void {
    for (const sid of order) {
      this.world.host(sid).start();
      this.runFor(gapMs * MS);
    }
  }

  /** Starts all servers at once and waits until they serve: the one with the highest number leads. */
  startAll(): void {
    this.start(this.serverIds);
    this.awaitService();
    this.runFor(SECOND);
  }

  /** What `srvr` tells, and the epoch files: `3:leader 0x200000000 e2`. */
  show(sid: number): string {
    const { disk } = this.world.host(sid);
    const [accepted, current] = [disk.cell('acceptedEpoch') ?? 0, disk.cell('currentEpoch') ?? 0];
    const epochs = accepted === current ? `e${current}` : `e${current}, promised e${accepted}`;
    if (!this.isUp(sid)) return `${sid}:down - ${epochs}`;
    const { role, tree, peer } = this.server(sid);
    if (role === 'none') return `${sid}:looking - ${epochs}`;
    const learner = peer.isVoter ? 'follower' : 'observer';
    const zxid = formatZxid(tree.lastProcessedZxid);
    return `${sid}:${role === 'leader' ? role : learner} ${zxid} ${epochs}`;
  }

  showAll(): string[] {
    return this.serverIds.map((sid) => this.show(sid));
  }

  /** Forgets what was written down so far. */
  rewind(): void {
    this.packets = [];
  }

  /** What two servers have told one another, in order. */
  talk(a: number, b: number, port: Port = 'quorum'): string[] {
    return this.packets
      .filter(({ from, to }) => (from === a && to === b) || (from === b && to === a))
      .filter((packet) => packet.port === port)
      .map(({ from, to, text }) => `${from} -> ${to} ${text}`);
  }

  /** What one server has told another, in order. */
  way(from: number, to: number, port: Port = 'quorum'): string[] {
    return wayOf(this.talk(from, to, port), from, to);
  }

  /** How the leader has brought a learner to its own history, and the zxid that it named. */
  syncsOf(leader: number, learner: number): string[] {
    return this.way(leader, learner)
      .map((line) => line.split(' ').slice(3).join(' '))
      .filter((text) => /^(DIFF|TRUNC|SNAP) /.test(text));
  }

  private record(from: number, to: number, port: string, message: unknown): void {
    if (port === 'client') return;
    const text = lineOf(describeMessage(message) as Record<string, unknown>);
    if (text !== null) this.packets.push({ from, to, port, text });
  }
}

/** `null` for what recordings leave out: pings, and who dials an election port. */
function lineOf(fields: Record<string, unknown>): string | null {
  const { packet, zxid, txn, request, cxid, state, ...others } = fields;
  if (state !== undefined) {
    const { leader, electionEpoch, peerEpoch } = others;
    return `${state} ${zxid} leader=${leader} round=${electionEpoch} peerEpoch=${peerEpoch}`;
  }
  if (packet === undefined || packet === 'PING') return null;
  if (packet === 'SNAPSHOT') return '(snapshot stream)';
  const kind = txn ?? request;
  const words = kind === undefined ? [] : [kind, `cxid=${cxid}`];
  for (const [name, value] of Object.entries(others)) words.push(`${name}=${value}`);
  return [packet, zxid, ...words].join(' ');
}

/** The lines of a recording, each with single spaces. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '');
}

/** Those of the lines that one server has sent to another. */
export function wayOf(recording: readonly string[], from: number, to: number): string[] {
  return recording.filter((line) => line.startsWith(`${from} -> ${to} `));
}
