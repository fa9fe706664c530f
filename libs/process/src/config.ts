import { country } from '#shared-kernel';
import { z } from 'zod';

const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
const url = (protocols: RegExp, example: string) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && protocols.test(new URL(value).protocol),
      `give a URL such as ${example}`,
    );
const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|::1)$/;

/** The environment variables the program reads. README.md lists them. */
export const environment = z.object({
  HOST: z
    .string()
    .regex(
      LOOPBACK,
      'only a loopback address (127.0.0.1, ::1, localhost) until accounts exist: callers are not authenticated',
    )
    .default('127.0.0.1'),
  /** 0: a free one. */
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  DATA_DIR: z.string().default('.data'),
  EVENTSTOREDB_URL: url(
    /^(esdb|esdb\+discover|kurrentdb|kurrentdb\+discover):$/,
    'esdb://127.0.0.1:2113?tls=false',
  ).optional(),
  DATABASE_URL: url(/^postgres(ql)?:$/, 'postgresql://user:password@127.0.0.1:5432/cooperation').optional(),
  PARTNER_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, 'an ISO 3166-1 alpha-2 code such as AZ')
    .pipe(country)
    .default('AZ'),
  ANNUAL_TARGET: z.coerce.number().int().min(0).max(100_000).default(200),
  FOUR_EYES: onOff.default(true),
  BOOTSTRAP_TOKEN: z.string().min(16).optional(),
  OIDC_ISSUER: url(/^https?:$/, 'https://login.example.org/').optional(),
  OIDC_AUDIENCE: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['pretty', 'json']).optional(),
});

const storeEnvironment = environment.pick({ DATA_DIR: true, LOG_LEVEL: true, LOG_FORMAT: true });

export type Config = z.output<typeof environment>;
/** The configuration of a process that serves the event store only. */
export type StoreConfig = z.output<typeof storeEnvironment>;
/** The configuration of a process whose stores are known. */
export type ConnectedConfig = Config & { EVENTSTOREDB_URL: string; DATABASE_URL: string };

/** The environment holds values the program cannot run with; the message names each and why. */
export class InvalidConfig extends Error {
  override name = 'InvalidConfig';
}

/** @throws InvalidConfig; values are not repeated in it, since some are secrets */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return parsed(environment, env);
}

/** For a process that serves the event store only; what the others are told may hold anything. @throws InvalidConfig */
export function readStoreConfig(env: NodeJS.ProcessEnv): StoreConfig {
  return parsed(storeEnvironment, env);
}

function parsed<Result>(schema: z.ZodType<Result>, env: NodeJS.ProcessEnv): Result {
  // An empty variable is one left out, as in `PORT= npm start`.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new InvalidConfig(`the configuration cannot be used:\n${faults.join('\n')}`);
}

/** For a process that is told where its stores are. @throws InvalidConfig */
export function readConnectedConfig(env: NodeJS.ProcessEnv): ConnectedConfig {
  const config = readConfig(env);
  const { EVENTSTOREDB_URL, DATABASE_URL } = config;
  if (!EVENTSTOREDB_URL || !DATABASE_URL) {
    throw new InvalidConfig(
      'EVENTSTOREDB_URL and DATABASE_URL are needed here; `npm start` brings its own stores along',
    );
  }
  return { ...config, EVENTSTOREDB_URL, DATABASE_URL };
}
