import { Defect } from '../kernel/assert.ts';
import { differences } from '../scenario/expectation.ts';
import { type Run, run } from '../scenario/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Frame, Stage, type Story } from './stage.ts';

/** One run of a demo, and its story. */
export interface Act {
  readonly title: string;
  readonly scenario: Scenario;
  tell(stage: Stage): Story;
}

/** What a newcomer is shown. */
export interface Demo {
  readonly name: string;
  readonly title: string;
  /** What it is about, before it begins. */
  readonly about: string;
  /** Made when it is played: most commands play none. */
  acts(): readonly Act[];
}

/** An act as it was played. */
export interface PlayedAct {
  readonly title: string;
  readonly frames: readonly Frame[];
  readonly run: Run;
}

/**
 * Runs an act and tells its story.
 *
 * @throws {@link Defect} if the run does not come to what the story tells of, or to another end
 */
export function playAct({ title, scenario, tell }: Act): PlayedAct {
  const stage = new Stage(tell);
  const { plan, without = [] } = scenario;
  const result = run(plan, stage, { without });
  const [difference] = differences(result, scenario.expect);
  if (difference !== undefined) throw new Defect(`${scenario.name}: ${difference}`);
  stage.close(result);
  return { title, frames: stage.frames, run: result };
}
