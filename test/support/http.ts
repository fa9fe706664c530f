import supertest from 'supertest';

export const anActivity = {
  title: 'Seminar on civil emergency planning',
  kind: 'seminar',
  programme: 'ipcp',
  role: 'participant',
  startsOn: '2025-03-10',
  endsOn: '2025-03-12',
};

export interface Answer {
  readonly id: string;
  readonly revision: number;
  readonly position: string;
}

/** The API of a running instance, as one member of staff. */
export function api(url: string, actor = 'staff-1') {
  const client = supertest(`${url}/api/v1`);
  return {
    post: (path: string, body: object, headers: Record<string, string> = {}) =>
      client
        .post(path)
        .set({ 'X-Actor': actor, ...headers })
        .send(body),
    get: (path: string, headers: Record<string, string> = {}) => client.get(path).set(headers),
  };
}
