import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { nodeArguments } from '#process';

/** One of the programs in a process of its own; it has told that it is ready. */
export async function startProgram(name, settings) {
  const path = fileURLToPath(new URL(`../dist/apps/${name}/src/main.js`, import.meta.url));
  const { PATH, HOME } = process.env;
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'];
  const child = spawn(process.execPath, [...nodeArguments(name), path], {
    env: { PATH, HOME, ...settings },
    stdio,
  });
  const [{ url }] = await once(child, 'message');
  return { child, url };
}

export async function stopProgram({ child }) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
