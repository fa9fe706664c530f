import { CURRENT, Versioned } from '#postgres';
import { Column, Entity, Index } from 'typeorm';
import type { Frozen } from '../domain/events.js';

@Entity({ name: 'edition', schema: 'reporting' })
@Index('edition_current', ['id'], { unique: true, where: CURRENT })
@Index('edition_of_year', ['year', 'edition'], { unique: true })
export class EditionEntity extends Versioned {
  @Column({ type: 'integer' }) year!: number;
  @Column({ type: 'integer' }) edition!: number;
  /** The state that it shows, as it was frozen: a commit position, and a time as its report prints it. */
  @Column({ type: 'bigint' }) position!: string;
  @Column({ type: 'text' }) time!: string;
  @Column({ type: 'integer', name: 'annual_target' }) annualTarget!: number;
  @Column({ type: 'integer' }) format!: number;
  @Column({ type: 'text' }) sha256!: string;
  @Column({ type: 'text' }) root!: string;
  @Column({ type: 'integer' }) streams!: number;
  @Column({ type: 'jsonb' }) totals!: Frozen['totals'];
  @Column({ type: 'timestamptz', name: 'published_at' }) publishedAt!: Date;
  @Column({ type: 'text' }) actor!: string;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'text', nullable: true }) note!: string | null;
}
