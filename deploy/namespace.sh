#!/bin/sh
# The namespace and the search attributes of Firedrill's runs; safe to run again. Address by TEMPORAL_ADDRESS.
set -eu

temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
  temporal operator namespace create --namespace default --retention 90d

for name in FiredrillRunbook FiredrillVerdict FiredrillFleet FiredrillPhase FiredrillJournal; do
  temporal operator search-attribute create --namespace default --name "$name" --type Keyword || true
done
