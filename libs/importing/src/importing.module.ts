import { Module } from '@nestjs/common';
import { ImportsController } from './http/imports.controller.js';

/** Takes tables in over HTTP. Needs `EventStore`, `CommandExecutor`, `ActivityPolicy` and `Clock` from the composition. */
@Module({ controllers: [ImportsController] })
export class ImportingModule {}
