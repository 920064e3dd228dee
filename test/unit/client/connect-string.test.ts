import { describe, expect, it } from 'vitest';
import {
  ConnectStringError,
  hostsOf,
  parseConnectString,
} from '../../../src/client/connect-string.ts';

describe('a connection string', () => {
  it('names hosts with their ports, and a chroot', () => {
    expect(parseConnectString('zk1:2181,zk2:2182/app/a')).toEqual({
      servers: [
        { host: 'zk1', port: 2181 },
        { host: 'zk2', port: 2182 },
      ],
      chroot: '/app/a',
    });
  });

  it('may leave out ports, the chroot, and blanks', () => {
    const servers = [
      { host: 'a', port: 2181 },
      { host: 'b', port: 3 },
    ];
    expect(parseConnectString(' a , b:3 ')).toEqual({ servers, chroot: '' });
    expect(parseConnectString('a:,,b:3/')).toEqual({ servers, chroot: '' });
  });

  it('puts addresses of version 6 in brackets', () => {
    expect(parseConnectString('[::1]:5,[fe80::2]').servers).toEqual([
      { host: '::1', port: 5 },
      { host: 'fe80::2', port: 2181 },
    ]);
  });

  it.each(['', '/app', ',', ':2181', 'a:b', 'a:70000', 'a:1/b/', 'a:1//b'])(
    '%j is refused',
    (text) => {
      expect(() => parseConnectString(text)).toThrow(ConnectStringError);
    },
  );

  it('means the simulated hosts whose numbers its names end in', () => {
    expect(hostsOf(parseConnectString('zk1,10.0.0.12:2181'))).toEqual([1, 12]);
    expect(() => hostsOf(parseConnectString('zk'))).toThrow(ConnectStringError);
  });
});
