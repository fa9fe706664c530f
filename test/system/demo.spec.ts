import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { api } from '../support/http.js';
import { coop, environment, startInstance } from '../support/instance.js';
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
    expect(imports.map(([, rows, created, , rejected]) => [rows, created, rejected])).toEqual(
      ['23', '20', '57', '30', '11', '3'].map((rows) => [rows, '0', '0']),
    );
    expect(second.filter(([year]) => /^\d{4}$/.test(year!))).toEqual(
      first.filter(([year]) => /^\d{4}$/.test(year!)),
    );
  });

  it('holds the whole partnership: dialogue, documents and cycles, contributions, each with its sources', async () => {
    const instance = await startInstance(dataDir);
    try {
      const { get } = api(instance.url);
      const body = async (path: string) => (await get(path).expect(200)).body;
      expect((await body('/dialogue-sessions?status=held&total=true&limit=1')).total).toBe(57);

      const documents = (await body('/documents?limit=500')).items as { id: string }[];
      const whole = await Promise.all(documents.map(({ id }) => body(`/documents/${id}`)));
      const compiled = whole.filter(({ type, title }) => type !== 'statistics' || !/^Published/.test(title));
      const sources = compiled.flatMap((document) => document.sources as { url?: string }[]);
      expect(sources.every(({ url }) => url?.startsWith('http'))).toBe(true);
      // Every row is a milestone or a cycle; some tell of a second milestone: superseded since, or the plan agreed on.
      const ipap = compiled.find(({ title }) => title === 'Individual Partnership Action Plan');
      const rows = compiled.flatMap(({ id, milestones, cycles }) => [
        ...milestones.filter(
          ({ milestone }: { milestone: string }) =>
            milestone !== 'superseded' && !(id === ipap.id && milestone === 'agreed'),
        ),
        ...cycles,
      ]);
      expect(rows).toHaveLength(30);
      expect(ipap.milestones).toMatchObject([
        { milestone: 'presented', on: '2004-05' },
        { milestone: 'agreed', on: '2005-05-27' },
      ]);
      const years = ipap.cycles.map(({ from, to }: { from: string; to: string }) => `${from}–${to}`);
      expect(years).toEqual(['2005–2007', '2008–2010', '2012–2013', '2014–2016', '2017–2019']);
      expect(ipap.cycles[3].note).toMatch(/real source conflict/);
      const running = async (year: number) =>
        (await body(`/reports/annual/${year}`)).documents
          .filter(({ title }: { title: string }) => title === ipap.title)
          .flatMap(({ cycles }: { cycles: { from: string }[] }) => cycles.map(({ from }) => from));
      expect([await running(2010), await running(2011), await running(2012)]).toEqual([
        ['2008'],
        [],
        ['2012'],
      ]);

      const contributions = (await body('/contributions?limit=500')).items as { id: string }[];
      const kept = await Promise.all(contributions.map(({ id }) => body(`/contributions/${id}`)));
      expect(kept.flatMap(({ segments }) => segments)).toHaveLength(11);
      // By hand from contributions.csv, months begun or ended by their days: see contribution-figures.spec.ts.
      const isaf: Record<number, [peak: number, personMonths: number]> = {
        2002: [22, 30.07],
        2003: [22, 264],
        2008: [45, 529.61],
        2009: [90, 993.21],
        2010: [94, 1_091.48],
        2014: [94, 1_128],
      };
      for (const [year, [peak, personMonths]] of Object.entries(isaf)) {
        const report = await body(`/reports/annual/${year}`);
        const found = (report.contributions as { operation: string }[]).filter(
          ({ operation }) => operation === 'ISAF',
        );
        expect(found).toEqual([expect.objectContaining({ peak, yearEnd: peak, personMonths })]);
      }
      const cycle = await body(`/reports/cycles/${ipap.cycles[1].cycleId}`);
      expect(cycle.period).toMatchObject({ from: '2008-01-01', to: '2010-12-31' });
      expect(cycle.dialogue.sessions).toBe(3);
    } finally {
      await instance.stop();
    }
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
