const HEALTH_PATH = '/health/live';

/**
 * Status for a request without gRPC: that the node lives is all that can be asked so, as on EventStoreDB. `liveCode` names the
 * status that the one who asks wants instead of 204. Undefined for any other path.
 */
export function healthStatus(method = '', target = ''): number | undefined {
  const [path, query] = target.split('?', 2);
  if (path !== HEALTH_PATH) return undefined;
  if (method !== 'GET' && method !== 'HEAD') return 405;
  const liveCode = new URLSearchParams(query).get('liveCode') ?? '';
  return /^[2-5]\d\d$/.test(liveCode) ? Number(liveCode) : 204;
}
