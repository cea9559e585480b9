# The key pair is of one key; these are the administrator's further ones.
home=$(getent passwd admin | cut -d: -f6)
install -d -o admin -g admin -m 0700 "$home/.ssh"
touch "$home/.ssh/authorized_keys"
while IFS= read -r key; do
  grep -qxF "$key" "$home/.ssh/authorized_keys" || printf '%s\n' "$key" >>"$home/.ssh/authorized_keys"
done <<'KEYS'
@KEYS@
KEYS
chown admin:admin "$home/.ssh/authorized_keys"
chmod 0600 "$home/.ssh/authorized_keys"
