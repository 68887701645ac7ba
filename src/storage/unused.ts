/**
 * An empty replacement for parts of Drizzle that this service does not use: relational queries,
 * `$count`, the types of Postgres, and tables whose columns are a function. See `alias` in
 * wrangler.toml.
 */
class Unused {}

export { Unused as Many, Unused as One, Unused as RelationalQueryBuilder, Unused as SQLiteCountBuilder };

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
