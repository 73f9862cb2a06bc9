#!/usr/bin/env bash
set -euo pipefail
lockstep keygen | kubectl create secret generic age-key --from-file=key.txt=/dev/stdin
