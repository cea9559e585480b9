# nginx looks the names of its upstreams up once, as it starts, and does not start when one is
# unknown. So the VPC's DNS is asked every ten seconds, and nginx reloaded when it says otherwise.
install -m 0644 /dev/stdin /etc/onsil/upstreams <<'EOF'
@UPSTREAMS@
EOF
install -m 0755 /dev/stdin /usr/local/sbin/upstreams <<'EOF'
#!/bin/bash
# Writes nginx's upstreams; each line of /etc/onsil/upstreams is: name port host...
set -euo pipefail
target=/etc/nginx/conf.d/upstreams.conf
servers() { # NAME PORT HOST...: a name that does not resolve keeps the address it had.
  local port=$2 host address
  for host in "${@:3}"; do
    if address=$(timeout 3 getent ahostsv4 "$host" | awk 'NR == 1 { print $1 }'); then
      echo "  server $address:$port max_fails=3 fail_timeout=1s; # $host"
    else
      grep -sF "; # $host" "$target" || true
    fi
  done
}
upstreams() {
  local name port hosts found
  while read -r name port hosts; do
    # shellcheck disable=SC2086
    found=$(servers "$name" "$port" $hosts)
    printf 'upstream %s {\n  zone %s 64k;\n  least_conn;\n' "$name" "$name"
    printf '%s\n  keepalive 32;\n}\n' "${found:-  server 127.0.0.1:9 down;}"
  done </etc/onsil/upstreams
}
new=$(upstreams)
if [[ -r $target && $(<"$target") == "$new" ]]; then exit 0; fi
printf '%s\n' "$new" >"$target.new"
mv "$target.new" "$target"
if systemctl is-active --quiet nginx; then systemctl reload nginx; fi
EOF
install -m 0644 /dev/stdin /etc/systemd/system/upstreams.service <<'EOF'
[Unit]
Description=Upstreams of nginx from the VPC's DNS
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/upstreams
EOF
install -m 0644 /dev/stdin /etc/systemd/system/upstreams.timer <<'EOF'
[Unit]
Description=Upstreams of nginx from the VPC's DNS, every ten seconds
[Timer]
OnActiveSec=1
OnUnitActiveSec=10
AccuracySec=1
[Install]
WantedBy=timers.target
EOF
/usr/local/sbin/upstreams
systemctl daemon-reload
systemctl enable upstreams.timer
systemctl restart upstreams.timer
