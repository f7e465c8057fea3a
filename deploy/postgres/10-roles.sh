#!/bin/bash
# Runs once, on an empty volume: three roles and two databases (docs: "Who may do what in the database").
set -euo pipefail

secret() { cat "/run/secrets/$1"; }

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$(secret owner_password)" \
    --set app_password="$(secret app_password)" \
    --set queue_password="$(secret queue_password)" <<'SQL'
CREATE ROLE poolfund_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE poolfund_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';
CREATE ROLE poolfund_queue LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'queue_password';
CREATE DATABASE poolfund OWNER poolfund_owner;
CREATE DATABASE poolfund_queue OWNER poolfund_queue;
REVOKE ALL ON DATABASE poolfund FROM PUBLIC;
REVOKE ALL ON DATABASE poolfund_queue FROM PUBLIC;
GRANT CONNECT ON DATABASE poolfund TO poolfund_app;
SQL
