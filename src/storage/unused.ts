/**
 * An empty replacement for parts of Drizzle that this service does not use: relational queries, the
 * types of Postgres, builders of selects in callbacks, tables whose columns are a function,
 * `$count`, and spans of OpenTelemetry. See `alias` in wrangler.toml.
 */
class Unused {}

export {
  Unused as Many,
  Unused as One,
  Unused as QueryBuilder,
  Unused as RelationalQueryBuilder,
  Unused as SQLiteCountBuilder,
};

/** Runs what a span would measure. */
export const tracer = { startActiveSpan: (_: string, act: () => unknown) => act() };

const unused = () => false;

export {
  unused as createTableRelationsHelpers,
  unused as extractTablesRelationalConfig,
  unused as getSQLiteColumnBuilders,
  unused as getOperators,
  unused as getPgColumnBuilders,
  unused as getOrderByOperators,
  unused as isPgEnum,
  unused as normalizeRelation,
};
