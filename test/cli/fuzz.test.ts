import { beforeAll, describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../src/checkers/violation.ts';
import { type CommandResult, shell, zabox } from '../support/command.ts';

describe('zabox fuzz --json', () => {
  let result: CommandResult;

  beforeAll(() => {
    const words = ['--seeds', '6', '--bug', 'epoch-not-advanced', '--duration', '30s'];
    result = zabox('fuzz', '--json', ...words);
  });

  it('prints one JSON document on one line, and nothing else', () => {
    expect(result.stdout).toMatch(/^\{.*\}\n$/);
    expect(result.stderr).toBe('');
  });

  it('has exactly the documented keys', () => {
    const report = JSON.parse(result.stdout);
    expect(Object.keys(report)).toEqual([
      'seeds',
      'passed',
      'violated',
      'unknown',
      'failures',
      'events',
      'wallMicros',
      'seedsPerSecond',
      'reached',
      'checked',
    ]);
    expect(report.failures.length).toBeGreaterThan(0);
    for (const failure of report.failures) {
      expect(Object.keys(failure)).toEqual(['seed', 'property', 'reproduce']);
    }
  });

  it('says of each property in how many runs it was put to the test', () => {
    const { checked } = JSON.parse(result.stdout);
    expect(Object.keys(checked).sort()).toEqual(Object.keys(PROPERTIES).sort());
    expect(checked.agreement).toBeGreaterThan(0);
    expect(checked.agreement).toBeLessThanOrEqual(6);
  });

  it('counts every seed once, and lists each that failed in order', () => {
    const { seeds, passed, violated, unknown, failures } = JSON.parse(result.stdout);
    expect(seeds).toBe(6);
    expect(passed + violated + unknown).toBe(6);
    expect(failures).toHaveLength(violated);
    const failed = failures.map(({ seed }: { seed: string }) => Number(seed));
    expect(failed).toEqual([...failed].sort((a, b) => a - b));
    expect(result.status).toBe(1);
  });
});

describe('zabox fuzz', () => {
  it('passes when every run does, and says what was reached and what was not', () => {
    const { status, stdout, stderr } = zabox('fuzz', '--seeds', '4', '--duration', '20s');
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('4 run, 4 passed, 0 violated a property\n');
    expect(stdout).toMatch(/^reached in runs .*txn-committed 4/m);
    expect(stdout).toMatch(/^never reached +[a-z]/m);
    expect(stdout).toMatch(/^PASS +all \d+ properties hold in every run$/m);
  });

  it('counts on from any first seed', () => {
    const report = (start: string): { events: number } =>
      JSON.parse(
        zabox('fuzz', '--seeds', '1', '--seed-start', start, '--duration', '3s', '--json').stdout,
      );
    const both = zabox(
      'fuzz',
      '--seeds',
      '2',
      '--seed-start',
      '0x1f',
      '--duration',
      '3s',
      '--json',
    );
    expect(JSON.parse(both.stdout).events).toBe(report('31').events + report('32').events);
  });

  it('does not call it a pass when nothing was put to the test', () => {
    const { status, stdout } = zabox('fuzz', '--seeds', '1', '--clients', '0', '--duration', '2s');
    expect(status).toBe(4);
    expect(stdout).toMatch(/^NOTHING PROVED/m);
    expect(stdout).not.toMatch(/^PASS/m);
  });

  it('ends with its report when it is interrupted', () => {
    const interrupt = `process.on('newListener', (event) => {
      if (event === 'SIGINT') setImmediate(() => process.kill(process.pid, 'SIGINT'));
    })`;
    const preload = `--import=data:text/javascript,${encodeURIComponent(interrupt)}`;
    const { status, stdout, stderr } = shell(
      `NODE_OPTIONS="${preload}" zabox fuzz --seeds 1000000 --json`,
    );
    expect(stderr).toBe('');
    const { seeds, passed } = JSON.parse(stdout);
    expect(seeds).toBeGreaterThan(0);
    expect(seeds).toBeLessThan(1_000_000);
    expect(passed).toBe(seeds);
    expect(status).toBe(0);
  });
});
