import type { ClientStanding } from '../checkers/liveness.ts';
import type { Ensemble } from './ensemble.ts';
import { lookAtServer, type ServerLook } from './server-look.ts';

/** Who waits for what, when there is no progress that is owed. */
export function describeWaiting(ensemble: Ensemble, clients: readonly ClientStanding[]): string {
  const servers = ensemble.serverIds.map((sid) => {
    return describeServer(lookAtServer(ensemble, sid, null), ensemble);
  });
  const waiting = clients.filter(({ openCount, isConnected }) => openCount > 0 || !isConnected);
  return [...servers, ...waiting.map(describeClient)].join('; ');
}

function describeServer(look: ServerLook, ensemble: Ensemble): string {
  const { server, condition, role, acceptedEpoch, currentEpoch } = look;
  const epochs = `epochs ${acceptedEpoch}/${currentEpoch}`;
  if (condition !== 'up') return `server ${server} is ${condition} (${epochs})`;
  const waitsFor = ensemble.find(server)?.peer.waitsFor ?? 'its start';
  return `server ${server} is ${role} (${epochs}) and waits for ${waitsFor}`;
}

function describeClient({ client, openCount, isConnected }: ClientStanding): string {
  const where = isConnected ? '' : ' and is not connected';
  return `client ${client} waits for ${openCount} answers${where}`;
}
