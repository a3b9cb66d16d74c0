# First what must stay open, then the rest is closed. `limit` would lock out whoever asks for the status six times. Each
# call of ufw takes a second on a small machine, so none is made for what is so already.
open_all() {
  for one in "$@"; do
    case $one in
      *" any") ufw allow "${one% any}/tcp" >/dev/null ;;
      *) ufw allow from "${one#* }" to any port "${one%% *}" proto tcp >/dev/null ;;
    esac
  done
}
# close_one VERB RANGE PORT PROTOCOL APPLICATION
close_one() {
  if [ "$5" != - ]; then
    ufw --force delete "$1" from "$2" to any app "$(printf %s "$5" | sed 's/%20/ /g')" >/dev/null
  elif [ "$4" = any ]; then
    ufw --force delete "$1" from "$2" to any port "$3" >/dev/null
  else
    ufw --force delete "$1" from "$2" to any port "$3" proto "$4" >/dev/null
  fi
}
close_all() {
  # Each is five words, none of which the shell would change.
  for one in "$@"; do close_one $one; done
}
with_open open_all
with_close close_all
grep -q '^DEFAULT_INPUT_POLICY="DROP"' /etc/default/ufw || ufw default deny incoming >/dev/null
grep -q '^DEFAULT_OUTPUT_POLICY="ACCEPT"' /etc/default/ufw || ufw default allow outgoing >/dev/null
if ! grep -q '^ENABLED=yes' /etc/ufw/ufw.conf || ! iptables -nL ufw-user-input >/dev/null 2>&1; then
  ufw --force enable >/dev/null || stop "$STEP_FAILED" "ufw could not be switched on"
fi
