import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Something other than a folder has the name of one. */
export class NotAFolderError extends Error {
  override name = 'NotAFolderError';
  constructor(path: string) {
    super(`${path} is not a folder: give another name for the data folder, by DATA_DIR or --data-dir`);
  }
}

/**
 * Makes the folder, and those it lies in, unless they are there.
 * @throws NotAFolderError; what the system said when it cannot be made
 */
export async function makeDataFolder(folder: string): Promise<void> {
  // Searchable, so that PostgreSQL's user reaches its own folder; not listable.
  if (await made(resolve(folder))) await chmod(folder, 0o711);
}

/** Level by level: node's own recursive mkdir never ends where there is no making folders, as under /proc. */
async function made(folder: string): Promise<boolean> {
  if (await isFolder(folder)) return false;
  await made(dirname(folder));
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    // Another start may have been faster.
    if (await isFolder(folder)) return false;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ENOTDIR') return isFolder(dirname(path));
    throw error;
  }
  throw new NotAFolderError(path);
}
