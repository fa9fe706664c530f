import { once } from 'node:events';
import { createServer } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listen, type Listener } from './listener.js';

const PATIENCE = 200;
/** The type of the frame with which either side begins. */
const SETTINGS = 4;
let listener: Listener;
let sockets: Socket[];
const http2 = createServer();
beforeEach(async () => {
  sockets = [];
  listener = await listen(http2, 0, PATIENCE);
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await listener.close();
});

function say(...words: string[]): Socket {
  const socket = connect(listener.port, '127.0.0.1').setNoDelay();
  for (const word of words) socket.write(word);
  sockets.push(socket);
  return socket;
}

describe('a listener', () => {
  it.each(['POST', 'PUT', 'PATCH', 'PROPFIND'])('answers %s in HTTP/1.1', async (method) => {
    const ask = (path: string) => text(say(`${method} ${path} HTTP/1.1\r\nhost: x\r\n\r\n`));
    expect(await ask('/')).toMatch(/^HTTP\/1\.1 404 /);
    expect(await ask('/health/live')).toMatch(/^HTTP\/1\.1 405 /);
  });

  it('knows HTTP/2 though its opening comes in pieces', async () => {
    const socket = say();
    const answered = once(socket, 'data');
    for (const byte of 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n') {
      await new Promise((resolve) => socket.write(byte, resolve));
      await nextTurn();
    }
    const [answer] = (await answered) as [Buffer];
    expect(answer[3]).toBe(SETTINGS);
  });

  it.each(['', 'G', 'P', 'GET / HTTP/1.1\r\n'])('drops who says no more than %j', async (word) => {
    await once(say(word).resume(), 'close');
  });

  it.each(['G', 'PR', 'GET / HTTP/1.1\r\n'])(
    'does not wait for who has said %j when it closes',
    async (word) => {
      const patient = await listen(http2, 0);
      const socket = connect(patient.port, '127.0.0.1');
      sockets.push(socket);
      socket.on('error', () => undefined).write(word);
      await once(socket, 'ready');
      // Whoever came later was answered, so the word was heard.
      expect((await fetch(`http://127.0.0.1:${patient.port}/health/live`)).status).toBe(204);
      await patient.close();
    },
  );
});
