import type { Data } from './requests.ts';

const QUOTA_ROOT = '/zookeeper/quota';
const LIMITS = 'zookeeper_limits';
const STATS = 'zookeeper_stats';

/** The numbers of a quota node, in their order: `count=1,bytes=2;countHardLimit=3`. `StatsTrack`. */
export type QuotaNumbers = ReadonlyMap<string, number>;

export function limitsPath(prefix: string): string {
  return `${QUOTA_ROOT}${prefix}/${LIMITS}`;
}

export function statsPath(prefix: string): string {
  return `${QUOTA_ROOT}${prefix}/${STATS}`;
}

/** The subtree whose limits stand at `path`; `null` if it is another kind of node. */
export function prefixOfLimits(path: string): string | null {
  return prefixOf(path, LIMITS);
}

/** The subtree whose totals stand at `path`; `null` if it is another kind of node. */
export function prefixOfStats(path: string): string | null {
  return prefixOf(path, STATS);
}

export function parseQuota(data: Data): QuotaNumbers {
  const numbers = new Map<string, number>();
  const text = data === null ? '' : new TextDecoder().decode(data);
  for (const entry of text.split(/[,;]+/)) {
    const [key, value] = entry.split(/=+/);
    if (key !== undefined && value !== undefined && /^-?\d+$/.test(value)) {
      numbers.set(key, Number(value));
    }
  }
  return numbers;
}

/** As `StatsTrack.toString` writes it, the odd `=` before further keys included. */
export function formatQuota(numbers: QuotaNumbers): Uint8Array {
  const others = [...numbers.keys()].filter((key) => key !== 'count' && key !== 'bytes').sort();
  const head = `count=${numbers.get('count') ?? -1},bytes=${numbers.get('bytes') ?? -1}`;
  const tail = others.map((key) => `;${key}=${numbers.get(key)}`).join('');
  return new TextEncoder().encode(others.length === 0 ? head : `${head}=${tail}`);
}

/**
 * Whether a subtree may change by so much: only hard limits say no, also to what makes it smaller
 * and still too large. `ZooKeeperServer.checkQuota`.
 *
 * @param count nodes more
 * @param bytes bytes of data more, fewer if negative
 */
export function isWithinQuota(
  limits: QuotaNumbers,
  totals: QuotaNumbers,
  count: number,
  bytes: number,
): boolean {
  const isOver = (key: string, limitKey: string, more: number): boolean => {
    const limit = limits.get(limitKey) ?? -1;
    return more !== 0 && limit > -1 && (totals.get(key) ?? -1) + more > limit;
  };
  return !isOver('count', 'countHardLimit', count) && !isOver('bytes', 'byteHardLimit', bytes);
}

function prefixOf(path: string, name: string): string | null {
  if (!path.startsWith(`${QUOTA_ROOT}/`) || !path.endsWith(`/${name}`)) return null;
  return path.slice(QUOTA_ROOT.length, -name.length - 1);
}
