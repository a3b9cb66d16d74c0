# ssh-keygen writes the public half last: with both there, they are whole.
if [ ! -s "$deploy_key.next" ] || [ ! -s "$deploy_key.next.pub" ]; then
  rm -f "$deploy_key.next" "$deploy_key.next.pub" "$deploy_key.proven"
  as_user ssh-keygen -q -t ed25519 -N '' -C "$comment" -f "$deploy_key.next"
fi
cat "$deploy_key.next.pub"
