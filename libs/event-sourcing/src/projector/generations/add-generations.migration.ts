import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read models made anew beside those that serve. */
export class AddGenerations1700000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table public.projection add projection text, add generation integer not null default 1,
      add phase text not null default 'serving', add started_at timestamptz not null default now(),
      add started_by text, add start_reason text`);
    await runner.query(
      `create unique index projection_building on public.projection (projection) where phase = 'building'`,
    );
    await runner.query('create sequence public.projection_generation start 2');
  }

  async down(runner: QueryRunner): Promise<void> {
    // What is not known any more must not be left behind: a row of each generation would be taken for a projection.
    const generations = (await runner.query(
      "select name from public.projection where phase <> 'serving'",
    )) as { name: string }[];
    for (const { name } of generations) await runner.query(`drop schema ${name} cascade`);
    await runner.query("delete from public.projection where phase <> 'serving'");
    await runner.query('drop sequence public.projection_generation');
    await runner.query('drop index public.projection_building');
    await runner.query(`alter table public.projection drop projection, drop generation, drop phase,
      drop started_at, drop started_by, drop start_reason`);
  }
}
