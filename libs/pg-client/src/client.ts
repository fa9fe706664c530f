import pg from 'pg';

/**
 * pg's client, except for how the promises of its statements are made. Whatever pg's own ones are resolved with, all rows, V8 keeps
 * until the old generation is collected (pg 8.23, Node 20): each collection of the young one copies it, for 20 to 30 ms where 0.3
 * would do. See docs/performance.md.
 */
export const Client: typeof pg.Client = class extends pg.Client {
  /** As pg's: a text or a configuration, its values, a callback. What has a `submit` of its own, such as COPY, is passed on. */
  override query(...given: unknown[]): never {
    const query = super.query as (...given: unknown[]) => unknown;
    const [asked, values] = given;
    const isPromised = !isSubmittable(asked) && !given.some((each) => typeof each === 'function');
    const answer = isPromised
      ? promised((settle) => query.call(this, copied(asked), values, settle))
      : query.apply(this, given);
    return answer as never;
  }
};

type Settle = (error: Error | null | undefined, result: unknown) => void;

function promised(ask: (settle: Settle) => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    ask((error, result) => (error ? reject(error) : resolve(result)));
  }).catch((error: Error) => {
    // The stack leads to whoever asked, not to the socket that brought the answer.
    Error.captureStackTrace(error);
    throw error;
  });
}

const isSubmittable = (asked: unknown) =>
  typeof (asked as { submit?: unknown } | undefined)?.submit === 'function';

/** pg writes the callback into the configuration that it is given. */
const copied = (asked: unknown) => (typeof asked === 'object' && asked !== null ? { ...asked } : asked);
