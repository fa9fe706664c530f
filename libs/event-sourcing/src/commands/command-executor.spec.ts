import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTemporaryStores, type TemporaryStores } from '#embedded';
import { EventStore } from '../store/event-store.js';
import { ledger, ledgerRegistry, type LedgerCommand } from '../testing/ledger.js';
import { CommandExecutor } from './command-executor.js';
import type { CommandRequest } from './command-request.js';
import { CommandConflict, CommandIdReused, CommandRefused, StaleRevision } from './errors.js';

describe('CommandExecutor', () => {
  let stores: TemporaryStores;
  let store: EventStore;
  let executor: CommandExecutor;

  beforeAll(async () => {
    stores = await startTemporaryStores();
    store = EventStore.connect(stores.eventStoreUrl, ledgerRegistry);
    executor = new CommandExecutor(store);
  });
  afterAll(async () => {
    await store?.close();
    await stores?.stop();
  });

  const request = (changes: Partial<CommandRequest> = {}): CommandRequest => {
    const commandId = randomUUID();
    return {
      actor: { id: 'staff-1', roles: [] },
      now: '2026-01-05T10:00:00.000Z',
      commandId,
      keyed: false,
      correlationId: commandId,
      ...changes,
    };
  };
  const work = (id: string, command: LedgerCommand, changes?: Partial<CommandRequest>) => ({
    decider: ledger,
    stream: `ledger-${id}`,
    id,
    command,
    hashed: command,
    request: request(changes),
  });
  const take = (id: string, command: LedgerCommand, changes?: Partial<CommandRequest>, by = executor) =>
    by.execute(work(id, command, changes));

  it('appends what was decided, with who, when and why', async () => {
    const outcome = await take('a', { type: 'add', amount: 3 }, { correlationId: 'form-7' });
    const [event] = await store.readStream('ledger-a');
    expect(outcome).toEqual({ id: 'a', revision: 0n, position: event!.position });
    expect(event).toMatchObject({
      type: 'Added',
      data: { amount: 3 },
      metadata: {
        actor: { id: 'staff-1', roles: [] },
        recordedAt: '2026-01-05T10:00:00.000Z',
        schemaVersion: 1,
        $correlationId: 'form-7',
      },
    });
  });

  it('writes nothing for a command that changes nothing, and answers where things stand', async () => {
    const first = await take('b', { type: 'add', amount: 1 });
    expect(await take('b', { type: 'add', amount: 0 })).toEqual(first);
  });

  it('looks for what was taken to be new where that is not so, whatever it would have done', async () => {
    const takeAsNew = (command: LedgerCommand, commandId = randomUUID()) =>
      executor.execute({ ...work('n', command, { commandId }), isNew: true });
    const commandId = randomUUID();
    const first = await takeAsNew({ type: 'add', amount: 1 }, commandId);
    const second = await takeAsNew({ type: 'add', amount: 2 });
    expect([first.revision, second.revision]).toEqual([0n, 1n]);
    expect(await takeAsNew({ type: 'add', amount: 0 })).toEqual(second);
    await takeAsNew({ type: 'close' });
    await expect(takeAsNew({ type: 'add', amount: 3 })).rejects.toThrow(CommandRefused);
    expect(await takeAsNew({ type: 'add', amount: 1 }, commandId)).toEqual(first);
    expect(await store.readStream('ledger-n')).toHaveLength(3);
  });

  it('writes nothing when the domain refuses', async () => {
    await take('c', { type: 'close' });
    await expect(take('c', { type: 'add', amount: 1 })).rejects.toThrow(CommandRefused);
    expect(await store.readStream('ledger-c')).toHaveLength(1);
  });

  it('refuses a stale revision', async () => {
    await take('d', { type: 'add', amount: 1 });
    await take('d', { type: 'add', amount: 1 }, { expectedRevision: 0n });
    await expect(take('d', { type: 'add', amount: 1 }, { expectedRevision: 0n })).rejects.toThrow(
      StaleRevision,
    );
  });

  it('creates nothing for one who has read a revision of it', async () => {
    await expect(take('new', { type: 'add', amount: 1 }, { expectedRevision: 7n })).rejects.toThrow(
      StaleRevision,
    );
    expect(await store.readStream('ledger-new')).toEqual([]);
  });

  it('answers the first outcome when the same id comes twenty times at once, and refuses it for another command', async () => {
    const named = { commandId: randomUUID(), keyed: true };
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => take('e', { type: 'add', amount: 5 }, named)),
    );
    expect(new Set(outcomes.map(({ revision, position }) => `${revision}@${position}`)).size).toBe(1);
    expect(await store.readStream('ledger-e')).toHaveLength(1);
    await expect(take('e', { type: 'add', amount: 6 }, named)).rejects.toThrow(CommandIdReused);
    await expect(take('f', { type: 'add', amount: 5 }, named)).rejects.toThrow(CommandIdReused);
    expect(await store.readStream('ledger-f')).toEqual([]);
  });

  it('answers the first outcome of an id even when other commands came between', async () => {
    const named = { commandId: randomUUID() };
    const first = await take('g', { type: 'add', amount: 1 }, named);
    await take('g', { type: 'add', amount: 2 });
    expect(await take('g', { type: 'add', amount: 1 }, named)).toEqual(first);
  });

  it('answers the first outcome of an id that changed nothing, although it would change something now', async () => {
    const first = await take('i', { type: 'add', amount: 1 });
    const named = { commandId: randomUUID(), keyed: true };
    expect(await take('i', { type: 'add', amount: 0 }, named)).toEqual(first);
    await take('i', { type: 'add', amount: 2 });
    expect(await take('i', { type: 'add', amount: 0 }, named)).toEqual(first);
    await expect(take('i', { type: 'add', amount: 3 }, named)).rejects.toThrow(CommandIdReused);
    const stale = { ...named, expectedRevision: 0n };
    expect(await take('i', { type: 'add', amount: 0 }, stale)).toEqual(first);
    await take('i', { type: 'close' });
    expect(await take('i', { type: 'add', amount: 0 }, named)).toEqual(first);
    await expect(take('i', { type: 'add', amount: 3 }, named)).rejects.toThrow(CommandIdReused);
    expect(await store.readStream('ledger-i')).toHaveLength(3);
  });

  it('carries on with an id that was taken when the program died before it wrote', async () => {
    const named = { commandId: randomUUID(), keyed: true };
    const dying = EventStore.connect(stores.eventStoreUrl, ledgerRegistry);
    const append = dying.append.bind(dying);
    dying.append = (stream, ...rest) =>
      stream.startsWith('command-') ? append(stream, ...rest) : Promise.reject(new Error('died'));
    const before = new CommandExecutor(dying);
    await expect(take('j', { type: 'add', amount: 4 }, named, before)).rejects.toThrow('died');
    await dying.close();
    expect(await take('j', { type: 'add', amount: 4 }, named)).toMatchObject({ revision: 0n });
    expect(await store.readStream('ledger-j')).toHaveLength(1);
  });

  it('applies each command of two programs once or refuses it, and leaves no hole', async () => {
    const otherStore = EventStore.connect(stores.eventStoreUrl, ledgerRegistry);
    const other = new CommandExecutor(otherStore);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) =>
        take('h', { type: 'add', amount: 1 }, {}, n % 2 ? executor : other),
      ),
    );
    await otherStore.close();
    const applied = outcomes.filter(({ status }) => status === 'fulfilled').length;
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(CommandConflict);
    }
    const revisions = (await store.readStream('ledger-h')).map(({ revision }) => Number(revision));
    expect(revisions).toEqual(Array.from({ length: applied }, (_, n) => n));
    expect(applied).toBeGreaterThan(30);
  });
});
