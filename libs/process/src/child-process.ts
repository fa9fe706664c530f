/**
 * Runs `stop` once when the process is told to end, by a signal or by the death of the parent that holds its IPC channel, and then
 * ends it. A second signal ends it at once.
 */
export function onShutdown(stop: (signal: string) => Promise<void>): void {
  let stopping = false;
  const begin = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    stop(signal).then(
      () => process.exit(process.exitCode ?? 0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => begin('SIGINT'));
  process.on('SIGTERM', () => begin('SIGTERM'));
  process.on('disconnect', () => begin('parent gone'));
}

/** Tells the parent, if there is one, that this process serves. */
export function tellReady(message: { url?: string } = {}): void {
  process.send?.({ ready: true, ...message });
}

/**
 * What node is told of a program besides its path. Batches of events live until they are written: with young memory of V8's own
 * measure the projector copies all of them twice, a third of its time.
 */
export function nodeArguments(program: string): string[] {
  return program === 'projector' ? ['--max-semi-space-size=64'] : [];
}
