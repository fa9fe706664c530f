/** What an operator decides of a projection. */
export interface Decision {
  /** Who. */
  readonly by: string;
  readonly reason?: string;
  readonly at: Date;
}
