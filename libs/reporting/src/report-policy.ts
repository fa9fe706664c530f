/** What the office has set itself. The composition provides it from the configuration. */
export abstract class ReportPolicy {
  /** Activities to be held in a calendar year. */
  abstract readonly annualTarget: number;
}
