#!/bin/sh
# Writes the bill of materials of what production runs and sends to browsers (CycloneDX JSON), from package.json and the
# lock file.
#   deploy/sbom.sh [file]        default: sbom.cdx.json
#
# `npm sbom --omit dev` also leaves out packages that production shares with development (seen with npm 10.9 and 11.19:
# jose and yaml were missing). The list is therefore made from a copy that has no development dependencies.
set -eu
out=$(realpath -m "${1:-sbom.cdx.json}")
cd "$(dirname "$0")/.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp package-lock.json "$copy"
node -e '
  const { devDependencies, dependencies, ...rest } = require(process.argv[1]);
  // Built into the pages of the SMART app: needed to build it only, and yet they run in the browsers of hospitals.
  const shipped = ["preact", "fhirclient"].map((name) => [name, devDependencies[name]]);
  const production = { ...rest, dependencies: { ...dependencies, ...Object.fromEntries(shipped) } };
  require("node:fs").writeFileSync(process.argv[2], JSON.stringify(production));
' "$PWD/package.json" "$copy/package.json"
cd "$copy"
npm install --offline --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel error >&2
npm sbom --package-lock-only --sbom-format cyclonedx --sbom-type application >"$out"
echo "$out"
