as_user sh -euc '[ -s "$1.next" ] && cmp -s "$1.next.pub" "$1.proven"' sh "$deploy_key" ||
  stop "$STEP_FAILED" "the new key has not been proven"
# As the user whose folder it is, see deploy-key.sh. Without a public half beside it ssh takes the one inside the private half;
# with a wrong one it gets in nowhere. So there is a key that works at every moment, whenever this ends.
as_user sh -euc '
  rm -f "$1.pub"
  mv -fT "$1.next" "$1"
  mv -fT "$1.next.pub" "$1.pub"
  rm -f "$1.proven"' sh "$deploy_key"
