import {
  commandEventDefinitions,
  CommandExecutor,
  EventRegistry,
  EventStore,
  type RecordedEvent,
} from '#event-sourcing';
import { serve, type Answer, type Headers } from '#testing';
import { ActivityCommandsModule } from '../../activities.module.js';
import { activityEventDefinitions, activityStream } from '../../domain/events.js';
import { ActivityPolicy } from '../../domain/policy.js';
import { fields, NOW, office } from '../../domain/testing/examples.js';
import { ActivityCommandsController } from '../activities.controllers.js';
import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';

export type { Headers };
export type CommandApi = Awaited<ReturnType<typeof serveCommands>>;

@Module({ imports: [CqrsModule, ActivityCommandsModule], controllers: [ActivityCommandsController] })
class Commands {}

/** The commands of activities over HTTP, as one process would serve them, with the store of that address behind. */
export async function serveCommands(eventStoreUrl: string) {
  const registry = new EventRegistry(commandEventDefinitions, activityEventDefinitions);
  const store = EventStore.connect(eventStoreUrl, registry);
  const given = [
    { provide: CommandExecutor, useValue: new CommandExecutor(store) },
    { provide: ActivityPolicy, useValue: office },
  ];
  const served = await serve([Commands], given, () => new Date(NOW));

  /** POST below `/api/v1/activities`. */
  const post = (path: string, body?: object, headers?: Headers): Promise<Answer> =>
    served.post(`/activities${path}`, body, headers);

  return {
    ...served,
    post,
    /** Ids of new activities, the first proposed, the second held. */
    planned: async (): Promise<string> => (await post('', fields)).body.id,
    logged: async (): Promise<string> => (await post('/log', fields)).body.id,
    eventsOf: (id: string): Promise<RecordedEvent[]> => store.readStream(activityStream(id)),
    async stop() {
      await served.stop();
      await store.close();
    },
  };
}
