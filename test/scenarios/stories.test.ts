import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BUGS } from '../../src/bugs/catalogue.ts';
import { differences } from '../../src/scenario/expectation.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { run } from '../../src/scenario/run.ts';
import { SCENARIOS, type StoryFile, storyFiles } from '../support/stories.ts';

const STORIES = storyFiles();
const SCHEMA = '# yaml-language-server: $schema=../scenario.schema.json';

/** Names a story as the one that it is told after, with what is broken in it. */
const TWIN = /^(.+)-with-(.+)$/;

describe.each(STORIES)('the story $folder/$name', ({ scenario }) => {
  it('comes to what it expects, and all of its faults strike', () => {
    const { plan, expect: expected, without = [] } = scenario;
    const result = run(plan, undefined, { without });
    expect(differences(result, expected)).toEqual([]);
    expect(result.stats.idleFaults.map((index) => plan.faults[index])).toEqual([]);
  });
});

describe('every story', () => {
  it.each(STORIES)('$folder/$name has the name of its file, and says what to look for', (story) => {
    const { name, text, scenario } = story;
    expect(scenario.name).toBe(name);
    expect(scenario.look).toBeTypeOf('string');
    expect(text.startsWith(`${SCHEMA}\nname: `)).toBe(true);
  });

  it('is about something: none expects nothing but that all holds', () => {
    const bare = STORIES.filter(({ scenario }) => Object.keys(scenario.expect).length === 0);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  it('is in the index of its folder with what it says, and no other is', () => {
    const index = readFileSync(`${SCENARIOS}README.md`, 'utf8');
    const rows = index.split('\n').filter((line) => line.startsWith('| ['));
    expect(rows).toEqual(STORIES.map(indexRow));
  });
});

describe('a story with a bug', () => {
  const broken = STORIES.filter(({ scenario }) => scenario.plan.bug !== null);

  it.each(broken)('$folder/$name differs from another story by that alone', (story) => {
    const [, name = '', bug = ''] = TWIN.exec(story.name) ?? [];
    expect(story.scenario.plan.bug).toBe(bug);
    const sound = STORIES.find((other) => other.folder === story.folder && other.name === name);
    expect(sound, `there is a story ${name}`).toBeDefined();
    expect(soundPart(story)).toEqual(sound === undefined ? null : soundPart(sound));
    expect(sound?.scenario.expect.violates).toBeUndefined();
  });

  it.each(broken)('$folder/$name breaks what the bug is known to break', ({ scenario }) => {
    const { plan, expect: expected } = scenario;
    const { breaks = [] } = BUGS.find(({ id }) => id === plan.bug) ?? {};
    expect(breaks).toContain(expected.violates);
  });

  it('is there for every bug', () => {
    const shown = new Set(broken.map(({ scenario }) => scenario.plan.bug));
    expect([...shown].sort()).toEqual(BUGS.map(({ id }) => id).sort());
  });
});

function indexRow({ folder, name, scenario }: StoryFile): string {
  return `| [${name}](${folder}/${name}.yaml) | ${scenario.why} |`;
}

/** A plan without what a bug changes: that of clients is a recipe of its own. */
function soundPart({ scenario }: StoryFile): Plan {
  const { plan } = scenario;
  const { workload } = plan;
  const isRecipe = workload.recipe !== null;
  return { ...plan, bug: null, workload: { ...workload, recipe: isRecipe ? 'lock' : null } };
}
