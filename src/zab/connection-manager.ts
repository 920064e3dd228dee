import { Fifo } from '../kernel/fifo.ts';
import type { ServerConfig } from './config.ts';
import type { Announcement, Notification } from './messages.ts';
import type {
  Connection,
  ConnectionListener,
  Ports,
  Sid,
  TimerListener,
  WakeListener,
} from './ports.ts';

const CONNECT_TIMEOUT = 0;

/** What has arrived and is not read; the oldest goes first. */
const RECEIVE_QUEUE_MAX = 100;

export interface NotificationReceiver {
  notified(notification: Notification): void;
}

/**
 * The election's connections, one for each pair of servers, and always made by the one with the
 * larger id. To each peer only the latest notification waits to be sent, and the last one sent is
 * sent again on a new connection: votes may be lost and doubled, only the newest matters.
 * `QuorumCnxManager`.
 */
export class ConnectionManager {
  private readonly ports: Ports;
  private readonly config: ServerConfig;
  private readonly sender: Worker<Addressed>;
  private readonly receiver: Worker<Notification>;
  private readonly channels = new Map<Sid, PeerChannel>();

  constructor(ports: Ports, config: ServerConfig, receiver: NotificationReceiver) {
    this.ports = ports;
    this.config = config;
    this.sender = new Worker(ports, ({ peer, notification }) => {
      this.channel(peer).offer(notification);
    });
    this.receiver = new Worker(ports, (notification) => receiver.notified(notification));
  }

  send(peer: Sid, notification: Notification): void {
    this.sender.put({ peer, notification });
  }

  received(notification: Notification): void {
    this.receiver.put(notification, RECEIVE_QUEUE_MAX);
  }

  /** Whether some peer has nothing waiting: then there is a way out for a new message. */
  get hasEmptyQueue(): boolean {
    for (const channel of this.channels.values()) if (channel.isQueueEmpty) return true;
    return false;
  }

  /** Dials every peer that something was ever to be sent to. */
  connectAll(): void {
    for (const channel of this.channels.values()) channel.dial();
  }

  accept(connection: Connection): ConnectionListener {
    return new Accepted(this, connection);
  }

  /** The other side of a connection that was accepted has said who it is. */
  announced(peer: Sid, connection: Connection): ConnectionListener | null {
    const { sid } = this.config;
    if (peer === sid) return null;
    if (peer > sid) return this.channel(peer).install(connection);
    connection.close();
    this.channel(peer).redial();
    return null;
  }

  private channel(peer: Sid): PeerChannel {
    let channel = this.channels.get(peer);
    if (channel === undefined) {
      channel = new PeerChannel(this, this.ports, this.config, peer);
      this.channels.set(peer, channel);
    }
    return channel;
  }
}

interface Addressed {
  readonly peer: Sid;
  readonly notification: Notification;
}

/**
 * A thread that takes messages from its queue. A message passes one on its way out and two on its
 * way in: so what has waited for a connection leaves on it before the answer to what comes first.
 * `WorkerSender`, `RecvWorker`, `WorkerReceiver`.
 */
class Worker<T> implements WakeListener {
  private readonly ports: Ports;
  private readonly handle: (item: T) => void;
  private readonly queue = new Fifo<T>();
  private isAwake = false;

  constructor(ports: Ports, handle: (item: T) => void) {
    this.ports = ports;
    this.handle = handle;
  }

  /** @param capacity beyond which the oldest is dropped */
  put(item: T, capacity = Number.POSITIVE_INFINITY): void {
    this.queue.push(item);
    if (this.queue.length > capacity) this.queue.shift();
    if (this.isAwake) return;
    this.isAwake = true;
    this.ports.wake(this);
  }

  awake(): void {
    this.isAwake = false;
    for (;;) {
      const item = this.queue.shift();
      if (item === undefined) return;
      this.handle(item);
    }
  }
}

/** A connection that somebody made to us, until we know who. */
class Accepted implements ConnectionListener {
  private readonly manager: ConnectionManager;
  private readonly connection: Connection;
  private successor: ConnectionListener | null = null;

  constructor(manager: ConnectionManager, connection: Connection) {
    this.manager = manager;
    this.connection = connection;
  }

  connected(): void {}

  received(message: Announcement | Notification): void {
    if (!('announcedSid' in message)) this.successor?.received(message);
    else if (this.successor === null) {
      this.successor = this.manager.announced(message.announcedSid, this.connection);
    }
  }

  closed(): void {
    this.successor?.closed();
  }
}

/** What one server knows of its election connection to one peer. */
class PeerChannel implements TimerListener, WakeListener {
  private readonly manager: ConnectionManager;
  private readonly ports: Ports;
  private readonly config: ServerConfig;
  private readonly peer: Sid;
  private queued: Notification | null = null;
  private lastSent: Notification | null = null;
  private installed: Installed | null = null;
  private dialled: Dialled | null = null;
  private dialTimer = -1;
  private isSenderAwake = false;

  constructor(manager: ConnectionManager, ports: Ports, config: ServerConfig, peer: Sid) {
    this.manager = manager;
    this.ports = ports;
    this.config = config;
    this.peer = peer;
  }

  get isQueueEmpty(): boolean {
    return this.queued === null;
  }

  offer(notification: Notification): void {
    this.queued = notification;
    if (this.installed !== null) this.wakeSender();
    else this.dial();
  }

  /** At most one attempt is under way. */
  dial(): void {
    if (this.installed !== null || this.dialled !== null) return;
    this.dialled = new Dialled(this);
    this.dialled.connection = this.ports.dial(this.peer, 'election', this.dialled);
    const micros = this.config.connectTimeoutMs * 1000;
    this.dialTimer = this.ports.setTimer(micros, this, CONNECT_TIMEOUT);
  }

  /** The peer wants a connection; it is ours to make. */
  redial(): void {
    this.uninstall();
    this.dial();
  }

  /** The dialled peer has accepted. If it has the larger id it now knows that it should dial. */
  dialSucceeded(dialled: Dialled): void {
    if (this.dialled !== dialled || dialled.connection === null) return;
    this.endDialling();
    const announcement: Announcement = { announcedSid: this.config.sid };
    dialled.connection.send(announcement);
    if (this.peer > this.config.sid) dialled.connection.close();
    else dialled.successor = this.install(dialled.connection);
  }

  dialFailed(dialled: Dialled): void {
    if (this.dialled === dialled) this.endDialling();
  }

  /** Takes a new connection into use in place of any older one. */
  install(connection: Connection): ConnectionListener {
    this.uninstall();
    const { manager } = this;
    const reader = new Worker<Notification>(this.ports, (read) => manager.received(read));
    this.installed = new Installed(this, connection, reader);
    this.queued ??= this.lastSent;
    if (this.queued !== null) this.wakeSender();
    return this.installed;
  }

  /** A connection ended. Nobody dials again until there is something to send. */
  lost(installed: Installed): void {
    if (this.installed === installed) this.installed = null;
  }

  timerFired(): void {
    this.dialled?.connection?.close();
    this.dialled = null;
  }

  awake(): void {
    this.isSenderAwake = false;
    if (this.queued === null || this.installed === null) return;
    this.lastSent = this.queued;
    this.queued = null;
    this.installed.connection.send(this.lastSent);
  }

  private wakeSender(): void {
    if (this.isSenderAwake) return;
    this.isSenderAwake = true;
    this.ports.wake(this);
  }

  private uninstall(): void {
    this.installed?.connection.close();
    this.installed = null;
  }

  private endDialling(): void {
    this.ports.cancelTimer(this.dialTimer);
    this.dialled = null;
  }
}

/** An attempt to connect. */
class Dialled implements ConnectionListener {
  connection: Connection | null = null;
  successor: ConnectionListener | null = null;
  private readonly channel: PeerChannel;

  constructor(channel: PeerChannel) {
    this.channel = channel;
  }

  connected(): void {
    this.channel.dialSucceeded(this);
  }

  received(message: unknown): void {
    this.successor?.received(message);
  }

  closed(): void {
    if (this.successor !== null) this.successor.closed();
    else this.channel.dialFailed(this);
  }
}

/** A connection in use. */
class Installed implements ConnectionListener {
  readonly connection: Connection;
  private readonly channel: PeerChannel;
  private readonly reader: Worker<Notification>;

  constructor(channel: PeerChannel, connection: Connection, reader: Worker<Notification>) {
    this.channel = channel;
    this.connection = connection;
    this.reader = reader;
  }

  connected(): void {}

  received(notification: Notification): void {
    this.reader.put(notification);
  }

  closed(): void {
    this.channel.lost(this);
  }
}
