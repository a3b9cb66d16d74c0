# A file that was made by halves has no signature, so it is made again.
if ! blkid -p -s TYPE -o value "$swap" 2>/dev/null | grep -qx swap; then
  room "$((size_mb + 512))" /
  rm -f "$swap"
  (umask 077 && fallocate -l "${size_mb}M" "$swap.new") ||
    (umask 077 && dd if=/dev/zero of="$swap.new" bs=1M count="$size_mb" status=none)
  mkswap -q "$swap.new"
  mv -f "$swap.new" "$swap"
fi
grep -q "^$swap[[:space:]]" /etc/fstab || printf '%s none swap sw 0 0\n' "$swap" >>/etc/fstab
grep -q "^$swap[[:space:]]" /proc/swaps || swapon "$swap"
