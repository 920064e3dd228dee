import { describe, expect, it } from 'vitest';
import { BUGS } from '../../src/bugs/catalogue.ts';
import { zabox } from '../support/command.ts';

describe('bad input', () => {
  it.each([
    ['an unknown flag', 'run --sede 3', /'--sede' \(Did you mean --seed\?\)/],
    ['an unknown command', 'rnu', /'rnu' \(Did you mean run\?\)/],
    ['no command', '', /name a command: run, replay, fuzz, check or demo/],
    ['help on an unknown command', 'help rnu', /name a command: run, replay, fuzz, check or demo/],
    ['a word too much', 'fuzz --seeds 1 42', /too many arguments for 'fuzz'/],
    ['two files to replay', 'replay a b', /too many arguments for 'replay'/],
    ['no file to replay', 'replay', /missing required argument 'file'/],
    ['a seed in the place of a file', 'run 42', /42: .* no such file; did you mean --seed 42\?/],
    ['a missing value', 'run --servers', /'--servers <number>' argument missing/],
    ['a flag in the place of a seed', 'run --seed --json', /--seed: '--json' is no seed/],
    ['a flag in the place of a file', 'run --trace --json', /--trace: '--json' is no file/],
    ['an empty seed', 'run --seed=', /--seed: '' is no seed/],
    ['an empty first seed', 'fuzz --seeds 1 --seed-start=', /--seed-start: '' is no seed/],
    ['no servers', 'run --servers 0', /--servers: '0' is not a whole number from 1 to 15/],
    ['a negative number', 'run --observers -1', /--observers: '-1' .* from 0 to 15/],
    ['a decimal', 'run --clients 2.5', /--clients: '2.5' .* from 0 to 50/],
    [
      'a number too large',
      'fuzz --seeds 99999999999999999999',
      /--seeds: '9+' .* from 1 to 1000000000/,
    ],
    ['an empty number', 'run --servers=', /--servers: '' is not a whole number/],
    ['no seeds', 'fuzz --seeds 0', /--seeds: '0' .* from 1 to/],
    ['a campaign without its length', 'fuzz', /'--seeds <number>' not specified/],
    ['a time without a unit', 'run --duration 5', /--duration: '5' .* like 1500ms, 60s, 2m or 1h/],
    ['no time', 'run --duration 0s', /--duration: '0s' is not a time from 1s to 24h/],
    ['too long a time', 'run --duration 25h', /--duration: '25h' is not a time from 1s to 24h/],
    ['an unknown bug', 'run --bug skip-trnc', /--bug: .* 'skip-trnc'; did you mean skip-trunc\?/],
    ['a file in no directory', 'run --trace /no/where', /--trace: '\/no\/where' cannot be written/],
    ['a directory for a file', 'run --trace .', /--trace: '\.' cannot be written/],
  ])('%s is told in one line: %s', (_what, line, message) => {
    const { status, stdout, stderr } = zabox(...line.split(' ').filter((word) => word !== ''));
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^zabox: [^\n]+\n$/);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('is told in one line even if it has several', () => {
    const { status, stderr } = zabox('run', '--servers', '1\n2\u001b[31m');
    expect(stderr).toBe("zabox: --servers: '1 2 [31m' is not a whole number from 1 to 15\n");
    expect(status).toBe(2);
  });

  it('names every bug there is when there is none of that name', () => {
    const { stderr } = zabox('run', '--bug', 'nonesuch');
    for (const { id } of BUGS) expect(stderr).toContain(id);
    expect(stderr).not.toContain('did you mean');
  });
});

describe('--help', () => {
  it.each([[], ['run'], ['replay'], ['fuzz'], ['check'], ['demo']])(
    'of %s shows an example',
    (...words) => {
      const { status, stdout, stderr } = zabox(...words, '--help');
      expect(status).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^Usage: zabox /);
      expect(stdout).toMatch(/^Example: zabox /m);
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    },
  );

  it('explains the exit codes', () => {
    expect(zabox('--help').stdout).toMatch(/^Exit codes: 0 .* 1 .*\n2 .* 3 .*\n4 /m);
  });

  it.each(['run', 'replay', 'fuzz', 'check', 'demo'])(
    'of %s shows an example that works',
    (command) => {
      const { stdout } = zabox(command, '--help');
      const [, example = 'none'] = /^Example: zabox (.*)$/m.exec(stdout) ?? [];
      const words = example.replace('1000', '1').split(' ');
      expect([0, 1]).toContain(zabox(...words).status);
    },
  );
});
