#!/bin/sh
# npm run demo: a panel with a simulated node, two people and servers with life in them. Its data lies in .data/demo.
set -eu
cd "$(dirname "$0")/.."

. scripts/prepare.sh
install_packages
choose_node
build_panel

exec "$node" --disable-warning=ExperimentalWarning scripts/demo.ts "$@"
