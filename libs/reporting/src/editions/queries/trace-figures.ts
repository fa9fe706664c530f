import type { Bound, Query } from '#postgres';
import type { Report } from '../../report.js';
import type { Edition } from './find-editions.js';
import { figuresOf, moves, type Figures, type Move } from './figures.js';
import { movingPositions, type MovingPosition } from './moving-positions.js';
import { formatOf } from './report-formats.js';
import { reportOf } from './render-report.js';

/** What moved figures: that time passed, or the events at these positions, of which there is one unless many were grouped. */
export interface Cause {
  readonly positions: readonly string[];
}

/** A figure's way from an edition to another state: each move begins where the one before ended. */
export interface Trace {
  readonly published: Figures;
  readonly now: Figures;
  /** By the figure's name. */
  readonly moves: ReadonlyMap<string, readonly (Move & { readonly cause: Cause })[]>;
}

/** Reports made for one trace. With more positions than that, neighbours share one. */
const MOST_STEPS = 200;

/**
 * Finds what moved each figure since an edition, by making the report at every position where it may have moved. First the
 * edition's own state is looked at from the new time, so that what time alone moves is told apart; then, at that time, event
 * by event. The target stays the edition's: it is not a matter of record.
 * @param report the edition's, as published
 */
export async function traceFigures(
  query: Query,
  bound: Bound,
  edition: Edition,
  report: Report,
): Promise<Trace> {
  const { year, asOf, annualTarget, format } = edition;
  const { read, compose } = formatOf(format);
  const of = reportOf(year);
  const at = (position: string): Bound => ({ position, time: bound.time, newest: false });
  const published = figuresOf(report);
  const traced = new Map<string, (Move & { cause: Cause })[]>();
  let now = published;
  const step = (figures: Figures, cause: Cause) => {
    for (const [name, move] of moves(now, figures)) {
      traced.set(name, [...(traced.get(name) ?? []), { ...move, cause }]);
    }
    now = figures;
  };

  let parts = await read(query, at(asOf.position), of);
  step(figuresOf(compose(parts, bound, of, annualTarget)), { positions: [] });
  for (const group of groups(await movingPositions(query, of, asOf.position, bound.position))) {
    const positions = group.map(({ position }) => position);
    parts = await read(query, at(positions.at(-1)!), of, parts, new Set(group.map(({ part }) => part)));
    step(figuresOf(compose(parts, bound, of, annualTarget)), { positions });
  }

  const whole = figuresOf(compose(await read(query, bound, of), bound, of, annualTarget));
  const unexplained = [...moves(now, whole)].map(([name]) => name);
  // An event of which the positions know nothing: rather no answer than one that lacks a cause.
  if (unexplained.length > 0) throw new Error(`nothing explains what moved ${unexplained.join(', ')}`);
  return { published, now, moves: traced };
}

function groups(positions: readonly MovingPosition[]): MovingPosition[][] {
  const size = Math.ceil(positions.length / MOST_STEPS);
  return Array.from({ length: size && Math.ceil(positions.length / size) }, (_, group) =>
    positions.slice(group * size, (group + 1) * size),
  );
}
