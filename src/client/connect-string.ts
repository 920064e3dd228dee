import { isValidPath } from '../keeper/path.ts';

const DEFAULT_PORT = 2181;

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Where a client finds its servers, and below which node it lives. */
export interface ConnectString {
  readonly servers: readonly HostAndPort[];
  /** Empty for none. */
  readonly chroot: string;
}

/** A connection string is not what it should be. */
export class ConnectStringError extends Error {
  override readonly name = 'ConnectStringError';
}

/**
 * Reads `host:port,host:port/chroot`. A port may be left out (2181), a v6 address stands in
 * brackets, blanks are trimmed. `ConnectStringParser`.
 *
 * @throws {@link ConnectStringError} in one line that says what is wrong
 */
export function parseConnectString(text: string): ConnectString {
  const slash = text.indexOf('/');
  const path = slash < 0 ? '/' : text.slice(slash);
  if (!isValidPath(path)) throw new ConnectStringError(`'${path}' is not a path to be a chroot`);
  const servers = (slash < 0 ? text : text.slice(0, slash))
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseServer);
  if (servers.length === 0) throw new ConnectStringError(`'${text}' names no server`);
  return { servers, chroot: path === '/' ? '' : path };
}

/**
 * The hosts of a simulated world that a connection string means: their names end in their numbers,
 * as `zk1` or `10.0.0.1`.
 *
 * @throws {@link ConnectStringError} if a name has no number
 */
export function hostsOf({ servers }: ConnectString): number[] {
  return servers.map(({ host }) => {
    const digits = /\d+$/.exec(host);
    if (digits === null) throw new ConnectStringError(`'${host}' does not end in a number`);
    return Number(digits[0]);
  });
}

function parseServer(text: string): HostAndPort {
  const parts = /^\[([^\]]*)\](?::(.*))?$/.exec(text) ?? /^(.*?)(?::([^:]*))?$/.exec(text);
  const [, host = '', digits = ''] = parts ?? [];
  if (host === '') throw new ConnectStringError(`'${text}' names no host`);
  if (digits === '') return { host, port: DEFAULT_PORT };
  const port = Number(digits);
  const isPort = /^\d+$/.test(digits) && port <= 65_535;
  if (!isPort) throw new ConnectStringError(`'${digits}' is not a port`);
  return { host, port };
}
