import { activitiesContext } from '#activities';
import { AggregatesModule } from '#aggregates';
import { serve, startReadModel, storesOf, type Answer, type Headers } from '#testing';
import { partnershipContext } from '../context.js';
import { PartnershipModule } from '../partnership.module.js';
import { NOW } from './decisions.js';

export type PartnershipApi = Awaited<ReturnType<typeof startPartnershipApi>>;

/** The partnership over HTTP on real stores, its projections running. */
export async function startPartnershipApi() {
  const model = await startReadModel(activitiesContext, partnershipContext);
  model.startProjectors();
  let now = NOW;
  let token: string | undefined;
  const serveOne = () => serve([AggregatesModule, PartnershipModule], storesOf(model), () => new Date(now));
  const served = await serveOne();
  return {
    model,
    /** Another process's worth of the application on the same stores. */
    serveAnother: serveOne,
    setClock(time: string) {
      now = time;
    },
    async post(path: string, body?: object, headers?: Headers): Promise<Answer> {
      const answer = await served.post(path, body, headers);
      token = answer.headers['consistency-token'] ?? token;
      return answer;
    },
    /** Reads what was written here before, as a client does that sends its Consistency-Token back. */
    get: (path: string): Promise<Answer> => served.get(path, token ? { 'Consistency-Token': token } : {}),
    async stop() {
      await served.stop();
      await model.stop();
    },
  };
}

/** Sends the commands one after the other, each with the ETag of the one before; answers the types of the events they led to. */
export async function walk(
  api: PartnershipApi,
  stream: string,
  path: string,
  commands: readonly (readonly [path: string, body?: object, status?: number])[],
): Promise<string[]> {
  for (const [command, body, status = 200] of commands) {
    const { revision } = (await api.get(path)).body;
    const answer = await api.post(`${path}/${command}`, body, { 'If-Match': `"${revision}"` });
    const { status: answered, headers } = answer;
    const expected = { command, answered: status, etag: `"${revision + 1}"` };
    if (answered !== status || headers.etag !== expected.etag)
      throw new Error(`${JSON.stringify(expected)} but ${answered}: ${answer.text}`);
  }
  return (await api.model.store.readStream(stream)).map(({ type }) => type);
}

/** Every item of a list, page by page of `limit`, by one of its fields. */
export async function everyPage(
  api: PartnershipApi,
  list: string,
  field: string,
  limit: number,
): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body, text } = await api.get(`${list}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
    if (!body.items) throw new Error(text);
    seen.push(...(body.items as Record<string, string>[]).map((item) => item[field]!));
    cursor = body.nextCursor as string | null;
  }
  return seen;
}
