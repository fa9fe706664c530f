import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ActivityCommandsModule } from '#activities';
import { migrateReadModel, StoresModule } from '#application';
import { createLogger, NestLogger, readConfig, Refused, type ConnectedConfig } from '#process';
import { AuditServicesModule } from '#auditing';
import { DialogueCommandsModule } from '#dialogue';
import { PartnershipCommandsModule } from '#partnership';
import { ReportingCommandsModule } from '#reporting';
import type { Logger } from 'pino';
import { joinOrOpenStores } from './open-stores.js';

@Module({})
class CommandLineModule {}

/** The command handlers and stores, without HTTP: what a command of the operator's works with. */
export async function connect(config: ConnectedConfig, log: Logger): Promise<INestApplicationContext> {
  await migrateReadModel(config);
  return NestFactory.createApplicationContext(
    {
      module: CommandLineModule,
      imports: [
        StoresModule.connect(config),
        ActivityCommandsModule,
        DialogueCommandsModule,
        PartnershipCommandsModule,
        ReportingCommandsModule,
        AuditServicesModule,
      ],
    },
    { logger: new NestLogger(log), abortOnError: false },
  );
}

export interface Connecting {
  /** A data folder that has no record yet is begun; otherwise its name is taken for a mistake. */
  readonly mayBegin?: boolean;
}

/**
 * Runs one command of the operator's against the configured stores, those of the instance running on the data folder, or embedded
 * ones opened for it; lets go of everything afterwards.
 * @throws Refused when there is no record
 */
export async function withApplication<Result>(
  work: (application: INestApplicationContext, config: ConnectedConfig, log: Logger) => Promise<Result>,
  { mayBegin = false }: Connecting = {},
): Promise<Result> {
  const given = readConfig({ LOG_LEVEL: 'warn', ...process.env });
  if (!mayBegin && !given.EVENTSTOREDB_URL && !existsSync(join(given.DATA_DIR, 'postgres')))
    throw new Refused(
      `There is no record in ${given.DATA_DIR}. Set DATA_DIR to the data folder of an instance; coop import and coop start begin one.`,
    );
  const log = createLogger(given, 'coop');
  const stores = await joinOrOpenStores(given, log);
  try {
    const application = await connect(stores.config, log);
    try {
      return await work(application, stores.config, log);
    } finally {
      await application.close();
    }
  } finally {
    await stores.close();
  }
}
