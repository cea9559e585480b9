need nginx logrotate
rm -f /etc/nginx/sites-enabled/default
install -m 0644 /dev/stdin /etc/nginx/conf.d/gateway.conf <<'EOF'
@GATEWAY_CONF@
EOF
