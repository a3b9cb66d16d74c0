systemctl disable --now -q "$worker" "$report_timer" "$report" 2>/dev/null || :
rm -f "/etc/systemd/system/$worker" "/etc/systemd/system/$report" "/etc/systemd/system/$report_timer"
rm -f "/etc/systemd/system/$worker.d"/credential-*.conf
rmdir "/etc/systemd/system/$worker.d" 2>/dev/null || :
rm -f "$bwrap_profile.pawl-new" "$sshd" "$journald" "$upgrades"
if [ -e "$bwrap_profile" ]; then
  apparmor_parser -R "$bwrap_profile" 2>/dev/null || :
  rm -f "$bwrap_profile"
fi
systemctl daemon-reload
systemctl reset-failed "$worker" "$report" 2>/dev/null || :
systemctl try-reload-or-restart ssh.service
rm -rf "$folder" "$(dirname "$launcher")" /run/pawl
for root in "$node_root" "$openclaw_root" "$pawl_root"; do
  [ -d "$root" ] || continue
  for link in current previous .next; do
    [ ! -e "$root/$link/.complete" ] || rm -f "$root/$link"
  done
  drop "$root"/*
  rm -rf "$root"/.new-*
  rmdir "$root" 2>/dev/null || :
done
if [ -n "$firewall_too" ] && command -v ufw >/dev/null 2>&1; then ufw --force disable >/dev/null; fi
if [ -n "$state_too" ]; then rm -rf "$home"; fi
