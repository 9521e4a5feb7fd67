/** Where the tables are. */
export interface LeaseTableOptions {
  /** The schema, which must exist: lower-case letters, digits and `_`. Default: the first of the `search_path`. */
  schema?: string;
}

/** `schema.`, or nothing. Throws `TypeError` for a name that would need quotes. */
export function schemaPrefix({ schema }: LeaseTableOptions): string {
  if (schema === undefined) return '';
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new TypeError(
      `A schema's name has lower-case letters, digits and _, and begins with no digit: not ${schema}.`,
    );
  }
  return `${schema}.`;
}

/**
 * One SQL statement that makes what `PostgresConnectionLeases` needs: two tables and four functions, with names that
 * begin with `sse_lease`. It may run again, and from several processes at once; run it in a migration or at the start.
 * PostgreSQL 14 or later, or PGlite.
 *
 * The tables are unlogged: leases are worth nothing after a crash of the database (each process restores its own within
 * a second), and taking one then waits for no disk.
 */
export function createLeaseTable(options: LeaseTableOptions = {}): string {
  const at = schemaPrefix(options);
  return `DO $lease$
BEGIN
  PERFORM pg_advisory_xact_lock(${LOCKS.setup}, 0);
  ${tables(at)}
  ${acquire(at)}
  ${renew(at)}
  ${restore(at)}
  ${release(at)}
END
$lease$`;
}

/** First keys of advisory locks ('sse' in ASCII, then a number); always taken in this order, so nobody deadlocks. */
const LOCKS = { setup: 0x73736500, total: 0x73736501, address: 0x73736502, user: 0x73736503 };

/**
 * A lease has no expiry of its own, its process has: so a renewal writes one row however many streams there are.
 * `held` is the number of the process's rows, kept so that a bound on all streams needs no count of them.
 */
const tables = (at: string): string => `
  CREATE UNLOGGED TABLE IF NOT EXISTS ${at}sse_lease_nodes (
    id text PRIMARY KEY,
    held bigint NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL
  );
  CREATE UNLOGGED TABLE IF NOT EXISTS ${at}sse_leases (
    id text PRIMARY KEY,
    node text NOT NULL,
    user_id text,
    address text NOT NULL,
    since timestamptz NOT NULL,
    round bigint NOT NULL DEFAULT 0,
    is_evicted boolean NOT NULL DEFAULT false
  );
  CREATE INDEX IF NOT EXISTS sse_leases_by_user ON ${at}sse_leases (user_id) WHERE NOT is_evicted;
  CREATE INDEX IF NOT EXISTS sse_leases_by_address ON ${at}sse_leases (address) WHERE NOT is_evicted;
  CREATE INDEX IF NOT EXISTS sse_leases_by_node ON ${at}sse_leases (node);
  CREATE INDEX IF NOT EXISTS sse_leases_evicted ON ${at}sse_leases (node) WHERE is_evicted;`;

/**
 * The count is taken by a statement after the one that waits for the lock: a single statement would count what was there
 * before it waited. For the same reason it needs READ COMMITTED, PostgreSQL's default.
 *
 * Rows of leases are locked in the order of their ids and before the row of the process, here and below.
 */
const acquire = (at: string): string => `
  CREATE OR REPLACE FUNCTION ${at}sse_lease_acquire_v1(
    p_node text, p_ttl_ms double precision, p_id text, p_user text, p_address text,
    p_total_limit bigint, p_address_limit bigint, p_user_limit bigint, p_is_replacing boolean
  ) RETURNS json LANGUAGE plpgsql VOLATILE AS $body$
  DECLARE
    v_now timestamptz;
    v_count bigint;
    v_evicted text[] := '{}';
    v_own bigint := 0;
    v_is_new boolean;
  BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'sse_lease_acquire_v1 needs the isolation level READ COMMITTED';
    END IF;
    IF p_total_limit IS NOT NULL THEN
      PERFORM pg_advisory_xact_lock(${LOCKS.total}, 0);
      SELECT coalesce(sum(held), 0) INTO v_count FROM ${at}sse_lease_nodes WHERE expires_at > clock_timestamp();
      IF v_count >= p_total_limit THEN RETURN json_build_object('breach', 'total'); END IF;
    END IF;
    IF p_address_limit IS NOT NULL THEN
      PERFORM pg_advisory_xact_lock(${LOCKS.address}, hashtext(p_address));
      SELECT count(*) INTO v_count FROM (
        SELECT 1 FROM ${at}sse_leases l JOIN ${at}sse_lease_nodes n ON n.id = l.node
        WHERE l.address = p_address AND NOT l.is_evicted AND n.expires_at > clock_timestamp()
        LIMIT p_address_limit
      ) taken;
      IF v_count >= p_address_limit THEN RETURN json_build_object('breach', 'address'); END IF;
    END IF;
    IF p_user IS NOT NULL AND p_user_limit IS NOT NULL THEN
      PERFORM pg_advisory_xact_lock(${LOCKS.user}, hashtext(p_user));
      SELECT count(*), coalesce(array_agg(l.id ORDER BY l.since, l.id), '{}') INTO v_count, v_evicted
        FROM ${at}sse_leases l JOIN ${at}sse_lease_nodes n ON n.id = l.node
        WHERE l.user_id = p_user AND NOT l.is_evicted AND n.expires_at > clock_timestamp();
      IF v_count >= p_user_limit AND NOT p_is_replacing THEN RETURN json_build_object('breach', 'user'); END IF;
      v_evicted := v_evicted[1:greatest(v_count - p_user_limit + 1, 0)];
    END IF;
    IF cardinality(v_evicted) > 0 THEN
      PERFORM 1 FROM ${at}sse_leases WHERE id = ANY (v_evicted) ORDER BY id FOR UPDATE;
      PERFORM pg_notify('sse_leases', node) FROM (
        SELECT DISTINCT node FROM ${at}sse_leases WHERE id = ANY (v_evicted) AND node <> p_node
      ) others;
      UPDATE ${at}sse_leases SET is_evicted = true WHERE id = ANY (v_evicted) AND node <> p_node;
      DELETE FROM ${at}sse_leases WHERE id = ANY (v_evicted) AND node = p_node;
      GET DIAGNOSTICS v_own = ROW_COUNT;
    END IF;
    v_now := clock_timestamp();
    INSERT INTO ${at}sse_leases (id, node, user_id, address, since) VALUES (p_id, p_node, p_user, p_address, v_now)
      ON CONFLICT (id) DO NOTHING;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    INSERT INTO ${at}sse_lease_nodes AS n (id, held, expires_at)
      VALUES (p_node, v_count, v_now + p_ttl_ms * interval '1 millisecond')
      ON CONFLICT (id) DO UPDATE SET held = n.held + v_count - v_own, expires_at = excluded.expires_at
      RETURNING xmax = 0 INTO v_is_new;
    RETURN json_build_object('evicted', v_evicted, 'isNew', v_is_new);
  END
  $body$;`;

/** Also clears away processes that have been silent for two lifetimes; rows that another transaction has are left to it. */
const renew = (at: string): string => `
  CREATE OR REPLACE FUNCTION ${at}sse_lease_renew_v1(p_node text, p_ttl_ms double precision)
  RETURNS json LANGUAGE plpgsql VOLATILE AS $body$
  DECLARE
    v_ttl interval := p_ttl_ms * interval '1 millisecond';
    v_lost text[];
    v_dead text[];
    v_is_known boolean;
  BEGIN
    WITH gone AS (
      DELETE FROM ${at}sse_leases WHERE id IN (
        SELECT id FROM ${at}sse_leases WHERE node = p_node AND is_evicted FOR UPDATE SKIP LOCKED
      ) RETURNING id
    ) SELECT coalesce(array_agg(id), '{}') INTO v_lost FROM gone;
    UPDATE ${at}sse_lease_nodes SET held = held - cardinality(v_lost), expires_at = clock_timestamp() + v_ttl
      WHERE id = p_node;
    v_is_known := FOUND;
    WITH dead AS (
      DELETE FROM ${at}sse_lease_nodes WHERE id IN (
        SELECT id FROM ${at}sse_lease_nodes WHERE expires_at < clock_timestamp() - v_ttl FOR UPDATE SKIP LOCKED
      ) RETURNING id
    ) SELECT array_agg(id) INTO v_dead FROM dead;
    IF v_dead IS NOT NULL THEN
      DELETE FROM ${at}sse_leases WHERE id IN (
        SELECT id FROM ${at}sse_leases WHERE node = ANY (v_dead) FOR UPDATE SKIP LOCKED
      );
    END IF;
    RETURN json_build_object('lost', v_lost, 'isKnown', v_is_known);
  END
  $body$;`;

/** Called with parts of what is held, each marked with the number of the round; the last call drops what has no mark. */
const restore = (at: string): string => `
  CREATE OR REPLACE FUNCTION ${at}sse_lease_restore_v1(
    p_node text, p_ttl_ms double precision, p_round bigint, p_held json, p_is_last boolean
  ) RETURNS void LANGUAGE plpgsql VOLATILE AS $body$
  DECLARE
    v_ttl interval := p_ttl_ms * interval '1 millisecond';
  BEGIN
    INSERT INTO ${at}sse_leases AS l (id, node, user_id, address, since, round)
      SELECT h.id, p_node, h."user", h.address, clock_timestamp() - h.age * interval '1 millisecond', p_round
      FROM json_to_recordset(p_held) AS h (id text, "user" text, address text, age double precision)
      ORDER BY h.id
      ON CONFLICT (id) DO UPDATE SET round = p_round WHERE l.node = p_node;
    IF p_is_last THEN
      DELETE FROM ${at}sse_leases WHERE id IN (
        SELECT id FROM ${at}sse_leases
        WHERE node = p_node AND round <> p_round AND since < clock_timestamp() - v_ttl
        ORDER BY id FOR UPDATE
      );
    END IF;
    INSERT INTO ${at}sse_lease_nodes AS n (id, expires_at) VALUES (p_node, clock_timestamp() + v_ttl)
      ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at;
    UPDATE ${at}sse_lease_nodes SET held = (SELECT count(*) FROM ${at}sse_leases WHERE node = p_node)
      WHERE id = p_node;
  END
  $body$;`;

const release = (at: string): string => `
  CREATE OR REPLACE FUNCTION ${at}sse_lease_release_v1(p_node text, p_ids json)
  RETURNS void LANGUAGE plpgsql VOLATILE AS $body$
  DECLARE
    v_count bigint;
  BEGIN
    DELETE FROM ${at}sse_leases WHERE id IN (
      SELECT id FROM ${at}sse_leases
      WHERE id IN (SELECT json_array_elements_text(p_ids)) AND node = p_node
      ORDER BY id FOR UPDATE
    );
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count > 0 THEN UPDATE ${at}sse_lease_nodes SET held = held - v_count WHERE id = p_node; END IF;
  END
  $body$;`;
