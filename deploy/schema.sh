#!/bin/sh
# Creates or upgrades Temporal's two databases; run by compose before the server starts. Connection by SQL_*.
set -eu

for database in temporal temporal_visibility; do
  case $database in
    temporal) folder=temporal ;;
    *) folder=visibility ;;
  esac
  # "create" and "setup-schema" fail on a database that is there; "update-schema" is what must succeed.
  SQL_DATABASE=$database temporal-sql-tool create || true
  SQL_DATABASE=$database temporal-sql-tool setup-schema -v 0.0 || true
  SQL_DATABASE=$database temporal-sql-tool update-schema -d "/etc/temporal/schema/postgresql/v12/$folder/versioned"
done
