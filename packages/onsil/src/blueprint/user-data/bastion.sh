# The one host that the Internet may try: keys only, no root, forwarding for ProxyJump.
install -D -m 0644 /dev/stdin /etc/ssh/sshd_config.d/10-bastion.conf <<'EOF'
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
AllowTcpForwarding yes
AllowAgentForwarding no
X11Forwarding no
MaxAuthTries 3
LoginGraceTime 20
EOF
mkdir -p /run/sshd
sshd -t
systemctl reload-or-restart ssh
