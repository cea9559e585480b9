need zstd tar
id -u '@APP@' >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin '@APP@'
install -m 0644 /dev/stdin /etc/onsil/release.env <<EOF
APP='@APP@'
BUCKET='$BUCKET'
REGION='$REGION'
EOF
install -m 0755 /dev/stdin /usr/local/sbin/release <<'EOF'
#!/bin/bash
# release: runs the release that the bucket names as current; keeps the last three.
set -Eeuo pipefail
umask 022
. /etc/onsil/release.env
. /usr/local/lib/onsil/aws.sh
cd "/srv/$APP"
exec 9>.lock
flock 9
work=$(mktemp -d .work.XXXXXX)
trap 'rm -rf "/srv/$APP/$work"' EXIT
die() {
  echo "release: $1" >&2
  exit 1
}
field() { jq -er --arg machine "$(uname -m)" "$1" "$work/current.json"; }

# unpack KEY SHA256 FOLDER: the folder is whole or absent, and only what was hashed gets in.
unpack() {
  [[ $1 =~ ^(releases/$APP|runtimes)/[0-9a-f]{64}\.tar\.zst$ ]] || die "not a key of an archive: $1"
  if [[ -d $3 ]]; then return; fi
  s3_get "$1" "$work/archive"
  echo "$2  $work/archive" | sha256sum --check --status || die "$1 has not the SHA-256 $2"
  mkdir "$work/unpacked"
  tar --zstd -xf "$work/archive" -C "$work/unpacked" --no-same-owner --no-same-permissions
  mkdir -p "${3%/*}"
  mv -T "$work/unpacked" "$3"
  rm "$work/archive"
}
# point LINK FOLDER: in one step.
point() {
  ln -sfn "$2" "$work/link"
  mv -T "$work/link" "$1"
}
# keep FOLDER USED: the three newest entries and the one in use.
keep() {
  local old
  ls -1t "$1" | tail -n +4 | while read -r old; do
    if [[ $old != "$2" ]]; then rm -rf "${1:?}/$old"; fi
  done
}

# A role that may not list a bucket is answered 403, not 404, for what is not there yet.
end=$((SECONDS + 600))
until s3_get "releases/$APP/current.json" "$work/current.json" 2>"$work/error"; do
  ((SECONDS < end)) || die "no releases/$APP/current.json within 10 minutes: $(<"$work/error")"
  sleep 2
done
release=$(field .release)
[[ $release =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || die "not a release: $release"
unpack "$(field .key)" "$(field .sha256)" "releases/$release"
if [[ $(field '.runtime | type') == object ]]; then
  runtime=$(field '.runtime[$machine].id') || die "release $release has no runtime for $(uname -m)"
  [[ $runtime =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || die "not a runtime: $runtime"
  unpack "$(field '.runtime[$machine].key')" "$(field '.runtime[$machine].sha256')" "/srv/runtimes/$runtime"
  point runtime "/srv/runtimes/$runtime"
  keep /srv/runtimes "$runtime"
fi
point current "releases/$release"
touch "releases/$release"
keep releases "$release"
systemctl restart "$APP.service"
echo "release: $APP runs $release"
EOF
mkdir -p '/srv/@APP@'
