import { createLogger, onShutdown, readConfig } from '#process';
import { Command } from 'commander';
import { startInstance } from './instance.js';

/** `coop start` */
export function startCommand(): Command {
  return new Command('start')
    .description('start everything: stores (embedded ones unless configured), projector and API')
    .action(start);
}

/** Everything, until told to stop. */
async function start(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger(config, 'coop');
  const starting = startInstance(config, log, (error) => {
    log.fatal({ err: error }, 'the embedded stores are gone; start again to recover');
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  });
  onShutdown(async (signal) => {
    log.info(`stopping: ${signal}`);
    const instance = await starting.catch(() => undefined);
    await instance?.stop();
  });
  const { url } = await starting;
  log.info({ url: `${url}/api/v1`, description: `${url}/api/docs` }, 'serving');
}
