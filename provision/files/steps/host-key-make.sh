next=/etc/ssh/pawl_next_host_key
if [ ! -s "$next" ] || [ ! -s "$next.pub" ]; then
  rm -f "$next" "$next.pub" "$next.new" "$next.new.pub"
  ssh-keygen -q -t ed25519 -N '' -C "root@$(hostname)" -f "$next.new"
  mv -f "$next.new" "$next"
  mv -f "$next.new.pub" "$next.pub"
fi
cat "$next.pub"
