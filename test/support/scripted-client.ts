import { History } from '../../src/client/history.ts';
import type { WatchedEvent, Watcher } from '../../src/client/watcher.ts';
import { ZooKeeper } from '../../src/client/zookeeper.ts';
import { codeName } from '../../src/keeper/codes.ts';
import { FakeServers } from './fake-servers.ts';

/** A client of scripted servers, and a diary of what its application hears, in order. */
export class ScriptedClient {
  readonly servers: FakeServers = new FakeServers();
  readonly history: History = new History(() => this.servers.now());
  readonly diary: string[] = [];
  readonly zookeeper: ZooKeeper;

  constructor(options: { readonly servers?: readonly number[]; readonly chroot?: string } = {}) {
    const config = { client: 1, servers: [1, 2, 3], sessionTimeoutMs: 3000, ...options };
    this.zookeeper = new ZooKeeper(this.servers, config, this.history, {
      sessionChanged: (event) => this.diary.push(event),
    });
  }

  /** A callback that writes how an operation ended. */
  noting(name: string): (err: number) => void {
    return (err) => this.diary.push(`${name} ${codeName(err)}`);
  }

  /** A watcher that writes what it hears. */
  watching(name: string): Watcher {
    return ({ type, path, state }: WatchedEvent) => {
      this.diary.push(`${name} ${type} ${path ?? state}`);
    };
  }

  /** What has been written since the last time. */
  news(): string[] {
    return this.diary.splice(0);
  }
}
