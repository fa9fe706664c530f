import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How to start PostgreSQL's programs: PostgreSQL refuses to run as root. */
export interface RunAs {
  /** Owner of PostgreSQL's files; undefined: the user we run as. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Program and arguments to really start. */
  command(program: string, args: readonly string[]): [string, string[]];
}

/**
 * As an ordinary user: as is. As root: as the user `postgres`, made if missing. Where that user cannot reach one of
 * `paths` (a clone under /root, mode 0700) it is lent the one capability to pass through folders, so that nobody's folders
 * need opening up.
 * @throws Error that says what to do when neither works
 */
export async function chooseUser(paths: readonly string[]): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { command: (program, args) => [program, [...args]] };
  const owner = await postgresUser();
  const unreachable = await firstUnreachable(paths, owner);
  const ids = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  const capabilities = unreachable === undefined ? [] : await passThrough(ids, unreachable);
  return {
    owner,
    command: (program, args) =>
      unreachable === undefined
        ? [program, [...args]]
        : ['setpriv', [...ids, ...capabilities, '--', program, ...args]],
  };
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const ids = async () => {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  };
  try {
    return await ids();
  } catch {
    try {
      await run('useradd', [
        '--system',
        '--user-group',
        '--no-create-home',
        '--shell',
        '/usr/sbin/nologin',
        'postgres',
      ]);
      return await ids();
    } catch (cause) {
      throw new Error(
        'PostgreSQL does not run as root and a user "postgres" could not be made: create it, or start as another user',
        { cause },
      );
    }
  }
}

async function firstUnreachable(
  paths: readonly string[],
  { uid, gid }: { uid: number; gid: number },
): Promise<string | undefined> {
  for (const path of paths) {
    for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
      const info = await stat(folder);
      const search = info.uid === uid ? 0o100 : info.gid === gid ? 0o010 : 0o001;
      if ((info.mode & search) === 0) return folder;
      if (folder === dirname(folder)) break;
    }
  }
  return undefined;
}

async function passThrough(ids: readonly string[], folder: string): Promise<string[]> {
  // Containers usually hold the second but not the first.
  for (const capability of ['dac_read_search', 'dac_override']) {
    const only = `-all,+${capability}`;
    // The securebit makes access(2), by which PostgreSQL looks for its own files, count the capability too.
    const flags = [
      '--securebits=+no_setuid_fixup',
      ...['inh-caps', 'ambient-caps', 'bounding-set'].map((set) => `--${set}=${only}`),
    ];
    try {
      await run('setpriv', [...ids, ...flags, '--', 'test', '-x', `${folder}/.`]);
      return flags;
    } catch {
      // Try the next one.
    }
  }
  throw new Error(
    `PostgreSQL runs as the user "postgres", who may not enter ${folder}: start as an ordinary user, install setpriv ` +
      `(util-linux), keep the data and the program elsewhere, or allow it with: chmod o+x ${folder}`,
  );
}
