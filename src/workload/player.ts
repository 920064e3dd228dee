import type { Participant } from '../client/recipes/participant.ts';
import type { Resource } from '../client/recipes/resource.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { Memory } from './seat.ts';
import type { WorkloadSettings } from './settings.ts';

/** One session of a client that follows a recipe, and what its rounds work with. */
export interface Player {
  readonly participant: Participant;
  readonly random: RandomStream;
  readonly settings: WorkloadSettings;
  /** Its number among those who follow the recipe, from 1. */
  readonly number: number;
  /** How many follow it. */
  readonly size: number;
  /** What the right that the recipe gives is about. */
  readonly resource: Resource;
  /** Of the client, its earlier sessions and lives included. */
  readonly memory: Memory;
}
