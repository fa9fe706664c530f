import type { DomainEvent, EventDefinition } from '#shared-kernel';
import type { z } from 'zod';

export type EventDefinitions = Readonly<Record<string, EventDefinition<z.ZodType>>>;

/** A stored event this program does not know, or in a version newer than it knows, or that does not follow from those before it. */
export class UnreadableEvent extends Error {
  override name = 'UnreadableEvent';
}

/** Every event type the program can write or read. One per program, made of what each context exports. */
export class EventRegistry {
  private readonly definitions: ReadonlyMap<string, EventDefinition<z.ZodType>>;

  constructor(...contexts: EventDefinitions[]) {
    const all = new Map<string, EventDefinition<z.ZodType>>();
    for (const [type, definition] of contexts.flatMap((context) => Object.entries(context))) {
      if (all.has(type)) throw new Error(`two contexts define the event ${type}`);
      for (let version = 1; version < definition.version; version++) {
        if (!definition.upcasters?.[version])
          throw new Error(`${type} lacks an upcaster from version ${version}`);
      }
      all.set(type, definition);
    }
    this.definitions = all;
  }

  versionOf(type: string): number {
    return this.definition(type).version;
  }

  /**
   * The event's data as it will be stored, checked against its schema.
   * @throws ZodError when a decider produced data outside its own contract: a bug, not a user's mistake.
   */
  validate(event: DomainEvent): unknown {
    return this.definition(event.type).schema.parse(event.data);
  }

  /**
   * Data of a stored event brought from `version` to the newest one.
   * @throws UnreadableEvent for a type or version this program does not know.
   */
  upcast(type: string, version: number, data: unknown): unknown {
    const definition = this.definition(type);
    if (!(version >= 1 && version <= definition.version)) {
      throw new UnreadableEvent(
        `${type} version ${version} is unknown; this program knows 1 to ${definition.version}`,
      );
    }
    let upcasted = data;
    for (let from = version; from < definition.version; from++) {
      upcasted = definition.upcasters![from]!(upcasted as never);
    }
    return upcasted;
  }

  private definition(type: string): EventDefinition<z.ZodType> {
    const definition = this.definitions.get(type);
    if (!definition) throw new UnreadableEvent(`the event type ${type} is unknown to this program`);
    return definition;
  }
}
