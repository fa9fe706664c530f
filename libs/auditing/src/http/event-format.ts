import { accepted, Problem } from '#http';

export const eventFormats = ['json', 'ndjson', 'cloudevents'] as const;
export type EventFormat = (typeof eventFormats)[number];

export const eventTypes: Readonly<Record<EventFormat, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  cloudevents: 'application/cloudevents-batch+json',
};

const OFFERED = new Map<string, EventFormat>([
  ...eventFormats.map((format) => [eventTypes[format], format] as const),
  ['application/*', 'json'],
  ['*/*', 'json'],
]);

/**
 * The form events are wanted in: `format` decides, else the Accept header.
 * @throws Problem 406 for one that is not offered
 */
export function eventFormat(format: EventFormat | undefined, accept: string | undefined): EventFormat {
  const wanted = format ?? accepted(accept, OFFERED);
  if (wanted) return wanted;
  throw new Problem(406, 'FormatNotOffered', `Events come as ${Object.values(eventTypes).join(', ')}.`);
}
