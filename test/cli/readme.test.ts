import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BUGS } from '../../src/bugs/catalogue.ts';
import { zabox } from '../support/command.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** Every run takes its own time. */
function withoutWallTime(text: string): string {
  return text.replace(/simulated in .*/, 'simulated').replace(/^check .* ms/m, 'check');
}

const EXAMPLES = [...README.matchAll(/\$ npx zabox (.*)\n([\s\S]*?)```/g)].map(
  ([, command = '', shown = '']) => ({ command, shown }),
);

it.each(EXAMPLES)('the readme shows what $command prints', ({ command, shown }) => {
  const { stdout } = zabox(...command.split(' '));
  expect(withoutWallTime(stdout)).toBe(withoutWallTime(shown));
});

it('the readme names every bug', () => {
  for (const { id, summary } of BUGS) expect(README).toContain(`| \`${id}\` | ${summary} |`);
});
