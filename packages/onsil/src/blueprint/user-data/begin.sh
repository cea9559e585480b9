set -Eeuo pipefail
shopt -s inherit_errexit
umask 022
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

# Set-up runs at first boot, and again after a restart with changed user data: an update of
# UserData restarts an instance, and cloud-init runs per-boot scripts at every boot.
readonly STAMP=/var/lib/onsil/set-up
if [[ -r $STAMP && $(<"$STAMP") == "$REVISION" ]]; then exit 0; fi
mkdir -p /var/lib/onsil /etc/onsil /usr/local/lib/onsil /var/lib/cloud/scripts/per-boot
ln -sfn /var/lib/cloud/instance/scripts/part-001 /var/lib/cloud/scripts/per-boot/onsil

say() { printf '%(%H:%M:%S)T %s\n' -1 "$*"; }

# json TEXT: a JSON string.
json() { printf '"%s"' "$(printf '%s' "$1" | tr '\000-\037' ' ' | sed 's/[\\"]/\\&/g')"; }

# signal SUCCESS|FAILURE REASON DATA: completes or fails this host's wait condition.
# The URL is signed, so it stays out of the process list.
signal() {
  printf '{"Status":"%s","Reason":%s,"UniqueId":"%s","Data":%s}' \
    "$1" "$(json "${2:0:1000}")" "$HOST" "$(json "${3:0:1000}")" |
    curl -sSf -o /dev/null -X PUT -H 'Content-Type:' --data-binary @- \
      --retry 5 --retry-connrefused --max-time 20 --config <(printf 'url = "%s"\n' "$SIGNAL_URL")
}

# Any failing command ends the script, and tells the stack which one it was.
problem=
die() {
  problem=$1
  exit 1
}
finish() {
  local code=$?
  if ((code == 0)); then return; fi
  problem=${problem:-"exited with $code"}
  say "set-up of $HOST failed: $problem" >&2
  signal FAILURE "$problem" '' || say 'the failure could not be signalled' >&2
}
failed() { # LINE: shown as it is written, so that no value of a variable gets out.
  local code=$? line
  line=$(sed -n "$1{s/^ *//;p}" "${BASH_SOURCE[1]}")
  problem=${problem:-"line $1: $line (exit code $code)"}
}
trap 'failed "$LINENO"' ERR
trap finish EXIT

# retry SECONDS COMMAND...: runs it until it succeeds or the time is over.
retry() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    if ((SECONDS >= end)); then return 1; fi
    sleep 0.5
  done
}

# need COMMAND[=PACKAGE]...: installs the packages of the commands that are missing.
need() {
  local pair packages=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || packages+=("${pair#*=}")
  done
  if ((${#packages[@]} == 0)); then return; fi
  say "installing ${packages[*]}"
  # Right after boot the way out may not be up, and Debian's own upgrade may hold the lock.
  retry 300 apt-get -q -o APT::Update::Error-Mode=any -o Acquire::http::Timeout=10 \
    -o DPkg::Lock::Timeout=300 update || die 'apt-get update did not succeed within 5 minutes'
  # Only the network is worth another try: a package that cannot be set up never can.
  retry 300 install_packages --download-only "${packages[@]}" ||
    die "${packages[*]} could not be downloaded within 5 minutes"
  install_packages "${packages[@]}" || die "apt-get install ${packages[*]} failed"
}
install_packages() { # [OPTION] PACKAGE...
  apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold \
    --no-install-recommends install "$@"
}

say "setting up $HOST of $SERVICE"
need curl
