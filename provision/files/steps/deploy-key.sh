# The halves are made aside, so that a run that is cut off leaves none, and never one without the other.
if [ ! -s "$deploy_key" ] || [ ! -s "$deploy_key.pub" ]; then
  rm -f "$deploy_key.new" "$deploy_key.new.pub"
  as_user ssh-keygen -q -t ed25519 -N '' -C "$comment" -f "$deploy_key.new"
  mv -f "$deploy_key.new" "$deploy_key"
  mv -f "$deploy_key.new.pub" "$deploy_key.pub"
fi
cat "$deploy_key.pub"
