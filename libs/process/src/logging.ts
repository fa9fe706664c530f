import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.js';

/** One line a message on standard error, so that a command's own output stays clean; for people on a terminal, JSON elsewhere. */
export function createLogger(config: Pick<Config, 'LOG_LEVEL' | 'LOG_FORMAT'>, name: string): Logger {
  const format = config.LOG_FORMAT ?? (process.stderr.isTTY ? 'pretty' : 'json');
  const options = { name, level: config.LOG_LEVEL };
  return format === 'json'
    ? pino(options, pino.destination({ dest: 2, sync: true }))
    : pino(
        options,
        pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }),
      );
}

/** Nest's own messages through the same logger: a LoggerService, without Nest. */
export class NestLogger {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest passes (message, stack?, context?) or an object first and its text second. */
  private write(level: 'debug' | 'warn' | 'error' | 'fatal', message: unknown, rest: unknown[]): void {
    const texts = rest.filter((value) => typeof value === 'string');
    if (message instanceof Error) this.logger[level]({ err: message }, texts.join(' '));
    else if (typeof message === 'object' && message !== null) this.logger[level](message, texts.join(' '));
    else this.logger[level]({ detail: texts.join('\n') || undefined }, String(message));
  }
}
