#!/bin/bash
# Runs once, on an empty volume, by the image's own entry point: makes the accounts of users.sql.
# Passwords come from files and leave them only as sums.
set -euo pipefail

folder=/docker-entrypoint-initdb.d
sql=$(cat /etc/ioc/users.sql)
for name in migrate worker read marks gateway alerts answers grafana; do
    sum=$(tr -d '\n' < "/run/secrets/clickhouse_${name}_password" | sha256sum | cut -d ' ' -f 1)
    sql=${sql//@${name^^}@/$sum}
done
test -d "$folder"
# The client takes the first account's name and password from the environment.
clickhouse-client --multiquery <<< "$sql"
