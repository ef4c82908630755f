#!/bin/sh
# Keeps the local cluster's contract as far as the front can see it.
kubeconfig='' data='' until_stdin_closes=''
echo "$@" > "$(dirname "$0")/arguments"
echo "$DOTNET_ROOT" > "$(dirname "$0")/dotnet-root"
read -r stat < /proc/$$/stat
set_session() { session=$6; }
# shellcheck disable=SC2086 # The fields are to be words.
set_session $stat
if [ "$session" = "$$" ]; then echo "// own session: yes"; else echo "// own session: no"; fi > "$(dirname "$0")/pid.session"
echo $$ > "$(dirname "$0")/pid"
while [ $# -gt 0 ]; do
  case "$1" in
    --kubeconfig) kubeconfig=$2; shift ;;
    --data) data=$2; shift ;;
    --until-stdin-closes) until_stdin_closes=1 ;;
  esac
  shift
done
if [ -n "$FAKE_CLUSTER_FAILS" ]; then
  echo "FT3001: the port is in use" >&2
  exit 2
fi
if [ -n "$FAKE_CLUSTER_HANGS" ]; then
  cat > /dev/null
  exit 0
fi
mkdir -p "$data/pods"
trap 'rm -rf "$data"; exit 0' TERM
echo "apiVersion: v1" > "$kubeconfig"
echo "{\"ready\":true,\"server\":\"https://127.0.0.1:1\",\"kubeconfig\":\"$kubeconfig\",\"pid\":$$,\"pidNamespaces\":true,\"note\":\"\"}"
if [ -n "$until_stdin_closes" ]; then
  cat > /dev/null
  rm -rf "$data"
else
  while :; do sleep 0.05; done
fi
