target=$node_root/$version
[ -e "$target/.complete" ] && exit 0
mkdir -p "$node_root"
room 400 "$node_root"
work=$node_root/.new-$version
rm -rf "$work"
mkdir -p "$work/tree"
curl -fsSL --retry 3 --retry-connrefused --connect-timeout 20 --max-time 900 -o "$work/archive" -- "$url" ||
  stop "$STEP_FAILED" "$url could not be downloaded (curl ended with $?)"
found=$(sha256sum "$work/archive" | cut -d' ' -f1)
[ "$found" = "$sha256" ] || {
  rm -rf "$work"
  stop "$NODE_HASH" "$url has the SHA-256 $found, expected $sha256"
}
tar -xf "$work/archive" -C "$work/tree" --strip-components=1 --no-same-owner ||
  stop "$STEP_FAILED" "what $url gave could not be unpacked"
said=$("$work/tree/bin/node" --version) || stop "$STEP_FAILED" "this Node does not run here"
[ "$said" = "v$version" ] || stop "$STEP_FAILED" "$url holds Node $said, expected v$version"
touch "$work/tree/.complete"
sync -f "$work/tree"
rm -rf "$target"
mv -T "$work/tree" "$target"
rm -rf "$work"
