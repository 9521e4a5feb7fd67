import * as v from 'valibot';

/** The environment asks for something that cannot be done; `message` has one line per fault. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
}

const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^[0-9]+$/, `must be a whole number from ${min} to ${max}`),
    v.transform(Number),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );
const webAddress = v.pipe(
  v.string(),
  v.check(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text),
    'must be a web address, as in https://example.org',
  ),
  v.transform((text) => text.replace(/\/+$/, '')),
);
const origin = v.pipe(
  webAddress,
  v.check((text) => new URL(text).origin === text, 'must be origins without a path, as in https://example.org'),
);

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const DAY_MS = 24 * 60 * 60 * 1000;

const environment = v.pipe(
  v.object({
    PORT: v.optional(wholeNumber(0, 65_535), '3000'),
    HOST: v.optional(v.pipe(v.string(), v.nonEmpty('must name an address')), '127.0.0.1'),
    DATABASE_URL: v.optional(
      v.pipe(v.string(), v.regex(/^postgres(?:ql)?:\/\//, 'must begin with postgres:// or postgresql://')),
    ),
    THROUGHLINE_DATA_DIR: v.optional(v.pipe(v.string(), v.nonEmpty('must name a folder')), './data'),
    THROUGHLINE_ADMIN_EMAIL: v.optional(v.pipe(v.string(), v.email('must be an e-mail address'))),
    THROUGHLINE_ADMIN_PASSWORD: v.optional(
      v.pipe(
        v.string(),
        v.minLength(10, 'must have at least 10 characters'),
        v.maxLength(200, 'must have at most 200 characters'),
      ),
    ),
    THROUGHLINE_PUBLIC_URL: v.optional(webAddress),
    THROUGHLINE_TRANSPORT: v.optional(v.picklist(['auto', 'sse', 'polling'], 'must be auto, sse or polling'), 'auto'),
    THROUGHLINE_RUN_TIMEOUT_MS: v.optional(wholeNumber(1000, DAY_MS), '300000'),
    THROUGHLINE_EVENT_RETENTION_MS: v.optional(wholeNumber(0, 3650 * DAY_MS), String(30 * DAY_MS)),
    THROUGHLINE_CONNECTIONS_PER_USER: v.optional(wholeNumber(1, 100_000), '6'),
    THROUGHLINE_CONNECTIONS_PER_ADDRESS: v.optional(wholeNumber(1, 1_000_000), '64'),
    THROUGHLINE_CONNECTIONS_TOTAL: v.optional(wholeNumber(1, 1_000_000), '20000'),
    THROUGHLINE_REQUESTS_PER_MINUTE: v.optional(wholeNumber(1, 1_000_000), '600'),
    THROUGHLINE_SIGN_IN_TRIES_PER_MINUTE: v.optional(wholeNumber(1, 100_000), '10'),
    THROUGHLINE_ALLOWED_ORIGINS: v.optional(
      v.pipe(
        v.string(),
        v.transform((text) =>
          text
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part !== ''),
        ),
        v.array(origin),
      ),
      '',
    ),
    THROUGHLINE_LOG_LEVEL: v.optional(v.picklist(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'info'),
    THROUGHLINE_METRICS_TOKEN: v.optional(v.pipe(v.string(), v.minLength(16, 'must have at least 16 characters'))),
  }),
  v.forward(
    v.partialCheck(
      [['THROUGHLINE_ADMIN_EMAIL'], ['THROUGHLINE_ADMIN_PASSWORD']],
      (env) => (env.THROUGHLINE_ADMIN_EMAIL === undefined) === (env.THROUGHLINE_ADMIN_PASSWORD === undefined),
      'must be set together with THROUGHLINE_ADMIN_PASSWORD, or neither',
    ),
    ['THROUGHLINE_ADMIN_EMAIL'],
  ),
);

/** What the operator decided; see `docs/operating.md` for each variable. */
export class AppConfig {
  /** 0 takes a free port. */
  readonly port: number = 3000;
  readonly host: string = '127.0.0.1';
  /** Absent: the embedded database in `dataDir`. */
  readonly databaseUrl?: string;
  readonly dataDir: string = './data';
  readonly adminEmail?: string;
  readonly adminPassword?: string;
  /** Where browsers reach the server, without a slash at the end. */
  readonly publicUrl?: string;
  readonly transport: 'auto' | 'sse' | 'polling' = 'auto';
  readonly runTimeoutMs: number = 300_000;
  readonly eventRetentionMs: number = 30 * DAY_MS;
  readonly connectionsPerUser: number = 6;
  readonly connectionsPerAddress: number = 64;
  readonly connectionsTotal: number = 20_000;
  readonly requestsPerMinute: number = 600;
  readonly signInTriesPerMinute: number = 10;
  /** Origins of which scripts may read streams and their pages. */
  readonly allowedOrigins: readonly string[] = [];
  readonly logLevel: (typeof LOG_LEVELS)[number] = 'info';
  readonly metricsToken?: string;

  constructor(values: Partial<AppConfig> = {}) {
    Object.assign(this, values);
  }
}

/** Reads the configuration from the environment. Throws {@link ConfigFault} that names every fault. */
export function readConfig(env: NodeJS.ProcessEnv): AppConfig {
  // An empty variable is one that was not set: shells and compose files cannot express the difference well.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = v.safeParse(environment, given);
  if (!parsed.success) {
    const faults = parsed.issues.map(
      (issue) => `${String(issue.path?.[0]?.key ?? 'The environment')} ${issue.message}.`,
    );
    throw new ConfigFault([...new Set(faults)].join('\n'));
  }
  const read = parsed.output;
  return new AppConfig({
    port: read.PORT,
    host: read.HOST,
    ...(read.DATABASE_URL === undefined ? {} : { databaseUrl: read.DATABASE_URL }),
    dataDir: read.THROUGHLINE_DATA_DIR,
    ...(read.THROUGHLINE_ADMIN_EMAIL === undefined ? {} : { adminEmail: read.THROUGHLINE_ADMIN_EMAIL }),
    ...(read.THROUGHLINE_ADMIN_PASSWORD === undefined ? {} : { adminPassword: read.THROUGHLINE_ADMIN_PASSWORD }),
    ...(read.THROUGHLINE_PUBLIC_URL === undefined ? {} : { publicUrl: read.THROUGHLINE_PUBLIC_URL }),
    transport: read.THROUGHLINE_TRANSPORT,
    runTimeoutMs: read.THROUGHLINE_RUN_TIMEOUT_MS,
    eventRetentionMs: read.THROUGHLINE_EVENT_RETENTION_MS,
    connectionsPerUser: read.THROUGHLINE_CONNECTIONS_PER_USER,
    connectionsPerAddress: read.THROUGHLINE_CONNECTIONS_PER_ADDRESS,
    connectionsTotal: read.THROUGHLINE_CONNECTIONS_TOTAL,
    requestsPerMinute: read.THROUGHLINE_REQUESTS_PER_MINUTE,
    signInTriesPerMinute: read.THROUGHLINE_SIGN_IN_TRIES_PER_MINUTE,
    allowedOrigins: read.THROUGHLINE_ALLOWED_ORIGINS,
    logLevel: read.THROUGHLINE_LOG_LEVEL,
    ...(read.THROUGHLINE_METRICS_TOKEN === undefined ? {} : { metricsToken: read.THROUGHLINE_METRICS_TOKEN }),
  });
}
