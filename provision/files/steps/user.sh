getent group "$user" >/dev/null || groupadd --system "$user"
id -u "$user" >/dev/null 2>&1 ||
  useradd --system --gid "$user" --home-dir "$home" --no-create-home --shell /usr/sbin/nologin "$user"
install -d -o root -g root -m 0755 "$folder"
install -d -o root -g root -m 0700 "$credentials"
install -d -o "$user" -g "$user" -m 0700 "$home" "$state" "$(dirname "$deploy_key")"
