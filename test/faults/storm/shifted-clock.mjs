// Preloaded into a process under test (`--import`): its parent sets by how many milliseconds its clock is off, at any time.
import process from 'node:process';

let shift = 0;
process.on('message', (message) => {
  if (typeof message?.clockShift === 'number') shift = message.clockShift;
});

const now = Date.now;
Date.now = () => now() + shift;
globalThis.Date = new Proxy(Date, {
  construct: (target, given, called) =>
    Reflect.construct(target, given.length > 0 ? given : [target.now()], called),
});
