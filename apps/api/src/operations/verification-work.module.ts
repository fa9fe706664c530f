import { Global, Module, type DynamicModule } from '@nestjs/common';
import { VerificationThread } from '#application';
import type { ConnectedConfig } from '#process';
import { VerificationWork } from '#auditing';

@Global()
@Module({})
export class VerificationWorkModule {
  static of(config: ConnectedConfig): DynamicModule {
    const work = { provide: VerificationWork, useValue: new VerificationThread(config) };
    return { module: VerificationWorkModule, providers: [work], exports: [VerificationWork] };
  }
}
