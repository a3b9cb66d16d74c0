# All of it as the user whose folder it is: root would follow whatever link the user put there. The halves are made aside, so
# that a run that is cut off leaves none, and never a wrong one beside the other.
as_user sh -euc '
  if [ ! -s "$1" ]; then
    rm -f "$1.new" "$1.new.pub" "$1.pub"
    ssh-keygen -q -t ed25519 -N "" -C "$2" -f "$1.new"
    mv -fT "$1.new" "$1"
    mv -fT "$1.new.pub" "$1.pub"
  elif [ ! -s "$1.pub" ]; then
    ssh-keygen -y -f "$1" >"$1.pub.new"
    mv -fT "$1.pub.new" "$1.pub"
  fi
  cat "$1.pub"' sh "$deploy_key" "$comment"
