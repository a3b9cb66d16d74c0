# First what must stay open, then the rest is closed. `limit` would lock out whoever asks for the status six times.
ufw --force default deny incoming >/dev/null
ufw --force default allow outgoing >/dev/null
set_rules() {
  if [ "$#" -eq 0 ]; then
    ufw allow "$port/tcp" >/dev/null
    return
  fi
  for range in "$@"; do
    ufw allow from "$range" to any port "$port" proto tcp >/dev/null
  done
  ufw --force delete allow "$port/tcp" >/dev/null 2>&1 || :
}
with_from set_rules
ufw --force enable >/dev/null || stop "$STEP_FAILED" "ufw could not be switched on"
