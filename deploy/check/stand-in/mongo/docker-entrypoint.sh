#!/usr/bin/env bash
# As the official image does: options alone mean mongod, root steps down to mongodb, and every address is listened on.
set -euo pipefail
[[ ${1:-} != -* ]] || set -- mongod "$@"
[[ $1 == mongod ]] || exec "$@"
[[ " $* " == *" --bind_ip"* ]] || set -- "$@" --bind_ip_all
[[ $(id -u) != 0 ]] || exec setpriv --reuid=mongodb --regid=mongodb --clear-groups "$@"
exec "$@"
