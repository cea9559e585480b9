# The password goes from the parameter store to a file that only root reads.
say "waiting for the parameter $SECRET"
store_secret() { (umask 077 && secret "$SECRET" >/etc/onsil/database-password) 2>/etc/onsil/.secret-error; }
retry 300 store_secret ||
  die "no SecureString $SECRET within 5 minutes: $(tail -n 1 /etc/onsil/.secret-error)"
