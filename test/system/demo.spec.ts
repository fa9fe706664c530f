import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { coop, environment } from '../support/instance.js';
import { describeEmbedded } from '../support/stores.js';

const run = promisify(execFile);

interface Year {
  total: number;
  held: number;
  cancelled: number;
  planned: number;
  attendances: number;
}

/** The same figures counted straight from the files, without any of the program. */
async function countFiles(): Promise<Map<number, Year>> {
  const years = new Map<number, Year>();
  for (const file of ['exercises.csv', 'courses_conferences.csv']) {
    const rows = parse(await readFile(`examples/azerbaijan-nato/${file}`), { columns: true }) as Record<
      string,
      string
    >[];
    for (const row of rows) {
      const year = Number(row.start_date!.slice(0, 4));
      const counts = years.get(year) ?? { total: 0, held: 0, cancelled: 0, planned: 0, attendances: 0 };
      years.set(year, counts);
      counts.total++;
      if (row.status === 'cancelled') counts.cancelled++;
      else if (row.status === 'announced') counts.planned++;
      else {
        counts.held++;
        counts.attendances += Number(row.az_personnel ?? row.az_participants);
      }
    }
  }
  return years;
}

/** Rows of the tables a person sees, cells trimmed. */
function cells(output: string): string[][] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll(',', '')),
    );
}

// Its figures are those of the files only where nothing else is stored.
describeEmbedded('the demo on embedded stores', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cooperation-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  const demo = async () =>
    (await run(process.execPath, [coop, 'demo', '--exit'], { env: environment({ DATA_DIR: dataDir }) }))
      .stdout;

  it('prints the figures that the files hold, and adds nothing when run again', async () => {
    const counted = await countFiles();
    const first = cells(await demo());
    const printed = new Map<number, Year>();
    for (const [year, total, planned, held, cancelled, , , , attendances] of first) {
      if (!/^\d{4}$/.test(year!)) continue;
      printed.set(Number(year), {
        total: Number(total),
        planned: Number(planned),
        held: Number(held),
        cancelled: Number(cancelled),
        attendances: Number(attendances),
      });
    }
    expect([...printed].sort()).toEqual([...counted].sort());
    expect(printed.size).toBeGreaterThan(20);

    const second = cells(await demo());
    const imports = second.filter(([file]) => file!.endsWith('.csv'));
    expect(imports.map(([, , created]) => created)).toEqual(['0', '0']);
    expect(second.filter(([year]) => /^\d{4}$/.test(year!))).toEqual(
      first.filter(([year]) => /^\d{4}$/.test(year!)),
    );
  });

  it('says what to do when the data folder is in use', async () => {
    const busy = run(process.execPath, [coop, 'demo', '--exit'], { env: environment({ DATA_DIR: dataDir }) });
    const other = run(process.execPath, [coop, 'demo', '--exit'], {
      env: environment({ DATA_DIR: dataDir }),
    });
    const outcomes = await Promise.allSettled([busy, other]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]!.reason).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/in use|another process/i),
    });
  });
});
