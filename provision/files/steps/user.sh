getent group "$user" >/dev/null || groupadd --system "$user"
id -u "$user" >/dev/null 2>&1 ||
  useradd --system --gid "$user" --home-dir "$home" --no-create-home --shell /usr/sbin/nologin "$user"
install -d -o root -g root -m 0755 "$folder"
install -d -o root -g root -m 0700 "$credentials"
install -d -o "$user" -g "$user" -m 0700 "$home"
# Inside of its home as the user: root would follow links that it put there.
as_user mkdir -p "$state" "${deploy_key%/*}"
as_user chmod 0700 "$state" "${deploy_key%/*}"
