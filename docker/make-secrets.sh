#!/bin/sh
# Makes the secrets of docker-compose.yml in ./secrets: random, readable by their owner only; and
# ./accounts, where the wall keeps who may sign in, and ./alerts, for rules.yaml and people.yaml.
# Those that are there stay as they are.
set -eu

umask 077
mkdir -p secrets accounts alerts
for name in kafka-admin kafka-worker kafka-gateway kafka-alerts kafka-desk \
    clickhouse-admin clickhouse-migrate clickhouse-worker clickhouse-read \
    clickhouse-marks clickhouse-gateway clickhouse-alerts clickhouse-answers clickhouse-grafana \
    grafana-admin; do
    test -s "secrets/$name.password" || openssl rand -hex 24 > "secrets/$name.password"
done
for name in wall wall-tv; do
    test -s "secrets/$name.token" || openssl rand -hex 24 > "secrets/$name.token"
done
test -s secrets/answers.key || openssl rand -hex 32 > secrets/answers.key
# The form of a Fernet key: 32 bytes, URL-safe.
test -s secrets/dead-letter.key || openssl rand -base64 32 | tr '+/' '-_' > secrets/dead-letter.key
echo "secrets/ is ready; containers run as $(id -u):$(id -g) when you start them with"
echo "  IOC_UID=$(id -u) IOC_GID=$(id -g) docker compose up --detach --build"
