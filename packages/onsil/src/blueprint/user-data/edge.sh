need nginx openssl certbot logrotate
rm -f /etc/nginx/sites-enabled/default

# A placeholder, so that nginx starts before there is a certificate.
mkdir -p /etc/nginx/tls /var/www/acme
if [[ ! -e /etc/nginx/tls/certificate.pem ]]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
    -subj '/CN=@DOMAIN@' -addext 'subjectAltName=DNS:@DOMAIN@,DNS:www.@DOMAIN@' \
    -keyout /etc/nginx/tls/placeholder-key.pem -out /etc/nginx/tls/placeholder.pem
  ln -sfn placeholder-key.pem /etc/nginx/tls/key.pem
  ln -sfn placeholder.pem /etc/nginx/tls/certificate.pem
fi

install -m 0755 /dev/stdin /usr/local/sbin/certificate-deploy <<'EOF'
#!/bin/bash
# certbot's deploy hook: nginx takes the new certificate without losing a request.
set -euo pipefail
live=/etc/letsencrypt/live/@DOMAIN@
ln -sfn "$live/privkey.pem" /etc/nginx/tls/key.pem
ln -sfn "$live/fullchain.pem" /etc/nginx/tls/certificate.pem
nginx -t -q
systemctl reload nginx
EOF
install -m 0755 /dev/stdin /usr/local/sbin/certificate <<'EOF'
#!/bin/bash
# certificate: asks for the certificate once. With --retry: until there is one; the pauses keep
# within the authority's limit of five failures per name and hour.
set -euo pipefail
ask() {
  certbot certonly --non-interactive --agree-tos --register-unsafely-without-email \
    --webroot --webroot-path /var/www/acme --cert-name '@DOMAIN@' -d '@DOMAIN@' -d 'www.@DOMAIN@' \
    --keep-until-expiring --deploy-hook /usr/local/sbin/certificate-deploy
}
if [[ ${1:-} != --retry ]]; then
  ask
  exit
fi
for pause in 10 60 900; do
  if ask; then exit 0; fi
  sleep "$pause"
done
until ask; do sleep 3600; done
EOF
install -m 0644 /dev/stdin /etc/systemd/system/certificate.service <<'EOF'
[Unit]
Description=First certificate of @DOMAIN@
After=nginx.service
ConditionPathExists=!/etc/letsencrypt/live/@DOMAIN@/fullchain.pem
[Service]
ExecStart=/usr/local/sbin/certificate --retry
Restart=on-failure
RestartSec=60
[Install]
WantedBy=multi-user.target
EOF
install -m 0644 /dev/stdin /etc/nginx/tls.inc <<'EOF'
@TLS_INC@
EOF
install -m 0644 /dev/stdin /etc/nginx/conf.d/edge.conf <<'EOF'
@EDGE_CONF@
EOF
