import { ProjectionStatuses } from '#application';
import { EventStore } from '#event-sourcing';
import { Clock } from '#shared-kernel';
import Table from 'cli-table3';
import { DataSource } from 'typeorm';
import { withApplication } from '../stores/connect.js';

/**
 * `coop projections`: where each read model stands. Exit status 1 when one is paused, or further behind than `maxLag` seconds,
 * so that a health check can ask.
 */
export async function projections({ maxLag }: { maxLag?: number }): Promise<void> {
  await withApplication(async (application) => {
    const statuses = await new ProjectionStatuses(
      application.get(DataSource),
      application.get(EventStore),
      application.get(Clock),
    ).read();
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
    console.log(table.toString());
    for (const { name, error } of statuses) if (error) console.error(`${name}: ${JSON.stringify(error)}`);
    if (statuses.some(({ state, lagSeconds }) => state !== 'running' || lagSeconds > (maxLag ?? Infinity))) {
      process.exitCode = 1;
    }
  });
}
