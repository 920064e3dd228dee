import { describe, expect, it } from 'vitest';
import { Tally } from '../../src/checkers/tally.ts';
import { checkTurns } from '../../src/checkers/turn-checker.ts';
import { OP } from '../../src/keeper/codes.ts';
import type { FakeLink } from '../support/fake-servers.ts';
import { ScriptedClient } from '../support/scripted-client.ts';

/** A client that waits for two answers, and the server's side of its connection. */
function askedTwice(): { client: ScriptedClient; link: FakeLink } {
  const client = new ScriptedClient();
  const link = client.servers.attach();
  client.zookeeper.sync('/a', client.noting('sync'));
  client.zookeeper.whoAmI(client.noting('whoAmI'));
  return { client, link };
}

const TO_FIRST = { xid: 1, zxid: 1, err: 0, type: OP.sync, body: { path: '/a' } };
const TO_SECOND = { xid: 2, zxid: 1, err: 0, type: OP.whoAmI, body: { clientInfo: [] } };

describe('answers on a connection', () => {
  it('come in the order of the requests', () => {
    const { client, link } = askedTwice();
    link.say(TO_FIRST);
    link.say(TO_SECOND);
    expect(checkTurns(client.history.strays)).toEqual([]);
  });

  it('may not come at all', () => {
    const { client, link } = askedTwice();
    link.say(TO_FIRST);
    link.hangUp();
    expect(checkTurns(client.history.strays)).toEqual([]);
  });

  it('must not overtake one another, though the client hangs up before it believes them', () => {
    const { client, link } = askedTwice();
    client.servers.pass(500);
    link.say(TO_SECOND);
    expect(client.history.operations.map(({ reply }) => reply)).toEqual([null, null]);
    expect(checkTurns(client.history.strays)).toEqual([
      {
        property: 'fifo-client-order',
        message: expect.stringMatching(
          /^client \d was answered whoAmI \(xid 2\), when client \d's sync \/a .* was due$/,
        ),
        at: client.servers.now(),
      },
    ]);
  });

  it('must not come twice', () => {
    const { client, link } = askedTwice();
    for (const answer of [TO_FIRST, TO_SECOND, TO_SECOND]) link.say(answer);
    expect(checkTurns(client.history.strays)).toMatchObject([
      { message: expect.stringMatching(/whoAmI \(xid 2\), when nothing was due$/) },
    ]);
  });

  it('are counted when one is out of turn, and not judged where that is not asked for', () => {
    const { client, link } = askedTwice();
    link.say(TO_SECOND);
    const tally = new Tally();
    checkTurns(client.history.strays, tally);
    expect(tally.toRecord()['fifo-client-order']).toBe(1);
    expect(checkTurns(client.history.strays, new Tally(['fifo-client-order']))).toEqual([]);
  });
});
