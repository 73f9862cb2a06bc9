#!/bin/sh
set -eu
# Both take the variable from your environment; its value is in no argument.
docker build --secret id=age-key,env=SOPS_AGE_KEY --tag app .
docker run --rm --env SOPS_AGE_KEY app
