import type { RequestedAcl } from '../../src/keeper/requests.ts';
import type { Json } from './json.ts';

/** Bytes as recordings write them: text, hexadecimal, or one character so many times. */
export type RecordedData =
  | null
  | string
  | { readonly hex: string }
  | { readonly fill: string; readonly len: number };

/** A request with these fields under each of several names. */
type Each<Op extends string, Fields> = Op extends string ? { readonly op: Op } & Fields : never;

interface OnPath {
  readonly path: string;
}

interface OnVersion extends OnPath {
  readonly version: number;
}

interface Create extends OnPath {
  readonly data: RecordedData;
  readonly acl: RequestedAcl;
  readonly flags: number;
}

interface SetWatches {
  readonly relativeZxid: number;
  readonly data: readonly string[];
  readonly exist: readonly string[];
  readonly child: readonly string[];
}

interface SetWatches2 extends SetWatches {
  readonly persistent: readonly string[];
  readonly persistentRecursive: readonly string[];
}

interface Reconfig {
  readonly joining: string | null;
  readonly leaving: string | null;
  readonly newMembers: string | null;
  readonly curConfigId: number;
}

/** A request that has no others in it. */
export type SingleRequest =
  | Each<'create' | 'create2' | 'createContainer', Create>
  | Each<'createTTL', Create & { readonly ttl: number }>
  | Each<'delete' | 'check', OnVersion>
  | Each<'setData', OnVersion & { readonly data: RecordedData }>
  | Each<'setACL', OnVersion & { readonly acl: RequestedAcl }>
  | Each<
      'exists' | 'getData' | 'getChildren' | 'getChildren2',
      OnPath & { readonly watch: boolean }
    >
  | Each<'getACL' | 'getAllChildrenNumber' | 'sync', OnPath>
  | Each<'getEphemerals', { readonly prefix: string | null }>
  | Each<'addWatch', OnPath & { readonly mode: number }>
  | Each<'checkWatches' | 'removeWatches', OnPath & { readonly type: number }>
  | Each<'setWatches', SetWatches>
  | Each<'setWatches2', SetWatches2>
  | Each<'auth', { readonly scheme: string; readonly data: RecordedData }>
  | Each<'reconfig', Reconfig>
  | Each<'ping' | 'whoAmI' | 'closeSession', unknown>
  | Each<'raw', { readonly type: number }>;

/** What a client sends: the operation with its arguments. */
export type RecordedRequest =
  | SingleRequest
  | Each<'multi' | 'multiRead', { readonly ops: readonly SingleRequest[] }>;

export interface Connect {
  readonly op: 'connect';
  readonly timeoutMs: number;
  /** The alias whose session shall go on at this connection. */
  readonly resume?: string | undefined;
  readonly rawSessionId?: number | undefined;
  readonly password?: 'wrong' | undefined;
  readonly lastZxidSeen: number;
}

export interface Advance {
  readonly op: 'advance';
  readonly ms: number;
  /** Sessions that send no pings meanwhile. */
  readonly silent: readonly string[];
}

/** What one step does. */
export type Command =
  | RecordedRequest
  | Connect
  | Advance
  | Each<'pipeline', { readonly ops: readonly RecordedRequest[] }>
  | Each<'disconnect' | 'dumpTree' | 'serverCounts' | 'restartServer', unknown>;

/** A watch event, or the end of a connection, that a step caused. */
export type SessionEvent = {
  readonly session: string;
  readonly type: string;
  readonly path?: string | undefined;
  /** Of the acting session's events: on which side of the answer it came. */
  readonly when?: 'before' | 'after' | undefined;
};

/** What a step came to, in the recordings' normal form. */
export type Outcome = {
  readonly result?: Json;
  readonly error?: Json;
  readonly stat?: Json;
  readonly zxid?: number | undefined;
  readonly events: readonly SessionEvent[];
};

export interface Step {
  readonly number: number;
  /** The alias of the session that acts; `null` where the harness does. */
  readonly session: string | null;
  readonly command: Command;
  readonly expected: Outcome;
}

/** The settings of the server that was recorded. */
export interface RecordedConfig {
  readonly tickTime: number;
  readonly minSessionTimeout: number;
  readonly maxSessionTimeout: number;
  readonly extendedTypesEnabled: boolean;
  readonly containerCheckIntervalMs: number;
  readonly maxNeverUsedIntervalMs: number;
  readonly superDigest: string | null;
  readonly juteMaxBuffer: number;
  readonly enforceQuota: boolean;
  readonly skipACL: boolean;
  readonly reconfigEnabled: false;
}

export interface Recording {
  readonly file: string;
  readonly config: RecordedConfig;
  readonly steps: readonly Step[];
}
