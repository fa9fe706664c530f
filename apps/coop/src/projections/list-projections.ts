import { ProjectionStatuses } from '#application';
import type { GenerationStatus, ProjectionStatus } from '#event-sourcing';
import Table from 'cli-table3';
import { withApplication } from '../stores/connect.js';

/**
 * `coop projections list`: where each read model stands, and its generations. Exit status 1 when one is paused, or further behind than `maxLag`
 * seconds, so that a health check can ask.
 */
export async function listProjections({ maxLag, json }: { maxLag?: number; json: boolean }): Promise<void> {
  await withApplication(async (application) => {
    const statuses = await application.get(ProjectionStatuses).read();
    console.log(json ? JSON.stringify(statuses, null, 2) : tableOf(statuses));
    const generations = statuses.flatMap((status) => status.generations);
    const underWay = generations.filter(({ phase }) => phase === 'building');
    if (!json) {
      if (generations.length > 0) console.log(generationsTable(generations));
      const remarks = [...statuses, ...underWay].flatMap(remarksOn);
      for (const line of [...remarks, ...statuses.flatMap(heldOff)]) console.error(line);
    }
    const isPaused = [...statuses, ...underWay].some(({ state }) => state === 'paused');
    if (isPaused || statuses.some(({ lagSeconds }) => lagSeconds > (maxLag ?? Infinity))) {
      process.exitCode = 1;
    }
  });
}

function tableOf(statuses: readonly ProjectionStatus[]): string {
  const table = new Table({
    head: ['projection', 'version', 'state', 'position', 'head', 'events behind', 'seconds behind'],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const status of statuses) {
    table.push([
      status.name,
      status.version,
      status.state,
      status.position,
      status.headPosition,
      status.lagEvents,
      status.lagSeconds.toFixed(1),
    ]);
  }
  return table.toString();
}

function generationsTable(generations: readonly GenerationStatus[]): string {
  const table = new Table({
    head: [
      'generation',
      'phase',
      'version',
      'state',
      'since',
      'asked by',
      'events',
      'of',
      'a second',
      'read',
      'seconds left',
    ],
    colAligns: ['left', 'left', 'right', 'left', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { name, phase, version, state, startedAt, startedBy, events, progress } of generations) {
    const { of = '', perSecond = '', percent, secondsLeft = '' } = progress ?? {};
    table.push([
      ...[name, phase, version, state ?? '', startedAt, startedBy ?? '', events],
      ...[of, perSecond, percent === undefined ? '' : `${percent} %`, secondsLeft],
    ]);
  }
  return table.toString();
}

/** What has paused it, and what it leaves out. */
function remarksOn({ name, paused, error, skipped }: ProjectionStatus | GenerationStatus): string[] {
  const remarks: string[] = [];
  if (error) {
    const { position, type, revision, stream, eventId, message, stack } = error;
    remarks.push(
      `${name} is paused by position ${position}, ${type}, revision ${revision} of ${stream}, id ${eventId}:`,
    );
    remarks.push(`  ${message}`, ...stack.map((line) => `    ${line}`));
  } else if (paused) {
    remarks.push(
      `${name} was paused by ${paused.by} at ${paused.at}${paused.reason ? `: ${paused.reason}` : ''}`,
    );
  }
  for (const { position, type, revision, stream, by, at, reason } of skipped)
    remarks.push(
      `${name} leaves out position ${position}, ${type}, revision ${revision} of ${stream}: ${by} at ${at}, ${reason}`,
    );
  return remarks;
}

/** Generations that cannot take the place of what serves, since somebody has paused that. */
function heldOff({ name, paused, generations }: ProjectionStatus): string[] {
  if (!paused) return [];
  const building = generations.filter(({ phase }) => phase === 'building');
  return building.map((generation) => `${generation.name} serves once ${name} is resumed.`);
}
