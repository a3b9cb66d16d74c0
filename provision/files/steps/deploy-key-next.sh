# As the user whose folder it is, see deploy-key.sh. ssh-keygen writes the public half last: with both there, they are whole.
as_user sh -euc '
  if [ ! -s "$1.next" ] || [ ! -s "$1.next.pub" ]; then
    rm -f "$1.next" "$1.next.pub" "$1.proven"
    ssh-keygen -q -t ed25519 -N "" -C "$2" -f "$1.next"
  fi
  cat "$1.next.pub"' sh "$deploy_key" "$comment"
