import { CORRECT_SERVER_RULES } from '../../src/keeper/rules.ts';
import { describeMessage } from '../../src/report/trace.ts';
import { findBug } from '../../src/bugs/catalogue.ts';
import { formatZxid } from '../../src/zab/zxid.ts';
import { type ServiceOptions, ServiceWorld } from './service-world.ts';

/** Half a second is a tick; ten of them to take office, four of silence until one is given up. */
const TIMING = { tickTimeMs: 500, initLimit: 10, syncLimit: 4, electionPollMaxMs: 60_000 };

export const MS = 1000;
export const SECOND = 1_000_000;

interface FactsOptions extends ServiceOptions {
  readonly bug?: string;
}

/** One packet, as a line of a recording tells it. */
interface Heard {
  readonly from: number;
  readonly to: number;
  readonly port: string;
  readonly text: string;
}

/**
 * An ensemble with the settings of the recordings of real ones. Nothing runs to begin with, and
 * everything that servers send to one another is written down.
 */
export class FactsWorld extends ServiceWorld {
  private packets: Heard[] = [];

  constructor({ bug, ...options }: FactsOptions = {}) {
    const rules = bug === undefined ? undefined : findBug(bug)?.rules?.(CORRECT_SERVER_RULES);
    super({
      seed: 'facts',
      isCold: true,
      ...options,
      ...(rules === undefined ? {} : { rules }),
      timing: { ...TIMING, ...options.timing },
    });
    this.world.timeline.packetObserver = {
      sent: (from, to, port, message) => this.record(from, to, port, message),
      received: () => {},
    };
  }

  /** Starts servers in this order; `gapMs` passes after each. */
  start(order: readonly number[], gapMs: number): void {
    for (const sid of order) {
      this.world.host(sid).start();
      this.runFor(gapMs * MS);
    }
  }

  /** What `srvr` and the epoch files of a server show: `3:leader 0x200000000 e2`. */
  show(sid: number): string {
    const { disk } = this.world.host(sid);
    const accepted = disk.cell('acceptedEpoch') ?? 0;
    const current = disk.cell('currentEpoch') ?? 0;
    const epochs = accepted === current ? `e${current}` : `e${current}/${accepted}`;
    if (!this.isUp(sid)) return `${sid}:down - ${epochs}`;
    const { role, tree, peer } = this.server(sid);
    if (role === 'none') return `${sid}:looking - ${epochs}`;
    const name = role === 'leader' ? role : peer.isVoter ? 'follower' : 'observer';
    return `${sid}:${name} ${formatZxid(tree.lastProcessedZxid)} ${epochs}`;
  }

  showAll(): string[] {
    return this.serverIds.map((sid) => this.show(sid));
  }

  /** Forgets what was written down so far. */
  rewind(): void {
    this.packets = [];
  }

  /** What two servers have told one another, in order; without pings. */
  talk(a: number, b: number, port: 'quorum' | 'election' = 'quorum'): string[] {
    return this.packets
      .filter(({ from, to }) => (from === a && to === b) || (from === b && to === a))
      .filter((packet) => packet.port === port)
      .map(({ from, to, text }) => `${from} -> ${to} ${text}`);
  }

  /** What one server has told another, in order. */
  way(from: number, to: number, port: 'quorum' | 'election' = 'quorum'): string[] {
    return this.talk(from, to, port).filter((line) => line.startsWith(`${from} `));
  }

  private record(from: number, to: number, port: string, message: unknown): void {
    if (port === 'client') return;
    const text = lineOf(describeMessage(message) as Record<string, unknown>);
    if (text !== null) this.packets.push({ from, to, port, text });
  }
}

/** `null` for what recordings leave out. */
function lineOf(fields: Record<string, unknown>): string | null {
  const { packet, zxid, txn, request, cxid, state, ...others } = fields;
  if (state !== undefined) {
    const { leader, electionEpoch, peerEpoch } = others;
    const hex = formatZxid(Number(zxid) as never);
    return `${state} ${hex} leader=${leader} round=${electionEpoch} peerEpoch=${peerEpoch}`;
  }
  if (packet === undefined || packet === 'PING') return null;
  const kind = txn ?? request;
  const words = kind === undefined ? [] : [kind, `cxid=${cxid}`];
  for (const [name, value] of Object.entries(others)) words.push(`${name}=${value}`);
  return [packet, zxid, ...words].join(' ');
}

/** The lines of a recording without their times, each with single spaces. */
export function recorded(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim().replace(/\s+/g, ' '));
  return lines.filter((line) => line !== '').map((line) => line.replace(/^[\d.]+ (?=\d+ ->)/, ''));
}

/** Those lines of a recording that one server has sent to another. */
export function way(lines: readonly string[], from: number, to: number): string[] {
  return lines.filter((line) => line.startsWith(`${from} -> ${to} `));
}
