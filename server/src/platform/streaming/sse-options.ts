import type { SseOptions, SseRequest } from '@throughline/nest-sse';
import type { AppConfig } from '../config/index.js';
import type { PrometheusSseMetrics } from '../metrics/index.js';

interface SessionRequest extends SseRequest {
  user?: { id: string; sessionId: string };
}

/** How the app streams: the operator's limits, the signed-in user as owner, Prometheus as observer. */
export function createSseOptions(config: AppConfig, metrics: PrometheusSseMetrics): SseOptions {
  return {
    connectionsPerUser: config.connectionsPerUser,
    connectionsPerAddress: config.connectionsPerAddress,
    connectionsTotal: config.connectionsTotal,
    metrics,
    identify: (request) => {
      const { user, ip, socket } = request as SessionRequest;
      const address = ip ?? socket.remoteAddress ?? '';
      return user === undefined ? { address } : { address, user: user.id, session: user.sessionId };
    },
  };
}
