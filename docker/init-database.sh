#!/bin/sh
# Runs once, on an empty volume: the owner of the schema, the application's role, and their database.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -v owner="$LATIDO_OWNER_PASSWORD" -v app="$LATIDO_APP_PASSWORD" <<'SQL'
CREATE ROLE latido_owner LOGIN PASSWORD :'owner';
CREATE ROLE latido_app LOGIN PASSWORD :'app';
CREATE DATABASE latido OWNER latido_owner;
SQL
