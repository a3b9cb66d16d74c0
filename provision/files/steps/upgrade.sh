# One script, and a unit of its own: the machine ends this alone when whoever began it is gone, with the new versions at
# work or with the former ones.
openclaw=${openclaw-}
new_of() {
  case $1 in
    node) printf %s "$node" ;;
    openclaw) printf %s "$openclaw" ;;
    *) printf %s "$pawl" ;;
  esac
}

for name in node openclaw pawl; do
  new=$(new_of "$name")
  [ -z "$new" ] || [ -e "$(root_of "$name")/$new/.complete" ] ||
    stop "$STEP_FAILED" "$(root_of "$name")/$new is not complete"
done

# pawl_of NODE PAWL WORDS...: our own command of these versions, as the worker would run it.
pawl_of() {
  with_node=$node_root/$1 with_pawl=$pawl_root/$2
  shift 2
  as_user env PATH="$with_node/bin:$openclaw_root/${openclaw:-current}/bin:$PATH" \
    timeout 120 "$with_node/bin/node" "$with_pawl/bin/pawl" "$@" </dev/null
}

pawl_of "$node" "$pawl" --version >/dev/null || stop "$STEP_FAILED" "pawl $pawl does not run on Node $node here"
if ! said=$(pawl_of "$node" "$pawl" doctor --config "$config" 2>&1); then
  # What was wrong before is no reason to stay.
  if pawl_of current current doctor --config "$config" >/dev/null 2>&1; then
    stop "$STEP_FAILED" "pawl $pawl finds something to mend that the one in use does not: $(printf '%s\n' "$said" | grep '✗' | tr '\n' ' ' | cut -c 1-600)"
  fi
  echo "pawl doctor finds something to mend, as it did before"
fi

# beat: the newest sign of life that the worker gave; nothing where the repository is out of reach.
beat() {
  ssh="ssh -F /dev/null -i $deploy_key -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o ConnectTimeout=8"
  ssh="$ssh -o StrictHostKeyChecking=yes -o UserKnownHostsFile=$known_hosts -o GlobalKnownHostsFile=/dev/null"
  as_user env GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND="$ssh" timeout 15 git ls-remote -- "$remote" "$beat_ref" \
    2>/dev/null </dev/null | cut -f 1
}

# An upgrade that was cut off when the way back was laid: what is switched already must not be taken for what was before.
laid=$(cat "$switching" 2>/dev/null) || laid=
echo "the worker ends what it has begun, or hands it back"
stop_worker
before=$(beat)

# First where a way back leads to, for all; then the versions change within an instant.
for name in node openclaw pawl; do
  new=$(new_of "$name")
  root=$(root_of "$name")
  [ -n "$new" ] && current=$(readlink "$root/current") || continue
  if [ "$current" = "$new" ]; then
    [ -n "$laid" ] || rm -f "$root/previous"
  else
    [ -n "$laid" ] && [ -L "$root/previous" ] || link previous "$root" "$current"
  fi
done
[ -z "$runs" ] || echo laid >"$switching"
for name in node openclaw pawl; do
  new=$(new_of "$name")
  [ -z "$new" ] || link current "$(root_of "$name")" "$new"
done
[ -n "$runs" ] || {
  settled
  exit 0
}

is_alive() {
  stays_up 15 || return 1
  echo "the worker runs; waiting for its sign of life"
  until now=$(beat) && [ -n "$now" ] && [ "$now" != "$before" ]; do
    if [ "$waited" -ge "$watch_seconds" ]; then
      trouble="no sign of life came within $waited s"
      return 1
    fi
    sleep 5
    waited=$((waited + 5))
    if [ "$(systemctl is-active "$worker")" != active ]; then
      trouble="it ended after $waited s: $(last_words)"
      return 1
    fi
  done
}
if is_alive; then
  settled
  exit 0
fi
echo "switching back: $trouble"
require_way_back
systemctl stop "$worker" || :
go_back
why=$trouble
stays_up 5 || {
  settled
  stop "$STEP_FAILED" "with the new versions: $why; with the former ones again: $trouble"
}
settled
stop "$STEP_FAILED" "with the new versions: $why; the former ones are at work again"
