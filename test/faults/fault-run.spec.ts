import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { random } from '#testing';
import { IS_LONG, SEED } from '../support/setting.js';
import { describeEmbedded } from '../support/stores.js';
import { faultsFor, type Fault } from './storm/faults.js';
import { Load } from './storm/load.js';
import { allApplied, expectEachOnce, expectIntact } from './storm/whole.js';
import { startSystem, type System } from './storm/system.js';

const COUNT = Number(process.env.FAULTS_COUNT ?? (IS_LONG ? 500 : 12));
/** Milliseconds. The long run ends with its faults or by then, whatever comes first. */
const LONGEST = 30 * 60_000;
/** Milliseconds in which the application has to get over a fault, on a busy machine. */
const RECOVERY = 60_000;
const AFTER_EACH = 10;
/** Measured, on 60 faults as on 12: 275 for an API, 160 for a projector, 110 for the node. */
const MEGABYTES = 450;

describeEmbedded(`${COUNT} faults under load (FAULTS_SEED=${SEED})`, () => {
  let system: System;
  let load: Load;
  const struck: string[] = [];

  beforeAll(async () => {
    system = await startSystem(IS_LONG ? { apis: 2, projectors: 3 } : { apis: 1, projectors: 2 });
  }, 60_000);
  afterAll(async () => {
    const ends = [system?.stop(), load?.abandon()];
    await Promise.all(ends);
  });

  it(
    'lose no acknowledged command, repeat none, and leave the rows of a clean replay and processes of bounded memory',
    async () => {
      const next = random(SEED);
      load = new Load(system.urls, random(SEED + 1));
      try {
        await acknowledgedMore('the start');
        const faults = faultsFor(system, next);
        const over = performance.now() + LONGEST;
        for (let count = 0; count < COUNT && performance.now() < over; count++) {
          // Now and then two at once.
          const some = Array.from({ length: next(4) ? 1 : 2 }, () => faults.next().value);
          await strike(some, 100 + next(IS_LONG ? 3_000 : 1_000));
        }
        await load.stop();
        await allApplied(system.urls, RECOVERY);
      } catch (error) {
        for (const { name, log } of system.processes) console.log(`${name}:\n${log}`);
        console.log(struck.join('\n'));
        throw error;
      }
      await expectEachOnce(system.nodeUrl(), load.acknowledged);
      await expectIntact(system.urls[0]!);
      const peaks = Object.fromEntries(system.processes.map(({ name, peak }) => [name, peak]));
      const { count, acknowledged } = load;
      if (process.env.FAULTS_COUNT || IS_LONG) {
        console.log(struck.join('\n'));
        console.log({ faults: struck.length, acknowledged: acknowledged.length, ...count, megabytes: peaks });
      }
      for (const peak of Object.values(peaks)) expect(peak).toBeLessThan(MEGABYTES);
    },
    IS_LONG ? LONGEST + 600_000 : 300_000,
  );

  async function strike(faults: readonly Fault[], milliseconds: number): Promise<void> {
    const name = faults.map((fault) => fault.name).join(' and ');
    const since = performance.now();
    for (const fault of faults) await fault.strike();
    await rest(milliseconds);
    for (const fault of faults) await fault.lift();
    const lifted = performance.now();
    await acknowledgedMore(name);
    const times = [lifted - since, performance.now() - lifted].map((time) => Math.round(time));
    struck.push(`${name}, lifted after ${times[0]} ms, over after another ${times[1]}`);
  }

  /** Waits until commands are acknowledged again. */
  async function acknowledgedMore(after: string): Promise<void> {
    const enough = load.acknowledged.length + AFTER_EACH;
    const giveUp = performance.now() + RECOVERY;
    while (load.acknowledged.length < enough) {
      await Promise.race([load.failed, rest(20)]);
      if (performance.now() > giveUp) throw new Error(`no commands are acknowledged any more: ${after}`);
    }
  }
});
