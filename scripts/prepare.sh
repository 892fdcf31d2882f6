# What start.sh, test.sh, demo.sh and xyra.sh share. Read in by them from the project's folder; POSIX sh.

sum() { find "$@" -type f -exec cksum {} + 2>/dev/null | LC_ALL=C sort | cksum; }
stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

install_packages() {
  lock=$(sum package-lock.json)
  if ! stamped node_modules/.lock-sum "$lock"; then
    echo 'Installing packages. The first time this takes about a minute.'
    npm ci --include=dev --no-audit --no-fund --loglevel=error
    echo "$lock" > node_modules/.lock-sum
  fi
}

# The lock file brings Node 24 for Linux on x64 and arm64 (glibc). Elsewhere the system's own serves, if it is new enough.
choose_node() {
  node=$PWD/node_modules/.bin/node
  "$node" --version > /dev/null 2>&1 || node=$(command -v node)
  if ! "$node" -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 22 || (major === 22 && minor >= 18) ? 0 : 1)'; then
    echo "XyraPanel needs Node 22.18 or newer here; this is $("$node" --version)." >&2
    exit 1
  fi
}

build_panel() {
  sources=$(sum app server shared i18n public drizzle eggs bin modules package.json package-lock.json nuxt.config.ts)
  if ! stamped .output/.sources-sum "$sources"; then
    echo 'Building. This takes about half a minute.'
    rm -f .output/.sources-sum
    npm run --silent build
    echo "$sources" > .output/.sources-sum
  fi
}
