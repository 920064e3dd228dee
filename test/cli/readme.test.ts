import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BUGS } from '../../src/bugs/catalogue.ts';
import { zabox } from '../support/command.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** Every run takes its own time. */
function withoutWallTime(text: string): string {
  return text.replace(/simulated in .*/, 'simulated');
}

it('the readme shows what its command prints', () => {
  const [, command = '', shown = ''] = /\$ npx zabox (.*)\n([\s\S]*?)```/.exec(README) ?? [];
  const { stdout } = zabox(...command.split(' '));
  expect(withoutWallTime(stdout)).toBe(withoutWallTime(shown));
});

it('the readme names every bug', () => {
  for (const { id, summary } of BUGS) expect(README).toContain(`| \`${id}\` | ${summary} |`);
});
