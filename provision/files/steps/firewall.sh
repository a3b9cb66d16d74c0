# First what must stay open, then the rest is closed. `limit` would lock out whoever asks for the status six times. Each
# call of ufw takes a second on a small machine, so none is made for what is so already.
set_rules() {
  if [ "$#" -eq 0 ]; then
    ufw allow "$port/tcp" >/dev/null
    return
  fi
  for range in "$@"; do
    ufw allow from "$range" to any port "$port" proto tcp >/dev/null
  done
  if grep -qs "^### tuple ### allow tcp $port [0:./]* any [0:./]* in" /etc/ufw/user.rules /etc/ufw/user6.rules; then
    ufw --force delete allow "$port/tcp" >/dev/null
  fi
}
with_from set_rules
grep -q '^DEFAULT_INPUT_POLICY="DROP"' /etc/default/ufw || ufw default deny incoming >/dev/null
grep -q '^DEFAULT_OUTPUT_POLICY="ACCEPT"' /etc/default/ufw || ufw default allow outgoing >/dev/null
if ! grep -q '^ENABLED=yes' /etc/ufw/ufw.conf || ! iptables -nL ufw-user-input >/dev/null 2>&1; then
  ufw --force enable >/dev/null || stop "$STEP_FAILED" "ufw could not be switched on"
fi
