# Unprivileged and shut in, by what also works where systemd itself runs in a user namespace.
install -m 0644 /dev/stdin '/etc/systemd/system/@APP@.service' <<'EOF'
[Unit]
Description=@APP@ of @SERVICE@
After=network.target
ConditionPathExists=/srv/@APP@/current
StartLimitIntervalSec=0
[Service]
User=@APP@
WorkingDirectory=/srv/@APP@/current
@ENVIRONMENT@
ExecStart=@COMMAND@
Restart=on-failure
RestartSec=1
TimeoutStopSec=30
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
ProtectControlGroups=yes
ProtectKernelTunables=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
[Install]
WantedBy=multi-user.target
EOF
systemctl daemon-reload
systemctl enable '@APP@.service'
