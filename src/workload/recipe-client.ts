import type { RecipeLog } from '../client/recipes/log.ts';
import { Participant } from '../client/recipes/participant.ts';
import type { Resource } from '../client/recipes/resource.ts';
import type { Player } from './player.ts';
import { ROUNDS } from './recipe-rounds.ts';
import type { Seat } from './seat.ts';
import type { RecipeName } from './settings.ts';

/** What those who follow a recipe together share. */
export interface RecipeGroup {
  readonly recipe: RecipeName;
  /** How many follow it: the clients from 1 on. */
  readonly size: number;
  readonly resource: Resource;
  readonly log: RecipeLog;
}

/** One client that follows a recipe with others, round after round, and from session to session. */
export class RecipeClient {
  private readonly seat: Seat;
  private readonly group: RecipeGroup;
  private participant: Participant | null = null;
  private isStopped = false;
  private isPlaying = false;

  constructor(seat: Seat, group: RecipeGroup) {
    this.seat = seat;
    this.group = group;
  }

  /** Rounds that have begun and have to come to an end. */
  get openCount(): number {
    return this.isPlaying && ROUNDS[this.group.recipe].ends ? 1 : 0;
  }

  get isConnected(): boolean {
    return this.participant?.isConnected === true;
  }

  start(): void {
    this.openSession();
  }

  accept(): null {
    return null;
  }

  /** Begins no further round. */
  stop(): void {
    this.isStopped = true;
  }

  /** Its process has ended, so it believes in nothing any more. */
  crashed(): void {
    this.participant?.crashed();
  }

  private openSession(): void {
    const { ports, client, servers, settings, history } = this.seat;
    const { sessionTimeoutMs } = settings;
    const config = { client, servers, sessionTimeoutMs };
    const { log, recipe } = this.group;
    this.participant = new Participant(ports, config, history, log, () => {
      this.isPlaying = false;
      this.openSession();
    });
    const player = this.playerOf(this.participant);
    const { watch } = ROUNDS[recipe];
    if (watch !== undefined) player.participant.run(watch(player));
    this.playOn(player);
  }

  /** One round after the other, as long as the session lives. */
  private playOn(player: Player): void {
    if (this.isStopped || player.participant !== this.participant) return;
    this.isPlaying = true;
    player.participant.run(this.playOnce(player), ({ how }) => {
      this.isPlaying = false;
      if (how !== 'cancelled') this.playOn(player);
    });
  }

  private *playOnce(player: Player): ReturnType<(typeof ROUNDS)[RecipeName]['play']> {
    const { random, settings } = this.seat;
    const { thinkMinMicros, thinkMaxMicros } = settings;
    yield* player.participant.sleep(random.between(thinkMinMicros, thinkMaxMicros));
    yield* ROUNDS[this.group.recipe].play(player);
  }

  private playerOf(participant: Participant): Player {
    const { random, settings, client: number, memory } = this.seat;
    const { size, resource } = this.group;
    return { participant, random, settings, number, size, resource, memory };
  }
}
