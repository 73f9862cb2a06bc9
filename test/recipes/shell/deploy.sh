#!/usr/bin/env bash
set -euo pipefail

# In the environment of one program.
lockstep run --env-name production --secret PGPASSWORD=db.password -- psql -h db.example.com -U app -f migrate.sql

# On standard input.
lockstep get --env-name production registry.password |
  docker login registry.example.com --username deploy --password-stdin

# As a file that is a pipe.
openssl pkeyutl -sign -rawin -in release.tar -inkey <(lockstep get --env-name production signing.key) -out release.sig

# In a variable that is not exported. printf is a part of the shell: its words are on no list of processes.
token=$(lockstep get --env-name production api.token)
printf 'header = "Authorization: Bearer %s"\n' "$token" | curl --fail --silent --config - "$API/releases"
