import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from '../../../src/scenario/run.ts';
import { parseScenario } from '../../../src/scenario/scenario-file.ts';

function complaint(bug: string): string {
  const file = new URL(`../../../scenarios/bugs/${bug}.yaml`, import.meta.url);
  const { plan } = parseScenario(readFileSync(file, 'utf8'), bug);
  return run(plan).violations.at(-1)?.message ?? '';
}

describe('an ensemble that makes no progress', () => {
  it('says of each server what it waits for, and of whom', () => {
    const message = complaint('elect-by-id');
    expect(message).toMatch(/^nobody leads: server 1 is /);
    expect(message).toMatch(
      /server 1 is FOLLOWING .* and waits for DIFF, TRUNC or SNAP of server 5/,
    );
    expect(message).toMatch(/server 5 is LEADING .* and waits for a quorum of ACKEPOCH, and has/);
  });

  it('says which clients have no server', () => {
    expect(complaint('elect-by-id')).toMatch(/client 1 waits for \d+ answers and is not connected/);
  });

  it('says of a server that is down with which epochs, which tells why it cannot start', () => {
    const message = complaint('zookeeper-1653');
    expect(message).toMatch(/^server 1 does not serve: server 1 is down \(epochs 2\/1\)/);
    expect(message).toMatch(/server 3 is LEADING \(epochs 2\/2\) and waits for requests/);
  });
});
