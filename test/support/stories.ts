import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { parseScenario } from '../../src/scenario/scenario-file.ts';

/** What is told by hand; `bugs` holds what chance has found. */
export const STORY_FOLDERS: readonly string[] = [
  'election',
  'split-brain',
  'recovery',
  'operations',
  'sessions',
  'applications',
];

export const SCENARIOS: string = fileURLToPath(new URL('../../scenarios/', import.meta.url));

export interface StoryFile {
  readonly folder: string;
  /** Without its ending. */
  readonly name: string;
  readonly text: string;
  readonly scenario: Scenario;
}

export function storyFiles(): StoryFile[] {
  return STORY_FOLDERS.flatMap((folder) => {
    const files = readdirSync(`${SCENARIOS}${folder}`).sort();
    return files.map((file) => readStory(folder, file));
  });
}

function readStory(folder: string, file: string): StoryFile {
  const text = readFileSync(`${SCENARIOS}${folder}/${file}`, 'utf8');
  const scenario = parseScenario(text, `${folder}/${file}`);
  return { folder, name: file.replace(/\.yaml$/, ''), text, scenario };
}
