# A file whose change nobody was told of yet counts as not there: see the probe. The list is gone after a boot, as is the
# need to tell.
mkdir -p /run/pawl
unsettled=/run/pawl/unsettled
undo_sshd() {
  for at in /etc/ssh/sshd_config.d/*.pawl-before; do
    [ -e "$at" ] || continue
    if [ -s "$at" ]; then mv -f "$at" "${at%.pawl-before}"; else rm -f "$at" "${at%.pawl-before}"; fi
  done
  grep -v '^/etc/ssh/' "$unsettled" >"$unsettled.new" || :
  mv -f "$unsettled.new" "$unsettled"
}
touched=
while read -r mode owner path content; do
  mkdir -p "$(dirname "$path")"
  new=$path.pawl-new
  (umask 077 && printf '%s' "$content" | base64 -d >"$new")
  chown "$owner" "$new"
  chmod "$mode" "$new"
  printf '%s\n' "$path" >>"$unsettled"
  case $path in
    /etc/ssh/sshd_config.d/*)
      if [ -e "$path" ]; then cp -p "$path" "$path.pawl-before"; else : >"$path.pawl-before"; fi
      ;;
  esac
  mv -f "$new" "$path"
done
[ -e "$unsettled" ] && touched=$(cat "$unsettled")
case $touched in
  */etc/ssh/sshd_config.d/*)
    mkdir -p /run/sshd
    if ! said=$(sshd -t 2>&1); then
      undo_sshd
      stop "$STEP_FAILED" "sshd does not accept its new settings, the former ones are back: $said"
    fi
    rm -f /etc/ssh/sshd_config.d/*.pawl-before
    systemctl try-reload-or-restart ssh.service
    ;;
esac
case $touched in */etc/systemd/system/*) systemctl daemon-reload ;; esac
case $touched in
  *"$config"* | *"$openclaw_config"*)
    # A worker at work reads them again and ends nothing for it.
    if [ "$(systemctl is-active "$worker")" = active ]; then systemctl reload "$worker"; fi
    ;;
esac
case $touched in */etc/systemd/journald.conf.d/*) systemctl try-restart systemd-journald.service ;; esac
case $touched in
  */etc/apparmor.d/*)
    printf '%s\n' "$touched" | grep '^/etc/apparmor.d/' | sort -u | while read -r profile; do
      command -v apparmor_parser >/dev/null 2>&1 || continue
      said=$(apparmor_parser -r "$profile" 2>&1) || {
        rm -f "$profile"
        stop "$STEP_FAILED" "AppArmor does not accept $profile: $said"
      }
    done
    ;;
esac
rm -f "$unsettled"
