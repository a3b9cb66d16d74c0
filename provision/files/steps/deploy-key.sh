# The halves are made aside, so that a run that is cut off leaves none, and never a wrong one beside the other.
if [ ! -s "$deploy_key" ]; then
  rm -f "$deploy_key.new" "$deploy_key.new.pub" "$deploy_key.pub"
  as_user ssh-keygen -q -t ed25519 -N '' -C "$comment" -f "$deploy_key.new"
  mv -f "$deploy_key.new" "$deploy_key"
  mv -f "$deploy_key.new.pub" "$deploy_key.pub"
elif [ ! -s "$deploy_key.pub" ]; then
  as_user sh -c 'umask 022; ssh-keygen -y -f "$1" >"$1.pub.new" && mv -f "$1.pub.new" "$1.pub"' sh "$deploy_key"
fi
cat "$deploy_key.pub"
