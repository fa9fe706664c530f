import { explain } from '#application';
import { createLogger, environmentWithStores, onShutdown, readConnectedConfig, tellReady } from '#process';
import { createApi } from './create-api.js';

/** Serves HTTP until told to stop; requests under way are answered first. */
async function main(): Promise<void> {
  const config = readConnectedConfig(await environmentWithStores(process.env));
  const log = createLogger(config, 'api');
  const creating = createApi(config, log);
  onShutdown(async () => (await creating).close());
  const api = await creating;
  await api.listen(config.PORT, config.HOST);
  const url = await api.getUrl();
  log.info({ url }, 'serving');
  tellReady({ url });
}

main().catch(async (error: unknown) => {
  const { code } = error as { code?: string };
  if (code === 'EADDRINUSE') {
    console.error(
      'The port is in use by another program. Set PORT to a free one, such as PORT=3001, or 0 for any.',
    );
  } else {
    console.error(await explain(error));
  }
  process.exit(1);
});
