/** The application's clock. Handlers and queries are given it, so that a run can be repeated with another one. */
export abstract class Clock {
  abstract now(): Date;
}
