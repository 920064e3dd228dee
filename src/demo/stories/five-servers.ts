import { scenario } from '../../scenario/scenario.ts';
import type { Demo } from '../demo.ts';
import type { Stage, Story } from '../stage.ts';
import { listed } from '../words.ts';

const FIRST = 3;

export const fiveServers: Demo = {
  name: 'five-servers',
  title: 'Five servers are started one after the other, and the third leads',
  about:
    'Servers 1 to 5 have equal, empty logs, and with equal logs the highest number wins. Server 5 ' +
    'has the highest number. Why does server 3 lead?',
  acts: () => [
    {
      title: 'One server a second',
      scenario: scenario({
        name: 'five-servers',
        why: 'Whoever completes a quorum with the highest number leads, and keeps the lead.',
        expect: { leaders: [3, 5] },
        servers: 5,
        clients: 1,
        duration: '20s',
        workload: { weights: { write: 1 }, thinkMin: '300ms', thinkMax: '500ms' },
        starts: ['0s', '1s', '2s', '3s', '4s'],
        faults: [{ kind: 'crash', server: FIRST, when: { at: '6s' }, for: '5s' }],
      }),
      tell,
    },
  ],
};

function* tell(stage: Stage): Story {
  yield* votes(stage, [1], 1);
  stage.tell(
    'Server 1 is alone',
    'It looks for a leader and votes for itself, for want of a better one. A leader needs the votes',
    'of a quorum, that is of more than half of the servers: 3 of 5.',
  );
  yield* votes(stage, [1, 2], 2);
  stage.tell(
    'Server 2 comes',
    'Both tell each other their votes. Candidates are compared by the epoch of their history, then by',
    'its last zxid, then by their number. Only the numbers differ, so both vote for 2 now. 2 of 5 is',
    'no quorum.',
  );
  yield* votes(stage, [1, 2, 3], 3);
  stage.tell(
    'Server 3 comes',
    'All three vote for 3, which is a quorum. They wait 200 ms in case somebody better turns up.',
    'Server 4 would, but has not been started.',
  );
  const { currentEpoch } = yield* stage.someLeader();
  yield* stage.everybodyServes();
  stage.tell(
    'Server 3 leads',
    `It asked its quorum for the highest epoch that anybody had accepted, and took the next one,`,
    `${currentEpoch}. Both followers have promised it and have the leader's history, so it serves.`,
  );
  for (const late of [4, 5]) yield* tellOfLateComer(stage, late);
  yield* stage.until('the leader to fall', () => stage.server(FIRST).condition === 'down');
  stage.tell(
    'Server 3 crashes',
    'Its connections break, so the others know at once. What server 3 had on its disk is still',
    'there. Who will lead now?',
  );
  const { server, currentEpoch: next } = yield* stage.someLeader(FIRST);
  yield* stage.everybodyServes();
  stage.tell(
    `Server ${server} leads`,
    'Nobody had a leader any more, so the election was open again. Of those whose log goes furthest',
    `${server} has the highest number. It leads epoch ${next}, which nobody had accepted before.`,
  );
  yield* stage.until('server 3 to be back', () => stage.server(FIRST).isServing);
  stage.tell(
    'Server 3 is back',
    `It learns from the votes that ${server} leads with a quorum behind it, and follows.`,
  );
  yield* stage.end();
  stage.tell(
    'Why',
    'Not the best of all servers leads, but the best of the first quorum that finds one another.',
    'The lead is kept until it is lost: an election costs time in which nobody is served.',
  );
}

function votes(stage: Stage, servers: readonly number[], candidate: number): Story {
  return stage.until(`${listed(servers)} to vote for ${candidate}`, () => {
    return servers.every((id) => stage.server(id).leader === candidate);
  });
}

function* tellOfLateComer(stage: Stage, late: number): Story {
  yield* stage.until(`server ${late} to serve`, () => stage.server(late).isServing);
  const why =
    late === 4
      ? 'It votes for itself, its number being higher. But those that it asks are no longer LOOKING: ' +
        'they answer that they follow 3, and 3 that it leads. A quorum says so, and that settles it.'
      : 'The same again. It has the highest number of all, and it does not matter.';
  stage.tell(`Server ${late} comes, and follows`, why);
}
