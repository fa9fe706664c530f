import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ActivitiesModule, activitiesContext, ActivityPolicy } from '#activities';
import { AggregatesModule } from '#aggregates';
import { dialogueContext, DialogueModule } from '#dialogue';
import { sealed, streamPrefixesOf } from '#event-sourcing';
import { partnershipContext, PartnershipModule } from '#partnership';
import {
  EditionQueries,
  reportingContext,
  ReportingModule,
  ReportPolicy,
  StateSeal,
  yearCountSummary,
} from '#reporting';
import { random, serve, startReadModel, storesOf, type Random, type ReadModel } from '#testing';
import pg from 'pg';
import { auditContext } from '../context.js';
import { MerkleSeal } from '../seal/merkle-seal.js';
import type { Fault } from './faults.js';
import type { VerificationResult } from './verification-result.js';
import { comparedBy } from './verifier.js';
import { verify } from './verify.js';

const ROUNDS = Number(process.env.TAMPERING_ROUNDS ?? 40);
const SEED = Number(process.env.TAMPERING_SEED ?? 1);

interface StoredEvent {
  readonly position: string;
  readonly stream: string;
  readonly revision: string;
  readonly id: string;
  readonly type: string;
  readonly data: Buffer;
  readonly metadata: Buffer;
}

describe('verify', () => {
  let model: ReadModel;
  let served: Awaited<ReturnType<typeof serve>>;
  /** The tables of the event store's node. */
  let events: pg.Client;
  /** The read models. */
  let rows: pg.Client;
  /** With many marks in few events. */
  const reporting = { ...reportingContext, summaries: [yearCountSummary(5)] };
  const recorded = [activitiesContext, dialogueContext, partnershipContext, reporting];
  const contexts = [...recorded, auditContext(streamPrefixesOf(recorded))];
  let now = Date.parse('2026-06-15T12:00:00.000Z');

  beforeAll(async () => {
    model = await startReadModel(...contexts);
    model.startProjectors();
    served = await serve(
      [AggregatesModule, ActivitiesModule, DialogueModule, PartnershipModule, ReportingModule],
      [
        ...storesOf(model),
        { provide: ActivityPolicy, useValue: { fourEyes: false, partnerCountry: 'AZ' } },
        { provide: ReportPolicy, useValue: { annualTarget: 200 } },
        { provide: StateSeal, useValue: new MerkleSeal(model.dataSource, model.caughtUp) },
      ],
      () => new Date((now += 250)),
    );
    const { url } = model.dataSource.options as { url: string };
    events = new pg.Client(url.replace(/\/cooperation$/, '/event_store'));
    rows = new pg.Client(url);
    await Promise.all([events.connect(), rows.connect()]);
    const next = random(SEED);
    await model.projected(await record(next, 0));
    await publish('publish', {});
    await model.projected(await record(next, 6));
    await publish('amend', { reason: 'more is known' });
    await model.summarized();
  });
  afterAll(async () => {
    await served?.stop();
    await Promise.all([events?.end(), rows?.end()]);
    await model?.stop();
  });

  const verified = (batch?: number) =>
    verify(
      {
        store: model.store,
        connections: [rows],
        projections: contexts.flatMap(({ projections }) => projections),
        summaries: reporting.summaries,
        streamPrefixes: streamPrefixesOf(contexts),
        compareEdition: comparedBy(served.app.get(EditionQueries, { strict: false })),
      },
      undefined,
      batch,
    );

  /** Some records, numbered from `first`, with all that happens to them; answers the newest position. */
  async function record(next: Random, first: number): Promise<bigint> {
    let last = 0n;
    const post = async (path: string, body: object) => {
      const headers: Record<string, string> = next(3) === 0 ? { 'Idempotency-Key': `key ${now}` } : {};
      const answer = await served.post(path, body, headers);
      if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
      if (BigInt(answer.body.position) > last) last = BigInt(answer.body.position);
      return answer.body as { id: string; participationId: string };
    };
    const reason = 'as reported later';
    for (let n = first; n < first + 6; n++) {
      const plan = { title: `Course ${n}`, kind: 'course', programme: 'ipcp', role: 'participant' };
      const { id } = await post('/activities', { ...plan, startsOn: `2025-0${1 + (n % 9)}-10` });
      const activity = `/activities/${id}`;
      if (n % 4 === 3) await post(`${activity}/cancel`, { reasonCode: 'host', note: 'moved' });
      else {
        await post(`${activity}/approve`, {});
        await post(`${activity}/hold`, { startsOn: `2025-0${1 + (n % 9)}-10` });
        const delegation = { institution: 'Ministry of Defence', total: 4 + n, military: 2 };
        const { participationId } = await post(`${activity}/participations`, delegation);
        await post(`${activity}/participations/${participationId}/correct`, {
          ...{ ...delegation, total: 5 + n, reason },
        });
        await post(`${activity}/amend`, { title: `Course number ${n}` });
        await post(`${activity}/costs`, { payer: 'NATO', currency: 'EUR', amountMinor: 100 + n });
      }
      const talks = { title: 'Talks', format: 'staff-talks', level: 'expert', date: '2025-03-02' };
      const session = await post('/dialogue-sessions/log', {
        ...{ ...talks, minutes: { summary: 'Agreed.' } },
        followUps: [{ text: 'Draft', owner: 'Academy', dueOn: '2027-05' }],
      });
      if (n % 3 === 0) await post(`/dialogue-sessions/${session.id}/withdraw`, { reason });
      const goal = await post('/goals', { code: `G ${n}`, title: 'Goal', branch: 'land' });
      await post(`/goals/${goal.id}/assessments`, { on: '2024-02', status: 'accepted' });
      await post('/documents', {
        ...{ type: 'ipap', title: `Plan ${n}`, milestones: [{ milestone: 'agreed', on: '2005-05-27' }] },
        cycles: [{ from: '2005', to: '2007', status: 'completed' }],
      });
    }
    return last;
  }

  async function publish(command: 'publish' | 'amend', body: object): Promise<void> {
    const answer = await served.post(`/reports/annual/2025/${command}`, body);
    expect(answer).toMatchObject({ status: 201 });
    await model.projected(BigInt(answer.body.position));
  }

  const storedEvents = async () =>
    (await events.query<StoredEvent>('select * from event_store.event order by position')).rows;
  const nameOf = ({ stream, revision }: StoredEvent) => `${stream}@${revision}`;
  const namesOf = ({ faults }: VerificationResult) =>
    faults
      .map((fault: Fault) =>
        fault.kind === 'event'
          ? `${fault.stream}@${fault.revision}`
          : fault.kind === 'row'
            ? `${fault.table} ${fault.key.join('/')}`
            : `${fault.year}/${fault.edition}`,
      )
      .sort();

  it('finds nothing where nothing was touched, however the events fall into batches', async () => {
    for (const batch of [undefined, 13]) {
      const { faults, ...result } = await verified(batch);
      expect(faults).toEqual([]);
      expect(result).toMatchObject({ intact: true, faultCount: 0, unprotected: { events: 0 } });
      expect(result.events).toBe((await storedEvents()).length);
      expect(result.rows).toBeGreaterThan(result.events);
    }
  });

  it('counts what is dated later than the store took it in, and is no fault', async () => {
    const one = (await storedEvents()).find(({ type }) => type === 'ActivityApproved')!;
    const undo = await keep(one);
    const { recordedAt } = JSON.parse(one.metadata.toString()) as { recordedAt: string };
    await events.query('update event_store.event set created = $2 where position = $1', [
      one.position,
      new Date(Date.parse(recordedAt) - 61_000),
    ]);
    const { recordedAhead, faults } = await verified();
    await undo();
    expect(recordedAhead).toEqual({ events: 1, streams: [one.stream] });
    // The rows were made of it as it was.
    expect(faults).toMatchObject([
      { kind: 'row', table: 'audit.event', key: [one.id], columns: ['created'] },
    ]);
    expect((await verified()).recordedAhead).toEqual({ events: 0, streams: [] });
  });

  it(`finds each of ${ROUNDS} tamperings at random, names it, and nothing else`, async () => {
    const next = random(SEED);
    const stored = await storedEvents();
    const tables = (
      await rows.query<{ name: string }>(
        `select table_schema || '.' || table_name as name from information_schema.tables
         where table_schema = any($1) order by 1`,
        [contexts.flatMap(({ projections }) => projections.map(({ name }) => name))],
      )
    ).rows.map(({ name }) => name);
    for (let round = 0; round < ROUNDS; round++) {
      const { what, expected, alias, undo } = await tamper(next, stored, tables);
      const found = namesOf(await verified(20 + next(200))).filter((name) => name !== alias);
      await undo();
      expect({ round, what, found }).toEqual({ round, what, found: [...expected].sort() });
    }
    expect((await verified()).intact).toBe(true);
  }, 300_000);

  it('names what was done to one event, and nothing that only follows from it', async () => {
    const stored = await storedEvents();
    const one = stored.find(({ type, revision }) => type === 'ActivityHeld' && revision === '2')!;
    const columns = 'stream, revision, id, type, json, created, data, metadata';
    const at = `where position = ${one.position}`;
    const far = `${one.stream}@20000000`;
    const tamperings: [statement: string, fault: string, found: string][] = [
      [`update event_store.event set revision = 20000000 ${at}`, 'altered', far],
      // Without a hash it could be of that revision; the index knows that it is not.
      [
        `update event_store.event set revision = 20000000, metadata = '{"schemaVersion":1}' ${at}`,
        'altered',
        far,
      ],
      [`update event_store.event set position = position + 1 ${at}`, 'out-of-place', nameOf(one)],
      [
        `insert into event_store.event (position, ${columns})
         select position + 1, 'activity-1', 0, '00000000-0000-4000-8000-0000000000fe', type, json, now(), data, metadata
         from event_store.event ${at}`,
        'altered',
        'activity-1@0',
      ],
    ];
    for (const [statement, fault, found] of tamperings) {
      const undo = await keep(one);
      await events.query(statement);
      const result = await verified();
      await undo();
      await events.query("delete from event_store.event where stream = 'activity-1'");
      expect({ statement, faults: result.faults }).toMatchObject({ statement, faults: [{ fault }] });
      expect(namesOf(result)).toEqual([found]);
    }
    expect((await verified()).intact).toBe(true);
  });

  it.each([
    ['from_position', 'from_position - 1'],
    ['revision', 'revision + 1'],
    ['created', "created - interval '1 second'"],
  ])('names the row of the index whose %s was changed, not the event', async (column, value) => {
    const one = (await storedEvents()).find(({ type }) => type === 'ActivityHeld')!;
    await rows.query('begin');
    await rows.query(`update audit.event set ${column} = ${value} where id = $1`, [one.id]);
    const result = await verified();
    await rows.query('rollback');
    expect(namesOf(result)).toEqual([`audit.event ${one.id}`]);
  });

  it('names a checkpoint that is behind the rows it is of, and none of these', async () => {
    await rows.query('begin');
    await rows.query("update public.projection set position = 100 where name = 'partnership'");
    const result = await verified();
    await rows.query('rollback');
    expect(namesOf(result)).toEqual(['public.projection partnership']);
    expect(Number(result.rowsPosition)).toBeGreaterThan(100);
  });

  it('names what is summed up otherwise than the rows come to, and no sum after it', async () => {
    const stored = await rows.query<{ position: string; year: string }>(
      'select position, min(year) as year from activities.year_count group by position order by position::bigint',
    );
    expect(stored.rows.length).toBeGreaterThan(10);
    const { rows: marks } = stored;
    for (const { position, year } of [marks[0]!, marks[marks.length >> 1]!, marks.at(-1)!]) {
      const at = `where position = ${position}`;
      const [mark, row] = [`activities.count_mark ${position}`, `activities.year_count ${year}/${position}`];
      const tamperings: [statement: string, ...found: string[]][] = [
        [`delete from activities.count_mark ${at}`, mark],
        [
          `insert into activities.count_mark values (${position} + 1)`,
          `activities.count_mark ${+position + 1}`,
        ],
        [`delete from activities.year_count ${at} and year = '${year}'`, row],
        [`update activities.year_count set totals = totals - 0 ${at} and year = '${year}'`, row],
        [`update activities.year_count set tables = tables || '[1]' ${at} and year = '${year}'`, row],
        [
          `insert into activities.year_count values ('1999', ${position}, '[]', '[]')`,
          `activities.year_count 1999/${position}`,
        ],
        [`insert into activities.count_mark values (1e15)`, 'activities.count_mark 1000000000000000'],
      ];
      for (const [statement, ...expected] of tamperings) {
        await rows.query('begin');
        await rows.query(statement);
        const found = namesOf(await verified());
        await rows.query('rollback');
        expect({ statement, found }).toEqual({ statement, found: expected });
      }
    }
  });

  describe('a history that was made to fit itself, read models and all', () => {
    const editionsOf = ({ editions }: VerificationResult) =>
      editions.map(({ edition, root, content }) => ({ edition, root, content }));

    it('does not fit the seals of the editions', async () => {
      const stored = await storedEvents();
      const at = stored.findIndex(({ type }) => type === 'CommandIdTaken');
      const [taken, following] = [stored[at]!, stored[at + 1]!];
      const { undo } = await deleteEvent(taken);
      await rows.query('begin');
      await rows.query('delete from audit.event where from_position = $1', [taken.position]);
      await rows.query('delete from audit.timeline where position = $1', [taken.position]);
      // It had the same moment, and came a microsecond later for that.
      for (const { name } of contexts.flatMap(({ projections }) => projections)) {
        await rows.query(
          `update ${name}.timeline set recorded_at = recorded_at - interval '1 microsecond' where position = $1`,
          [following.position],
        );
      }
      const result = await verified();
      await rows.query('rollback');
      await undo();
      expect(namesOf(result)).toEqual(['2025/1', '2025/2']);
      expect(editionsOf(result)).toEqual([
        { edition: 1, root: 'differs', content: 'matches' },
        { edition: 2, root: 'differs', content: 'matches' },
      ]);
    });

    it('does not lead to what was published', async () => {
      const stored = await storedEvents();
      const amended = stored.find(({ type }) => type === 'AnnualReportAmended')!;
      const undo = await keep(amended);
      const data = JSON.parse(String(amended.data)) as { sha256: string };
      const { hash, ...metadata } = JSON.parse(String(amended.metadata)) as { hash: string };
      const forged = sealed({
        ...{ stream: amended.stream, revision: BigInt(amended.revision), id: amended.id, type: amended.type },
        ...{ data: { ...data, sha256: '0'.repeat(64) }, metadata },
      });
      await events.query('update event_store.event set data = $2, metadata = $3 where position = $1', [
        amended.position,
        Buffer.from(forged.data),
        Buffer.from(forged.metadata),
      ]);
      const fit = async (sha256: string, to: string) => {
        await rows.query('update reporting.edition set sha256 = $2 where from_position = $1', [
          amended.position,
          sha256,
        ]);
        await rows.query('update audit.event set hash = $2 where from_position = $1', [amended.position, to]);
      };
      await fit('0'.repeat(64), forged.hash);
      const result = await verified();
      await fit(data.sha256, hash);
      await undo();
      expect(namesOf(result)).toEqual(['2025/2']);
      expect(editionsOf(result)).toEqual([
        { edition: 1, root: 'matches', content: 'matches' },
        { edition: 2, root: 'matches', content: 'differs' },
      ]);
    });
  });

  interface Tampering {
    readonly what: string;
    /** Names of what should be found. */
    readonly expected: readonly string[];
    /** Another name that a row goes by since. */
    readonly alias?: string;
    undo(): Promise<unknown>;
  }

  function tamper(next: Random, stored: StoredEvent[], tables: string[]): Promise<Tampering> {
    const one = stored[next(stored.length)]!;
    const other = stored[next(stored.length)]!;
    const kinds = [
      () => changeByte(next, one),
      () => deleteEvent(one),
      () => (one === other ? tamper(next, stored, tables) : swap(next, one, other)),
      () =>
        truncate(
          stored.filter(
            ({ stream, revision }) => stream === one.stream && BigInt(revision) >= BigInt(one.revision),
          ),
        ),
      () => tamperRow(next, tables),
    ];
    return kinds[next(kinds.length)]!();
  }

  async function changeByte(next: Random, event: StoredEvent): Promise<Tampering> {
    const undo = await keep(event);
    const column = next(2) ? 'data' : 'metadata';
    const at = next(event[column].length);
    const byte = event[column][at]! ^ (1 << next(8));
    await events.query(
      `update event_store.event set ${column} = set_byte(${column}, ${at}, ${byte}) where position = $1`,
      [event.position],
    );
    return { what: `byte ${at} of ${column} of ${nameOf(event)}`, expected: [nameOf(event)], undo };
  }

  async function deleteEvent(event: StoredEvent): Promise<Tampering> {
    const undo = await keep(event);
    await events.query('delete from event_store.event where position = $1', [event.position]);
    return { what: `${nameOf(event)} deleted`, expected: [nameOf(event)], undo };
  }

  /** Two events change places: their contents, or where they are in the order of all. */
  async function swap(next: Random, one: StoredEvent, other: StoredEvent): Promise<Tampering> {
    const undo = await keep(one, other);
    const byContent = next(2) === 0;
    const columns = byContent
      ? ['id', 'type', 'json', 'created', 'data', 'metadata']
      : ['stream', 'revision'];
    // What is unique is out of the way meanwhile.
    await events.query('delete from event_store.event where position = any($1)', [
      [one.position, other.position],
    ]);
    const taken = byContent ? columns : ['id', 'type', 'json', 'created', 'data', 'metadata', ...columns];
    const all = ['position', 'stream', 'revision', 'id', 'type', 'json', 'created', 'data', 'metadata'];
    await events.query(
      `insert into event_store.event (${all.join(', ')})
       select ${all.map((column) => `${taken.includes(column) ? 'b' : 'a'}.${column}`).join(', ')}
       from kept a join kept b on (a.position, b.position) in (($1, $2), ($2, $1))`,
      [one.position, other.position],
    );
    const both = [nameOf(one), nameOf(other)];
    return {
      what: `${both.join(' and ')} swapped by ${byContent ? 'content' : 'position'}`,
      expected: both,
      undo,
    };
  }

  async function truncate(tail: StoredEvent[]): Promise<Tampering> {
    const undo = await keep(tail[0]!);
    await events.query('delete from event_store.event where position = any($1)', [
      tail.map(({ position }) => position),
    ]);
    return { what: `the end of its stream from ${nameOf(tail[0]!)}`, expected: tail.map(nameOf), undo };
  }

  /** Sets the streams of these events aside; answers how to put them back. */
  async function keep(...touched: StoredEvent[]): Promise<() => Promise<unknown>> {
    const streams = touched.map(({ stream }) => stream);
    const positions = touched.map(({ position }) => position);
    await events.query(
      `create temp table kept as select * from event_store.event where stream = any(array[${streams.map((name) => pg.escapeLiteral(name)).join()}])`,
    );
    return async () => {
      await events.query('delete from event_store.event where stream = any($1) or position = any($2)', [
        streams,
        positions,
      ]);
      await events.query('insert into event_store.event table kept');
      await events.query('drop table kept');
    };
  }

  function nameOfRow(table: string, { id, position, year }: Record<string, unknown>): string {
    const keys = table.endsWith('.year_count') ? [year, position] : [id ?? position];
    return `${table} ${keys.join('/')}`;
  }

  /** In a transaction of the connection that is verified with, so that undoing it is a rollback. */
  async function tamperRow(next: Random, tables: string[]): Promise<Tampering> {
    const table = tables[next(tables.length)]!;
    const all = (
      await rows.query<Record<string, unknown>>(`select *, ctid::text from ${table} order by 1, 2`)
    ).rows;
    const row = all[next(all.length)];
    if (!row) return tamperRow(next, tables);
    const expected = [nameOfRow(table, row)];
    const undo = () => rows.query('rollback');
    await rows.query('begin');
    if (next(4) === 0) {
      await rows.query(`delete from ${table} where ctid = $1`, [row.ctid]);
      return { what: `row ${expected} deleted`, expected, undo };
    }
    const { rows: columns } = await rows.query<{ name: string; type: string }>(
      `select column_name as name, data_type as type from information_schema.columns
       where table_schema || '.' || table_name = $1 order by 1`,
      [table],
    );
    const { name, type } = columns[next(columns.length)]!;
    const changed = {
      uuid: `'00000000-0000-4000-8000-0000000000ff'`,
      text: `${name} || 'x'`,
      bigint: `${name} - 1`,
      integer: `${name} + 1`,
      boolean: `not ${name}`,
      date: `${name} + 1`,
      'timestamp with time zone': `${name} + interval '1 microsecond'`,
      jsonb: `'["x"]'::jsonb`,
    }[type];
    const updated = await rows
      .query(
        `update ${table} set ${name} = ${changed} where ctid = $1 and ${name} is distinct from ${changed}`,
        [row.ctid],
      )
      // Two rows would be one.
      .catch(() => undefined);
    // What is not known has nothing to be changed.
    if (!updated?.rowCount || row[name] === null) {
      await undo();
      return tamperRow(next, tables);
    }
    const other = {
      ...{ id: '00000000-0000-4000-8000-0000000000ff', position: Number(row.position) - 1 },
      year: `${String(row.year)}x`,
    }[name];
    const alias = other === undefined ? undefined : nameOfRow(table, { ...row, [name]: other });
    return { what: `${name} of row ${expected}`, expected, alias, undo };
  }
});
