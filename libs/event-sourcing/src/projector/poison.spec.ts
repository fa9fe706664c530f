import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { commandEventDefinitions } from '../commands/command-executor.js';
import { EventRegistry } from '../store/event-registry.js';
import { ledgerNamed, startLedgers, until, type Ledgers } from '../testing/projectors.js';
import { pauseProjection } from './commands/pause-projection.js';
import { resumeProjection } from './commands/resume-projection.js';
import { skipEvent } from './commands/skip-event.js';
import type { Projection } from './projection.js';

const SECRET = 'a name that nobody may read';
const at = new Date('2026-03-01T12:00:00.000Z');
const decision = { by: 'staff-1', reason: 'entered twice', at };

describe('an event that cannot be applied', () => {
  let ledgers: Ledgers;
  /** Of the upcaster: an amount of 666 is brought to the newest version as one that can be applied. */
  let isMended = false;
  const names = ['strict', 'lenient', 'whole'];
  const registry = new EventRegistry(commandEventDefinitions, {
    Added: {
      version: 1,
      schema: z.looseObject({ amount: z.int() }),
    },
  });
  const lenient = ledgerNamed('lenient', { apply: () => undefined });
  const strict = ledgerNamed('strict');
  let stream = '';
  let tests = 0;

  beforeAll(async () => {
    ledgers = await startLedgers(names, registry);
    const { store } = ledgers;
    const recorded = store.recorded.bind(store);
    store.recorded = (resolved) => {
      const event = recorded(resolved);
      const { amount } = (event?.data ?? {}) as { amount?: number };
      return isMended && event && amount === 666 ? { ...event, data: { amount: 1 } } : event;
    };
  });
  afterEach(async () => {
    await ledgers.stopAll();
    isMended = false;
    await ledgers.sql.query('truncate public.projection, public.projection_skip');
    for (const name of names) await ledgers.sql.query(`truncate ${name}.account, ${name}.timeline`);
  });
  afterAll(() => ledgers?.stop());

  /** Two amounts, one that cannot be applied, two more; answers its position and the last. */
  const record = async () => {
    stream = `ledger-${tests++}`;
    await ledgers.add(stream, [1, 2]);
    const poison = await ledgers.add(stream, [666]);
    return { poison, last: await ledgers.add(stream, [4, 8]) };
  };
  const paused = (name: string) => until(async () => (await ledgers.statusOf(name))?.state === 'paused');
  /** With everything of the tests before, which is not theirs. */
  const start = async (projections: readonly Projection[], changes = {}) => {
    const head = (await ledgers.store.head(['ledger-']))?.position ?? -1n;
    for (const { name, version } of projections)
      await ledgers.sql.query('insert into public.projection (name, version, position) values ($1, $2, $3)', [
        ...[name, version, String(head)],
      ]);
    return ledgers.start(projections, changes);
  };

  it('stops that projection alone, after five retries, with everything before it applied', async () => {
    let attempts = 0;
    const counted = ledgerNamed('strict', {
      apply(event, rows) {
        if ((event.data as { amount: number }).amount === 666) attempts++;
        strict.apply(event, rows);
      },
    });
    await start([counted, lenient]);
    const { poison, last } = await record();
    await ledgers.caughtUp(last, 'lenient');
    await paused('strict');
    expect(attempts).toBe(6);
    expect(await ledgers.sumIn('strict', stream)).toBe(3);
    expect(await ledgers.statusOf('strict')).toMatchObject({
      ...{ state: 'paused', lagEvents: 3, skipped: [] },
      error: {
        ...{ position: String(poison), stream, revision: '2', type: 'Added' },
        message: 'this amount cannot be applied',
      },
    });
    const next = await ledgers.add(stream, [16]);
    await ledgers.caughtUp(next, 'lenient');
  });

  it('is shown with where in the program it arose, and with nothing of its content', async () => {
    const telling = ledgerNamed('strict', {
      apply: (event) => {
        if ('note' in event.data) throw new Error(`cannot take ${String(event.data.note)}`);
      },
    });
    const said: string[] = [];
    const log = { info: () => undefined, error: (fields: object) => said.push(JSON.stringify(fields)) };
    await start([telling], { log });
    stream = `ledger-${tests++}`;
    const note = { type: 'Added', data: { amount: 1, note: SECRET } };
    const id = '6f0f2a53-6b0b-4b8e-8d3e-0a7d1f6f7c11';
    const metadata = {
      ...{ actor: { id: 'staff-1', roles: [] }, recordedAt: at.toISOString(), commandId: id },
      ...{ commandHash: '', $correlationId: id, $causationId: id },
    };
    await ledgers.store.append(stream, -1n, [{ id, event: note, metadata }]);
    await paused('strict');
    const { error } = await ledgers.statusOf('strict');
    expect(error).toMatchObject({ eventId: id, message: 'cannot take …' });
    expect(error!.stack[0]).toMatch(
      /^at .*libs\/event-sourcing\/src\/projector\/poison\.spec\.ts:\d+:\d+\)?$/,
    );
    expect(error!.stack.join()).not.toMatch(/node_modules|\(\/|file:/);
    expect(said).toHaveLength(6);
    expect(JSON.stringify([error, said])).not.toContain(SECRET);
  });

  it('is shown with where the program was told of it, where the database refuses it', async () => {
    const [account] = strict.tables;
    const refused = ledgerNamed('strict', {
      apply: ({ stream: id }, rows) => rows.put(account!, { id, sum: null, changes: 1 }),
    });
    await start([refused]);
    await ledgers.add(`ledger-${tests++}`, [1]);
    await paused('strict');
    const { error } = await ledgers.statusOf('strict');
    expect(error!.message).toMatch(/null value in column "sum"/);
    expect(error!.stack[0]).toMatch(
      /^at .*applyBatch \(libs\/event-sourcing\/src\/projector\/apply-batch\.ts:\d+:\d+\)$/,
    );
  });

  it('is not tried again by a process that starts anew', async () => {
    await start([strict]);
    await record();
    await paused('strict');
    await ledgers.stopAll();
    let isApplied = false;
    ledgers.start([ledgerNamed('strict', { apply: () => void (isApplied = true) }), lenient]);
    await ledgers.caughtUp(await ledgers.add(stream, [1]), 'lenient');
    expect([isApplied, (await ledgers.statusOf('strict')).state]).toEqual([false, 'paused']);
    expect(await ledgers.sumIn('strict', stream)).toBe(3);
  });

  it('is tried again when the projection is resumed, decoded anew', async () => {
    await start([strict]);
    const { last } = await record();
    await paused('strict');
    isMended = true;
    expect(await resumeProjection(ledgers.sql, 'strict')).toBe(true);
    await ledgers.caughtUp(last, 'strict');
    expect(await ledgers.sumIn('strict', stream)).toBe(16);
    const status = await ledgers.statusOf('strict');
    expect([status.state, status.error, status.paused]).toEqual(['running', undefined, undefined]);
  });

  it('pauses again, after as many retries, when nothing was mended', async () => {
    await start([strict]);
    await record();
    await paused('strict');
    await resumeProjection(ledgers.sql, 'strict');
    await paused('strict');
    expect(await ledgers.sumIn('strict', stream)).toBe(3);
  });

  it('is skipped alone, which is noted and shown', async () => {
    await start([strict]);
    const { poison, last } = await record();
    await paused('strict');
    const { sql } = ledgers;
    expect(await skipEvent(sql, 'strict', last, decision)).toBe(false);
    expect(await skipEvent(sql, 'strict', poison, decision)).toBe(true);
    expect(await skipEvent(sql, 'strict', poison, decision)).toBe(false);
    await ledgers.caughtUp(last, 'strict');
    expect(await ledgers.sumIn('strict', stream)).toBe(15);
    const { state, skipped } = await ledgers.statusOf('strict');
    expect([state, skipped]).toMatchObject([
      'running',
      [
        {
          position: String(poison),
          stream,
          type: 'Added',
          by: 'staff-1',
          reason: 'entered twice',
          at: at.toISOString(),
        },
      ],
    ]);
    // The times of all others are what they are without a skip.
    const { rows } = await sql.query('select position from strict.timeline order by recorded_at');
    expect(rows).toHaveLength(4);
  });

  it('is applied again when the rows are made anew', async () => {
    await start([strict]);
    const { poison, last } = await record();
    await paused('strict');
    await skipEvent(ledgers.sql, 'strict', poison, decision);
    await ledgers.caughtUp(last, 'strict');
    await ledgers.stopAll();
    isMended = true;
    ledgers.start([ledgerNamed('strict', { version: 2 })]);
    await until(async () => (await ledgers.sumIn('strict', stream)) === 16);
    expect((await ledgers.statusOf('strict')).skipped).toEqual([]);
    const { rows } = await ledgers.sql.query(
      'select lifted_at is not null as lifted from public.projection_skip',
    );
    expect(rows).toEqual([{ lifted: true }]);
  });

  it('leaves an operator the pause: nothing is applied until it is resumed', async () => {
    await start([strict, lenient]);
    await record();
    await paused('strict');
    const { sql } = ledgers;
    expect(await pauseProjection(sql, 'lenient', decision)).toBe(true);
    expect(await pauseProjection(sql, 'lenient', decision)).toBe(false);
    const { position } = await ledgers.statusOf('lenient');
    const next = await ledgers.add(stream, [1]);
    ledgers.start([ledgerNamed('whole', { apply: () => undefined })]);
    await ledgers.caughtUp(next, 'whole');
    expect(await ledgers.statusOf('lenient')).toMatchObject({
      ...{ state: 'paused', position, lagEvents: 1 },
      paused: { by: 'staff-1', reason: 'entered twice', at: at.toISOString() },
    });
    await resumeProjection(sql, 'lenient');
    await ledgers.caughtUp(next, 'lenient');
  });

  it('can be waited for to pause, without waiting for its position', async () => {
    await start([strict]);
    const { last } = await record();
    const first = await Promise.race([
      ledgers.positions.whenCaughtUp('strict', last, 30_000),
      ledgers.positions.whenPaused('strict').then(() => 'paused'),
    ]);
    expect(first).toBe('paused');
  });
});
