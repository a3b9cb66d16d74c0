as_user sh -euc '[ -s "$1.next" ] && [ -s "$1.next.pub" ]' sh "$deploy_key" || stop "$STEP_FAILED" "there is no new key to prove"
# Without the settings and the open connections of anybody: what gets in by the old key proves nothing.
ssh="ssh -F /dev/null -i $deploy_key.next -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o ConnectTimeout=10"
ssh="$ssh -o StrictHostKeyChecking=yes -o UserKnownHostsFile=$known_hosts -o GlobalKnownHostsFile=/dev/null"
repository=$(as_user mktemp -d "$home/prove.XXXXXX")
# What root writes lies where the user cannot put a link before it.
said=$(mktemp)
trap 'as_user rm -rf "$repository"; rm -f "$said"' EXIT

as_git() {
  as_user env GIT_TERMINAL_PROMPT=0 GIT_CONFIG_GLOBAL=/dev/null GIT_SSH_COMMAND="$ssh" timeout 30 git --git-dir "$repository" "$@"
}
as_git init -q --bare
tree=$(as_git hash-object -w -t tree --stdin </dev/null)
commit=$(as_git -c user.name=pawl -c user.email=pawl@localhost commit-tree -m 'Prove a new deploy key' "$tree")

# A push that was cut off may have left the reference there.
prove() {
  as_git push -q --force -- "$remote" "$commit:$ref" && as_git push -q -- "$remote" ":$ref"
}
try=1
until prove >"$said" 2>&1; do
  if [ "$try" -ge "$tries" ]; then
    # What the host says comes before git's own words on it.
    words=$(head -n 2 "$said" | tr '\n' ' ' | tr -cd '[:print:]' | cut -c 1-300)
    stop "$CLONE_DENIED" "$remote refuses the new key ($words). Its public half: $(as_user cut -d ' ' -f 1,2 "$deploy_key.next.pub")"
  fi
  # A host may take some seconds to know a new key.
  echo "the repository does not know the new key yet"
  try=$((try + 1))
  sleep 5
done
as_user cp "$deploy_key.next.pub" "$deploy_key.proven"
