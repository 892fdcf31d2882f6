#!/bin/sh
# npm test: installs and builds what is missing, then runs every check. The last line is `N passed, N failed`.
set -eu
cd "$(dirname "$0")/.."

# What ends before the tests begin is one failure.
trap 'code=$?; [ "$code" -eq 0 ] || printf "\n0 passed, 1 failed\n"' EXIT

. scripts/prepare.sh

install_chromium() {
  chromium=${CHROMIUM:-/usr/bin/chromium}
  [ ! -x "$chromium" ] || return 0

  if [ -z "${CHROMIUM:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo 'Installing Chromium, in which the pages are tested.'
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; then
      return 0
    fi
  fi

  cat >&2 <<END
The pages are tested in Chromium, and there is none at $chromium.
  On Debian and Ubuntu:  apt-get install chromium   (as root)
  Elsewhere:             install it, and name its program:  CHROMIUM=/path/to/chromium npm test
Without it those tests are left out; with CI=true they fail.
END
}

install_mariadb() {
  mariadbd=${MARIADBD:-/usr/sbin/mariadbd}
  [ ! -x "$mariadbd" ] || return 0

  if [ -z "${MARIADBD:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo 'Installing MariaDB, on which databases of servers are tested.'
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      mariadb-server-core mariadb-client-core; then
      return 0
    fi
  fi

  cat >&2 <<END
Databases of servers are tested on MariaDB, and there is none at $mariadbd.
  On Debian and Ubuntu:  apt-get install mariadb-server-core mariadb-client-core   (as root)
  Elsewhere:             install it, and name its programs:  MARIADBD=/path/to/mariadbd MARIADB_INSTALL_DB=/path/to/mariadb-install-db npm test
Without it those tests are left out; with CI=true they fail. No server of yours is touched: the tests start their own.
END
}

# Names of components and aliases, which the type checker reads. A build keeps its own.
describe_types() {
  if ! stamped .nuxt/.sources-sum "$sources"; then
    npm run --silent postinstall
    echo "$sources" > .nuxt/.sources-sum
  fi
}

install_packages
choose_node
install_chromium
install_mariadb
build_panel
describe_types

exec "$node" node_modules/vitest/vitest.mjs run "$@"
