import type {
  ConnectRequest,
  ConnectResponse,
  Request,
  ServerMessage,
} from '../keeper/requests.ts';
import type { ServerRequest } from '../keeper/server-request.ts';
import { connectRequestBytes, connectResponseBytes } from '../keeper/wire/connect.ts';
import { FRAME_LENGTH_BYTES } from '../keeper/wire/frames.ts';
import { replyBytes } from '../keeper/wire/replies.ts';
import { requestBytes } from '../keeper/wire/requests.ts';
import { PACKET, type QuorumPacket } from '../zab/messages.ts';

/** Type, zxid, length of the data, and no ids of anybody. `QuorumPacket`. */
const PACKET_BYTES = FRAME_LENGTH_BYTES + 4 + 8 + 4 + 4;

/** Session, request number, type and length in front of a forwarded request. */
const FORWARDED_BYTES = 20;

/** State, leader, zxid, both epochs, and the configuration. `FastLeaderElection.buildMsg`. */
const NOTIFICATION_BYTES = 44;

/** How long a message between hosts is on the wire, in bytes. */
export function messageBytes(port: string, message: unknown): number {
  // Each port carries messages of its own types alone.
  if (port === 'client') return FRAME_LENGTH_BYTES + clientBytes(message as ClientMessage);
  return port === 'quorum' ? packetBytes(message as QuorumPacket) : NOTIFICATION_BYTES;
}

type ClientMessage = ConnectRequest | ConnectResponse | Request | ServerMessage;

function clientBytes(message: ClientMessage): number {
  if ('lastZxidSeen' in message) return connectRequestBytes(message);
  if (!('xid' in message)) return connectResponseBytes(message);
  return 'err' in message ? replyBytes(message) : requestBytes(message);
}

function packetBytes(packet: QuorumPacket): number {
  switch (packet.type) {
    case PACKET.PROPOSAL:
    case PACKET.INFORM:
      return PACKET_BYTES + packet.data.byteCount;
    case PACKET.SNAPSHOT:
      return packet.data.byteCount;
    case PACKET.REQUEST:
      return PACKET_BYTES + FORWARDED_BYTES + requestBytes((packet.data as ServerRequest).message);
    default:
      return PACKET_BYTES;
  }
}
