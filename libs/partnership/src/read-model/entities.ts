import { Versioned, VersionedTable } from '#postgres';
import { Column, Index } from 'typeorm';

const schema = 'partnership';

@VersionedTable(schema, 'document')
@Index('document_by_title', ['title', 'id'])
@Index('document_by_recorded', ['recordedAt', 'id'])
export class DocumentEntity extends Versioned {
  @Column({ type: 'text' }) type!: string;
  @Column({ type: 'text', collation: 'C' }) title!: string;
  @Column({ type: 'text', nullable: true }) reference!: string | null;
  /** The milestone reached last, in their order; without one `recorded`; `withdrawn`: recorded by mistake. */
  @Column({ type: 'text' }) status!: string;
  @Column({ type: 'jsonb' }) reached!: [id: string, milestone: string][];
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
  @Column({ type: 'text', name: 'search_text' }) searchText!: string;
}

@VersionedTable(schema, 'milestone')
@Index('milestone_of_document', ['documentId'])
export class MilestoneEntity extends Versioned {
  @Column({ type: 'uuid', name: 'document_id' }) documentId!: string;
  @Column({ type: 'text' }) milestone!: string;
  @Column({ type: 'text', name: 'on_date', nullable: true }) onDate!: string | null;
  @Column({ type: 'date', nullable: true }) earliest!: string | null;
  @Column({ type: 'date', nullable: true }) latest!: string | null;
  @Column({ type: 'text', nullable: true }) note!: string | null;
}

@VersionedTable(schema, 'cycle')
@Index('cycle_of_document', ['documentId'])
export class CycleEntity extends Versioned {
  @Column({ type: 'uuid', name: 'document_id' }) documentId!: string;
  @Column({ type: 'text', nullable: true }) title!: string | null;
  @Column({ type: 'text', name: 'from_date' }) fromDate!: string;
  @Column({ type: 'text', name: 'to_date' }) toDate!: string;
  @Column({ type: 'date', name: 'first_day' }) firstDay!: string;
  @Column({ type: 'date', name: 'last_day' }) lastDay!: string;
  @Column({ type: 'text', name: 'agreed_on', nullable: true }) agreedOn!: string | null;
  @Column({ type: 'text' }) status!: string;
}

@VersionedTable(schema, 'goal')
@Index('goal_by_code', ['code', 'id'])
@Index('goal_by_recorded', ['recordedAt', 'id'])
@Index('goal_of_document', ['documentId'])
@Index('goal_of_cycle', ['cycleId'])
export class GoalEntity extends Versioned {
  @Column({ type: 'text', collation: 'C' }) code!: string;
  @Column({ type: 'text' }) title!: string;
  @Column({ type: 'text' }) branch!: string;
  @Column({ type: 'uuid', name: 'document_id', nullable: true }) documentId!: string | null;
  @Column({ type: 'uuid', name: 'cycle_id', nullable: true }) cycleId!: string | null;
  @Column({ type: 'text', name: 'proposed_on', nullable: true }) proposedOn!: string | null;
  /** The last day that `proposed_on` may mean. */
  @Column({ type: 'date', name: 'proposed_by_day', nullable: true }) proposedByDay!: string | null;
  @Column({ type: 'text' }) status!: string;
  @Column({ type: 'jsonb' }) assessed!: [id: string, on: string, status: string][];
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
  @Column({ type: 'text', name: 'search_text' }) searchText!: string;
}

@VersionedTable(schema, 'assessment')
@Index('assessment_of_goal', ['goalId'])
export class AssessmentEntity extends Versioned {
  @Column({ type: 'uuid', name: 'goal_id' }) goalId!: string;
  @Column({ type: 'text', name: 'on_date' }) onDate!: string;
  /** The last day that `on_date` may mean. */
  @Column({ type: 'date' }) latest!: string;
  /** Rises in the order in which a goal's assessments were recorded. */
  @Column({ type: 'integer' }) ordinal!: number;
  @Column({ type: 'text' }) status!: string;
  @Column({ type: 'text', nullable: true }) note!: string | null;
}

@VersionedTable(schema, 'contribution')
@Index('contribution_by_operation', ['operation', 'id'])
@Index('contribution_by_recorded', ['recordedAt', 'id'])
export class ContributionEntity extends Versioned {
  @Column({ type: 'text', collation: 'C' }) operation!: string;
  @Column({ type: 'text' }) kind!: string;
  @Column({ type: 'text' }) unit!: string;
  @Column({ type: 'text', nullable: true }) basis!: string | null;
  @Column({ type: 'text', nullable: true }) title!: string | null;
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
  @Column({ type: 'text', name: 'search_text' }) searchText!: string;
  @Column({ type: 'text' }) status!: string;
}

@VersionedTable(schema, 'segment')
@Index('segment_of_contribution', ['contributionId'])
export class SegmentEntity extends Versioned {
  @Column({ type: 'uuid', name: 'contribution_id' }) contributionId!: string;
  @Column({ type: 'text', name: 'from_date' }) fromDate!: string;
  @Column({ type: 'text', name: 'to_date', nullable: true }) toDate!: string | null;
  @Column({ type: 'date', name: 'first_day' }) firstDay!: string;
  /** Null: it goes on. */
  @Column({ type: 'date', name: 'last_day', nullable: true }) lastDay!: string | null;
  @Column({ type: 'bigint', nullable: true }) value!: string | null;
}
