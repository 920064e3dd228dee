import type { Zxid } from '../../zab/zxid.ts';
import type { Participant } from './participant.ts';

/** Something outside the ensemble that those who hold a right change. */
export interface Resource {
  /** @returns `false` if it was refused */
  write(participant: Participant, token: Zxid): boolean;
}

/**
 * A resource that refuses whoever comes with a token lower than one that it has seen: a holder who
 * has been overtaken, and has not noticed.
 *
 * In the log `wrote` and `refused` have the token.
 */
export class FencedResource implements Resource {
  private readonly name: string;
  private highest: Zxid | null = null;

  constructor(name: string) {
    this.name = name;
  }

  write(participant: Participant, token: Zxid): boolean {
    const isAccepted = this.highest === null || token >= this.highest;
    if (isAccepted) this.highest = token;
    const what = isAccepted ? 'wrote' : 'refused';
    participant.note({ recipe: 'resource', resource: this.name, what, token });
    return isAccepted;
  }
}
