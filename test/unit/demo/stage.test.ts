import { describe, expect, it } from 'vitest';
import { DEMOS } from '../../../src/demo/catalogue.ts';
import { type Act, playAct } from '../../../src/demo/demo.ts';
import type { Stage, Story } from '../../../src/demo/stage.ts';
import { run } from '../../../src/scenario/run.ts';
import { scenario, type WrittenScenario } from '../../../src/scenario/scenario.ts';
import { ZXID_ZERO } from '../../../src/zab/zxid.ts';

function actOf(tell: (stage: Stage) => Story, more: Partial<WrittenScenario> = {}): Act {
  const small = { servers: 3, clients: 1, duration: '5s' };
  const about = { name: 'small', why: 'It is small.', expect: 'pass' } as const;
  return { title: 'An act', scenario: scenario({ ...about, ...small, ...more }), tell };
}

describe('a story', () => {
  it('goes on when what it waits for has come, and shows what everybody believes then', () => {
    const { frames } = playAct(
      actOf(function* (stage) {
        yield* stage.until('a vote', () => stage.server(1).leader !== null);
        stage.tell('A vote', 'Somebody votes.');
        const leader = yield* stage.someLeader();
        stage.tell('A leader', `Server ${leader.server} leads.`, 'So be it.');
      }),
    );
    expect(frames.map(({ title, text }) => [title, text])).toEqual([
      ['A vote', 'Somebody votes.'],
      ['A leader', 'Server 3 leads. So be it.'],
    ]);
    const [first, second] = frames;
    expect(first?.servers[0]).toMatchObject({ role: 'LOOKING', isServing: false, currentEpoch: 0 });
    const leading = { server: 3, role: 'LEADING', leader: 3, isServing: true, currentEpoch: 1 };
    expect(second?.servers[2]).toMatchObject(leading);
    expect(second?.at).toBeGreaterThan(first?.at ?? 0);
  });

  it('hears of events from where it waits on, at the server that it asks for', () => {
    const heard: object[] = [];
    playAct(
      actOf(
        function* (stage) {
          heard.push(yield* stage.event(3, 'established'));
          heard.push(yield* stage.event(0, 'processEnded', 'paused'));
          heard.push(yield* stage.event(2, 'established'));
        },
        { faults: [{ kind: 'crash', server: 3, when: { at: '2s' }, for: '1s' }] },
      ),
    );
    expect(heard).toEqual([
      { name: 'established', host: 3, value: 1, peer: 0 },
      { name: 'processEnded', host: 3, value: 0, peer: 0 },
      { name: 'established', host: 2, value: 2, peer: 0 },
    ]);
  });

  it('hears what the run came to when it is over', () => {
    const verdicts: string[] = [];
    const { run: played } = playAct(
      actOf(function* (stage) {
        const { verdict } = yield* stage.end();
        verdicts.push(verdict);
        stage.tell('The end', 'It is over.');
      }),
    );
    expect(verdicts).toEqual([played.verdict]);
  });

  it('that waits in vain is a defect, which says what for', () => {
    const act = actOf(function* (stage) {
      yield* stage.someLeader(3);
    });
    expect(() => playAct(act)).toThrow(/waited in vain for a leader other than 3/);
  });

  it('of a run that comes to another end than expected is a defect', () => {
    const act = actOf(function* () {}, { expect: { leaders: [1] } });
    expect(() => playAct(act)).toThrow(/expected the leaders 1, not 3/);
  });
});

describe('a server that is looked at', () => {
  /** What server 3 looks like at a time. */
  function lookAt(seconds: number, faults: NonNullable<WrittenScenario['faults']>): object {
    const act = actOf(
      function* (stage) {
        yield* stage.until('the time', () => stage.now >= seconds * 1e6);
        stage.tell('Now', 'Look.');
      },
      { faults, starts: ['0s', '0s', '100ms'] },
    );
    return playAct(act).frames[0]?.servers[2] ?? {};
  }

  it('has not been started at first', () => {
    expect(lookAt(0.05, [])).toMatchObject({ condition: 'not started', role: null, leader: null });
  });

  it('shows what is on its disk when it is down, and believes nothing', () => {
    const look = lookAt(2, [{ kind: 'crash', server: 3, when: { at: '1500ms' }, for: '2s' }]);
    expect(look).toMatchObject({ condition: 'down', role: null, lastApplied: null });
    expect(look).toMatchObject({ acceptedEpoch: 1, currentEpoch: 1 });
    expect((look as { lastLogged: number }).lastLogged).toBeGreaterThan(ZXID_ZERO);
  });

  it('goes on believing what it believed while it is paused', () => {
    const look = lookAt(1.5, [{ kind: 'pause', server: 3, when: { at: '1500ms' }, for: '1s' }]);
    expect(look).toMatchObject({
      condition: 'paused',
      role: 'LEADING',
      leader: 3,
      isServing: true,
    });
  });

  it('is cut from those that it does not hear, or that do not hear it', () => {
    const look = lookAt(2, [
      { kind: 'halfDeadLink', from: 1, to: 3, when: { at: '1500ms' }, for: '1s' },
    ]);
    expect(look).toMatchObject({ condition: 'up', cutFrom: [1] });
  });
});

describe('a run that is told of', () => {
  const acts = DEMOS.flatMap(({ name, acts }) => {
    return acts().map((act) => [name, act.title, act] as const);
  });

  it.each(acts)('is the same as one that nobody watches: %s, %s', (_name, _title, act) => {
    const { plan, without = [] } = act.scenario;
    const { digest, events } = run(plan, undefined, { without });
    expect(playAct(act).run).toMatchObject({ digest, events });
  });

  it.each(acts)(
    'comes to what its story tells with other timings too: %s, %s',
    (_name, _title, act) => {
      const counts = ['2', '3', '4'].map((seed) => {
        const plan = { ...act.scenario.plan, seed };
        return playAct({ ...act, scenario: { ...act.scenario, plan } }).frames.length;
      });
      expect(Math.min(...counts)).toBeGreaterThan(1);
    },
  );
});
