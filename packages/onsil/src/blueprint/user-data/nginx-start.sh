nginx -t -q
systemctl enable nginx
systemctl reload-or-restart nginx
retry 30 curl -s -o /dev/null --max-time 5 http://127.0.0.1/ || die 'nginx does not answer on port 80'
