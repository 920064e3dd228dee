import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scenarioJsonSchema } from '../../src/scenario/scenario.ts';
import { SCENARIOS, STORY_FOLDERS } from '../support/stories.ts';

const schema = scenarioJsonSchema();

describe('the JSON Schema of scenarios', () => {
  const isValid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  const about = { name: 'a-name', why: 'To see that it is taken.', expect: 'pass' };

  it('lies beside them as editors read it; vitest -u writes it anew', async () => {
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(`${SCENARIOS}scenario.schema.json`);
  });

  it.each([...STORY_FOLDERS, 'bugs'])('takes all of %s', (folder) => {
    const refused = readdirSync(`${SCENARIOS}${folder}`).filter((file) => {
      return !isValid(parse(readFileSync(`${SCENARIOS}${folder}/${file}`, 'utf8')));
    });
    expect(refused).toEqual([]);
  });

  it('takes a scenario of a few words, and one that is about a fault', () => {
    const crash = { kind: 'crash', server: 'leader', when: { on: 'elected' }, for: '1s' };
    expect(isValid(about)).toBe(true);
    expect(isValid({ ...about, faults: [crash] })).toBe(true);
  });

  it.each([
    ['no name', { why: about.why, expect: 'pass' }],
    ['a strange field', { ...about, sevrers: 3 }],
    ['a word for a number', { ...about, servers: 'three' }],
    ['a time without a unit', { ...about, duration: '5' }],
    ['a time as a number', { ...about, duration: 5 }],
    ['an unknown property', { ...about, expect: { violates: 'everything' } }],
    ['an unknown fault', { ...about, faults: [{ kind: 'crsh', when: { at: '1s' } }] }],
    ['a fault without its time', { ...about, faults: [{ kind: 'allRestart', for: '1s' }] }],
    [
      'an unknown event',
      { ...about, faults: [{ kind: 'allRestart', for: '1s', when: { on: 'sunrise' } }] },
    ],
  ])('refuses %s', (_what, written) => {
    expect(isValid(written)).toBe(false);
  });
});
