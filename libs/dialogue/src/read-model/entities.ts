import { Versioned, VersionedTable } from '#postgres';
import { Column, Index } from 'typeorm';

@VersionedTable('dialogue', 'session')
@Index('session_by_date', ['earliestDate', 'id'])
@Index('session_by_recorded', ['recordedAt', 'id'])
export class SessionEntity extends Versioned {
  @Column({ type: 'text' }) title!: string;
  @Column({ type: 'text' }) status!: string;
  @Column({ type: 'text', name: 'withdrawn_from', nullable: true }) withdrawnFrom!: string | null;
  @Column({ type: 'text' }) format!: string;
  @Column({ type: 'text', nullable: true }) level!: string | null;
  @Column({ type: 'text', nullable: true }) counterpart!: string | null;
  @Column({ type: 'text', name: 'place_country', nullable: true }) placeCountry!: string | null;
  @Column({ type: 'text', name: 'place_city', nullable: true }) placeCity!: string | null;
  @Column({ type: 'text', name: 'place_venue', nullable: true }) placeVenue!: string | null;
  /** Dates as given: YYYY, YYYY-MM or YYYY-MM-DD. */
  @Column({ type: 'text' }) date!: string;
  @Column({ type: 'text', name: 'end_date', nullable: true }) endDate!: string | null;
  @Column({ type: 'text', name: 'held_date', nullable: true }) heldDate!: string | null;
  @Column({ type: 'text', name: 'held_end_date', nullable: true }) heldEndDate!: string | null;
  @Column({ type: 'date', name: 'earliest_date' }) earliestDate!: string;
  @Column({ type: 'date', name: 'latest_date' }) latestDate!: string;
  @Column({ type: 'date', name: 'latest_end' }) latestEnd!: string;
  @Column({ type: 'jsonb' }) topics!: string[];
  @Column({ type: 'text', name: 'own_delegation_head', nullable: true }) ownDelegationHead!: string | null;
  @Column({ type: 'uuid', name: 'cycle_id', nullable: true }) cycleId!: string | null;
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
  @Column({ type: 'text', name: 'search_text' }) searchText!: string;
}

@VersionedTable('dialogue', 'follow_up')
@Index('follow_up_of_session', ['sessionId'])
@Index('follow_up_of_activity', ['activityId'], { where: 'activity_id is not null' })
export class FollowUpEntity extends Versioned {
  @Column({ type: 'uuid', name: 'session_id' }) sessionId!: string;
  @Column({ type: 'text' }) text!: string;
  @Column({ type: 'text' }) owner!: string;
  @Column({ type: 'text', name: 'due_on', nullable: true }) dueOn!: string | null;
  /** The last day that `dueOn` may mean. */
  @Column({ type: 'date', name: 'due_by', nullable: true }) dueBy!: string | null;
  @Column({ type: 'uuid', name: 'activity_id', nullable: true }) activityId!: string | null;
  @Column({ type: 'text' }) status!: string;
  @Column({ type: 'text', name: 'completed_on', nullable: true }) completedOn!: string | null;
}
