need nft=nftables ip=iproute2 sysctl=procps
interface=$(ip -4 route show default | awk '{print $5; exit}')
[[ -n $interface ]] || die 'there is no default route: which interface leads out?'

install -D -m 0644 /dev/stdin /etc/sysctl.d/90-nat.conf <<'EOF'
net.ipv4.ip_forward = 1
EOF
sysctl -q -p /etc/sysctl.d/90-nat.conf

# Out of the VPC and the replies back; nothing from outside, nothing between subnets.
install -m 0644 /dev/stdin /etc/nftables.conf <<EOF
#!/usr/sbin/nft -f
flush ruleset
table ip nat_instance {
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname "$interface" oifname "$interface" ip saddr $VPC_CIDR ip daddr != $VPC_CIDR accept
  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    oifname "$interface" ip saddr $VPC_CIDR ip daddr != $VPC_CIDR masquerade
  }
}
EOF
systemctl enable nftables
systemctl restart nftables
