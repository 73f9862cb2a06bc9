#!/usr/bin/env bash
set -euo pipefail
# --server-side: otherwise kubectl puts a copy of the values into an annotation of the Secret.
lockstep export --format kubernetes --name app-secrets --env-name production | kubectl apply --server-side -f -
kubectl apply -f app.yaml
