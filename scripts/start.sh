#!/bin/sh
# npm start: installs what the lock file names, builds what the sources say, then becomes the panel. Needs sh and npm, nothing else.
set -eu
cd "$(dirname "$0")/.."

. scripts/prepare.sh
install_packages
choose_node
build_panel

exec "$node" --max-semi-space-size=16 --max-old-space-size=512 --disable-warning=ExperimentalWarning bin/xyra.ts start "$@"
