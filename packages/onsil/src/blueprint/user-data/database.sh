# Data lives on a volume of its own, so that it survives the instance. The name under by-id is
# given by udev: https://docs.aws.amazon.com/ebs/latest/userguide/nvme-ebs-volumes.html
if ! mountpoint -q /var/lib/mysql; then
  device=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME//-/}
  say "waiting for $VOLUME"
  retry 300 test -b "$device" || die "volume $VOLUME did not appear as $device within 5 minutes"
  # Only a volume on which nothing is recognised is formatted: exit code 2 says so.
  code=0
  kind=$(blkid --probe --output value --match-tag TYPE "$device") || code=$?
  case $code:$kind in
  2:) mkfs.ext4 -q -L database "$device" ;;
  0:ext4) say "$VOLUME already holds a file system: its data is taken over" ;;
  *) die "volume $VOLUME holds '$kind' (blkid exits with $code), not ext4: it is left as it is" ;;
  esac
  mkdir -p /var/lib/mysql
  sed -i '\# /var/lib/mysql #d' /etc/fstab
  printf '%s /var/lib/mysql ext4 defaults,noatime,nofail,x-systemd.device-timeout=60s 0 2\n' \
    "$device" >>/etc/fstab
  systemctl daemon-reload
  systemctl stop mariadb 2>/dev/null || true
  mount /var/lib/mysql
fi

install -D -m 0644 /dev/stdin /etc/systemd/system/mariadb.service.d/volume.conf <<'EOF'
# Without the volume: no server, rather than an empty one on the root volume.
[Unit]
RequiresMountsFor=/var/lib/mysql
AssertPathIsMountPoint=/var/lib/mysql
EOF
install -D -m 0644 /dev/stdin /etc/mysql/mariadb.conf.d/90-service.cnf <<'EOF'
[mysqld]
bind-address = 0.0.0.0
skip-name-resolve
local-infile = 0
ignore-db-dirs = lost+found
character-set-server = utf8mb4
collation-server = utf8mb4_unicode_ci
sql-mode = STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION
EOF
need mariadbd=mariadb-server
# The package also lets systemd listen on 3306, for every address and whatever bind-address says.
systemctl disable --now mariadb.socket 2>/dev/null || true
# Another image may number the user otherwise.
if [[ $(stat -c %U /var/lib/mysql) != mysql ]]; then chown -R mysql:mysql /var/lib/mysql; fi
if [[ ! -d /var/lib/mysql/mysql ]]; then
  mariadb-install-db --user=mysql --auth-root-authentication-method=socket --skip-test-db >/dev/null
fi
systemctl daemon-reload
systemctl enable mariadb
systemctl restart mariadb
retry 60 mariadb-admin --silent ping || die 'mariadb does not answer on its socket'
