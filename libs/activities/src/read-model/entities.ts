import { Versioned, VersionedTable } from '#postgres';
import { Column, Index } from 'typeorm';

@VersionedTable('activities', 'activity')
@Index('activity_by_start', ['earliestStart', 'id'])
@Index('activity_by_recorded', ['recordedAt', 'id'])
@Index('activity_of_goals', ['goalIds'], { type: 'gin', where: 'goal_ids is not null' })
export class ActivityEntity extends Versioned {
  @Column({ type: 'text' }) title!: string;
  @Column({ type: 'text' }) kind!: string;
  @Column({ type: 'text' }) status!: string;
  @Column({ type: 'jsonb', name: 'left_statuses' }) leftStatuses!: string[];
  @Column({ type: 'text' }) programme!: string;
  @Column({ type: 'text', nullable: true }) area!: string | null;
  @Column({ type: 'text', name: 'organiser_name', nullable: true }) organiserName!: string | null;
  @Column({ type: 'text', name: 'organiser_kind', nullable: true }) organiserKind!: string | null;
  @Column({ type: 'text', name: 'organiser_country', nullable: true }) organiserCountry!: string | null;
  @Column({ type: 'text', nullable: true }) delivery!: string | null;
  @Column({ type: 'text', name: 'place_country', nullable: true }) placeCountry!: string | null;
  @Column({ type: 'text', name: 'place_city', nullable: true }) placeCity!: string | null;
  @Column({ type: 'text', name: 'place_venue', nullable: true }) placeVenue!: string | null;
  @Column({ type: 'text' }) role!: string;
  /** Dates as given: YYYY, YYYY-MM or YYYY-MM-DD. */
  @Column({ type: 'text', name: 'starts_on', nullable: true }) startsOn!: string | null;
  @Column({ type: 'text', name: 'ends_on', nullable: true }) endsOn!: string | null;
  @Column({ type: 'text', name: 'held_starts_on', nullable: true }) heldStartsOn!: string | null;
  @Column({ type: 'text', name: 'held_ends_on', nullable: true }) heldEndsOn!: string | null;
  @Column({ type: 'date', name: 'earliest_start' }) earliestStart!: string;
  @Column({ type: 'date', name: 'latest_start' }) latestStart!: string;
  @Column({ type: 'date', name: 'latest_end' }) latestEnd!: string;
  @Column({ type: 'text', nullable: true }) subtype!: string | null;
  @Column({ type: 'text', nullable: true }) reference!: string | null;
  @Column({ type: 'uuid', name: 'cycle_id', nullable: true }) cycleId!: string | null;
  @Column({ type: 'jsonb', name: 'goal_ids', nullable: true }) goalIds!: string[] | null;
  @Column({ type: 'integer', nullable: true }) quota!: number | null;
  @Column({ type: 'text', name: 'proposed_by' }) proposedBy!: string;
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
  @Column({ type: 'text', name: 'search_text' }) searchText!: string;
}

@VersionedTable('activities', 'participation')
@Index('participation_of_activity', ['activityId'])
export class ParticipationEntity extends Versioned {
  @Column({ type: 'uuid', name: 'activity_id' }) activityId!: string;
  @Column({ type: 'text' }) country!: string;
  @Column({ type: 'text', nullable: true }) institution!: string | null;
  @Column({ type: 'text', nullable: true }) role!: string | null;
  @Column({ type: 'integer' }) total!: number;
  @Column({ type: 'integer', nullable: true }) military!: number | null;
  @Column({ type: 'integer', nullable: true }) civilian!: number | null;
  @Column({ type: 'integer', nullable: true }) female!: number | null;
  @Column({ type: 'integer', nullable: true }) male!: number | null;
}

@VersionedTable('activities', 'cost')
@Index('cost_of_activity', ['activityId'])
export class CostEntity extends Versioned {
  @Column({ type: 'uuid', name: 'activity_id' }) activityId!: string;
  @Column({ type: 'text' }) payer!: string;
  @Column({ type: 'text', nullable: true }) category!: string | null;
  @Column({ type: 'bigint', name: 'amount_minor', nullable: true }) amountMinor!: string | null;
  @Column({ type: 'text', nullable: true }) currency!: string | null;
  @Column({ type: 'text' }) status!: string;
}

@VersionedTable('activities', 'nomination')
@Index('nomination_of_activity', ['activityId'])
export class NominationEntity extends Versioned {
  @Column({ type: 'uuid', name: 'activity_id' }) activityId!: string;
  @Column({ type: 'text' }) institution!: string;
  @Column({ type: 'text' }) country!: string;
  @Column({ type: 'text', nullable: true }) role!: string | null;
  @Column({ type: 'integer' }) persons!: number;
}
