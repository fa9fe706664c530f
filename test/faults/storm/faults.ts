import type { Random } from '#testing';
import type { TcpProxy } from '../tcp-proxy.js';
import type { System } from './system.js';

export interface Fault {
  readonly name: string;
  strike(): void | Promise<void>;
  /** Ends it; what it did to others they get over by themselves. */
  lift(): void | Promise<void>;
}

const HOUR = 3_600_000;

/** Faults without end, each kind in its turn, at a random victim: the same for the same random numbers. */
export function* faultsFor(system: System, next: Random): Generator<Fault, never> {
  const { processes, proxies } = system;
  const oneOf = <One>(all: readonly One[]): One => all[next(all.length)]!;
  const anyProcess = () => oneOf(processes);
  const onWay = (what: string, strike: (proxy: TcpProxy) => void): Fault => {
    const [name, proxy] = oneOf([...proxies]);
    return { name: `${name} ${what}`, strike: () => strike(proxy), lift: () => proxy.mend() };
  };
  const kill = (): Fault => {
    const victim = anyProcess();
    return { name: `kill ${victim.name}`, strike: () => victim.signal('SIGKILL'), lift: () => undefined };
  };
  const stop = (): Fault => {
    const victim = anyProcess();
    const send = (signal: NodeJS.Signals) => () => victim.signal(signal);
    return { name: `stop ${victim.name}`, strike: send('SIGSTOP'), lift: send('SIGCONT') };
  };
  const killPostgres = (): Fault => ({
    name: 'kill PostgreSQL',
    strike: () => system.signalPostgres('SIGKILL'),
    lift: () => system.restartPostgres(),
  });
  const stopPostgres = (): Fault => ({
    name: 'stop PostgreSQL',
    strike: () => system.signalPostgres('SIGSTOP'),
    lift: () => system.signalPostgres('SIGCONT'),
  });
  const cut = () => onWay('cut', (proxy) => proxy.cut());
  const close = () => onWay('closed', (proxy) => proxy.close());
  const slow = () => {
    const delay = 20 + next(200);
    return onWay(`slowed by ${delay} ms`, (proxy) => (proxy.delay = delay));
  };
  const hold = () => onWay('held', (proxy) => proxy.hold());
  const jump = (): Fault => {
    const victims = next(3) ? processes : [anyProcess()];
    const shift = (next(2) ? 1 : -1) * (1 + next(next(2) ? HOUR : 5_000));
    const set = (milliseconds: number) => () => victims.forEach((one) => one.shiftClock(milliseconds));
    const whose = victims.length > 1 ? 'all' : victims[0]!.name;
    return { name: `clock of ${whose} by ${shift} ms`, strike: set(shift), lift: set(0) };
  };
  const kinds = [kill, hold, jump, stop, close, killPostgres, slow, jump, stopPostgres, cut, kill, stop];
  for (;;) for (const kind of kinds) yield kind();
}
