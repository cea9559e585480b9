nginx -t -q
systemctl enable nginx
systemctl reload-or-restart nginx
listening() { (: </dev/tcp/127.0.0.1/80) 2>/dev/null; }
retry 30 listening || die 'nginx does not listen on port 80'
