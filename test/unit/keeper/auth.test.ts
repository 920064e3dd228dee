import { describe, expect, it } from 'vitest';
import { fixAcl, isAllowed, OPEN_ACL, PERM, withoutSecrets } from '../../../src/keeper/acl.ts';
import { authenticate, digestId, isValidId, matchesId } from '../../../src/keeper/auth.ts';

const BYTES = new TextEncoder();
const EVERYBODY = { perms: PERM.ALL, scheme: 'world', id: 'anyone' };

describe('a digest id', () => {
  it.each([
    ['alice:secret', 'alice:aYXlLOpEooaV1cRAvUL1fp9Qt7E='],
    ['super:admin', 'super:xQJmxLMiHGwaqBvst5y6rkB6HQs='],
    ['super:test', 'super:D/InIHSb7yEEbrWz8b9l71RjZJU='],
  ])('of %s is that of a real server', (userPassword, id) => {
    expect(digestId(userPassword)).toBe(id);
  });

  it('of somebody without a password has the whole text as the user', () => {
    expect(digestId('nobody')).toMatch(/^nobody:/);
  });
});

describe('authentication', () => {
  it('makes the super user of whoever knows the password, beside the ordinary id', () => {
    const ids = authenticate('digest', BYTES.encode('super:test'), digestId('super:test'));
    expect(ids?.map(({ scheme }) => scheme)).toEqual(['super', 'digest']);
  });

  it.each(['world', 'auth', 'super', 'nosuch'])('has no scheme %s', (scheme) => {
    expect(authenticate(scheme, BYTES.encode('a:b'), null)).toBeNull();
  });
});

describe('an id of an access list', () => {
  it.each([
    ['digest', 'a:b', true],
    ['digest', 'nocolon', false],
    ['digest', 'a:b:c', false],
    ['digest', 'a:b:', true],
    ['ip', '127.0.0.1', true],
    ['ip', '10.9.0.0/16', true],
    ['ip', '127.0.0.1/33', false],
    ['ip', '999.1.1.1', false],
    ['ip', '1.2.3', false],
    ['ip', '::1', true],
    ['ip', 'fe80::/10', true],
    ['ip', '1:2:3', false],
    ['super', 'x', false],
    ['foo', 'bar', false],
  ])('%s:%s is valid: %s', (scheme, id, isValid) => {
    expect(isValidId(scheme, id)).toBe(isValid);
  });

  it('of a network matches the addresses in it', () => {
    expect(matchesId('ip', '10.9.200.1', '10.9.0.0/16')).toBe(true);
    expect(matchesId('ip', '10.10.0.1', '10.9.0.0/16')).toBe(false);
    expect(matchesId('ip', '10.8.0.1', '10.9.0.0/15')).toBe(true);
    expect(matchesId('ip', '1.2.3.4', '0.0.0.0/0')).toBe(true);
    expect(matchesId('ip', '127.0.0.1', '::/0')).toBe(false);
  });
});

describe('an access list', () => {
  const alice = { scheme: 'digest', id: digestId('alice:secret') };

  it('lets nobody in whom it does not name, except the super user', () => {
    const acl = [{ perms: PERM.READ, ...alice }];
    expect(isAllowed(acl, PERM.READ, [alice])).toBe(true);
    expect(isAllowed(acl, PERM.WRITE, [alice])).toBe(false);
    expect(isAllowed(acl, PERM.READ | PERM.ADMIN, [alice])).toBe(true);
    expect(isAllowed(acl, PERM.READ, [{ scheme: 'ip', id: '10.0.0.1' }])).toBe(false);
    expect(isAllowed(acl, PERM.WRITE, [{ scheme: 'super', id: '' }])).toBe(true);
  });

  it('is stored without duplicates, and with the askers in the place of auth', () => {
    const asked = [{ perms: 1, scheme: 'auth', id: null }, EVERYBODY, EVERYBODY];
    const ip = { scheme: 'ip', id: '10.0.0.1' };
    expect(fixAcl(asked, [ip, alice])).toEqual([{ perms: 1, ...alice }, EVERYBODY]);
    expect(fixAcl(asked, [ip])).toBeNull();
  });

  it.each([
    { acl: null },
    { acl: [] },
    { acl: [{ perms: 31, scheme: 'world', id: 'other' }] },
    { acl: [{ perms: 31, scheme: null, id: 'anyone' }] },
    { acl: [{ perms: 31, scheme: 'digest', id: null }] },
    { acl: [EVERYBODY, { perms: 31, scheme: 'super', id: 'x' }] },
  ])('that is invalid is refused: %j', ({ acl }) => {
    expect(fixAcl(acl, [alice])).toBeNull();
  });

  it('is shown without its secrets', () => {
    expect(withoutSecrets([{ perms: 1, ...alice }, ...OPEN_ACL])).toEqual([
      { perms: 1, scheme: 'digest', id: 'alice:x' },
      ...OPEN_ACL,
    ]);
  });
});
