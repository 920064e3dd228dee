import type { Violation } from '../checkers/violation.ts';
import type { ClientLook } from '../demo/client-look.ts';
import type { Demo, PlayedAct } from '../demo/demo.ts';
import type { Verdict } from '../scenario/run.ts';
import type { ServerLook } from '../scenario/server-look.ts';
import { formatZxid } from '../zab/zxid.ts';

/** Zxids as text: `0x100000003`. */
type Written<Look> = {
  readonly [Field in keyof Look]: Field extends 'lastLogged' | 'lastApplied' | 'lastSeen' | 'token'
    ? string | null
    : Look[Field];
};

/** A demo as `zabox demo NAME --json` prints it. */
export interface DemoDocument {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly steps: readonly {
    /** Which act it belongs to, from 1. */
    readonly act: number;
    /** Microseconds of simulated time. */
    readonly at: number;
    readonly title: string;
    readonly text: string;
    readonly servers: readonly Written<ServerLook>[];
    readonly clients: readonly Written<ClientLook>[];
  }[];
  readonly acts: readonly {
    readonly title: string;
    /** What the run that was told of has for a mistake; `null` for none. */
    readonly bug: string | null;
    readonly verdict: Verdict;
    readonly violations: readonly Violation[];
    readonly digest: string;
  }[];
}

export function demoDocument(
  { name, title, about }: Demo,
  acts: readonly PlayedAct[],
): DemoDocument {
  return {
    name,
    title,
    about,
    steps: acts.flatMap(({ frames }, index) => {
      return frames.map((frame) => ({
        act: index + 1,
        at: frame.at,
        title: frame.title,
        text: frame.text,
        servers: frame.servers.map(writeServer),
        clients: frame.clients.map(writeClient),
      }));
    }),
    acts: acts.map(({ title, run: { plan, verdict, violations, digest } }) => {
      return { title, bug: plan.bug, verdict, violations, digest };
    }),
  };
}

function writeServer(look: ServerLook): Written<ServerLook> {
  const { lastLogged, lastApplied } = look;
  return {
    ...look,
    lastLogged: formatZxid(lastLogged),
    lastApplied: lastApplied === null ? null : formatZxid(lastApplied),
  };
}

function writeClient(look: ClientLook): Written<ClientLook> {
  const { lastSeen, token } = look;
  return {
    ...look,
    lastSeen: formatZxid(lastSeen),
    token: token === null ? null : formatZxid(token),
  };
}
