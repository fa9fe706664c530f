import type { DomainEvent } from '#shared-kernel';
import type { ReadModel } from './read-model.js';
import type { Answer } from './serve.js';

type Fields = Record<string, unknown>;
type Change = { readonly field: string; readonly from?: unknown; readonly to?: unknown };
interface Item {
  readonly revision: number;
  readonly type: string;
  readonly changes: readonly Change[];
}

/** A state of an aggregate as told in several ways, of which each must say the same. */
export interface ToldState {
  /** Its answer while its event was the newest. */
  readonly then: unknown;
  /** Its answer later, asked for by `?revision=`. */
  readonly byRevision: unknown;
  /** What the events say in `then`, flat: by dotted paths, parts in lists by their ids, without empty lists. */
  readonly said: Fields;
  /** What the changes of the history come to, from nothing up to here, in the same form. */
  readonly changed: Fields;
}

/** Every event of a history, newest first, read page by page of `limit`. */
export async function readHistoryPages(
  get: (path: string) => Promise<Answer>,
  path: string,
  limit: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body, text } = await get(`${path}/history?limit=${limit}${cursor && `&cursor=${cursor}`}`);
    if (!body.items) throw new Error(text);
    items.push(...(body.items as Item[]));
    cursor = body.nextCursor as string | null;
  }
  return items;
}

/**
 * Records events one by one; answers every state they lead to, in its order.
 * @param related fields of the answer that other aggregates' events say
 */
export async function toldStates(
  { record }: ReadModel,
  get: (path: string) => Promise<Answer>,
  { stream, path, events, related = [] }: Told,
): Promise<ToldState[]> {
  const then: Fields[] = [];
  for (const event of events) {
    await record(stream, [event], '2026-01-05T10:00:00.000Z');
    then.push((await get(path)).body as Fields);
  }
  const items = (await readHistoryPages(get, path, 7)).reverse();
  const revisions = items.map(({ revision }) => revision).join();
  if (revisions !== [...events.keys()].join()) throw new Error(`the history has ${revisions}`);
  const byRevision = await Promise.all(then.map((_, n) => get(`${path}?revision=${n}`)));
  const left = [...MOVED_BY_EVERY_EVENT, ...related];
  let changed: Fields = {};
  return items.map(({ changes }, n) => {
    changed = after(changed, changes);
    const said = Object.entries(then[n]!).filter(([field]) => !left.includes(field));
    return { then: then[n], byRevision: byRevision[n]!.body, said: flat(Object.fromEntries(said)), changed };
  });
}

export interface Told {
  readonly stream: string;
  readonly path: string;
  readonly events: readonly DomainEvent[];
  readonly related?: readonly string[];
}

const MOVED_BY_EVERY_EVENT = ['id', 'recordedAt', 'changedAt', 'revision', 'position'];
const DEPENDS_ON_THE_DAY = 'overdue';

/** @throws Error for a change that begins from what is not so, or that changes nothing */
function after(fields: Fields, changes: readonly Change[]): Fields {
  const changed = { ...fields };
  for (const { field, from, to } of changes) {
    const [was, is] = [JSON.stringify(from), JSON.stringify(to)];
    if (JSON.stringify(changed[field]) !== was || was === is)
      throw new Error(`${field}: ${was} → ${is}, but it was ${JSON.stringify(changed[field])}`);
    if (to === undefined) delete changed[field];
    else changed[field] = to;
  }
  return changed;
}

function flat(value: unknown, path = ''): Fields {
  if (typeof value !== 'object' || value === null) return { [path]: value };
  if (!Array.isArray(value)) {
    return Object.entries(value)
      .filter(([name]) => name !== DEPENDS_ON_THE_DAY)
      .reduce<Fields>((all, [name, one]) => ({ ...all, ...flat(one, path ? `${path}.${name}` : name) }), {});
  }
  if (value.length === 0) return {};
  const key = `${path.slice(0, -1)}Id`;
  if (!(value as unknown[]).every((part) => typeof part === 'object' && key in part!))
    return { [path]: value };
  return (value as Fields[]).reduce<Fields>(
    (all, { [key]: id, ...part }) => ({ ...all, ...flat(part, `${path}.${String(id)}`) }),
    {},
  );
}
