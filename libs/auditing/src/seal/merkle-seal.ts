import { Injectable } from '@nestjs/common';
import { awaitCaughtUp, CaughtUp } from '#http';
import { DataSource } from 'typeorm';
import { AUDIT } from '../projections/audit-projection.js';
import { merkleRootAt, type Seal } from './merkle-root-at.js';

/** Seals the record: who keeps a root can show later that nothing of what it covers was changed. */
@Injectable()
export class MerkleSeal {
  constructor(
    private readonly dataSource: DataSource,
    private readonly caughtUp: CaughtUp,
  ) {}

  /** @throws Problem 503 when the index of events does not reach the position in time */
  async seal(position: bigint): Promise<Seal> {
    await awaitCaughtUp(this.caughtUp, [AUDIT], position);
    return merkleRootAt((sql, parameters) => this.dataSource.query(sql, parameters), position);
  }
}
