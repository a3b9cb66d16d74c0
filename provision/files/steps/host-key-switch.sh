next=/etc/ssh/pawl_next_host_key
own=/etc/ssh/ssh_host_ed25519_key
# Of a run that was cut off in the middle, one or both halves are in place already.
if [ -e "$next" ]; then mv -f "$next" "$own"; fi
if [ -e "$next.pub" ]; then mv -f "$next.pub" "$own.pub"; fi
for other in /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub; do
  case $other in "$own" | "$own.pub" | *'*'*) ;; *) rm -f "$other" ;; esac
done
mkdir -p /run/sshd
sshd -t || stop "$STEP_FAILED" "sshd does not accept the new host key"
systemctl reload-or-restart ssh.service
cat "$own.pub"
