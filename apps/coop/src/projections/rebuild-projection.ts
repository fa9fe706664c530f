import type { INestApplicationContext } from '@nestjs/common';
import { ProjectionCommands, ProjectionStatuses } from '#application';
import { Refused } from '#process';
import { ReadModels, type GenerationStatus, type Progress, type ProjectionStatus } from '#event-sourcing';
import { Presets, SingleBar } from 'cli-progress';
import { withApplication } from '../stores/connect.js';
import { withReadModels } from '../stores/read-models.js';

/**
 * `coop projections rebuild NAME`: begins a generation and waits until it serves, with projectors of its own beside those that
 * may run.
 */
export function rebuildProjection(
  name: string,
  asked: { reason?: string },
  { actor, json, wait }: { actor: string; json: boolean; wait: boolean },
): Promise<void> {
  const begin = async (application: INestApplicationContext) => {
    const status = await application.get(ProjectionCommands).rebuild(name, asked, actor);
    return { status, building: status.generations.findLast(({ phase }) => phase === 'building')! };
  };
  const show = (status: ProjectionStatus, said: string) =>
    console.log(json ? JSON.stringify(status, null, 2) : said);
  if (!wait)
    return withApplication(async (application) => {
      const { status, building } = await begin(application);
      show(status, `${building.name} has begun; coop projections list shows how far it is.`);
    });
  return withReadModels(async (application) => {
    const building = await begin(application).then(
      (begun) => begun.building,
      async (error: unknown) => {
        const found = await underWay(application, name);
        if (!found) throw error;
        console.error(`${found.name} is being made already: waiting until it serves.`);
        return found;
      },
    );
    const status = await serving(application.get(ProjectionStatuses), name, building);
    show(status, `${name} is served by generation ${status.generation}; the ones before stay until dropped.`);
  });
}

/** A generation that others have begun, or the program itself after an upgrade, and that these projectors can fill. */
async function underWay(
  application: INestApplicationContext,
  name: string,
): Promise<GenerationStatus | undefined> {
  const { projections } = application.get<ReadModels>(ReadModels);
  const version = projections.find((projection) => projection.name === name)?.version;
  const status = (await application.get(ProjectionStatuses).read()).find((one) => one.name === name);
  return status?.generations.find((one) => one.phase === 'building' && one.version === version);
}

/** Milliseconds between two looks at how far it is. */
const LOOK = 500;

/** @throws Refused when it is dropped, or waits for an operator */
async function serving(
  statuses: ProjectionStatuses,
  name: string,
  begun: GenerationStatus,
): Promise<ProjectionStatus> {
  const bar = progressBar(begun.name);
  let isHeldOff = false;
  try {
    for (;;) {
      const status = (await statuses.read()).find((one) => one.name === name)!;
      if (status.paused?.by && !isHeldOff) {
        isHeldOff = true;
        console.error(`${status.paused.by} has paused ${name}: ${begun.name} serves once it is resumed.`);
      }
      const building = status.generations.find((generation) => generation.name === begun.name);
      if (`${name}_${status.generation}` === begun.name) return status;
      if (!building) throw new Refused(`${begun.name} was dropped; the rows of before serve on.`);
      if (building.state === 'paused')
        throw new Refused(
          `${begun.name} is paused${building.error ? ` by position ${building.error.position}: ${building.error.message}` : ''}; the rows of before serve on. Resume it, skip the event, or drop it.`,
        );
      bar.update(building.progress!);
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  } finally {
    bar.stop();
  }
}

/** Events, rate and time left, on a terminal; nothing elsewhere. */
function progressBar(name: string) {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: `${name} {bar} {value} %  {events} of {of} events  {perSecond}/s  {secondsLeft} s left`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  bar.start(100, 0, { events: 0, of: '?', perSecond: 0, secondsLeft: '?' });
  return {
    update: ({ percent, ...shown }: Progress): void => bar.update(percent, { secondsLeft: '?', ...shown }),
    stop(): void {
      bar.stop();
    },
  };
}
