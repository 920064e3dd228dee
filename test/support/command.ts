import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command in a process of its own, not on a terminal. */
export function zabox(...words: string[]): CommandResult {
  return toResult(spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8' }));
}

/** Has a shell read a line, in which `zabox` stands for the built command. */
export function shell(line: string): CommandResult {
  const script = `zabox() { '${process.execPath}' '${MAIN}' "$@"; }\n${line}`;
  return toResult(spawnSync('bash', ['-c', script], { encoding: 'utf8' }));
}

function toResult({ status, stdout, stderr }: CommandResult): CommandResult {
  return { status, stdout, stderr };
}
