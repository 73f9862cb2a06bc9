#!/bin/sh
set -eu
docker build --secret id=age-key,src="$HOME/.config/sops/age/keys.txt" --tag app .

# Without a value, Docker takes the variable from your environment.
docker run --rm --env SOPS_AGE_KEY app
