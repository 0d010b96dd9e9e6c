# Where the checks keep what they make, and how they reach their own Docker engine. Sourced, never run.
#
# Everything is outside the checkout: the checks leave nothing beside the source.
#   MICROCRED_CHECK_DIR   state folder (default: microcred-check in the user's cache folder)
# shellcheck shell=bash
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034  # read by the scripts that source this file
root=$(cd "$here/../.." && pwd)
state=$(realpath -m "${MICROCRED_CHECK_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/microcred-check}")
# shellcheck disable=SC2034  # read by the scripts that source this file
kafka_image=apache/kafka:4.1.0 mongo_image=mongo:8.0 python_image=python:3.11-slim
mkdir -p "$state"

# The plugins and contexts of the person at this machine stay out of the checks, and the checks out of theirs.
export DOCKER_CONFIG=$state/docker
export DOCKER_HOST=unix://$state/engine/docker.sock
# Ryuk, testcontainers' reaper, is one more image that cannot be pulled here.
export TESTCONTAINERS_RYUK_DISABLED=true
# The engine publishes on this machine's loopback, even where the machine looks like a container itself.
export TESTCONTAINERS_CONNECTION_MODE=docker_host

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# Prints the header of the script that runs, when asked; the header is the manual.
usage_if_asked() {
    [[ ${1:-} == -h || ${1:-} == --help ]] || return 0
    awk 'NR > 1 && /^# shellcheck/ { next } NR > 1 && /^#/ { sub(/^# ?/, ""); print; next } NR > 1 { exit }' "$0"
    exit 0
}

# apt_install COMMAND PACKAGE...: installs the packages when the command is missing.
apt_install() {
    command -v "$1" >/dev/null && return
    shift
    local as_root=()
    [[ $(id -u) == 0 ]] || as_root=(sudo)
    say "installing $*"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
