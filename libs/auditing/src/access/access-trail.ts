import { Injectable } from '@nestjs/common';
import { AccessLog, Problem, type Accessed, type AccessEnd } from '#http';
import { Clock, type Actor } from '#shared-kernel';
import { DataSource } from 'typeorm';

/**
 * Who has read what of the record, and when. An ordinary table outside the event store: it is not tamper evident, whoever
 * may write to the database may change it. An entry that stays `started` is of a process that died, or of one still reading.
 */
@Injectable()
export class AccessTrail extends AccessLog {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  async begin(actor: Actor, { route, filters }: Accessed): Promise<string> {
    try {
      const [entry] = await this.dataSource.query<{ id: string }[]>(
        'insert into public.access (actor, route, filters, started_at) values ($1, $2, $3, $4) returning id',
        [actor.id, route, JSON.stringify(filters), this.clock.now()],
      );
      return entry!.id;
    } catch (cause) {
      const problem = new Problem(
        503,
        'AccessNotLogged',
        'Who reads the record is logged, and that cannot be done now.',
        undefined,
        2,
      );
      throw Object.assign(problem, { cause });
    }
  }

  async end(id: string, { outcome, count }: AccessEnd): Promise<void> {
    // Not waited for on the disk: an end that a crash takes away leaves the entry as one of a process that died.
    await this.dataSource.query(
      `update public.access set outcome = $2, count = $3, ended_at = $4
       from (select set_config('synchronous_commit', 'off', true)) quick where id = $1`,
      [id, outcome, count ?? null, this.clock.now()],
    );
  }
}
