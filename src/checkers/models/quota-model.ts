import type { Data } from '../../keeper/requests.ts';

const ROOT = '/zookeeper/quota';

export function limitsPath(prefix: string): string {
  return `${ROOT}${prefix}/zookeeper_limits`;
}

export function statsPath(prefix: string): string {
  return `${ROOT}${prefix}/zookeeper_stats`;
}

/** What a new node `path` counts from now on; `null` if it counts nothing. */
export function countedBy(path: string): string | null {
  const match = /^\/zookeeper\/quota(\/.+)\/zookeeper_stats$/.exec(path);
  return match?.[1] ?? null;
}

/** The paths whose quota `path` could be under, the nearest first; the root has none. */
export function prefixesOf(path: string): string[] {
  const prefixes: string[] = [];
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    prefixes.push(path.slice(0, end));
  }
  return prefixes;
}

/** Limits or totals as such a node's data says them: `count=1,bytes=2` and more. */
export class Totals {
  private readonly values = new Map<string, number>([
    ['count', -1],
    ['bytes', -1],
  ]);

  constructor(data: Data) {
    for (const pair of new TextDecoder().decode(data ?? new Uint8Array(0)).split(/[,;]+/)) {
      const [key = '', value = ''] = pair.split('=');
      if (key !== '') this.values.set(key, value === '' ? -1 : Number(value));
    }
  }

  add(count: number, bytes: number): this {
    return this.set(this.get('count') + count, this.get('bytes') + bytes);
  }

  set(count: number, bytes: number): this {
    this.values.set('count', count).set('bytes', bytes);
    return this;
  }

  /** Whether a server that enforces quotas refuses to add so much to these totals. */
  wouldExceed(limits: Totals, count: number, bytes: number): boolean {
    const exceeds = (key: string, limit: string, more: number): boolean => {
      const hardLimit = limits.get(limit);
      return more !== 0 && hardLimit > -1 && this.get(key) + more > hardLimit;
    };
    return exceeds('count', 'countHardLimit', count) || exceeds('bytes', 'byteHardLimit', bytes);
  }

  toData(): Data {
    const others = [...this.values].filter(([key]) => key !== 'count' && key !== 'bytes').sort();
    const more = others.map(([key, value]) => `;${key}=${value}`).join('');
    const text = `count=${this.get('count')},bytes=${this.get('bytes')}${more && `=${more}`}`;
    return new TextEncoder().encode(text);
  }

  private get(key: string): number {
    return this.values.get(key) ?? -1;
  }
}
