# One attempt now; on a new domain whose delegation is not there yet, more of them later.
data='certificate: issued'
systemctl daemon-reload
systemctl enable certificate.service
if [[ -e /etc/letsencrypt/live/@DOMAIN@/fullchain.pem ]]; then
  /usr/local/sbin/certificate-deploy
elif ! timeout 120 /usr/local/sbin/certificate; then
  data='certificate: pending, a placeholder is served'
  systemctl start --no-block certificate.service
fi
