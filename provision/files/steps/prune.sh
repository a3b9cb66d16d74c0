case $runtime in
  node) root=$node_root ;;
  openclaw) root=$openclaw_root ;;
  *) root=$pawl_root ;;
esac
current=$(readlink "$root/current" 2>/dev/null) || current=
kept() {
  wanted=$1
  shift
  for one in "$current" "$@"; do
    [ "$one" != "$wanted" ] || return 0
  done
  return 1
}
for at in "$root"/*; do
  with_keep kept "${at##*/}" || drop "$at"
done
