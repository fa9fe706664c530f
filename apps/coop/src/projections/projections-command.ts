import { ProjectionCommands, projectionCommandSchemas as schemas } from '#application';
import { Refused } from '#process';
import type { ProjectionStatus } from '#event-sourcing';
import { Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { withApplication } from '../stores/connect.js';
import { listProjections } from './list-projections.js';
import { rebuildProjection } from './rebuild-projection.js';

/** `coop projections [list]`, and `… pause`, `… resume`, `… skip`, `… rebuild`, `… drop-generation` with a name. */
export function projectionsCommand(): Command {
  const command = new Command('projections').description('see how the read models stand, and operate them');
  command
    .command('list', { isDefault: true })
    .description('show how far each read model is behind the event store, and what has paused it')
    .option('--max-lag <seconds>', 'exit with status 1 when one is further behind', secondsOf)
    .option('--json', 'as JSON', false)
    .action(listProjections);
  noting(operating(command, 'pause'))
    .description('apply nothing more until it is resumed')
    .option('--reason <text>', 'why, for those who look at it later')
    .action((name: string, { reason, actor, json }: Options) =>
      operate(name, json, (commands) => commands.pause(name, checked(schemas.pause, { reason }), actor)),
    );
  operating(command, 'resume')
    .description('go on from the checkpoint; the event that paused it is tried again')
    .action((name: string, { json }: Options) => operate(name, json, (commands) => commands.resume(name)));
  noting(operating(command, 'skip'))
    .description('leave out the event that paused it, until the rows are made anew')
    .requiredOption('--position <position>', 'of that event, as the list shows it')
    .requiredOption('--reason <text>', 'why, for those who look at it later')
    .action((name: string, { position, reason, actor, json }: Options) =>
      operate(name, json, (commands) =>
        commands.skip(name, checked(schemas.skip, { position, reason }), actor),
      ),
    );
  noting(operating(command, 'rebuild'))
    .description('make the rows anew beside those that serve, and put them in their place')
    .option('--reason <text>', 'why, for those who look at it later')
    .option('--no-wait', 'end when it has begun, not when it serves')
    .action((name: string, { reason, actor, json, wait }: Options) =>
      rebuildProjection(name, checked(schemas.rebuild, { reason }), { actor, json, wait: wait !== false }),
    );
  operating(command, 'drop-generation', 'such as activities_1, as the list shows it')
    .description('remove a generation that served before, or give up one that is being made')
    .action((name: string, { json }: Options) =>
      operate(
        name,
        json,
        (commands) => commands.dropGeneration(name),
        () => `${name} is gone.`,
      ),
    );
  return command;
}

interface Options {
  readonly position?: string;
  readonly reason?: string;
  readonly actor: string;
  readonly json: boolean;
  readonly wait?: boolean;
}

function operating(parent: Command, name: keyof typeof schemas, which = 'such as activities'): Command {
  return parent
    .command(name)
    .argument('<name>', which)
    .option('--json', 'how it stands then, as JSON', false);
}

function noting(command: Command): Command {
  return command.option('--actor <id>', 'who does it; it is noted', process.env.USER || 'operator');
}

/** @param name of a projection, or of a generation of it */
function operate(
  name: string,
  json: boolean,
  work: (commands: ProjectionCommands) => Promise<ProjectionStatus>,
  said = standing,
): Promise<void> {
  return withApplication(async (application) => {
    const status = await work(application.get(ProjectionCommands));
    console.log(json ? JSON.stringify(status, null, 2) : said(name, status));
  });
}

function standing(name: string, status: ProjectionStatus): string {
  const { state, position } = status.generations.find((generation) => generation.name === name) ?? status;
  return `${name} is ${state} at position ${position}.`;
}

function secondsOf(text: string): number {
  if (!/^\d{1,9}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Give seconds such as 30.');
  return Number(text);
}

function checked<Schema extends z.ZodType>(schema: Schema, data: unknown): z.output<Schema> {
  const { success, data: output, error } = schema.safeParse(data);
  if (!success) {
    const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Refused(faults.join('; '));
  }
  return output;
}
