import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Cell } from './counts.js';

/** A state of the activities for which every year's counts are kept. */
@Entity({ name: 'count_mark', schema: 'activities' })
export class CountMarkEntity {
  /** Of the newest event in it. */
  @PrimaryColumn({ type: 'bigint' }) position!: string;
}

/** What is counted of a calendar year from the mark at this position on, until the year's next row. */
@Entity({ name: 'year_count', schema: 'activities' })
@Index('year_count_at', ['position'])
export class YearCountEntity {
  @PrimaryColumn({ type: 'text' }) year!: string;
  @PrimaryColumn({ type: 'bigint' }) position!: string;
  /** What its totals are made of, and what only its own tables are: see `Counts`. */
  @Column({ type: 'jsonb' }) totals!: Cell[];
  @Column({ type: 'jsonb' }) tables!: Cell[];
}
