say 'waiting for a release in the bucket'
release_error=$(mktemp)
/usr/local/sbin/release 2>"$release_error" || die "$(tail -n 1 "$release_error")"
rm -f "$release_error"
url='http://127.0.0.1:@PORT@@HEALTH@'
say "waiting for $url"
retry 300 curl -sf -o /dev/null --max-time 5 "$url" || {
  journalctl --no-pager -n 40 -u '@APP@.service' >&2 || true
  die "$url does not answer 200 within 5 minutes: $(curl -s -o /dev/null --max-time 5 -w 'status %{http_code}' "$url" || true)"
}
data="release: $(basename "$(readlink '/srv/@APP@/current')")"
