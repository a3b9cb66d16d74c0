# install_beside PROGRAM ROOT SPEC MEGABYTES NPM-OPTION...: a global npm package in a folder of its own. What was made by
# halves has no mark and goes; the mark is there only after the program has told its version.
install_beside() {
  program=$1 root=$2 spec=$3
  target=$root/$version
  [ -e "$target/.complete" ] && return
  mkdir -p "$root"
  room "$4" "$root"
  shift 4
  [ -x "$node_root/current/bin/npm" ] || stop "$STEP_FAILED" "$program needs Node, and $node_root/current is not there"
  work=$root/.new-$version
  rm -rf "$work"
  mkdir -p "$work"
  kills=$(memory_kills)
  export PATH="$node_root/current/bin:$PATH"
  if ! npm install --global --prefix "$work" --cache "$work/.npm" --no-audit --no-fund --loglevel=error --fetch-timeout=60000 \
    ${registry:+--registry="$registry"} "$@" "$spec" </dev/null; then
    rm -rf "$work"
    if [ "$(memory_kills)" != "$kills" ]; then
      stop "$NPM_OOM" "the kernel ended npm for want of memory ($(free -m | awk '/^Mem/ { m = $2 } /^Swap/ { print m " MB, and " $2 " MB of swap" }'))"
    fi
    stop "$NPM_FAILED" "npm could not install $program $version"
  fi
  rm -rf "$work/.npm"
  said=$("$work/bin/$program" --version) || stop "$STEP_FAILED" "$program $version does not run here"
  case " $said " in
    *[!0-9.]"$version"[!0-9.]*) ;;
    *) stop "$STEP_FAILED" "the package holds $program $said, expected $version" ;;
  esac
  touch "$work/.complete"
  sync -f "$work"
  rm -rf "$target"
  mv -T "$work" "$target"
}
