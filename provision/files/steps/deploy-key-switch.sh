[ -s "$deploy_key.next" ] && cmp -s "$deploy_key.next.pub" "$deploy_key.proven" ||
  stop "$STEP_FAILED" "the new key has not been proven"
# Without a public half beside it ssh takes the one inside the private half; with a wrong one it gets in nowhere. So there is
# a key that works at every moment, whenever this ends.
rm -f "$deploy_key.pub"
mv -f "$deploy_key.next" "$deploy_key"
mv -f "$deploy_key.next.pub" "$deploy_key.pub"
rm -f "$deploy_key.proven"
