# Root is whoever is root on this host (unix_socket). The password comes on standard input.
password=$(</etc/onsil/database-password)
password=${password//\\/\\\\}
password=${password//\'/\\\'}
mariadb <<EOF
CREATE DATABASE IF NOT EXISTS \`@DATABASE@\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE USER IF NOT EXISTS '@DATABASE@'@'@CLIENTS@' IDENTIFIED BY '$password';
ALTER USER '@DATABASE@'@'@CLIENTS@' IDENTIFIED BY '$password';
GRANT ALL PRIVILEGES ON \`@DATABASE@\`.* TO '@DATABASE@'@'@CLIENTS@';
DROP DATABASE IF EXISTS test;
EOF
mariadb -N -e "SELECT CONCAT('DROP USER ', QUOTE(User), '@', QUOTE(Host), ';')
  FROM mysql.global_priv WHERE User = ''" | mariadb
rm -f /etc/onsil/database-password
unset password
