import { randomUUID } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import { Refused } from '#process';
import { annualReportCommandSchemas, RecordAnnualReport } from '#reporting';
import { Clock } from '#shared-kernel';
import { withReadModels } from '../stores/read-models.js';

export interface PublishOptions {
  readonly note?: string;
  readonly reason?: string;
  readonly actor: string;
}

/** `coop report publish YEAR` and `coop report amend YEAR`: the same commands as over HTTP. */
export async function publishReport(
  type: 'publish' | 'amend',
  year: number,
  { actor: id, ...data }: PublishOptions,
): Promise<void> {
  const checked = annualReportCommandSchemas[type].safeParse(data);
  if (!checked.success) throw new Refused(checked.error.issues.map(({ message }) => message).join('; '));
  await withReadModels(async (application) => {
    const commandId = randomUUID();
    const request = {
      actor: { id, roles: [] },
      now: application.get(Clock).now().toISOString(),
      ...{ commandId, keyed: false, correlationId: commandId },
    };
    const command = new RecordAnnualReport(type, checked.data, request, String(year));
    const { revision } = await application.get(CommandBus).execute(command);
    console.log(`Edition ${revision + 1n} of ${year} is published.`);
  });
}
