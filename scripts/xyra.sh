#!/bin/sh
# npm run xyra: the command line. Installs only where nothing is installed: a panel that runs must keep its packages.
set -eu
cd "$(dirname "$0")/.."

. scripts/prepare.sh
[ -f node_modules/.package-lock.json ] || install_packages >&2
choose_node

exec "$node" --disable-warning=ExperimentalWarning bin/xyra.ts "$@"
